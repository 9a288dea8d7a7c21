"""Logs that their own agent is about to delete, or deletes so soon that they may never be read."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from goodmeasure.domain.files import DeletedSoon
from goodmeasure.intake.find import find_files, readable_name, root_folders
from goodmeasure.intake.tail import open_log
from goodmeasure.ledger.files import known_files
from goodmeasure.ledger.opening import Ledger
from goodmeasure.sources.base import Source

SHORT_DAYS = 7
"""An agent that deletes its logs after this many days or fewer outruns a holiday."""
_SOON_DAYS = 3
_MOST_SETTINGS_BYTES = 1 << 20
_DAY_NS = 86_400 * 10**9


def deleted_soon(ledger: Ledger, sources: Sequence[Source], home: Path | None, now: int) -> list[DeletedSoon]:
    """Return the agents that delete logs after a week or less, or have unread ones that are about to go.

    `now`: milliseconds since 1970 UTC. Raises LedgerError.
    """
    known = known_files(ledger)
    found = []
    for source in sources:
        if source.clean_up is None:
            continue
        files = find_files([source], home).files
        settings = _folder(source, home) / source.clean_up.settings
        days = source.clean_up.days(_read(settings))
        if not files or days is None:
            continue
        oldest = now * 10**6 - max(days - _SOON_DAYS, 0) * _DAY_NS
        unread = sum(1 for file in files if readable_name(file.path) not in known and file.mtime_ns < oldest)
        if unread or days <= SHORT_DAYS:
            found.append(DeletedSoon(source.key, source.label, days, str(settings), unread))
    return found


def _folder(source: Source, home: Path | None) -> Path:
    variables: Mapping[str, str] = os.environ if home is None else {}
    return root_folders(source.roots[0], Path.home() if home is None else home, variables)[0]


def _read(path: Path) -> bytes:
    try:
        with open_log(str(path)) as stream:
            return stream.read(_MOST_SETTINGS_BYTES)
    except OSError:
        return b""
