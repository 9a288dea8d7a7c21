"""pi: one behaviour at a time."""

import json
from typing import Any

from goodmeasure.domain.events import Batch, GenerationFlag, NoticeKind, TitleRank
from goodmeasure.sources.pi.reader import PiReader

NAME = "2026-01-01T00-00-00-000Z_s1.jsonl"
PATH = f"sessions/--p--/{NAME}"
FORK = "sessions/--p--/2026-01-02T00-00-00-000Z_s2.jsonl"
USAGE = {"input": 1, "output": 2, "cacheRead": 3, "cacheWrite": 4}


def header(**more: Any) -> dict[str, Any]:
    return {"type": "session", "version": 3, "id": "s1", "timestamp": "2026-01-01T00:00:00.000Z", "cwd": "/p"} | more


def entry(second: int, message: dict[str, Any], **more: Any) -> dict[str, Any]:
    at = f"2026-01-01T00:00:{second:02}.000Z"
    return {"type": "message", "id": f"e{second}", "timestamp": at, "message": message} | more


def said(text: str = "Invented text.") -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "text", "text": text}], "timestamp": 5}


def reply(**more: Any) -> dict[str, Any]:
    return {
        "role": "assistant",
        "content": [],
        "provider": "anthropic",
        "model": "m",
        "usage": USAGE,
        "stopReason": "stop",
        "timestamp": 7,
    } | more


def feed(*rows: dict[str, Any], path: str = PATH) -> Batch:
    return PiReader(path, None).feed([json.dumps(row).encode() for row in rows], 1)


def test_counters_stay_as_they_are_since_they_are_disjoint() -> None:
    (call,) = feed(header(), entry(1, reply())).generations
    assert (call.input_tokens, call.cache_read_tokens, call.output_tokens) == (1, 3, 2)
    assert (call.cache_write_5m_tokens, call.cache_write_1h_tokens, call.reasoning_tokens) == (4, None, None)
    assert (call.provider, call.model, call.session, call.recorded_at) == ("anthropic", "m", "s1", 1767225601000)


def test_writes_that_live_an_hour_are_taken_out_of_all_writes() -> None:
    (call,) = feed(entry(1, reply(usage=USAGE | {"cacheWrite1h": 3, "reasoning": 1}))).generations
    assert (call.cache_write_5m_tokens, call.cache_write_1h_tokens, call.reasoning_tokens) == (1, 3, 1)


def test_counters_that_are_not_told_are_unknown() -> None:
    (call,) = feed(entry(1, reply(usage={"output": 2}))).generations
    assert (call.input_tokens, call.cache_read_tokens) == (None, None)
    assert (call.cache_write_5m_tokens, call.cache_write_1h_tokens) == (None, None)


def test_cost_is_reported_and_zero_means_no_known_price() -> None:
    batch = feed(
        entry(1, reply(usage=USAGE | {"cost": {"total": 0.012309}})),
        entry(2, reply(usage=USAGE | {"cost": {"total": 0}})),
        entry(3, reply(usage=USAGE | {"cost": "much"})),
    )
    assert [call.reported_cost_micros for call in batch.generations] == [12309, None, None]


def test_a_reply_that_broke_off_is_a_lower_bound_and_without_counts_no_call() -> None:
    nothing = dict.fromkeys(USAGE, 0)
    batch = feed(
        entry(1, reply(stopReason="aborted")),
        entry(2, reply(stopReason="aborted", usage=nothing)),
        entry(3, reply(stopReason="error", usage=nothing, errorMessage="429 Invented text.")),
        entry(4, reply(stopReason="error", usage=nothing, errorMessage="Invented text.")),
    )
    assert [call.flags for call in batch.generations] == [GenerationFlag.OUTPUT_LOWER_BOUND]
    assert [(notice.kind, notice.detail) for notice in batch.notices] == [
        (NoticeKind.INTERRUPTED, None),
        (NoticeKind.INTERRUPTED, None),
        (NoticeKind.API_ERROR, "429"),
        (NoticeKind.API_ERROR, None),
    ]


def test_a_reply_with_zero_counts_that_ended_well_is_a_call() -> None:
    assert len(feed(entry(1, reply(usage=dict.fromkeys(USAGE, 0)))).generations) == 1


def test_a_fork_copies_calls_that_stay_its_parents() -> None:
    copied = [entry(1, said()), entry(2, reply()), entry(3, reply(timestamp=9))]
    later = {"timestamp": "2026-01-02T00:00:00.000Z", "id": "s2", "parentSession": f"C:\\home\\{NAME}"}
    own = [entry(4, said(), timestamp="2026-01-02T00:00:01.000Z"), entry(5, reply(), timestamp="2026-01-02T00:00:02Z")]
    parent, fork = feed(header(), *copied), feed(header(**later), *copied, *own, path=FORK)
    assert [(call.session, call.flags) for call in fork.generations] == [
        ("s1", GenerationFlag.COPIED),
        ("s1", GenerationFlag.COPIED),
        ("s2", 0),
    ]
    assert {call.key for call in parent.generations} < {call.key for call in fork.generations}
    assert {prompt.key for prompt in parent.prompts} < {prompt.key for prompt in fork.prompts}
    told = {facts.session: facts for facts in fork.sessions}
    assert (told["s2"].parent, told["s2"].relation, told["s2"].started_at) == ("s1", "fork", 1767312000000)
    assert told["s1"].parent is None


def test_ids_given_by_a_migration_do_not_make_a_call_another() -> None:
    old, new = feed(entry(1, reply())), feed(entry(1, reply(), id="e9", parentId="e8"))
    assert old.generations[0].key == new.generations[0].key


def test_the_first_format_names_its_parent_otherwise() -> None:
    batch = feed(header(id="s2", branchedFrom=f"/home/{PATH}", version=1))
    assert [(facts.session, facts.parent) for facts in batch.sessions] == [("s2", "s1"), ("s1", None)]


def test_an_early_entry_without_a_parent_is_no_copy() -> None:
    batch = feed(header(timestamp="2026-01-01T00:00:30.000Z"), entry(1, reply()))
    assert [(call.session, call.flags) for call in batch.generations] == [("s1", 0)]


def test_equal_calls_at_other_times_are_two() -> None:
    assert len(feed(entry(1, reply()), entry(2, reply())).generations) == 2


def test_tool_calls_meet_their_results() -> None:
    calls = [
        {"type": "toolCall", "id": f"c{n}", "name": name} for n, name in enumerate(["read", "bash", "mcp__x", "x"])
    ]
    result = {"role": "toolResult", "content": [], "timestamp": 8}
    skipped = [{"type": "text", "text": "Skipped due to queued user message."}]
    batch = feed(
        entry(1, reply(content=calls)),
        entry(2, result | {"toolCallId": "c0", "isError": False}),
        entry(3, result | {"toolCallId": "c1", "isError": True}),
        entry(4, result | {"toolCallId": "c2", "isError": True, "content": skipped}),
        entry(5, result | {"toolCallId": "unheard"}),
    )
    assert [(call.name, call.kind, call.status) for call in batch.tool_calls] == [
        ("read", "read", "ok"),
        ("bash", "run", "error"),
        ("mcp__x", "mcp", "interrupted"),
        ("x", "other", None),
    ]


def test_equal_ids_of_tool_calls_in_two_replies_are_two_calls() -> None:
    calls = [{"type": "toolCall", "id": "bash:0", "name": "bash"}]
    assert len(feed(entry(1, reply(content=calls)), entry(2, reply(content=calls))).tool_calls) == 2


def test_prompts_are_what_the_person_said() -> None:
    batch = feed(
        header(),
        entry(1, said("\n First  words\nmore")),
        entry(2, said("Second") | {"content": "Plain text"}),
        entry(3, {"role": "bashExecution", "command": "ls", "output": "x"}),
        entry(4, {"role": "custom", "content": "From an extension"}),
        entry(5, {"role": "system", "content": ""}),
    )
    assert len(batch.prompts) == 2
    assert (batch.sessions[0].title, batch.sessions[0].title_rank) == ("First words", TitleRank.PROMPT)
    assert batch.unknown == {}


def test_a_chosen_name_wins() -> None:
    batch = feed(header(), {"type": "session_info", "name": "Chosen"}, entry(1, said()))
    assert (batch.sessions[0].title, batch.sessions[0].title_rank) == ("Chosen", TitleRank.CHOSEN)


def test_compaction_is_noted_and_is_no_call() -> None:
    batch = feed(
        {"type": "compaction", "id": "c", "timestamp": "2026-01-01T00:00:09.000Z", "summary": "Invented text."}
    )
    assert [notice.kind for notice in batch.notices] == [NoticeKind.COMPACTED]
    assert batch.generations == []


def test_new_kinds_are_counted() -> None:
    assert feed({"type": "novelty"}, entry(1, {"role": "oracle"})).unknown == {"novelty": 1, "message/oracle": 1}


def test_a_session_is_known_by_its_file_where_the_header_is_lost() -> None:
    assert [call.session for call in feed(entry(1, reply())).generations] == ["s1"]
