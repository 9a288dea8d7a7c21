"""The runs that wait, as cards: today's five first. Cost stays folded until the answer is given."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.domain.period import moment
from goodmeasure.domain.runs import Run
from goodmeasure.viewmodels.wording import all_tokens, compact, cost, counted, duration, exact, title, when

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """How many cards to lay out at once."""

    limit: int = 200


@dataclass(frozen=True, slots=True)
class CardView:
    """One run to rate: what it was about; behind a fold, what it took."""

    run_id: int
    title: str
    project: str
    agent: str
    when: str
    duration: str
    did: str
    """`5 prompts · 31 tool calls`."""
    models: str
    cost: str
    tokens: str
    tokens_exact: str
    drawn: bool
    """The app drew it by chance, so everything is asked of it."""
    alike: str
    """What runs that may be answered together have in common: project, agent and day; "" where the day is unknown."""
    guessed: bool = False
    """Private guesses are asked of it, too."""


@dataclass(frozen=True, slots=True)
class InboxView:
    """The runs that wait: today's draw, earlier drawn ones, the others newest first; last what was skipped today."""

    cards: tuple[CardView, ...]
    today: int
    """So many cards at the beginning are of today's draw."""
    today_all: int
    """How many runs were drawn today, answered ones included; 0: no draw, or nothing to draw from."""
    day: str
    """The person's own day, `2026-11-23`."""


Asks = Callable[[Iterable[Run]], Collection[int]]
"""Tells of which of these runs private guesses are asked (`services.calibration.Guessing.asked_of`)."""


def inbox(
    queries: "Queries", wanted: InboxFilter, skipped: Collection[int] = (), asks: Asks = lambda _: ()
) -> InboxView:
    """Lay out the runs that wait for a judgement. `skipped`: the runs that were skipped today.

    Guesses are asked only of runs of which nothing was said before.
    """
    labels = {source.key: source.label for source in queries.sources()}
    day = queries.today().isoformat()
    drawn = {one.run_id: one for one in queries.drawn()}
    runs = queries.inbox(limit=wanted.limit)

    def place(run: Run) -> int:
        if run.id in skipped:
            return 3
        return 2 if run.id not in drawn else 0 if drawn[run.id].drawn_on == day else 1

    ordered = sorted(runs, key=place)
    guessed = asks([run for run in runs if run.outcome is None])
    return InboxView(
        tuple(_card(queries, run, labels, drawn, guessed=run.id in guessed) for run in ordered),
        sum(place(run) == 0 for run in runs),
        sum(one.drawn_on == day for one in drawn.values()),
        day,
    )


def card(queries: "Queries", run_id: int, asks: Asks = lambda _: ()) -> CardView:
    """Lay out one run. Raises Refusal where it does not exist."""
    labels, run = {source.key: source.label for source in queries.sources()}, queries.run(run_id).run
    guessed = bool(asks([run] if run.outcome is None else []))
    return _card(queries, run, labels, {one.run_id for one in queries.drawn()}, guessed=guessed)


def _card(queries: "Queries", run: Run, labels: dict[str, str], drawn: Collection[int], *, guessed: bool) -> CardView:
    tokens = all_tokens(run.counters)
    did = [counted(run.prompts, "prompt"), counted(run.tool_calls, "tool call")]
    if run.errors:
        did.append(counted(run.errors, "error"))
    return CardView(
        run_id=run.id,
        title=title(run.title),
        project=run.project or "No project",
        agent=labels.get(run.source, run.source),
        when=when(run.started_at, queries.zone, queries.now()),
        duration=duration(run.duration_seconds),
        did=" · ".join(did),
        models=", ".join(run.models) or "unknown model",
        cost=cost(run.counters),
        tokens=f"{compact(tokens)} tokens",
        tokens_exact=f"{exact(tokens)} tokens",
        drawn=run.id in drawn,
        alike=_alike(queries, run),
        guessed=guessed,
    )


def _alike(queries: "Queries", run: Run) -> str:
    if run.started_at is None:
        return ""
    return f"{run.project}\x1f{run.source}\x1f{moment(run.started_at, queries.zone).date()}"
