"""What level L2 adds to the page: time as ranges, the appendices A Cost and B Oversight, a noisy number."""

from typing import Final

import msgspec

from goodmeasure.disclosure.numbers import Cost, CostLine, NoisyRuns, Oversight, Time, TimeCell
from goodmeasure.reports import bars, figures
from goodmeasure.reports.figures import Band, Look
from goodmeasure.reports.sheet import Head, Note, Row, Section, Table

_GRADES: Final[dict[str, tuple[str, Look]]] = {
    "verified": ("Verified", figures.PLAIN),
    "linked": ("Linked", figures.SLANTED),
    "self_reported": ("Self-reported", figures.DOTTED),
    "other": ("Other", figures.RULED),
}
PROVIDERS: Final = {
    "anthropic": "Anthropic",
    "openai": "OpenAI",
    "google": "Google",
    "alibaba": "Alibaba",
    "deepseek": "DeepSeek",
    "meta": "Meta",
    "mistral": "Mistral",
    "moonshot": "Moonshot",
    "xai": "xAI",
    "zhipu": "Zhipu",
    "other": "Others",
}
"""Names of providers for people."""
ACTIONS: Final = {
    "pushed": "Pushed code",
    "tracker_changed": "Changed a tracker or pull request",
    "message_sent": "Sent a message",
    "file_shared": "Shared a file",
    "deployed": "Deployed something",
    "paid": "Moved money",
}
"""What runs did outside the machine, in words."""
_FEW_RUNS: Final = "Not enough to say: fewer than 10 runs."


def time_section(time: Time) -> Section:
    """Return time as ranges with a zero line, losses in words."""
    cells: dict[str, TimeCell] = {name: cell for name in _GRADES if (cell := getattr(time, name)) is not None}
    if not cells:
        return bars.empty_section("time", "Time", "Not enough to say: fewer than 5 runs with an answer on time.")
    bands = [
        Band(_GRADES[name][0], cell.low_minutes / 60, cell.high_minutes / 60, hours(cell), _GRADES[name][1])
        for name, cell in cells.items()
    ]
    losing = [
        f"{_GRADES[name][0].lower()}: {bars.number(cell.losing_runs)}"
        for name, cell in cells.items()
        if cell.losing_runs is not None
    ]
    told = (
        f"Runs that lost time for certain: {'; '.join(losing)}. "
        if losing
        else "Runs that lost time for certain: none, or too few to show. "
    )
    behind = ", ".join(f"{_GRADES[name][0].lower()} {bars.number(cell.runs)}" for name, cell in cells.items())
    return Section(
        "time",
        "Time",
        (
            figures.range_bars(bands, "Hours saved, as a range"),
            Note(
                f"{told}Runs behind the ranges: {behind}. Each range is the sum of answers in bands; what the work "
                "would have taken without AI is the author’s own estimate. Losses always count."
            ),
        ),
        beside="the truth may lie anywhere inside a range",
    )


def hours(cell: TimeCell) -> str:
    """Return a range of time in words: `12 to 26 h saved`, `1.5 h lost to 60 h saved`."""
    low, high = cell.low_minutes, cell.high_minutes
    if low == high == 0:
        return "no time saved or lost"
    if low >= 0:
        return f"{_hours(low)} to {_hours(high)}\u00a0h saved"
    if high <= 0:
        return f"{_hours(-high)} to {_hours(-low)}\u00a0h lost"
    return f"{_hours(-low)}\u00a0h lost to {_hours(high)}\u00a0h saved"


def noise_note(noisy: NoisyRuns) -> Note:
    """Return the noisy number of runs with what it is worth."""
    epsilon = f"{noisy.epsilon_tenths / 10:g}"
    return Note(
        f"About {noisy.runs:,} runs: random noise was added to this number (ε = {epsilon}), it is not the true one."
    )


def cost_appendix(cost: Cost) -> tuple[Section, ...]:
    """Return appendix A: what the models would cost at list price, tokens as background."""
    heading = "Appendix A: cost, as background"
    if not cost.lines:
        return (bars.empty_section("cost", heading, "Not enough to say: no provider with at least 5 runs."),)
    heads = ("List cost", "Tokens read", "from a cache", "to a cache", "written", "Estimated", "Without a price")
    return (
        Section(
            "cost",
            heading,
            (
                Table(
                    f"{heading} (table)",
                    tuple(Head(head) for head in heads),
                    tuple(_cost_row(line) for line in cost.lines),
                    corner="Models of",
                ),
                Note(
                    "At public list prices in US dollars, whatever was paid. Only the first two digits are given. "
                    "“Estimated” and “without a price” are shares of the calls; what has no price is not in the cost. "
                    "Tokens show that a model was used. They do not show that the work mattered, was right or saved "
                    "time: do not set targets on them, and do not add them up over people."
                ),
            ),
        ),
    )


def oversight_appendix(oversight: Oversight) -> tuple[Section, ...]:
    """Return appendix B: what agents were allowed to do, what they did outside, and whether people looked."""
    heading = "Appendix B: oversight"
    acted = {
        label: bars.number(found) for name, label in ACTIONS.items() if (found := getattr(oversight.actions, name))
    }
    actions = (
        Table(
            "Runs that acted outside the machine (table)",
            (Head("Runs, at least"),),
            tuple(Row(label, (found,)) for label, found in acted.items()),
            corner="What they did",
        )
        if acted
        else Note("No kind of action outside the machine is known of 5 runs or more.")
    )
    return (
        _shares("autonomy", f"{heading}. What agents could do without asking", oversight.autonomy, bars.AUTONOMY),
        _shares("data", "What data they worked on", oversight.data_class, bars.DATA_CLASS),
        Section("actions", "What they did outside the machine", (actions,)),
        _shares("checks", "Of the runs that acted outside, a human checked", oversight.checks, bars.CHECKS),
    )


def _shares(key: str, heading: str, shares: msgspec.Struct | None, labels: bars.Labels) -> Section:
    if shares is None:
        return bars.empty_section(key, heading, _FEW_RUNS)
    return Section(key, heading, bars.bar(msgspec.structs.asdict(shares), labels, heading))


def _cost_row(line: CostLine) -> Row:
    return Row(
        PROVIDERS[line.provider.value],
        (
            "–" if line.list_cost_cents is None else money(line.list_cost_cents),
            _tokens(line.input_tokens),
            _tokens(line.cache_read_tokens),
            _tokens(line.cache_write_tokens),
            _tokens(line.output_tokens),
            bars.percent(line.estimated),
            bars.percent(line.unpriced),
        ),
    )


def money(cents: int) -> str:
    """Return an amount for people: `$410`, `$0.85`, `$3.20`."""
    dollars, rest = divmod(cents, 100)
    return f"${dollars:,}.{rest:02}" if rest else f"${dollars:,}"


def _tokens(number: int | None) -> str:
    if number is None:
        return "–"
    for size, word in ((10**9, "billion"), (10**6, "million")):
        if number >= size:
            return f"{number / size:,.1f}".removesuffix(".0") + f"\u00a0{word}"
    return f"{number:,}"


def _hours(minutes: int) -> str:
    return f"{minutes / 60:,.1f}".removesuffix(".0")
