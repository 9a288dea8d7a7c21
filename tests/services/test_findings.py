"""From written logs, through a real import, to what is asked about them: each pattern, and a twin that is none."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.findings import Detector, Finding, Saving
from goodmeasure.domain.period import Span
from goodmeasure.host.clock import Clock
from goodmeasure.host.paths import Profile, prepare
from goodmeasure.ledger import reads
from goodmeasure.ledger.forgetting import forget_runs
from goodmeasure.ledger.opening import Ledger, open_ledger
from goodmeasure.services.arranging import Arranging
from goodmeasure.services.findings import Findings
from goodmeasure.services.importing import Importing
from goodmeasure.services.queries import Queries
from goodmeasure.services.rating import Rating
from goodmeasure.services.sharing import ReportRequest, Sharing

NOON = 1_795_435_200_000
MINUTE = 60_000
DAY = 86_400_000
LONG_PROMPT = "Invented text of a whole sentence"


class FixedClock(Clock):
    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> int:
        return self.at


class Log:
    """One Claude Code session, written minute by minute; it begins two hours before noon."""

    def __init__(self, life: "Life", number: int, *, began: int, entrypoint: str, project: str) -> None:
        self.life, self.at, self.entrypoint = life, began, entrypoint
        self.session = f"0a0a0a0a-1111-4222-8333-{number:012d}"
        self.folder = f"/home/person/{project}"
        self.file = life.home / ".claude/projects" / project / f"{self.session}.jsonl"
        self.rows: list[dict[str, Any]] = []

    def row(self, kind: str, after: int = 1000, **more: Any) -> None:
        self.at += after
        self.rows.append(
            {
                "type": kind,
                "uuid": f"{self.session}-{len(self.rows)}",
                "sessionId": self.session,
                "timestamp": datetime.fromtimestamp(self.at / 1000, UTC).isoformat().replace("+00:00", "Z"),
                "cwd": self.folder,
                "version": "2.1.226",
                "entrypoint": self.entrypoint,
                **more,
            }
        )

    def asks(self, text: str = LONG_PROMPT) -> "Log":
        self.row("user", message={"role": "user", "content": text})
        return self

    def answers(self, content: list[dict[str, Any]] | None = None, after: int = 1000, **usage: Any) -> None:
        told = {"input_tokens": 1, "output_tokens": 1, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0}
        told |= usage
        model = told.pop("model", "claude-opus-4-7")
        message = {
            "role": "assistant",
            "id": f"msg_{self.session[-12:]}_{len(self.rows)}",
            "model": model,
            "stop_reason": "end_turn",
            "content": content or [{"type": "text", "text": "Invented text."}],
            "usage": told,
        }
        self.row("assistant", after, message=message)

    def spends(self, dollars: float, model: str = "claude-opus-4-7") -> "Log":
        """Write so many tokens; one costs $25 in a million, of the cheaper model $5."""
        self.answers(
            input_tokens=0, output_tokens=round(dollars * 1_000_000 / (25 if "opus" in model else 5)), model=model
        )
        return self

    def uses(self, tool: str, told: dict[str, Any], *, failed: bool = False, answer: str = "ok") -> "Log":
        name = f"toolu_{self.session[-12:]}_{len(self.rows)}"
        self.answers([{"type": "tool_use", "id": name, "name": tool, "input": told}])
        result = {"type": "tool_result", "tool_use_id": name, "content": answer, "is_error": failed}
        self.row("user", message={"role": "user", "content": [result]})
        return self

    def reads(self, *names: str) -> "Log":
        for name in names:
            self.uses("Read", {"file_path": f"{self.folder}/{name}"})
        return self

    def edits(self, name: str = "tea.py", text: str = "x") -> "Log":
        return self.uses("Edit", {"file_path": f"{self.folder}/{name}", "old_string": str(self.at), "new_string": text})

    def runs(self, command: str, *, failed: bool = False) -> "Log":
        return self.uses("Bash", {"command": command}, failed=failed)

    def write(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text("".join(json.dumps(row) + "\n" for row in self.rows))


class Life:
    """A home with sessions, a ledger, and somebody who looks."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self.home, self.ledger, self.clock = folder / "home", ledger, FixedClock()
        self.home.mkdir()
        self.findings = Findings(ledger, self.clock)
        self.logs: list[Log] = []

    def session(self, *, ago: int = 120 * MINUTE, entrypoint: str = "cli", project: str = "shop") -> Log:
        log = Log(self, len(self.logs), began=NOON - ago, entrypoint=entrypoint, project=project)
        self.logs.append(log)
        return log

    def read(self) -> None:
        for log in self.logs:
            log.write()
        Importing(self.ledger, self.home).import_logs()

    def found(self) -> dict[Detector, Finding]:
        self.read()
        found = self.findings.look()
        assert found is not None
        assert len({(one.detector, one.project_id) for one in found}) == len(found)
        return {one.detector: one for one in found}

    def rate(self, *, need: str = "helpful", **outcome_of: str) -> None:
        """Say the outcome of sessions by their number (`_0="used"`)."""
        self.read()
        rated = Rating(self.ledger, self.clock)
        for number, outcome in outcome_of.items():
            run_id = reads.find_run(self.ledger, self.logs[int(number[1:])].session)
            rated.rate_run(run_id, {AssessmentName.OUTCOME: outcome, AssessmentName.NEED: need})


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    ledger = open_ledger(tmp_path / "ledger.sqlite", b"k" * 32)
    yield Life(tmp_path, ledger)
    ledger.close()


def repeated(life: Life, times: int, *, failed: bool = False) -> Detector | None:
    log = life.session().asks()
    for _ in range(times):
        log.runs("make check", failed=failed)
    return Detector.TOOL_LOOP if Detector.TOOL_LOOP in life.found() else None


@pytest.mark.parametrize(
    ("times", "failed", "loops"), [(5, False, True), (4, False, False), (3, True, True), (2, True, False)]
)
def test_the_same_call_again_and_again(life: Life, times: int, failed: bool, loops: bool) -> None:
    assert (repeated(life, times, failed=failed) is Detector.TOOL_LOOP) is loops


def test_a_cycle_is_a_loop_and_a_prompt_between_breaks_it(life: Life) -> None:
    looping = life.session().asks()
    for _ in range(5):
        looping.runs("make check").reads("tea.py").edits(text="y" * len(looping.rows))
    assert Detector.TOOL_LOOP not in life.found()
    again = life.session(ago=60 * MINUTE).asks()
    for _ in range(5):
        again.runs("make check").reads("tea.py")
    assert life.found()[Detector.TOOL_LOOP].seen == {"runs": 1, "repeats": 5}
    broken = life.session(project="other").asks()
    for round_ in range(6):
        broken.runs("make check").reads("tea.py")
        if round_ == 2:
            broken.asks()
    assert [one.project for one in life.found().values() if one.detector is Detector.TOOL_LOOP] == ["shop"]


def test_waiting_for_something_is_no_loop(life: Life) -> None:
    log = life.session().asks()
    for _ in range(9):
        log.uses("BashOutput", {"bash_id": "1"})
    assert Detector.TOOL_LOOP not in life.found()


def test_looking_around_without_an_answer(life: Life) -> None:
    life.session().asks().reads(*[f"{number}.py" for number in range(12)])
    found = life.found()[Detector.NO_PROGRESS]
    assert found.seen == {"runs": 1, "calls": 12}
    life.rate(_0="used")
    assert Detector.NO_PROGRESS not in life.found()


@pytest.mark.parametrize("twin", ["fewer", "edited", "prompted", "a command between"])
def test_looking_around_that_led_somewhere(life: Life, twin: str) -> None:
    log = life.session().asks().reads(*[f"{number}.py" for number in range(11)])
    if twin == "edited":
        log.reads("11.py").edits()
    elif twin == "prompted":
        log.asks().reads("11.py")
    elif twin == "a command between":
        log.runs("make").reads("11.py")
    assert Detector.NO_PROGRESS not in life.found()


def test_the_same_prompt_three_times_a_day(life: Life) -> None:
    words = "please make the test number {} pass and say why it failed at all in one single short line of plain words"
    for number, ago in enumerate((20 * 60, 10 * 60, 60)):
        life.session(ago=ago * MINUTE).asks(words.format(number))
    assert life.found()[Detector.REPEAT_PROMPT].seen == {"prompts": 3, "runs": 3}


@pytest.mark.parametrize("twin", ["two", "short", "spread", "elsewhere", "different"])
def test_prompts_that_are_not_repeated(life: Life, twin: str) -> None:
    for number in range(2 if twin == "two" else 3):
        text = "go on" if twin == "short" else LONG_PROMPT
        if twin == "different":
            text = " ".join(f"word{letter}{number * 'x'}" for letter in "abcdefgh")
        ago = (number * 26 * 60 if twin == "spread" else number * 60) + 60
        life.session(ago=ago * MINUTE, project=f"p{number}" if twin == "elsewhere" else "shop").asks(text)
    assert Detector.REPEAT_PROMPT not in life.found()


def test_a_prompt_almost_the_same_is_the_same(life: Life) -> None:
    words = [f"w{chr(97 + place // 26)}{chr(97 + place % 26)}" for place in range(200)]
    for ending in ("one", "two", "three"):
        life.session(ago=60 * MINUTE).asks(" ".join([*words, ending]))
    assert life.found()[Detector.REPEAT_PROMPT].seen["prompts"] == 3


def test_changed_tried_and_changed_again(life: Life) -> None:
    log = life.session().asks().edits()
    for number in range(3):
        log.runs(f"make check {number}").edits()
    found = life.found()[Detector.RETRY_HEAVY]
    assert found.seen == {"runs": 1, "retries": 3, "turns": 1, "turns_without_retry": 0}


@pytest.mark.parametrize("twin", ["fewer", "other files", "no command", "failed", "new prompts"])
def test_changes_that_are_no_retries(life: Life, twin: str) -> None:
    log = life.session().asks().edits()
    for number in range(2 if twin == "fewer" else 3):
        if twin == "new prompts":
            log.asks(f"Invented text number {number}")
        if twin != "no command":
            log.runs(f"make check {number}")
        if twin == "failed":
            log.uses("Edit", {"file_path": f"{log.folder}/tea.py", "old_string": str(number)}, failed=True)
        else:
            log.edits(f"{number}.py" if twin == "other files" else "tea.py")
    assert Detector.RETRY_HEAVY not in life.found()


def test_a_dear_run_that_delivered_nothing(life: Life) -> None:
    life.session().asks().spends(3.5)
    found = life.found()[Detector.LOW_YIELD]
    assert found.seen == {"runs": 1, "cost_micros": 3_500_000}
    assert found.saving == Saving(0, 3_500_000)
    for outcome, fires in (("used", False), ("informed", False), ("discarded", True)):
        life.rate(_0=outcome)
        assert (Detector.LOW_YIELD in life.found()) is fires


@pytest.mark.parametrize("twin", ["cheap", "edited", "committed", "pushed", "no log"])
def test_a_dear_run_that_delivered_something(life: Life, twin: str) -> None:
    log = life.session().asks().spends(2.5 if twin == "cheap" else 3.5)
    if twin == "edited":
        log.edits()
    elif twin == "committed":
        log.runs("git commit -m Work")
    elif twin == "pushed":
        log.runs("cd /shop && git -C . push origin main")
    life.read()
    if twin == "no log":
        log.file.unlink()
        found = life.findings.look()
        assert found is not None
        assert Detector.LOW_YIELD not in {one.detector for one in found}
    else:
        assert Detector.LOW_YIELD not in life.found()


def test_two_retries_and_no_turn_without_are_low_yield_from_two_dollars(life: Life) -> None:
    log = life.session().asks().spends(2.5).edits().runs("make 1").edits().runs("make 2").edits()
    assert Detector.LOW_YIELD in life.found()
    log.asks().edits("other.py")
    assert Detector.LOW_YIELD not in life.found()


def test_much_read_for_little_written(life: Life) -> None:
    log = life.session(ago=3 * DAY).asks()
    log.answers(cache_read_input_tokens=400_000, output_tokens=2000)
    heavy = life.session().asks()
    heavy.answers(cache_read_input_tokens=500_000, input_tokens=50_000, output_tokens=4000)
    found = life.found()[Detector.CONTEXT_HEAVY]
    assert found.seen == {"runs": 1, "context_tokens": 100_000, "excess_tokens": 40_000, "growth": 2.5}


@pytest.mark.parametrize(("read", "written"), [(740_000, 1000), (2_000_000, 8001)])
def test_a_context_that_is_small_or_paid_off(life: Life, read: int, written: int) -> None:
    life.session().asks().answers(cache_read_input_tokens=read, output_tokens=written, input_tokens=0)
    assert Detector.CONTEXT_HEAVY not in life.found()


@pytest.mark.parametrize(
    ("costs", "fires"), [((1, 1, 2.1), True), ((1, 1, 1.9), False), ((1, 2.1), False), ((0.1, 0.1, 0.9), False)]
)
def test_a_run_that_cost_more_than_twice_the_others(life: Life, costs: tuple[float, ...], fires: bool) -> None:
    for cost in costs:
        life.session().asks().spends(cost)
    found = life.found().get(Detector.COST_OUTLIER)
    assert (found is not None) is fires
    if found is not None and found.saving is not None:
        assert found.seen == {"runs": 1, "cost_micros": 2_100_000, "mean_of_others_micros": 1_000_000}
        assert found.saving.high_micros == 1_100_000


def returning(
    life: Life, *, pause: int, written: int, context: int = 40_000, times: int = 3, long: bool = False
) -> bool:
    log = life.session(ago=20 * 60 * MINUTE).asks()
    kept = {"ephemeral_1h_input_tokens": 10, "ephemeral_5m_input_tokens": 0} if long else None
    for _ in range(times):
        first: dict[str, Any] = {"cache_creation_input_tokens": 10} | ({"cache_creation": kept} if kept else {})
        log.answers(cache_read_input_tokens=context, output_tokens=5000, **first)
        log.answers(
            after=pause,
            cache_creation_input_tokens=written,
            cache_read_input_tokens=context - written,
            output_tokens=5000,
        )
    return Detector.COLD_CACHE in life.found()


@pytest.mark.parametrize(
    ("told", "cold"),
    [
        ({"pause": 6 * MINUTE, "written": 25_000}, True),
        ({"pause": 4 * MINUTE, "written": 25_000}, False),
        ({"pause": 6 * MINUTE, "written": 19_000}, False),
        ({"pause": 6 * MINUTE, "written": 10_000, "context": 15_000}, False),
        ({"pause": 6 * MINUTE, "written": 25_000, "times": 2}, False),
        ({"pause": 50 * MINUTE, "written": 25_000, "long": True}, False),
        ({"pause": 61 * MINUTE, "written": 25_000, "long": True}, True),
    ],
)
def test_contexts_sent_anew_after_a_pause(life: Life, told: dict[str, Any], cold: bool) -> None:
    assert returning(life, **told) is cold


@pytest.mark.parametrize(("first", "count", "dear"), [(71_000, 10, True), (69_000, 10, False), (71_000, 9, False)])
def test_dear_beginnings(life: Life, first: int, count: int, dear: bool) -> None:
    for number in range(count):
        life.session(ago=(number + 1) * 60 * MINUTE).asks().answers(cache_creation_input_tokens=first)
    found = life.found().get(Detector.COLD_CACHE)
    assert (found is not None) is dear
    if found is not None:
        assert (found.seen["first_write_tokens"], found.seen["usual_tokens"]) == (71_000, 50_000)


def test_reading_again_what_nothing_changed(life: Life) -> None:
    life.session().asks().reads(*["tea.py"] * 4, *["milk.py"] * 3)
    assert life.found()[Detector.REREADS].seen == {"runs": 1, "read_again": 5, "read_aside": 0}


@pytest.mark.parametrize("twin", ["fewer", "changed", "other parts", "other sessions"])
def test_reading_again_for_a_reason(life: Life, twin: str) -> None:
    log = life.session().asks()
    for number in range(5 if twin == "fewer" else 6):
        if twin == "other sessions":
            log = life.session().asks(f"Invented text {number}")
        if twin == "other parts":
            log.uses("Read", {"file_path": "tea.py", "offset": number})
        else:
            log.reads("tea.py")
        if twin == "changed":
            log.edits()
    assert Detector.REREADS not in life.found()


@pytest.mark.parametrize(("count", "fires"), [(3, True), (2, False)])
def test_reading_where_nobody_works(life: Life, count: int, fires: bool) -> None:
    life.session().asks().reads(*[f"node_modules/tea/{number}.js" for number in range(count)], "distance/tea.py")
    assert (Detector.REREADS in life.found()) is fires


def offering(life: Life, tools: int, *, runs: int = 2, used: int = 0) -> Log:
    names = [f"mcp__pantry__tool{number}" for number in range(tools)]
    for _ in range(runs):
        log = life.session().asks()
        log.row("attachment", attachment={"type": "deferred_tools_delta", "addedNames": ["CronCreate", *names]})
    for name in names[:used]:
        log.uses(name, {})
    return log


@pytest.mark.parametrize(
    ("tools", "more", "fires"),
    [(11, {}, True), (11, {"used": 2}, True), (10, {}, False), (11, {"runs": 1}, False), (11, {"used": 3}, False)],
)
def test_a_server_of_tools_that_nobody_calls(life: Life, tools: int, more: dict[str, int], fires: bool) -> None:
    offering(life, tools, **more)
    found = life.found().get(Detector.TOOL_OVERHEAD)
    assert (found is not None) is fires
    if found is not None:
        assert (found.seen["server"], found.seen["tools"], found.seen["used"]) == ("pantry", 11, more.get("used", 0))


@pytest.mark.parametrize(
    "twin", ["", "two", "attended", "edited", "pushed", "called", "used", "somebody there", "one between"]
)
def test_runs_that_nobody_started_and_nobody_needed(life: Life, twin: str) -> None:
    for number in range({"two": 2, "one between": 4}.get(twin, 3)):
        entrypoint = "cli" if twin == "attended" else "sdk-cli"
        log = life.session(ago=(10 - number) * 120 * MINUTE, entrypoint=entrypoint).asks().runs("make report")
        if number == 1 and twin in {"edited", "one between"}:
            log.edits()
        elif number == 1 and twin == "pushed":
            log.runs("git push")
        elif number == 1 and twin == "called":
            log.uses("mcp__mail__send", {})
    if twin == "somebody there":
        life.session(ago=9 * 120 * MINUTE + 30 * MINUTE, project="other").asks()
    if twin == "used":
        life.rate(_1="used")
    found = life.found().get(Detector.IDLE_RUN)
    assert (found is not None) is (not twin)
    if found is not None:
        assert (found.seen["runs"], found.seen["in_a_row"]) == (3, 3)


def tried(life: Life, model: str, turns: int, retried: int, *, kind: str = "fix the bug in it") -> None:
    log = life.session(ago=25 * DAY).asks(kind).spends(1.0, model)
    for number in range(turns):
        log.asks(f"Invented text {number}").edits()
        if number < retried:
            log.runs("make").edits()
        for row in log.rows:
            if row["type"] == "assistant":
                row["message"]["model"] = model


@pytest.mark.parametrize(
    ("dear", "cheap", "fires"),
    [((20, 4), (20, 5), True), ((20, 4), (20, 6), False), ((20, 4), (19, 0), False), ((19, 4), (20, 0), False)],
)
def test_a_cheaper_model_that_does_as_well(
    life: Life, dear: tuple[int, int], cheap: tuple[int, int], fires: bool
) -> None:
    tried(life, "claude-opus-4-7", *dear)
    tried(life, "claude-haiku-4-5", *cheap)
    found = life.found().get(Detector.OVERSIZED_MODEL)
    assert (found is not None) is fires
    if found is not None:
        assert (found.seen["dearer"], found.seen["cheaper"]) == ("claude-opus-4-7", "claude-haiku-4-5")
        assert found.saving is not None
        assert found.saving.low_micros == 0 < found.saving.high_micros


def test_models_for_different_kinds_of_work_are_not_compared(life: Life) -> None:
    tried(life, "claude-opus-4-7", 20, 4)
    tried(life, "claude-haiku-4-5", 20, 0, kind="write the documentation of it")
    assert Detector.OVERSIZED_MODEL not in life.found()


def test_cost_of_which_nothing_is_known_is_a_range(life: Life) -> None:
    life.session().asks().spends(2).edits()
    life.session(ago=15 * DAY).asks().spends(3).edits()
    life.session(ago=13 * DAY).asks().spends(50).edits()
    life.rate(_0="discarded")
    found = life.found()[Detector.UNACCOUNTED_COST]
    low, high = found.seen["from_micros"], found.seen["to_micros"]
    assert isinstance(low, int)
    assert isinstance(high, int)
    assert 2_000_000 <= low < 2_001_000
    assert 5_000_000 <= high < 5_001_000
    assert len(found.run_ids) == 2
    life.rate(_0="used")
    assert Detector.UNACCOUNTED_COST not in life.found()


@pytest.mark.parametrize(("answers", "spare", "fires"), [(20, 4, True), (20, 3, False), (19, 19, False)])
def test_much_that_was_not_needed(life: Life, answers: int, spare: int, fires: bool) -> None:
    for _ in range(answers):
        life.session().asks().edits()
    life.rate(**{f"_{number}": "used" for number in range(spare, answers)})
    life.rate(need="unnecessary", **{f"_{number}": "used" for number in range(spare)})
    found = life.found().get(Detector.LOW_NEED)
    assert (found is not None) is fires
    if found is not None:
        assert (found.seen["answers"], found.seen["unnecessary"]) == (20, 4)


def test_a_run_that_only_read_and_informed_is_nobodys_business(life: Life) -> None:
    life.session().asks().spends(9).reads(*["tea.py"] * 13)
    life.session().asks().spends(1)
    life.session().asks().spends(1)
    assert {Detector.TOOL_LOOP, Detector.REREADS, Detector.COST_OUTLIER, Detector.LOW_YIELD} <= set(life.found())
    life.rate(_0="informed")
    assert life.found() == {}


def test_dismissed_for_thirty_days_and_less_eager_afterwards(life: Life) -> None:
    log = life.session().asks()
    for _ in range(5):
        log.runs("make check")
    other = life.session(project="other").asks()
    for _ in range(5):
        other.runs("make check")
    life.read()
    found = life.findings.look()
    assert found is not None
    loops = [one for one in found if one.detector is Detector.TOOL_LOOP]
    assert [one.project for one in loops] == ["shop", "other"]
    life.findings.dismiss(loops[0])
    assert [one.project for one in life.findings.look() or () if one.detector is Detector.TOOL_LOOP] == ["other"]
    life.clock.at += 30 * DAY - 1
    later = life.session(ago=-29 * DAY).asks()
    for _ in range(7):
        later.runs("make check")
    life.read()
    assert "shop" not in [one.project for one in life.findings.look() or ()]
    life.clock.at += 1
    assert "shop" not in [one.project for one in life.findings.look() or ()]  # 7 is below 5 × 1.5
    later.runs("make check")
    life.read()
    assert "shop" in [one.project for one in life.findings.look() or ()]


def codex_rows(thread: str, made: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Write a thread of shell calls: (command, output) each, a minute apart, after one prompt."""

    def row(kind: str, minute: int, **payload: Any) -> dict[str, Any]:
        stamp = datetime.fromtimestamp((NOON - 120 * MINUTE + minute * MINUTE) / 1000, UTC)
        return {"timestamp": stamp.isoformat().replace("+00:00", "Z"), "type": kind, "payload": payload}

    yield row("session_meta", 0, id=thread, cwd="/home/person/shop", cli_version="0.118.0", source="cli")
    yield row("event_msg", 0, type="user_message", message=LONG_PROMPT)
    for number, (command, output) in enumerate(made):
        call = {
            "call_id": f"c{number}",
            "name": "shell",
            "arguments": json.dumps({"command": ["bash", "-lc", command]}),
        }
        yield row("response_item", number, type="function_call", **call)
        yield row("response_item", number, type="function_call_output", call_id=f"c{number}", output=output)


PATCH = "apply_patch <<'E'\n*** Begin Patch\n*** Update File: tea.py\n@@\n-{0}\n+{0}\n*** End Patch\nE"


@pytest.mark.parametrize(("rounds", "repeats", "expected"), [(4, 5, True), (3, 4, False)])
def test_codex_tells_loops_and_retries(life: Life, rounds: int, repeats: int, expected: bool) -> None:
    thread = "019a0000-1111-7000-8000-000000000001"
    made = [(PATCH.format(number // 2) if number % 2 == 0 else "make", "Exit code: 0") for number in range(rounds * 2)]
    made += [("ls", "Exit code: 0")] * repeats
    log = life.home / ".codex/sessions/2026/11/23" / f"rollout-2026-11-23T10-00-00-{thread}.jsonl"
    log.parent.mkdir(parents=True)
    log.write_text("".join(json.dumps(row) + "\n" for row in codex_rows(thread, made)))
    found = life.found()
    assert (Detector.TOOL_LOOP in found) is expected
    assert (Detector.RETRY_HEAVY in found) is expected
    if expected:
        assert found[Detector.RETRY_HEAVY].seen["retries"] == rounds - 1


def test_of_a_split_run_each_part_is_asked_about_for_itself(life: Life) -> None:
    log = life.session().asks()
    for _ in range(5):
        log.runs("make check")
    log.at += 40 * MINUTE
    later = log.at
    log.asks().edits()
    whole = life.found()[Detector.TOOL_LOOP].run_ids
    arranging = Arranging(life.ledger, life.clock)
    second = arranging.split(whole[0], later)
    assert life.found()[Detector.TOOL_LOOP].run_ids == whole
    for number in range(3):
        log.runs(f"make {number}").edits()
    assert life.found()[Detector.RETRY_HEAVY].run_ids == (second,)
    arranging.merge(second, whole[0])
    found = life.found()
    assert found[Detector.TOOL_LOOP].run_ids == found[Detector.RETRY_HEAVY].run_ids == whole


def test_cancelled_is_nothing(life: Life) -> None:
    life.session().asks()
    life.read()
    told: list[tuple[int, int]] = []
    assert life.findings.look(cancelled=lambda: True) is None
    assert life.findings.look(progress=lambda done, all_: told.append((done, all_))) == []
    assert told == [(1, 1)]


def test_looking_keeps_nothing(life: Life) -> None:
    life.session().asks().reads(*["tea.py"] * 13)
    life.read()
    before = everything(life.ledger)
    assert life.findings.look()
    assert everything(life.ledger) == before


def everything(ledger: Ledger) -> dict[str, list[Any]]:
    names = ledger.raw().execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'run_text%'")
    return {name: ledger.raw().execute(f"SELECT * FROM {name}").fetchall() for (name,) in names.fetchall()}  # noqa: S608 - the ledger's own tables


def test_forgotten_projects_take_their_dismissals_along(life: Life) -> None:
    life.session().asks().edits()
    life.session(project="other").asks().edits()
    life.read()
    runs = reads.rated_runs(life.ledger, Span(None, None))
    projects = dict(life.ledger.raw().execute("SELECT name, id FROM project").fetchall())
    for project in (projects["shop"], projects["other"], None):
        life.findings.dismiss_detector(Detector.REREADS, project)
    forget_runs(life.ledger, [run.run_id for run in runs if run.project == "shop"], NOON)
    left = life.ledger.raw().execute("SELECT project_id FROM finding_dismissal ORDER BY 1").fetchall()
    assert left == [(None,), (projects["other"],)]


def test_no_report_byte_changes_with_findings_present(life: Life, tmp_path: Path) -> None:
    log = life.session(ago=20 * DAY).asks().spends(9)
    for _ in range(9):
        log.runs("make check")
    life.rate(_0="discarded")
    profile = Profile(tmp_path / "profile")
    prepare(profile)
    queries = Queries(life.ledger, UTC, life.clock)
    sharing = Sharing(life.ledger, profile, queries, life.clock)
    request = ReportRequest(period="2026-W45", name="Ada", audience="Lead", purpose="To decide")
    before = sharing.draft(request).files
    found = life.findings.look()
    assert found
    for one in found:
        life.findings.dismiss(one)
    after = sharing.draft(request).files
    assert after == before
    said = after.report + after.page
    assert not [detector for detector in Detector if detector.value.encode() in said]
