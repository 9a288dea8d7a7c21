"""The one kind of error that a person is meant to read."""


class Refusal(Exception):  # noqa: N818 - it names what happened to the person's wish, not a fault of the program
    """Something could not be done. The message is one sentence: what, where, what to do. Nothing was changed."""
