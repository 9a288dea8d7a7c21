"""Log files as people see them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileIssue:
    """One unreadable line, or a whole file (line None)."""

    file: str
    line: int | None
    what: str


@dataclass(frozen=True, slots=True)
class DeletedSoon:
    """One agent whose logs go before they may have been read."""

    source: str
    label: str
    after_days: int
    settings: str
    """The agent's settings file, where the number of days stands."""
    unread: int
    """Logs that were never read and will be deleted within three days."""
