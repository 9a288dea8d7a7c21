"""Start: `goodmeasure` or `python -m goodmeasure`."""

from goodmeasure.bootstrap.desk import Choices
from goodmeasure.cli.commands import run


def main() -> None:
    """Run the command line; without a command it opens the window."""
    run(window)


def window(choices: Choices) -> int:
    """Open the window and return the exit status when it is closed."""
    from goodmeasure.ui.app import run as show  # noqa: PLC0415 - the command line must never load Qt

    return show(choices)


def open_window() -> None:
    """Open the window with the usual profile (the desktop entry's way in)."""
    raise SystemExit(window(Choices()))


if __name__ == "__main__":
    main()
