"""The receiver: whether it listens, what to put into each agent's settings, and which agents were heard."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.viewmodels.wording import ago, counted, exact_when

if TYPE_CHECKING:
    from goodmeasure.domain.runs import Feed
    from goodmeasure.services.queries import Queries
    from goodmeasure.services.receiving import ReceiverState, Receiving


@dataclass(frozen=True, slots=True)
class AgentLines:
    """One agent that can send: what to copy where, and whether it was heard."""

    source: str
    label: str
    where: str
    """File into which the lines go."""
    lines: str
    """Exactly what a copy button copies."""
    note: str
    heard: bool
    """Something of it was received, ever: the tick."""
    heard_text: str


@dataclass(frozen=True, slots=True)
class ReceiverView:
    """What the part of the Sources page says that is about telemetry."""

    listening: bool
    state_text: str
    received_text: str
    """What came since it began to listen; "" while nothing listens."""
    agents: tuple[AgentLines, ...]
    refused: tuple[str, ...]
    """One sentence for each reason for which requests were refused."""


def receiver(receiving: "Receiving", queries: "Queries") -> ReceiverView:
    """Say what the receiver does; cheap enough to ask after each change that it tells of."""
    state = receiving.state()
    feeds = {report.key: report.health.feed for report in queries.sources() if report.health is not None}
    agents = tuple(
        AgentLines(
            entry.source,
            entry.label,
            entry.where,
            entry.lines,
            entry.note,
            feeds.get(entry.source) is not None,
            _heard(queries, feeds.get(entry.source)),
        )
        for entry in receiving.settings_lines()
    )
    refused = tuple(
        f"{counted(row.count, 'request')} refused, because {'it was' if row.count == 1 else 'they were'} {row.reason};"
        f" the last {ago(row.last_at, queries.now())}."
        for row in receiving.refused()
    )
    return ReceiverView(state.listening, _where(state), _received(state, queries.now()), agents, refused)


def _where(state: "ReceiverState") -> str:
    if not state.listening:
        return "Off: nothing listens on this computer."
    return f"Listening on {state.address} for HTTP and {state.grpc_address} for gRPC, for this computer only."


def _received(state: "ReceiverState", now: int) -> str:
    if not state.listening:
        return ""
    text = "Nothing received since then."
    if state.taken:
        text = f"{counted(state.taken, 'request')} received since then, the last {ago(state.last_at, now)}."
    if state.put_off:
        text += f" {counted(state.put_off, 'request')} had to come again, because the ledger was busy or full."
    return text


def _heard(queries: "Queries", feed: "Feed | None") -> str:
    if feed is None:
        return "Nothing received yet."
    first = f"First event received {exact_when(feed.first_at, queries.zone)}"
    calls = f"{counted(feed.calls, 'call')} so far, the last request {ago(feed.last_at, queries.now())}"
    if not feed.calls and feed.metrics and not feed.records:
        return f"{first}, but only metrics, which tell no calls: check the lines."
    return f"{first}; {calls}."
