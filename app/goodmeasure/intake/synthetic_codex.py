"""Synthetic Codex rollouts: three eras, with repeated and stale totals, copied histories, forks and lost calls."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from goodmeasure.intake.synthetic_words import Words, happens
from goodmeasure.intake.synthetic_work import (
    SECOND,
    Call,
    LogFile,
    Sizes,
    Tool,
    Truth,
    Turn,
    Work,
    count,
    stamp,
    uuid7,
)

SOURCE = "codex"

SIZES = Sizes(result_bytes=720, spread=1.85, tools_at_once=1.85)
"""Real rows: median 0.9 KB, mean 4.1 KB (3,200 measured)."""

STDOUT_BYTES = 31 * 64
"""Longest copy of an output in the event that ends a command; a multiple of the filler's cell."""
_LOST = 0.01
"""Share of calls of which only the running total tells."""
_STALE = 0.015
"""Up to here: share of calls after which the running total falls back."""


@dataclass(frozen=True, slots=True)
class Era:
    """One stretch of versions whose logs look alike."""

    version: str
    models: tuple[str, ...]
    turn_ids: bool
    copies_history: bool
    """Forks and sub-agents start with a copy of the parent's rows."""
    records: bool
    """One `token_usage_record` per call beside the running totals."""


ERAS = (
    Era("0.44.0", ("gpt-5-codex",), turn_ids=False, copies_history=False, records=False),
    Era("0.118.0", ("gpt-5.4", "gpt-5.3-codex"), turn_ids=True, copies_history=True, records=False),
    Era("0.169.0", ("gpt-6.1-sol", "gpt-5.5"), turn_ids=True, copies_history=False, records=True),
)


def codex_files(
    era: Era, work: Work, random: Random, words: Words, truth: Truth, *, text_scale: float, traps: bool
) -> Iterator[LogFile]:
    """Write one thread, and what hangs on it, as Codex of `era` would; count it in `truth`."""
    log = _Rollout(era, work, random, words, truth, text_scale, traps=traps)
    log.write_meta(repeat=traps and happens(random, 0.1))
    for turn in work.turns:
        log.write_turn(turn)
    count(truth.runs, SOURCE)
    count(truth.prompts, SOURCE, len(work.turns))
    path, data = log.path(), log.data()
    yield LogFile(path, data, work.ended_at)
    if happens(random, 0.15) and era.turn_ids:
        yield _child(log, subagent=True)
    if not traps:
        return
    if happens(random, 0.08) and era.turn_ids:
        yield _child(log, subagent=False)
    if happens(random, 0.03):
        yield LogFile(f".codex/archived_sessions/{path.rsplit('/', 1)[1]}", data, work.ended_at + 60 * SECOND)


def _child(parent: "_Rollout", *, subagent: bool) -> LogFile:
    """Write a sub-agent's or a fork's own rollout."""
    at = parent.work.ended_at + 30 * SECOND
    first = parent.work.turns[0].calls[0]
    calls = tuple(
        first._replace(
            at=at + (n + 1) * 4 * SECOND,
            cache_read_tokens=12_000 + 900 * n,
            output_tokens=70 + n,
            tools=(),
            reasoning_tokens=0,
        )
        for n in range(1 + parent.random.randrange(3))
    )
    work = parent.work._replace(started_at=at, turns=(Turn(at, "Look into it", calls),))
    child = _Rollout(parent.era, work, parent.random, parent.words, parent.truth, parent.text_scale, traps=False)
    child.subagent = subagent
    if subagent:
        child.parent, child.root = parent.thread, parent.thread
    else:
        child.forked_from, child.forked_ordinal = parent.thread, len(parent.rows)
        count(parent.truth.runs, SOURCE)
        count(parent.truth.prompts, SOURCE)
    if parent.era.copies_history:
        child.forked_from = parent.thread
        child.write_meta(repeat=False)
        child.rows += [f'{{"timestamp":"{stamp(at)}"' + row[row.index(",") :] for row in parent.rows]
        child.totals = list(parent.totals)
    else:
        if not subagent:
            child.totals = list(parent.totals)
        child.write_meta(repeat=False)
    for turn in work.turns:
        child.write_turn(turn)
    return LogFile(child.path(), child.data(), work.ended_at)


@dataclass(slots=True)
class _Rollout:
    """One rollout in the making. `totals`: input, cached, cache writes, output, reasoning, as the client sums them."""

    era: Era
    work: Work
    random: Random
    words: Words
    truth: Truth
    text_scale: float
    traps: bool
    thread: str = ""
    root: str = ""
    turn: str = ""
    parent: str = ""
    forked_from: str = ""
    forked_ordinal: int = 0
    subagent: bool = False
    rows: list[str] = field(default_factory=list)
    totals: list[int] = field(default_factory=lambda: [0, 0, 0, 0, 0])

    def __post_init__(self) -> None:
        self.thread = uuid7(self.random, self.work.started_at)

    def path(self) -> str:
        """Return the rollout's place under the home folder."""
        moment = datetime.fromtimestamp(self.work.started_at / SECOND, UTC)
        return f".codex/sessions/{moment:%Y/%m/%d}/rollout-{moment:%Y-%m-%dT%H-%M-%S}-{self.thread}.jsonl"

    def data(self) -> bytes:
        return ("\n".join(self.rows) + "\n").encode()

    def write_meta(self, *, repeat: bool) -> None:
        """Write the head of the thread; `repeat`: twice, as the app does on every resume."""
        at = self.work.started_at
        ids = f'"id":"{self.thread}"'
        source = '"cli"'
        if self.era.records:
            ids = f'"session_id":"{self.root or self.thread}",' + ids
        if self.forked_from:
            ids += f',"forked_from_id":"{self.forked_from}"'
        if self.subagent:
            ids += f',"parent_thread_id":"{self.parent}"' if self.era.records else ""
            spawn = f'{{"parent_thread_id":"{self.parent}","depth":1,"agent_nickname":"Wren","agent_role":null}}'
            source = f'{{"subagent":{{"thread_spawn":{spawn}}}}}'
        base = ""
        if self.era.turn_ids:
            told = self.words.escaped(self.text_scale * 14_000)
            base = f',"model_provider":"openai","base_instructions":{{"text":"{told}"}}'
        if self.era.records and self.forked_from:
            end = f'"end_ordinal_exclusive":{self.forked_ordinal},"end_byte_offset":0'
            base += f',"history_base":{{"thread_id":"{self.forked_from}",{end}}}'
        body = (
            f'{{{ids},"timestamp":"{stamp(at)}","cwd":"{self.work.cwd}","originator":"codex-tui",'
            f'"cli_version":"{self.era.version}","source":{source}'
            f'{base},"git":{{"commit_hash":"{self.random.getrandbits(160):040x}","branch":"{self.work.branch}",'
            f'"repository_url":"https://example.invalid/robin/{self.work.project.name}.git"}}}}'
        )
        for _ in range(2 if repeat else 1):
            self._row("session_meta", body, at)

    def write_turn(self, turn: Turn) -> None:
        at = turn.prompted_at
        self.turn = uuid7(self.random, at + 1)
        model = turn.calls[0].model
        if self.era.turn_ids:
            self._event("task_started", f'"turn_id":"{self.turn}","model_context_window":258400', at)
        name = f'"turn_id":"{self.turn}",' if self.era.turn_ids else ""
        self._row(
            "turn_context",
            f'{{{name}"cwd":"{self.work.cwd}","approval_policy":"on-request",'
            '"sandbox_policy":{"type":"workspace-write","network_access":false},'
            f'"model":"{model}","effort":"medium","summary":"auto"}}',
            at,
        )
        self._item("message", f'"role":"user","content":[{{"type":"input_text","text":"{turn.prompt}"}}]', at)
        if self.era.records:
            self._completed(
                "UserMessage",
                f'"id":"{uuid7(self.random, at)}","content":[{{"type":"text","text":"{turn.prompt}"}}]',
                at,
            )
        else:
            self._event("user_message", f'"message":"{turn.prompt}","images":[]', at)
        self._event("token_count", '"info":null,"rate_limits":{"primary":null,"secondary":null}', at + 1)
        for call in turn.calls:
            self._call(call)
        if self.era.turn_ids:
            self._event(
                "task_complete",
                f'"turn_id":"{self.turn}","last_agent_message":"{self.words.escaped(self.text_scale * 900)}"',
                turn.calls[-1].at + 50,
            )

    def _call(self, call: Call) -> None:
        at = call.at
        usage = _usage_of(call)
        chance = self.random.random() if self.traps and self.era.turn_ids and not self.era.records else 1.0
        lost = chance < _LOST and any(self.totals)  # before the first total, nobody can tell a lost call
        if _LOST <= chance < _STALE and all(
            total > part for total, part in zip(self.totals, usage, strict=True) if part
        ):
            # A second process goes on from a stale counter: the totals fall back, the call itself is still told whole.
            self.totals = [max(0, total - part * 2) for total, part in zip(self.totals, usage, strict=True)]
        self._book(call)
        self.totals = [total + part for total, part in zip(self.totals, usage, strict=True)]
        if lost:
            # Aborted while its tool ran: the call left no record, only the next total has grown by it.
            extra = call._replace(input_tokens=399, cache_read_tokens=8_000, output_tokens=69, reasoning_tokens=0)
            self._book(extra)
            self.totals = [total + part for total, part in zip(self.totals, _usage_of(extra), strict=True)]
        tools = [(tool, f"call_{self.random.getrandbits(96):024x}") for tool in call.tools]
        self._texts(call)
        for tool, name in tools:
            self._tool_call(tool, name, at + 3)
        if self.era.records:
            self._record(usage, at + 4)
        else:
            self._token_count(usage, at + 4)
        for tool, name in tools:
            self._tool_result(tool, name, at + 30)
        if self.era.records or happens(self.random, 0.25) or not self.era.turn_ids:
            self._token_count(usage, at + 31)

    def _book(self, call: Call) -> None:
        self.truth.book(SOURCE, call._replace(cache_write_tokens=0), hour_cache=None, reasoning_known=True)

    def _texts(self, call: Call) -> None:
        if call.thinks:
            self._item(
                "reasoning",
                f'"summary":[],"content":null,"encrypted_content":"{self.words.escaped(self.text_scale * 600)}"',
                call.at,
            )
        if not call.says_bytes:
            return
        text = self.words.escaped(call.says_bytes * 0.6)
        if not self.era.records:
            self._event("agent_message", f'"message":"{text}","phase":"commentary"', call.at + 1)
        self._item("message", f'"role":"assistant","content":[{{"type":"output_text","text":"{text}"}}]', call.at + 2)

    def _tool_call(self, tool: Tool, name: str, at: int) -> None:
        count(self.truth.tool_calls, SOURCE)
        if tool.kind == "edit":
            self._item(
                "custom_tool_call",
                f'"status":"completed","call_id":"{name}","name":"apply_patch",'
                f'"input":"{self.words.escaped(self.text_scale * 1_500)}"',
                at,
            )
        else:
            self._item(
                "function_call",
                f'"name":"exec_command","arguments":"{{\\"cmd\\":\\"make check\\"}}","call_id":"{name}"',
                at,
            )

    def _tool_result(self, tool: Tool, name: str, at: int) -> None:
        text = self.words.escaped(tool.result_bytes)
        code = 0 if tool.status == "ok" else 1
        if tool.kind == "edit":
            self._item("custom_tool_call_output", f'"call_id":"{name}","output":"Exit code: {code}\\n{text}"', at)
            return
        if self.era.turn_ids and not self.era.records and tool.kind == "run":
            self._event(
                "exec_command_end",
                f'"call_id":"{name}","turn_id":"{self.turn}","command":["make","check"],"cwd":"{self.work.cwd}",'
                f'"stdout":"{text[:STDOUT_BYTES]}",'
                f'"stderr":"","exit_code":{code},"duration":{{"secs":0,"nanos":3541}},'
                f'"status":"{"completed" if code == 0 else "failed"}"',
                at,
            )
        self._item(
            "function_call_output", f'"call_id":"{name}","output":"Process exited with code {code}\\n{text}"', at + 1
        )

    def _record(self, usage: list[int], at: int) -> None:
        counters = self._counters(usage)
        self._row(
            "token_usage_record",
            f'{{"thread_id":"{self.thread}","turn_id":"{self.turn}","session_id":"{self.root or self.thread}",'
            f'"response_id":"resp_{self.random.getrandbits(96):024x}",'
            f'"usage":{counters},"turn_token_usage":{counters},"thread_token_usage":{self._counters(self.totals)}}}',
            at,
        )

    def _token_count(self, usage: list[int], at: int) -> None:
        self._event(
            "token_count",
            f'"info":{{"total_token_usage":{self._counters(self.totals)},"last_token_usage":{self._counters(usage)},'
            '"model_context_window":258400},'
            '"rate_limits":{"limit_id":"codex","primary":null,"secondary":null,"credits":null,"plan_type":"team"}',
            at,
        )

    def _counters(self, usage: list[int]) -> str:
        taken, cached, written, given, reasoned = usage
        writes = f'"cache_write_input_tokens":{written},' if self.era.records else ""
        return (
            f'{{"input_tokens":{taken},"cached_input_tokens":{cached},{writes}"output_tokens":{given},'
            f'"reasoning_output_tokens":{reasoned},"total_tokens":{taken + given}}}'
        )

    def _completed(self, kind: str, body: str, at: int) -> None:
        self._event(
            "item_completed",
            f'"thread_id":"{self.thread}","turn_id":"{self.turn}","item":{{"type":"{kind}",{body}}}',
            at,
        )

    def _event(self, kind: str, body: str, at: int) -> None:
        self._row("event_msg", f'{{"type":"{kind}",{body}}}', at)

    def _item(self, kind: str, body: str, at: int) -> None:
        self._row("response_item", f'{{"type":"{kind}",{body}}}', at)

    def _row(self, kind: str, payload: str, at: int) -> None:
        ordinal = f'"ordinal":{self.forked_ordinal + len(self.rows)},' if self.era.records else ""
        self.rows.append(f'{{"timestamp":"{stamp(at)}",{ordinal}"type":"{kind}","payload":{payload}}}')


def _usage_of(call: Call) -> list[int]:
    """Return a call in Codex's own counters: input holds the cached part, output the reasoning."""
    return [
        call.input_tokens + call.cache_read_tokens,
        call.cache_read_tokens,
        0,
        call.output_tokens,
        call.reasoning_tokens,
    ]
