"""Start: `goodmeasure` or `python -m goodmeasure`."""


def main() -> None:
    """Run the command line."""
    from goodmeasure.cli.commands import run  # noqa: PLC0415

    run()


def open_window() -> None:
    """Open the app's window."""
    from goodmeasure.ui.app import run  # noqa: PLC0415

    run()


if __name__ == "__main__":
    main()
