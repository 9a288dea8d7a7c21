"""Which files a run touched, so that a person knows again what it was about. Reads the ledger, or the logs."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable

from goodmeasure.domain.events import ToolKind
from goodmeasure.domain.work import Act, Called, Touched
from goodmeasure.ledger.evidence import work_of
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.oversight import logged_run
from goodmeasure.services.acts import act_readers, acts_of, acts_within


class Touching:
    """Questions about a run's files. Nothing is written. Not for the thread that draws the window."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._readers = act_readers()

    def kept(self, run_id: int) -> Touched | None:
        """Return the files that the evidence of a run names, those with the most lines first; None: it names none.

        Raises LedgerError.
        """
        work = work_of(self._ledger, run_id)
        if work is None or not work.files:
            return None
        return Touched(tuple(sorted(work.files, key=lambda path: -len(work.files[path]))), ())

    def told(self, run_id: int, cancelled: Callable[[], bool] = lambda: False) -> Touched | None:
        """Return the files that a run's logs name, those that were touched most often first.

        None where a log cannot be asked, and where it was cancelled. Nothing of it is kept. Raises LedgerError.
        """
        run = None if cancelled() else logged_run(self._ledger, run_id)
        if run is None:
            return None
        acts = acts_of(self._ledger, run.first_part, self._readers, secrets.token_bytes(32))
        if acts is None:
            return None
        own = list(acts_within(acts, run.sessions, run.started_at, run.ended_at))
        return Touched(_paths(own, ToolKind.EDIT), _paths(own, ToolKind.READ))


def _paths(acts: Iterable[Act], kind: ToolKind) -> tuple[str, ...]:
    times: Counter[str] = Counter()
    for act in acts:
        if isinstance(act, Called) and act.kind == kind and not act.failed:
            times.update(act.paths)
    return tuple(path for path, _ in times.most_common())
