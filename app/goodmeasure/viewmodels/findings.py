"""What private findings say: a question, what was seen, why it may be fine, one thing to try."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from goodmeasure.domain.findings import Detector, Finding, Saving
from goodmeasure.findings.looking import EVERYWHERE
from goodmeasure.viewmodels.wording import compact, counted, money, percent

Seen = Mapping[str, Any]
ALL_PROJECTS = "All projects"
UNKNOWN_PROJECT = "Unknown project"
_MOST_TIMES = 10
"""Beyond it a growth says only that the run before was small."""


@dataclass(frozen=True, slots=True)
class FindingCard:
    """One finding in words. It is asked, never stated; nothing of it can be shared."""

    finding: Finding
    """What `services.findings` takes to dismiss it."""
    place: str
    """Project, or all of them."""
    question: str
    seen: str
    may_be_fine: str
    to_try: str
    saving: str | None
    """A range; None where it cannot be said."""


@dataclass(frozen=True, slots=True)
class _Words:
    question: str
    seen: Callable[[Seen], str]
    may_be_fine: str
    to_try: str


def cards(found: Sequence[Finding]) -> list[FindingCard]:
    """Return the findings in words, in their order."""
    return [_card(one) for one in found]


def _card(finding: Finding) -> FindingCard:
    words = _WORDS[finding.detector]
    nowhere = ALL_PROJECTS if finding.detector in EVERYWHERE else UNKNOWN_PROJECT
    return FindingCard(
        finding,
        finding.project or nowhere,
        words.question,
        words.seen(finding.seen),
        words.may_be_fine,
        words.to_try,
        _saving(finding.saving),
    )


def _saving(saving: Saving | None) -> str | None:
    if saving is None or saving.high_micros <= 0:
        return None
    return f"between {_dollars(saving.low_micros)} and {money(saving.high_micros)} of list cost"


def _dollars(micros: int) -> str:
    return money(micros) if micros else "nothing"


def _runs(seen: Seen) -> str:
    return counted(seen["runs"], "run")


def _low_yield(seen: Seen) -> str:
    return (
        f"{_runs(seen)} of {money(seen['cost_micros'])} together, without a commit, a push or a pull request that is "
        "known, and with no change of a file or one that was tried again and again."
    )


def _context(seen: Seen) -> str:
    grown = f" That is {_times(seen['growth'])} the run before." if "growth" in seen else ""
    return (
        f"{_runs(seen)}; in the plainest, {compact(seen['context_tokens'])} tokens (cached ones by their price) were"
        f" read, {compact(seen['excess_tokens'])} more than 15 for each one written.{grown}"
    )


def _times(growth: float) -> str:
    return f"{growth} times" if growth <= _MOST_TIMES else f"more than {_MOST_TIMES} times"


def _cold(seen: Seen) -> str:
    said = []
    if seen["returns"]:
        times, tokens = counted(seen["returns"], "time"), compact(seen["written_again_tokens"])
        said.append(f"{times} a context was sent anew after a pause, {tokens} tokens together.")
    if "first_write_tokens" in seen:
        first, usual = compact(seen["first_write_tokens"]), compact(seen["usual_tokens"])
        said.append(f"Runs begin with {first} tokens where {usual} are usual.")
    if "read_from_cache_share" in seen:
        said.append(f"{percent(seen['read_from_cache_share'])} of what was read came from the cache.")
    return " ".join(said)


def _rereads(seen: Seen) -> str:
    said = []
    if seen["read_again"]:
        said.append(f"{counted(seen['read_again'], 'time')} a file was read again that nothing had changed")
    if seen["read_aside"]:
        said.append(f"{counted(seen['read_aside'], 'time')} a file that a program made or fetched was read")
    return f"{_runs(seen)}: {', '.join(said)}."


def _oversized(seen: Seen) -> str:
    dear, cheap = (
        f"{seen[which]}: {seen[which + '_without_retry']} of {seen[which + '_turns']} changing turns needed no retry."
        for which in ("dearer", "cheaper")
    )
    return f"Kind of work: {seen['work_kind']}. {dear} {cheap}"


_WORDS = {
    Detector.TOOL_LOOP: _Words(
        "Did the agent run in a circle?",
        lambda seen: f"{_runs(seen)} with the same tool calls up to {seen['repeats']} times in a row.",
        "Something was being waited for, or a flaky test was tried on purpose.",
        "Stop it at the third round and say what you know that it does not.",
    ),
    Detector.NO_PROGRESS: _Words(
        "Was all the looking around needed?",
        lambda seen: f"{_runs(seen)} with up to {seen['calls']} reads and searches in a row and no change after them.",
        "You wanted an answer, not a change, and have not rated it yet.",
        "Name the file or the function to begin with in the prompt.",
    ),
    Detector.REPEAT_PROMPT: _Words(
        "Do you keep asking the same?",
        lambda seen: f"{counted(seen['prompts'], 'prompt')} alike within a day, in {_runs(seen)}.",
        "A routine that you start by hand, or one prompt tried in several places.",
        "Put it into a command or the project's instructions, or say what the last answer lacked.",
    ),
    Detector.RETRY_HEAVY: _Words(
        "Could the first change have been closer?",
        lambda seen: (
            f"{_runs(seen)} in which a file was changed, tried out and changed again, up to {seen['retries']} times; "
            f"{seen['turns_without_retry']} of {seen['turns']} turns with changes needed none."
        ),
        "Working test by test looks just like this.",
        "Give the agent the failing test, or an example of what right looks like, before it begins.",
    ),
    Detector.LOW_YIELD: _Words(
        "Did anything come of these runs?",
        _low_yield,
        "Research, a plan or a review leaves no commit; neither does work that you committed elsewhere.",
        "Rate them: used or learned ends the question.",
    ),
    Detector.CONTEXT_HEAVY: _Words(
        "Does the agent carry more than it needs?",
        _context,
        "Understanding a large code base takes a lot of reading.",
        "Begin a new session for a new subject, or compact the old one.",
    ),
    Detector.COST_OUTLIER: _Words(
        "Was this one worth so much more?",
        lambda seen: (
            f"{_runs(seen)}; the dearest cost {money(seen['cost_micros'])}, the project's others "
            f"{money(seen['mean_of_others_micros'])} in the mean."
        ),
        "It was the one large task among small ones.",
        "Look at where its cost arose before you start one like it.",
    ),
    Detector.COLD_CACHE: _Words(
        "Would a warm cache have been cheaper?",
        _cold,
        "A pause is a pause: coming back later is no fault, and long instructions may pay off.",
        "After a long pause begin anew with a summary; keep the project's instructions and tools few.",
    ),
    Detector.REREADS: _Words(
        "Was that read already?",
        _rereads,
        "After a compaction, or when you changed the file yourself, reading again is right.",
        "Say in the project's instructions where things stand and which folders to leave alone.",
    ),
    Detector.TOOL_OVERHEAD: _Words(
        "Are all these tools needed here?",
        lambda seen: (
            f"The server {seen['server']} offered {seen['tools']} tools in {_runs(seen)}; {seen['used']} were called. "
            f"Servers like that: {seen['servers']}."
        ),
        "You need one of them rarely, but then badly; some agents load a tool's description only when it is used.",
        "Switch the server on only in projects that use it.",
    ),
    Detector.IDLE_RUN: _Words(
        "Does anybody need these automatic runs?",
        lambda seen: (
            f"{_runs(seen)} that a program started, up to {seen['in_a_row']} in a row, changed nothing that was kept; "
            f"they cost {money(seen['cost_micros'])}."
        ),
        "A watch that finds nothing has done its work.",
        "Let it run less often, or only when there is something new.",
    ),
    Detector.OVERSIZED_MODEL: _Words(
        "Would the cheaper model do here?",
        _oversized,
        "The harder tasks may have gone to the dearer model.",
        "Give the next ten everyday tasks to the cheaper one and compare.",
    ),
    Detector.UNACCOUNTED_COST: _Words(
        "What became of this cost?",
        lambda seen: (
            f"From {_dollars(seen['from_micros'])} ({counted(seen['runs_not_used'], 'run')} not used or worse) to "
            f"{money(seen['to_micros'])} (with {counted(seen['runs_not_rated'], 'run')} not rated for two weeks)."
        ),
        "Trying things out costs something, and not every run wants a rating.",
        "Rate the dearest of them; that narrows the range.",
    ),
    Detector.LOW_NEED: _Words(
        "Which of these would you rather do yourself?",
        lambda seen: (
            f"Of {counted(seen['answers'], 'rated run')}, {seen['unnecessary']} would have gone as well without AI; "
            f"they cost {money(seen['cost_micros'])}."
        ),
        "Learning a tool takes runs that were not needed.",
        "Pick the kind of task that is most often among them, and do the next one by hand.",
    ),
}
