"""Start: `goodmeasure` or `python -m goodmeasure`."""

import sys

from goodmeasure.bootstrap.desk import Choices
from goodmeasure.cli.commands import run


def main() -> None:
    """Run the command line; without a command it opens the window."""
    _serve_as_worker()
    run(window)


def window(choices: Choices) -> int:
    """Open the window and return the exit status when it is closed."""
    from goodmeasure.ui.app import run as show  # noqa: PLC0415 - the command line must never load Qt

    return show(choices)


def open_window() -> None:
    """Open the window with the usual profile (the desktop entry's way in)."""
    _serve_as_worker()
    raise SystemExit(window(Choices()))


def _serve_as_worker() -> None:
    # In a frozen app, a worker process of the import is this program started again with other arguments.
    if getattr(sys, "frozen", False):
        from multiprocessing import freeze_support  # noqa: PLC0415 - 5 ms that nothing else needs

        freeze_support()


if __name__ == "__main__":
    main()
