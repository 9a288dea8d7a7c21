"""Agents that delete their own logs soon, one sentence each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.viewmodels.wording import counted

if TYPE_CHECKING:
    from goodmeasure.domain.files import DeletedSoon
    from goodmeasure.services.importing import Importing


@dataclass(frozen=True, slots=True)
class CleanUpNotice:
    """What to tell about one agent, once."""

    source: str
    text: str


def clean_up_notices(importing: "Importing", now: int) -> tuple[CleanUpNotice, ...]:
    """Return what to tell; nothing for agents that keep their logs long enough. `now`: ms UTC. Raises LedgerError."""
    return tuple(CleanUpNotice(soon.source, _said(soon)) for soon in importing.deleted_soon(now))


def _said(soon: "DeletedSoon") -> str:
    after = f"after {counted(soon.after_days, 'day')}" if soon.after_days else "within a day"
    if soon.unread:
        going = f"{counted(soon.unread, 'log')} that {'was' if soon.unread == 1 else 'were'} never read will be gone"
        return (
            f"{soon.label} deletes its logs {after}, and {going} within three days: read them now, or raise the number"
            f" of days in {soon.settings}."
        )
    return (
        f"{soon.label} deletes its logs {after}: what it does while this window is closed for longer is never counted."
        f" Raise the number of days in {soon.settings} to be safe."
    )
