"""Synthetic Claude Code transcripts: five eras of the format, with sub-agents, resumes, forks and hidden calls."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from goodmeasure.intake.synthetic_words import Words, happens
from goodmeasure.intake.synthetic_work import (
    SECOND,
    Call,
    LogFile,
    Sizes,
    Tally,
    Tool,
    Truth,
    Turn,
    Work,
    count,
    stamp,
    uuid4,
)

SOURCE = "claude-code"

SIZES = Sizes(result_bytes=1_050, spread=1.58, tools_at_once=1.15)
"""A result stands in its row twice. Real rows: median 2.4 KB, mean 8.5 KB (2,200 measured)."""

_TOOLS = {"read": "Read", "edit": "Edit", "run": "Bash", "search": "Grep", "agent": "Task"}
_FALLBACK_MODEL = "claude-sonnet-4-5-20250929"


@dataclass(frozen=True, slots=True)
class Era:
    """One stretch of versions whose logs look alike."""

    version: str
    models: tuple[str, ...]
    partial: str
    """`never`: every row has the final usage; `first`: only the last row of a call has it; `always`: none has."""
    subagents: str
    """`inline`, `relayed` (only in the parent's progress rows) or `file`."""
    progress_rows: bool = False
    copies_on_resume: bool = False
    iterations: bool = False
    thinking_tokens: bool = False
    session_totals: bool = False
    hour_cache: bool = False


ERAS = (
    Era("2.0.14", ("claude-sonnet-4-20250514", "claude-opus-4-1-20250805"), "never", "inline", copies_on_resume=True),
    Era("2.1.20", ("claude-opus-4-5-20251101", "claude-sonnet-4-5-20250929"), "always", "relayed", progress_rows=True),
    Era(
        "2.1.59",
        ("claude-opus-4-6", "claude-sonnet-4-5-20250929"),
        "first",
        "file",
        progress_rows=True,
        iterations=True,
    ),
    Era("2.1.112", ("claude-opus-4-7", "claude-sonnet-4-6"), "never", "file", iterations=True, hour_cache=True),
    Era(
        "2.1.330",
        ("claude-opus-5-5", "claude-sonnet-5"),
        "never",
        "file",
        thinking_tokens=True,
        session_totals=True,
        hour_cache=True,
    ),
)


def claude_files(
    era: Era, work: Work, random: Random, words: Words, truth: Truth, *, text_scale: float, traps: bool
) -> Iterator[LogFile]:
    """Write one session, and what hangs on it, as Claude Code of `era` would; count it in `truth`."""
    log = _Transcript(era, work, random, words, truth, text_scale)
    log.write_session(subagent=happens(random, 0.2), hidden=traps and happens(random, 0.3))
    folder = ".claude/projects/" + re.sub(r"[^A-Za-z0-9-]", "-", work.cwd)
    main = f"{folder}/{log.session}.jsonl"
    count(truth.runs, SOURCE)
    count(truth.prompts, SOURCE, len(work.turns))
    yield LogFile(main, log.data(), work.ended_at)
    for agent, rows in log.agents:
        yield LogFile(f"{folder}/{log.session}/subagents/agent-{agent}.jsonl", _joined(rows), work.ended_at)
    if not traps:
        return
    if happens(random, 0.12):
        yield _continued(log, folder)
    if happens(random, 0.04):
        yield LogFile(f"{folder}-backup/{log.session}.jsonl", log.data(), work.ended_at + 60 * SECOND)


def _continued(log: "_Transcript", folder: str) -> LogFile:
    """Copy a transcript into a new file and go on there: a resume before 2.0.15, a fork since."""
    session, old = uuid4(log.random), log.session
    later = log.work.ended_at + 600 * SECOND
    copied = log.data().decode().replace(f'"sessionId":"{old}"', f'"sessionId":"{session}"')
    if log.era.copies_on_resume:
        copied = re.sub(r'"requestId":"[^"]*",', "", copied)
        copied = re.sub(r'"timestamp":"[^"]*"', f'"timestamp":"{stamp(later)}"', copied)
    else:
        count(log.truth.runs, SOURCE)
    follow = log.follow_up(later)
    count(log.truth.prompts, SOURCE)
    fresh = _Transcript(log.era, follow, log.random, log.words, log.truth, log.text_scale, session=session)
    fresh.parent = log.parent
    fresh.billed = {model: _copied(tally) for model, tally in log.billed.items()}
    for turn in follow.turns:
        fresh.write_turn(turn)
    fresh.write_totals()
    return LogFile(f"{folder}/{session}.jsonl", copied.encode() + fresh.data(), follow.ended_at)


@dataclass(slots=True)
class _Transcript:
    """One transcript in the making: its rows, its last uuid, and what the session has been billed."""

    era: Era
    work: Work
    random: Random
    words: Words
    truth: Truth
    text_scale: float
    session: str = ""
    parent: str = "null"
    rows: list[str] = field(default_factory=list)
    agents: list[tuple[str, list[str]]] = field(default_factory=list)
    billed: dict[str, Tally] = field(default_factory=dict)
    _tail: str = ""

    def __post_init__(self) -> None:
        self.session = self.session or uuid4(self.random)
        self._tail = (
            f'"userType":"external","entrypoint":"cli","cwd":"{self.work.cwd}","sessionId":"{self.session}",'
            f'"version":"{self.era.version}","gitBranch":"{self.work.branch}"'
        )

    def data(self) -> bytes:
        return _joined(self.rows)

    def follow_up(self, at: int) -> Work:
        """Return one more prompt with one call, to go on with."""
        first = self.work.turns[0].calls[0]
        call = first._replace(at=at + 5 * SECOND, input_tokens=9, output_tokens=210, reasoning_tokens=70, tools=())
        return self.work._replace(started_at=at, turns=(Turn(at, "One more thing", (call,)),))

    def write_session(self, *, subagent: bool, hidden: bool) -> None:
        if self.era.session_totals:
            self._bare("mode", f'"mode":"normal","sessionId":"{self.session}"')
        self._bare("permission-mode", f'"permissionMode":"default","sessionId":"{self.session}"')
        for number, turn in enumerate(self.work.turns):
            self.write_turn(turn)
            if number == 0:
                self._title()
                if subagent:
                    self._subagent(turn.calls[-1].at)
            if hidden and number == 0:
                self._compaction(turn.calls[-1].at + SECOND)
        self.write_totals()

    def write_turn(self, turn: Turn) -> None:
        self._snapshot(turn.prompted_at)
        extra = ',"promptSource":"typed"' if self.era.session_totals else ""
        self._row(f'"type":"user","message":{{"role":"user","content":"{turn.prompt}"}}', turn.prompted_at, extra=extra)
        for call in turn.calls:
            self.write_call(call)
        if happens(self.random, 0.3):
            self._row(
                f'"type":"system","subtype":"turn_duration","durationMs":{turn.calls[-1].at - turn.prompted_at}',
                turn.calls[-1].at + 400,
            )
        if happens(self.random, 0.02):
            self._retry(turn.calls[-1].at + 700)

    def write_call(self, call: Call, *, sidechain: bool = False, agent: list[str] | None = None) -> None:
        """Write a call's rows (one per content block) and its tools' results."""
        message, request = f"msg_01{self.random.getrandbits(112):028x}", f"req_011{self.random.getrandbits(96):024x}"
        tools = [(tool, f"toolu_01{self.random.getrandbits(96):024x}") for tool in call.tools]
        blocks = self._blocks(call, tools)
        fallback = self.era.iterations and not sidechain and happens(self.random, 0.01)
        booked = self._booked(call)
        self.truth.book(SOURCE, booked, hour_cache=self.era.hour_cache, reasoning_known=self.era.thinking_tokens)
        self._bill(booked)
        if fallback:
            # The refused attempt stands only inside `iterations`; the top level holds the second, by another model.
            second = booked._replace(model=_FALLBACK_MODEL, output_tokens=booked.output_tokens + 7)
            self.truth.book(SOURCE, second, hour_cache=self.era.hour_cache, reasoning_known=self.era.thinking_tokens)
            self._bill(second)
        if self.era.partial == "always":
            count(self.truth.lower_bounds, SOURCE)
        for number, block in enumerate(blocks):
            final = number == len(blocks) - 1
            partial = self.era.partial == "always" or (self.era.partial == "first" and not final)
            usage = self._usage(second if fallback else booked, partial=partial, refused=booked if fallback else None)
            stop = "null" if partial else ('"tool_use"' if tools else '"end_turn"')
            model = _FALLBACK_MODEL if fallback else call.model
            self._row(
                f'"message":{{"model":"{model}","id":"{message}","type":"message","role":"assistant","content":[{block}],'
                f'"stop_reason":{stop},"stop_sequence":null,"usage":{usage}}},"requestId":"{request}","type":"assistant"',
                call.at + number,
                sidechain=sidechain,
                into=agent,
            )
        for tool, name in tools:
            if self.era.progress_rows:
                self._progress(name, call.at + 20, into=agent)
            self._result(tool, name, call.at + 40, sidechain=sidechain, into=agent)

    def write_totals(self) -> None:
        """Close with the session's running totals, where this era writes them."""
        if not self.era.session_totals:
            return
        models = ",".join(
            f'"{model}":{{"inputTokens":{tally.input_tokens},"outputTokens":{tally.output_tokens},'
            f'"thinkingTokens":{tally.reasoning_tokens or 0},"cacheReadInputTokens":{tally.cache_read_tokens},'
            f'"cacheCreationInputTokens":{tally.cache_write_1h_tokens},"cacheCreationEphemeral5mInputTokens":0,'
            f'"cacheCreationEphemeral1hInputTokens":{tally.cache_write_1h_tokens},"webSearchRequests":0,"costUSD":0.01}}'
            for model, tally in self.billed.items()
        )
        self._bare(
            "cost-state",
            f'"sessionId":"{self.session}","totalCostUSD":0.01,"modelUsage":{{{models}}},"hasUnknownModelCost":false',
        )

    def _booked(self, call: Call) -> Call:
        """Return the call as this era's logs show it: of a stream that was never finished, the first tokens."""
        return call._replace(output_tokens=3) if self.era.partial == "always" else call

    def _bill(self, call: Call) -> None:
        tally = self.billed.setdefault(call.model, Tally(reasoning_tokens=0))
        tally.input_tokens += call.input_tokens
        tally.cache_read_tokens += call.cache_read_tokens
        tally.cache_write_1h_tokens = (tally.cache_write_1h_tokens or 0) + call.cache_write_tokens
        tally.output_tokens += call.output_tokens
        tally.reasoning_tokens = (tally.reasoning_tokens or 0) + call.reasoning_tokens

    def _blocks(self, call: Call, tools: list[tuple[Tool, str]]) -> list[str]:
        blocks = []
        if call.thinks:
            blocks.append(
                f'{{"type":"thinking","thinking":"{self.words.escaped(self.text_scale * 400)}","signature":"c2lnbg=="}}'
            )
        if call.says_bytes or not (tools or blocks):
            blocks.append(f'{{"type":"text","text":"{self.words.escaped(call.says_bytes)}"}}')
        blocks += [
            f'{{"type":"tool_use","id":"{name}","name":"{_TOOLS[tool.kind]}","input":{self._input(tool)}}}'
            for tool, name in tools
        ]
        return blocks

    def _input(self, tool: Tool) -> str:
        if tool.kind == "edit":
            old, new = self.words.escaped(self.text_scale * 300), self.words.escaped(self.text_scale * 500)
            return f'{{"file_path":"{self.work.cwd}/app/part.py","old_string":"{old}","new_string":"{new}"}}'
        if tool.kind == "run":
            return f'{{"command":"{self.words.escaped(self.text_scale * 120)}","description":"Run it"}}'
        return f'{{"file_path":"{self.work.cwd}/app/part.py"}}'

    def _result(self, tool: Tool, name: str, at: int, *, sidechain: bool, into: list[str] | None) -> None:
        count(self.truth.tool_calls, SOURCE)
        text = self.words.escaped(tool.result_bytes)
        failed = "false" if tool.status == "ok" else "true"
        denied = ',"toolDenialKind":"user-rejected"' if tool.status == "denied" else ""
        self._row(
            f'"type":"user","message":{{"role":"user","content":[{{"tool_use_id":"{name}","type":"tool_result","content":"{text}","is_error":{failed}}}]}}',
            at,
            extra=f',"toolUseResult":{{"stdout":"{text}","stderr":"","interrupted":false,"isImage":false}}{denied}',
            sidechain=sidechain,
            into=into,
        )

    def _progress(self, name: str, at: int, *, into: list[str] | None) -> None:
        """Write what these versions say while a tool runs: nearly as many rows as all others together."""
        for number in range(3):
            output = self.words.escaped(self.text_scale * 250)
            self._row(
                f'"type":"progress","data":{{"type":"bash_progress","output":"{output}","fullOutput":"{output}",'
                f'"elapsedTimeSeconds":{number},"totalLines":9}},"toolUseID":"bash-progress-{number}","parentToolUseID":"{name}"',
                at + number,
                into=into,
            )

    def _usage(self, call: Call, *, partial: bool, refused: Call | None) -> str:
        output = min(3, call.output_tokens) if partial else call.output_tokens
        top = self._counters(call, output)
        more = ""
        if self.era.thinking_tokens:
            more += f',"output_tokens_details":{{"thinking_tokens":{call.reasoning_tokens}}}'
        if self.era.iterations:
            first = (
                f'{{"type":"message","model":"{refused.model}",{self._counters(refused, refused.output_tokens)}}},'
                if refused
                else ""
            )
            kind = "fallback_message" if refused else "message"
            model = f'"model":"{call.model}",' if refused else ""
            more += f',"iterations":[{first}{{"type":"{kind}",{model}{top}}}],"speed":"standard"'
        searches = '"server_tool_use":{"web_search_requests":0,"web_fetch_requests":0}'
        return f'{{{top},{searches},"service_tier":"standard"{more}}}'

    def _counters(self, call: Call, output: int) -> str:
        hour = call.cache_write_tokens if self.era.hour_cache else 0
        short = call.cache_write_tokens - hour
        return (
            f'"input_tokens":{call.input_tokens},"cache_creation_input_tokens":{call.cache_write_tokens},'
            f'"cache_read_input_tokens":{call.cache_read_tokens},"output_tokens":{output},'
            f'"cache_creation":{{"ephemeral_1h_input_tokens":{hour},"ephemeral_5m_input_tokens":{short}}}'
        )

    def _subagent(self, at: int) -> None:
        agent = f"{self.random.getrandbits(28):07x}"
        model = self.era.models[-1]
        calls = [
            Call(
                at + (n + 1) * 3 * SECOND,
                model,
                4,
                9_000 + 800 * n,
                800,
                90 + n,
                30,
                thinks=True,
                says_bytes=self.text_scale * 200,
                tools=(),
            )
            for n in range(2 + self.random.randrange(4))
        ]
        if self.era.subagents == "relayed":
            for call in calls:
                self._relayed(call, agent)
            return
        rows: list[str] | None = None
        if self.era.subagents == "file":
            rows = []
            self.agents.append((agent, rows))
        resume_at, self.parent = self.parent, "null"
        tail, extra = self._tail, f',"agentId":"{agent}"' if rows is not None else ""
        self._tail += extra
        self._row('"type":"user","message":{"role":"user","content":"Look into it"}', at, sidechain=True, into=rows)
        for call in calls:
            self.write_call(call, sidechain=True, agent=rows)
        self._tail, self.parent = tail, resume_at

    def _relayed(self, call: Call, agent: str) -> None:
        """Write a sub-agent's call as the parent's progress row, its only trace."""
        booked = self._booked(call)
        self.truth.book(SOURCE, booked, hour_cache=self.era.hour_cache, reasoning_known=False)
        count(self.truth.lower_bounds, SOURCE)
        message = (
            f'{{"model":"{call.model}","id":"msg_01{self.random.getrandbits(112):028x}","type":"message","role":"assistant",'
            f'"content":[{{"type":"text","text":"{self.words.escaped(call.says_bytes)}"}}],"stop_reason":null,'
            f'"usage":{self._usage(booked, partial=True, refused=None)}}}'
        )
        self._row(
            f'"type":"progress","data":{{"message":{{"type":"assistant","timestamp":"{stamp(call.at)}","message":{message},'
            f'"uuid":"{uuid4(self.random)}"}},"normalizedMessages":[],"type":"agent_progress",'
            f'"prompt":"Look into it","agentId":"{agent}"}}',
            call.at,
        )

    def _compaction(self, at: int) -> None:
        """Write a compaction: its model call is in no row, only in the session's totals."""
        self._row(
            '"type":"system","subtype":"compact_boundary","content":"Conversation compacted",'
            '"compactMetadata":{"trigger":"manual","preTokens":22402}',
            at,
        )
        self._row(
            '"type":"user","message":{"role":"user","content":"Summary of what was said"}',
            at,
            extra=',"isCompactSummary":true',
        )
        if not self.era.session_totals:
            return
        model = self.work.turns[0].calls[0].model
        call = Call(at, model, 97, 7_070, 3_070, 391, 0, thinks=False, says_bytes=0, tools=())
        self._bill(call)
        hidden = self.truth.unlogged.setdefault((SOURCE, model), Tally())
        hidden.input_tokens += call.input_tokens
        hidden.cache_read_tokens += call.cache_read_tokens
        hidden.cache_write_1h_tokens = (hidden.cache_write_1h_tokens or 0) + call.cache_write_tokens
        hidden.output_tokens += call.output_tokens

    def _title(self) -> None:
        if self.era.copies_on_resume:
            self.rows.append(f'{{"type":"summary","summary":"{self.work.title}","leafUuid":"{uuid4(self.random)}"}}')
        else:
            self._bare("ai-title", f'"aiTitle":"{self.work.title}","sessionId":"{self.session}"')

    def _retry(self, at: int) -> None:
        self._row(
            '"type":"system","subtype":"api_error","level":"error","error":{"status":529,"message":"Overloaded"},'
            '"retryInMs":600,"retryAttempt":1,"maxRetries":10',
            at,
        )

    def _snapshot(self, at: int) -> None:
        message = uuid4(self.random)
        self._bare(
            "file-history-snapshot",
            f'"messageId":"{message}","snapshot":{{"messageId":"{message}","trackedFileBackups":{{}},'
            f'"timestamp":"{stamp(at)}"}},"isSnapshotUpdate":false',
        )

    def _bare(self, kind: str, body: str) -> None:
        self.rows.append(f'{{"type":"{kind}",{body}}}')

    def _row(
        self, body: str, at: int, *, extra: str = "", sidechain: bool = False, into: list[str] | None = None
    ) -> None:
        name = uuid4(self.random)
        parent = self.parent if self.parent == "null" else f'"{self.parent}"'
        side = "true" if sidechain else "false"
        rows = self.rows if into is None else into
        rows.append(
            f'{{"parentUuid":{parent},"isSidechain":{side},{body},"uuid":"{name}","timestamp":"{stamp(at)}"{extra},{self._tail}}}'
        )
        self.parent = name


def _joined(rows: list[str]) -> bytes:
    return ("\n".join(rows) + "\n").encode() if rows else b""


def _copied(tally: Tally) -> Tally:
    return Tally(*(getattr(tally, name) for name in Tally.__slots__))
