"""What the logs of a run tell of its acts: read anew whenever it is asked, as hashes; nothing of it is kept."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from goodmeasure.domain.work import Act
from goodmeasure.intake.line_files import log_lines
from goodmeasure.intake.tail import open_log
from goodmeasure.ledger.evidence import log_files
from goodmeasure.ledger.opening import Ledger
from goodmeasure.sources.base import ActReader
from goodmeasure.sources.registry import all_sources

_SLACK_MS = 1000


def act_readers() -> dict[str, ActReader]:
    """Return the readers of the sources whose logs tell of acts, by the source's key."""
    return {source.key: source.acts for source in all_sources() if source.acts is not None}


def acts_of(ledger: Ledger, run_id: int, readers: Mapping[str, ActReader], salt: bytes) -> list[Act] | None:
    """Return what the logs of a run tell, of other sessions in them, too; None where one of them cannot be asked.

    Raises LedgerError.
    """
    found: list[Act] = []
    # What an agent sent as telemetry, and what was logged by hand, has no file.
    logs = [log for log in log_files(ledger, run_id) if Path(log.path).is_absolute()]
    for log in logs:
        reader = readers.get(log.source)
        if reader is None:
            return None
        try:
            with open_log(log.path) as stream:
                found += reader(log.path, log_lines(stream, packed=log.path.endswith(".zst")), salt)
        except OSError:
            return None  # tidied up by its agent
    return found if logs else None


def acts_within(acts: Iterable[Act], sessions: Collection[str], began: int | None, ended: int | None) -> Iterator[Act]:
    """Yield what belongs to a run itself: a log may tell of other sessions, and copy what was before.

    `sessions`: the agent's own ids. `began`, `ended`: milliseconds since 1970 UTC.
    """
    families = {session.partition("/")[0] for session in sessions}
    for act in acts:
        early = act.at is not None and began is not None and act.at < began - _SLACK_MS
        late = act.at is not None and ended is not None and act.at > ended + _SLACK_MS
        if act.session.partition("/")[0] in families and not early and not late:
            yield act
