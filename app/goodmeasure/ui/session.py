"""The window's way to the person's data: questions and commands in the lanes, one signal when something has changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.facts import FactName
from goodmeasure.domain.period import moment
from goodmeasure.host.settings import Settings
from goodmeasure.ui.tasks import Lanes

if TYPE_CHECKING:
    from pathlib import Path

    from goodmeasure.domain.calibration import GuessName
    from goodmeasure.domain.findings import Finding
    from goodmeasure.domain.oversight import Reached
    from goodmeasure.domain.period import Span
    from goodmeasure.domain.work import Touched
    from goodmeasure.services.arranging import Arranging
    from goodmeasure.services.by_hand import Entry, LoggedRun
    from goodmeasure.services.keeping import Backup
    from goodmeasure.services.queries import Queries
    from goodmeasure.services.received import Received
    from goodmeasure.services.receiving import ReceiverState
    from goodmeasure.services.rolling_up import RollingUp
    from goodmeasure.services.rules import Change
    from goodmeasure.services.sharing import Sharing
    from goodmeasure.services.team import Team

_T = TypeVar("_T")


class Session(QObject):
    """One open desk. Nothing here touches the ledger on the drawing thread."""

    opened = Signal()
    """The ledger is open: pages may ask."""
    failed = Signal(str)
    """Something could not be done: one sentence."""
    changed = Signal(str)
    """What changed, so that pages which show it ask again.

    It is `assessments`, `events`, `evidence`, `facts`, `guesses`, `releases` or `received`.
    """

    def __init__(self, desk: Desk, lanes: Lanes) -> None:
        super().__init__()
        self.desk = desk
        self.lanes = lanes
        self.is_open = False

    def today(self) -> date:
        """Return the day it is in the reporting zone; asks no ledger."""
        return moment(self.desk.clock.now(), self.desk.zone).date()

    def open(self) -> None:
        """Open the ledger in the write lane; heavy imports happen there too."""
        self.lanes.write(self._open, self._opened, self._refused)

    def when_open(self, then: Callable[[], object]) -> None:
        """Call `then` once the ledger is open: now where it is, for pages are made while it opens."""
        if self.is_open:
            then()
        else:
            self.opened.connect(then)

    def ask(
        self,
        name: str,
        job: "Callable[[Queries], _T]",
        done: Callable[[_T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Ask in the read lane; only the newest answer under `name` arrives. Before the ledger is open: nothing."""
        if self.is_open:
            self.lanes.read(name, lambda: job(self.desk.queries), done, failed or self._refused)

    def rate(
        self,
        run_ids: Sequence[int],
        answers: Mapping[AssessmentName, str],
        answer_seconds: float | None,
        written: "list[list[Callable[[], object]]]",
        failed: Callable[[Exception], None],
    ) -> None:
        """Save judgements after all earlier ones: one answer to one run, or, as a batch, to several.

        What takes it back is added to `written`, which only the write lane touches.
        """

        def write() -> None:
            batch, made = len(run_ids) > 1, list[Callable[[], object]]()
            written.append(made)
            for run_id in run_ids:
                rated = self.desk.rating.rate_run(run_id, answers, batch=batch, answer_seconds=answer_seconds)
                made.append(partial(self.desk.rating.take_back, rated))

        self.lanes.write(write, lambda _: self.changed.emit("assessments"), failed)

    def guess(
        self,
        run_id: int,
        name: "GuessName",
        value: str,
        written: "list[list[Callable[[], object]]]",
        failed: Callable[[Exception], None],
    ) -> None:
        """Keep a private guess after all earlier writes; what takes it back is added to `written`."""

        def write() -> None:
            guessing = self.desk.guessing
            before = guessing.guesses_of(run_id).get(name)
            made = list[Callable[[], object]]()
            written.append(made)
            guessing.guess(run_id, name, value)
            made.append(lambda: guessing.guess(run_id, name, before))

        self.lanes.write(write, lambda _: self.changed.emit("guesses"), failed)

    def take_back_last(self, written: "list[list[Callable[[], object]]]") -> None:
        """Take back the last of `written`, whole; the write lane keeps the order, so it is there by then."""

        def take_back() -> None:
            for undo in written.pop() if written else ():
                undo()

        self.lanes.write(take_back, lambda _: self.changed.emit("assessments"), self._refused)

    def log_run(
        self, entry: "Entry", done: "Callable[[LoggedRun], None]", failed: Callable[[Exception], None]
    ) -> None:  # fmt: skip
        """Write a run that left no log, after all earlier writes."""

        def written(logged: "LoggedRun") -> None:
            self.changed.emit("events")
            done(logged)

        self.lanes.write(lambda: self.desk.by_hand.log_run(entry), written, failed)

    def share(
        self, job: "Callable[[Sharing], _T]", done: Callable[[_T], None], failed: Callable[[Exception], None]
    ) -> None:
        """Make, sign or save a report, after all earlier writes."""
        self.lanes.write(lambda: job(self.desk.sharing), done, failed)

    def received(
        self, job: "Callable[[Received], _T]", done: Callable[[_T], None], failed: Callable[[Exception], None]
    ) -> None:
        """Take in, open or delete reports of other people, after all earlier writes."""
        self.lanes.write(lambda: job(self.desk.received), done, failed)

    def rolling_up(
        self, job: "Callable[[RollingUp], _T]", done: Callable[[_T], None], failed: Callable[[Exception], None]
    ) -> None:
        """Add up reports of other people, after all earlier writes."""
        self.lanes.write(lambda: job(self.desk.rolling_up), done, failed)

    def delete_expired(self) -> None:
        """Delete received reports whose time is over."""
        self.received(
            lambda received: received.delete_expired(),
            lambda gone: self.changed.emit("received") if gone else None,
            self._refused,
        )

    def sum_up(
        self, job: "Callable[[Team], object]", done: Callable[[object], None], failed: Callable[[Exception], None]
    ) -> None:
        """Take a step of a team sum, beside everything else: a shared folder may be slow."""
        self.lanes.aside(lambda: job(self.desk.team), done, failed)

    def look_for_commits(self, run_id: int, ended: Callable[[], None]) -> None:
        """Ask the repository of a run, beside everything else; `ended` is called however that went."""

        def looked(_: object) -> None:
            ended()
            self.changed.emit("evidence")

        def failed(error: Exception) -> None:
            ended()
            self._refused(error)

        self.lanes.aside(lambda: self.desk.evidence.look([run_id]), looked, failed)

    def look_for_all_commits(self, done: Callable[[bool], None], failed: Callable[[], None]) -> None:
        """Ask the repositories of all runs that have news; `done` gets whether that was all.

        It ends early where the window closes, and where anything else waits in its lane.
        """
        looked = 0

        def job() -> tuple[int, bool]:
            is_whole = True

            def progress(runs: int, _: int) -> None:
                nonlocal looked
                looked = runs

            def enough() -> bool:
                nonlocal is_whole
                is_whole = self.is_open and not (looked and self.lanes.aside_jobs > 1)
                return not is_whole

            self.desk.evidence.look(progress=progress, cancelled=enough)
            return looked, is_whole

        def ended(result: tuple[int, bool]) -> None:
            runs, is_whole = result
            done(is_whole)
            if runs:
                self.changed.emit("evidence")

        def refused(error: Exception) -> None:
            failed()
            self._refused(error)

        self.lanes.aside(job, ended, refused)

    def when_written(self, then: Callable[[], None]) -> None:
        """Call `then` once all earlier writes are done."""
        self.lanes.write(lambda: None, lambda _: then(), self._refused)

    def decide_commit(self, run_id: int, commit: str, failed: Callable[[Exception], None], *, belongs: bool) -> None:
        """Keep whether a commit belongs to a run, after all earlier writes; what belongs is then followed."""

        def decided(_: object) -> None:
            self.changed.emit("evidence")
            if belongs:
                self.look_for_commits(run_id, lambda: None)

        self.lanes.write(
            lambda: self.desk.evidence.decide(run_id, commit, belongs=belongs),
            decided,
            failed,
        )

    def look_for_findings(
        self, done: "Callable[[Sequence[Finding]], None]", failed: Callable[[], None]
    ) -> None:  # fmt: skip
        """Look for private findings, beside everything else; ends early where the window closes."""

        def looked(found: "list[Finding] | None") -> None:
            if found is not None:
                done(found)

        def not_looked(error: Exception) -> None:
            failed()
            self._refused(error)

        self.lanes.aside(lambda: self.desk.findings.look(cancelled=lambda: not self.is_open), looked, not_looked)

    def look_through_commands(
        self, span_of: "Callable[[Queries], Span]", done: "Callable[[Reached], None]"
    ) -> None:  # fmt: skip
        """Ask the logs what calls reached for, beside everything else; ends early where the window closes."""

        def job() -> "Reached | None":
            return self.desk.oversight.reached(span_of(self.desk.queries), lambda: not self.is_open)

        self.lanes.aside(job, lambda found: None if found is None else done(found), self._refused)

    def look_for_files(
        self, run_id: int, done: "Callable[[Touched | None], None]", wanted: Callable[[], bool]
    ) -> None:  # fmt: skip
        """Ask the logs of a run which files it touched, beside everything else, if that is still wanted by then."""

        def failed(_: Exception) -> None:
            done(None)  # the card can do without

        self.lanes.aside(lambda: self.desk.touching.told(run_id, lambda: not (self.is_open and wanted())), done, failed)

    def dismiss_finding(self, finding: "Finding") -> None:
        """Keep that a finding is no waste, after all earlier writes."""
        self.lanes.write(lambda: self.desk.findings.dismiss(finding), lambda _: None, self._refused)

    def take_back_dismissal(self, finding: "Finding", done: Callable[[], None]) -> None:
        """Ask about a finding after all."""
        self.lanes.write(lambda: self.desk.findings.take_back(finding), lambda _: done(), self._refused)

    def arrange(self, job: "Callable[[Arranging], _T]", done: Callable[[_T], None]) -> None:
        """Merge or split runs, or undo that, after all earlier writes."""

        def arranged(result: _T) -> None:
            self.changed.emit("events")
            done(result)

        self.lanes.write(lambda: job(self.desk.arranging), arranged, self._refused)

    def correct_fact(self, run_id: int, fact: str, value: str | None, failed: Callable[[Exception], None]) -> None:
        """Keep what the person says of a run, after all earlier writes; None takes it back."""
        said = {FactName(fact): value}
        self.lanes.write(lambda: self.desk.rules.correct(run_id, said), lambda _: self.changed.emit("facts"), failed)

    def change_rules(
        self, change: "Change", done: Callable[[], None], failed: Callable[[Exception], None]
    ) -> None:  # fmt: skip
        """Change the rules, for every run that is there, after all earlier writes."""

        def changed(_: None) -> None:
            self.changed.emit("facts")
            done()

        self.lanes.write(lambda: self.desk.rules.apply(change), changed, failed)

    def tell(self, error: Exception) -> None:
        """Tell the person that something could not be done."""
        self._refused(error)

    def choose_plans(
        self, prices: "Mapping[str, float | None]", done: Callable[[], None], failed: Callable[[Exception], None]
    ) -> None:  # fmt: skip
        """Keep what agents cost by the month; None: nothing is known of one. Other agents' prices stay."""
        desk = self.desk

        def choose() -> None:
            plans = {key: price for key, price in desk.settings.plans.items() if key not in prices}
            plans |= {key: price for key, price in prices.items() if price is not None}
            desk.choose(replace(desk.settings, plans=plans))

        self.lanes.write(choose, lambda _: done(), failed)

    def draw(self) -> None:
        """Seal the week that is over, and draw the runs that are asked about today, unless that was done."""
        self.lanes.write(
            lambda: self.desk.begin_day(),  # noqa: PLW0108 - built in the lane, not on the drawing thread
            lambda drawn: self.changed.emit("events") if drawn else None,
            self._refused,
        )

    def look(self, done: Callable[[int], None], failed: Callable[[Exception], None]) -> None:
        """Ask how often others have written into the ledger: anyone but the write lane, whose number this is."""
        self.lanes.write(lambda: self.desk.ledger.changes(), done, failed)  # noqa: PLW0108 - opened in the lane

    def receive(
        self,
        *,
        wanted: bool,
        ports: tuple[int, int],
        heard: Callable[[], None],
        done: "Callable[[ReceiverState], None]",
        failed: Callable[[Exception], None],
    ) -> None:
        """Listen for telemetry or not, and remember which; `heard` is called, in another thread, when something came.

        `ports`: of HTTP and gRPC. The choice is kept also where one cannot be had: the next start tries again.
        """
        desk = self.desk

        def job() -> "ReceiverState":
            http, grpc = ports
            chosen = replace(
                desk.settings, receive_telemetry=wanted, telemetry_http_port=http, telemetry_grpc_port=grpc
            )
            if chosen != desk.settings:
                desk.choose(chosen)
            desk.receiving.use_ports(http, grpc)
            return desk.receiving.start(changed=heard) if wanted else desk.receiving.stop()

        self.lanes.write(job, done, failed)

    def back_up(self, file: "Path", done: "Callable[[Backup], None]", failed: Callable[[Exception], None]) -> None:
        """Write everything to one file, after all earlier writes."""
        self.lanes.write(lambda: self.desk.back_up(file), done, failed)

    def choose(self, change: "Callable[[Settings], Settings]") -> None:
        """Change the settings and keep them, after all earlier writes."""
        desk = self.desk
        self.lanes.write(lambda: desk.choose(change(desk.settings)), lambda _: None, self._refused)

    def close(self) -> None:
        """Finish what is being written and close the ledger."""
        self.is_open = False
        self.lanes.close()
        self.desk.close()

    def _open(self) -> str:
        # Built here, once, by one thread: the lanes meet them ready.
        desk = self.desk
        _ = (desk.queries, desk.rating, desk.receiving, desk.findings, desk.rules, desk.oversight, desk.touching)
        desk.guessing.asked_of(())  # makes its salt, which is no work for a lane that reads
        return sentence_of_key(desk)

    def _opened(self, warning: str) -> None:
        self.is_open = True
        self.opened.emit()
        if warning:
            self.failed.emit(warning)

    def _refused(self, error: Exception) -> None:
        self.failed.emit(sentence(error))


def sentence(error: Exception) -> str:
    """Return what to tell the person: a refusal's own sentence, or that something unforeseen happened."""
    if isinstance(error, Refusal):
        return str(error)
    return f"Something unforeseen happened ({type(error).__name__}: {error}). `goodmeasure doctor` says more."


def sentence_of_key(desk: Desk) -> str:
    """Return the warning about where the ledger's key is kept; "" where that place is good."""
    return desk.key_status.warning or ""
