"""The command line: global options, the list of commands, exit codes. `docs/cli.md` is its contract."""

import importlib
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from goodmeasure import __version__
from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.domain.errors import Refusal

DEBUG_NAMES = ("sql", "intake", "ui")
"""What `--debug` can show: statements sent to the ledger, files an import looks at, time the window takes."""


def ask_passphrase() -> str | None:
    """Ask for the ledger's passphrase where a person sits at the terminal; None where nobody does."""
    if not sys.stdin.isatty():
        return None
    answer: str = click.prompt("Passphrase of your Good Measure ledger", hide_input=True, err=True)
    return answer


def tell_recovery_code(code: str) -> None:
    """Show the recovery code, once; on stderr, so that output for programs stays clean."""
    sys.stderr.write(
        f"Your ledger is encrypted. Write this recovery code down, it is shown only once: {code}\n"
        "It opens the ledger should this computer's keyring or key file be lost.\n"
    )


COMMANDS = {
    "import": "reading:import_logs",
    "watch": "reading:watch",
    "usage": "usage:usage",
    "daily": "usage:daily",
    "weekly": "usage:weekly",
    "monthly": "usage:monthly",
    "session": "usage:session",
    "reconcile": "reconciling:reconcile",
    "runs": "runs:list_runs",
    "show": "runs:show",
    "log": "by_hand:log",
    "rate": "rating:rate",
    "fact": "rules:fact",
    "rules": "rules:rules",
    "evidence": "evidence:evidence",
    "findings": "findings:findings",
    "assessments": "assessments:assessments",
    "trend": "trend:trend",
    "calibration": "calibration:calibration",
    "report": "sharing:report",
    "restate": "sharing:restate",
    "verify": "sharing:verify",
    "receive": "received:receive",
    "received": "received:received",
    "rollup": "rollup:rollup",
    "team": "team:team",
    "backup": "keeping:backup",
    "restore": "keeping:restore",
    "merge": "keeping:merge",
    "forget": "forgetting:forget",
    "serve-otlp": "receiving:serve_otlp",
    "doctor": "doctor:doctor",
    "tour": "doctor:tour",
}
"""Every command and where it stands: a command loads its own module only, so that each starts in a blink."""


class LazyCommands(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the documentation."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import and return a command, or None where there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(f"goodmeasure.cli.{module}"), name)
        return command


@click.group(cls=LazyCommands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--profile-dir", type=click.Path(path_type=Path), help="Folder in which everything the app keeps lives.")
@click.option(
    "--home",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Look for agents' files under this folder as if it were the home folder.",
)
@click.option("--timezone", metavar="ZONE", help="Reporting time zone, for example Europe/Berlin.")
@click.option("--demo", is_flag=True, help="Use an invented ledger in a temporary profile.")
@click.option("--debug", type=click.Choice(DEBUG_NAMES), multiple=True, help="Show what happens inside, on stderr.")
@click.version_option(__version__, prog_name="goodmeasure")
@click.pass_context
def goodmeasure(
    context: click.Context,
    profile_dir: Path | None,
    home: Path | None,
    timezone: str | None,
    debug: tuple[str, ...],
    *,
    demo: bool,
) -> None:
    """Log your own AI agent runs, say what each was worth, share a summary that cannot leak.

    Without a command the window opens.
    """
    for name in debug:
        _show(name)
    choices = Choices(profile_dir, home, timezone, demo)
    if context.invoked_subcommand is None:
        open_window: Callable[[Choices], int] = context.obj
        context.exit(open_window(choices))
    context.obj = context.with_resource(Desk(choices, ask_passphrase, tell_recovery_code))


def run(open_window: Callable[[Choices], int]) -> None:
    """Run the command line and end the process: 0 done, 1 it could not be done (one sentence), 2 usage.

    `open_window` is what happens without a command; it returns the exit status.
    """
    try:
        if sys.stdout is None:  # closed by who started us: nobody reads
            sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the process ends
        # Names of files may hold bytes that are no UTF-8: they are shown escaped, as JSON escapes them.
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        goodmeasure.main(standalone_mode=False, obj=open_window)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("Stopped. What was done so far is kept.\n")
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone: nothing is left to say, to anyone
        sys.exit(1)
    except (Refusal, UnicodeEncodeError, OSError) as error:
        sys.stderr.write(f"{_sentence(error)}\n")
        sys.exit(1)


def _sentence(error: Refusal | UnicodeEncodeError | OSError) -> str:
    if isinstance(error, UnicodeEncodeError):
        return "What was typed holds bytes that are no text (UTF-8): type it again."
    if isinstance(error, OSError):
        _drop_output()
        place = error.filename or "The output"
        return f"{place} could not be read or written ({error.strerror}): check the place and its free space."
    return str(error)


def _drop_output() -> None:
    """Let what could not be printed go: Python would try once more while it ends, and say so in its own words."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show(name: str) -> None:
    import logging  # noqa: PLC0415 - only --debug needs it

    logger = logging.getLogger(f"goodmeasure.{name}")
    logger.setLevel(logging.DEBUG)
    logger.addHandler(logging.StreamHandler(sys.stderr))
