"""A provider's own count beside the ledger's: per day and model, never merged, with what may explain a difference."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path

from goodmeasure.domain.period import days_span
from goodmeasure.domain.usage import Counters, counters_sum, known_sum
from goodmeasure.intake.provider_exports import Billed, ProviderExport, read_export
from goodmeasure.ledger import reads
from goodmeasure.ledger.opening import Ledger

_DATED = re.compile(r"-(?:\d{8}|\d{4}-\d{2}-\d{2})$")
_NOTHING = (None,) * 7
_CENT = 10_000
"""Micro-USD; providers round what they charge."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One day (UTC) and model: what the provider says, what the ledger holds. None: nothing there."""

    day: date
    model: str | None
    provider: Billed | None
    ledger: Counters | None
    explanations: tuple[str, ...]
    """What may explain a difference, in words for the person; empty where there is none."""

    @property
    def agrees(self) -> bool:
        """Whether every number that the provider gives is the ledger's too."""
        return self.provider is not None and self.ledger is not None and not _differences(self.provider, self.ledger)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """An export beside the ledger."""

    provider: str
    first_on: date | None
    last_on: date | None
    pairs: tuple[Pair, ...]
    skipped: int
    """Rows of the export that could not be used."""


def reconcile(ledger: Ledger, file: Path) -> Reconciliation:
    """Lay a downloaded export beside the ledger; neither is changed. Raises Refusal for a file that is none."""
    export = read_export(file)
    if not export.rows:
        return Reconciliation(export.provider, None, None, (), export.skipped)
    days = [row.day for row in export.rows]
    first, last = min(days), max(days)
    theirs = _theirs(export.rows)
    ours = _ours(ledger, first, last, export, {model for _, model in theirs})
    names = sorted(theirs.keys() | ours.keys(), key=lambda name: (name[0], name[1] or ""))
    pairs = [_pair(name, theirs.get(name), ours.get(name)) for name in names]
    return Reconciliation(export.provider, first, last, tuple(pairs), export.skipped)


def plain_model(name: str | None) -> str | None:
    """Return a model's name as both sides spell it: no maker before it, no date behind it, dashes for dots."""
    return None if name is None else _DATED.sub("", name.rsplit("/", 1)[-1].partition(":")[0].lower().replace(".", "-"))


def _theirs(rows: Sequence[Billed]) -> dict[tuple[date, str | None], Billed]:
    found: dict[tuple[date, str | None], Billed] = {}
    for row in rows:
        name = (row.day, plain_model(row.model))
        before = found.get(name, Billed(*name, *_NOTHING))
        sums = [known_sum(one, other) for one, other in zip(before[2:], row[2:], strict=True)]
        found[name] = Billed(*name, *sums)
    return found


def _ours(
    ledger: Ledger, first: date, last: date, export: ProviderExport, models: set[str | None]
) -> dict[tuple[date, str | None], Counters]:
    found: dict[tuple[date, str | None], Counters] = {}
    by_model = models != {None}
    for row in reads.usage_rows(ledger, ("day", "model"), days_span(first, last, UTC), UTC):
        model, day = plain_model(row.group["model"]), row.group["day"]
        theirs = model in models or (model is not None and model.startswith(export.families or ("\0",)))
        if day is None or not theirs:
            continue
        name = (date.fromisoformat(day), model if by_model else None)
        found[name] = counters_sum(found[name], row.counters) if name in found else row.counters
    return found


def _differences(theirs: Billed, ours: Counters) -> dict[str, int]:
    """Return ours less theirs, of each number that the provider gives and that differs."""
    pairs = {
        "calls": (theirs.calls, ours.generations),
        "input_tokens": (theirs.input_tokens, ours.input_tokens),
        "cache_read_tokens": (theirs.cache_read_tokens, ours.cache_read_tokens),
        "cache_write_5m_tokens": (theirs.cache_write_5m_tokens, ours.cache_write_5m_tokens),
        "cache_write_1h_tokens": (theirs.cache_write_1h_tokens, ours.cache_write_1h_tokens),
        "output_tokens": (theirs.output_tokens, ours.output_tokens),
        "cost_micros": (theirs.cost_micros, ours.list_cost_micros),
    }
    found = {name: (here or 0) - said for name, (said, here) in pairs.items() if said is not None}
    return {name: by for name, by in found.items() if abs(by) > (_CENT if name == "cost_micros" else 0)}


def differences(pair: Pair) -> dict[str, int]:
    """Return the ledger's numbers less the provider's, where both have the day and model and a number differs."""
    return {} if pair.provider is None or pair.ledger is None else _differences(pair.provider, pair.ledger)


def _pair(name: tuple[date, str | None], theirs: Billed | None, ours: Counters | None) -> Pair:
    return Pair(*name, theirs, ours, tuple(_explanations(theirs, ours)))


def _explanations(theirs: Billed | None, ours: Counters | None) -> list[str]:
    if ours is None:
        return [
            "Only the provider knows it: another computer or program used the account, or an agent that logs nothing."
        ]
    if theirs is None:
        return ["Only the ledger knows it: a subscription, another account or a gateway paid for it."]
    found = defaultdict(list)
    for counter, by in _differences(theirs, ours).items():
        found["more" if by > 0 else "less"].append(counter)
    reasons = []
    if "less" in found:
        reasons.append(
            "The provider counts more: other computers or programs, or calls that agents bill and do not log"
            " (titles, compaction)."
        )
    if "more" in found:
        reasons.append("The ledger holds more: a part was paid by a subscription, another account or a gateway.")
    if found and ours.output_lower_bound_generations:
        reasons.append(
            f"{ours.output_lower_bound_generations:,} calls were logged only from the start of their answer."
        )
    if found and ours.estimated_generations:
        reasons.append(f"{ours.estimated_generations:,} calls are estimates from text.")
    if theirs.cost_micros is not None and ours.unpriced_generations:
        reasons.append(f"{ours.unpriced_generations:,} calls have no known price here.")
    return reasons
