"""Gemini CLI: what each kind of line and message teaches."""

import io
import json
from typing import Any

import pytest

from goodmeasure.domain.events import Batch, NoticeKind, TitleRank, ToolStatus
from goodmeasure.sources.gemini_cli.reader import GeminiReader, read_chat

META = {"sessionId": "s1", "startTime": "2026-11-20T10:00:00.000Z", "kind": "main"}
ASKED = {"id": "u" * 36, "timestamp": "2026-11-20T10:00:01.000Z", "type": "user", "content": [{"text": "Do it.\nNow."}]}
PLACE = "tmp/project/chats/session-2026-11-20T10-00-s1.jsonl"


def answer(number: int = 1, **more: Any) -> dict[str, Any]:
    tokens = {"input": 100, "output": 20, "cached": 60, "thoughts": 7, "tool": 5, "total": 132}
    said = {"id": f"{number:036}", "timestamp": f"2026-11-20T10:00:{number + 1:02}.000Z", "type": "gemini"}
    return said | {"content": "Invented text.", "model": "gemini-3.8-flash", "tokens": tokens} | more


def call(**more: Any) -> dict[str, Any]:
    return {"id": "c1", "name": "run_shell_command", "timestamp": "2026-11-20T10:00:05.000Z"} | more


def lines(*records: Any, place: str = PLACE) -> Batch:
    return GeminiReader(place, None).feed([json.dumps(record).encode() for record in records], 1)


def document(*messages: Any, place: str = PLACE.replace(".jsonl", ".json"), **more: Any) -> Batch:
    (batch,) = read_chat(place, io.BytesIO(json.dumps(META | more | {"messages": messages}).encode()))
    return batch


def test_cached_is_taken_out_of_input_thoughts_and_tool_prompts_are_added() -> None:
    (told,) = lines(META, answer()).generations
    assert told[5:11] == (100 - 60 + 5, 60, None, None, 20 + 7, 7)
    assert (told.provider, told.model, told.session) == ("google", "gemini-3.8-flash", "s1")


def test_old_documents_teach_the_same_as_lines() -> None:
    whole, grown = document(ASKED, answer()), lines(META, ASKED, answer())
    assert whole.generations == grown.generations
    assert whole.prompts == grown.prompts
    assert whole.sessions == grown.sessions
    assert (whole.lines, grown.lines) == (2, 3)


def test_a_message_written_again_is_one_call() -> None:
    twice = lines(META, answer(), answer(toolCalls=[call(status="success")]))
    assert len(twice.generations) == 1
    assert [told.status for told in twice.tool_calls] == [ToolStatus.OK]


def test_history_told_anew_without_counts_loses_none_and_asks_nothing() -> None:
    later = "2026-11-20T12:00:00.000Z"
    anew = [ASKED | {"timestamp": later}, {**answer(), "timestamp": later, "tokens": None}]
    batch = lines(META, ASKED, answer(), META, {"$set": {"messages": anew}}, answer(2))
    assert len(batch.generations) == 2
    assert len(batch.prompts) == 1
    assert batch.notices == []
    assert batch.sessions[0].ended_at == batch.generations[1].recorded_at


def test_counts_that_stand_only_in_a_history_told_anew_count() -> None:
    assert len(lines(META, {"$set": {"messages": [ASKED, answer()]}}).generations) == 1


def test_compression_is_noted_once_and_its_summary_is_no_prompt() -> None:
    summed = {"id": "x", "timestamp": "2026-11-20T10:05:00.000Z", "type": "user", "content": [{"text": "Summed up."}]}
    compressed = {"$set": {"messages": [summed]}}
    batch = lines(META, ASKED, answer(), compressed, compressed)
    assert [notice.kind for notice in batch.notices] == [NoticeKind.COMPACTED]
    assert len(batch.prompts) == 1


def test_rewound_answers_stay_billed_and_are_no_compression() -> None:
    rewound = {"$rewindTo": ASKED["id"]}
    batch = lines(META, ASKED, answer(), rewound, {"$set": {"messages": []}})
    assert len(batch.generations) == 1
    assert batch.notices == []
    assert batch.unknown == {}


def test_a_message_of_zeros_is_no_call_but_its_tool_call_is() -> None:
    zeros = dict.fromkeys(("input", "output", "cached", "thoughts", "tool", "total"), 0)
    batch = document(answer(tokens=zeros, toolCalls=[call(status="success")]))
    assert batch.generations == []
    assert len(batch.tool_calls) == 1


def test_an_answer_without_counts_is_no_call() -> None:
    assert lines(META, answer(tokens=None)).generations == []


def test_missing_counters_are_unknown() -> None:
    (told,) = lines(META, answer(tokens={"input": 10})).generations
    assert (told.input_tokens, told.cache_read_tokens, told.output_tokens, told.reasoning_tokens) == (
        10,
        None,
        None,
        None,
    )


def test_context_and_tool_results_are_no_prompts_and_the_context_tells_the_folder() -> None:
    context = "<session_context>\nInvented.\n- **Workspace Directories:**\n  - /home/person/project\n- more"
    result = {"type": "user", "id": "r", "content": [{"functionResponse": {"id": "c1"}}]}
    batch = lines(META, {"$set": {"messages": [ASKED | {"content": [{"text": context}]}]}}, ASKED, result)
    assert len(batch.prompts) == 1
    assert batch.sessions[0].cwd == "/home/person/project"
    assert (batch.sessions[0].title, batch.sessions[0].title_rank) == ("Do it.", TitleRank.PROMPT)


def test_directories_tell_the_folder_and_a_summary_the_title() -> None:
    batch = lines(META | {"directories": ["/home/person/a"]}, ASKED, {"$set": {"summary": "Made title"}})
    assert batch.sessions[0].cwd == "/home/person/a"
    assert (batch.sessions[0].title, batch.sessions[0].title_rank) == ("Made title", TitleRank.SUMMARY)


@pytest.mark.parametrize(
    ("status", "result", "expected"),
    [
        ("success", None, ToolStatus.OK),
        ("error", None, ToolStatus.ERROR),
        ("cancelled", "[Operation Cancelled] Reason: User did not allow tool call", ToolStatus.DENIED),
        ("cancelled", "[Operation Cancelled]", ToolStatus.INTERRUPTED),
        ("executing", None, None),
    ],
)
def test_tool_calls_end_as_their_status_says(status: str, result: str | None, expected: ToolStatus | None) -> None:
    batch = lines(META, answer(toolCalls=[call(status=status, result=result)]))
    (told,) = batch.tool_calls
    assert (told.name, told.kind, told.status) == ("run_shell_command", "run", expected)
    assert (told.finished_at is None) == (expected is None)
    denied = [NoticeKind.DENIED] if expected is ToolStatus.DENIED else []
    assert [notice.kind for notice in batch.notices] == denied


def test_a_chat_in_a_session_folder_is_a_subagent_without_prompts() -> None:
    place = "tmp/project/chats/s1/s2.jsonl"
    batch = lines(META | {"sessionId": "s2", "kind": "subagent"}, ASKED, answer(), place=place)
    (facts,) = batch.sessions
    assert (facts.session, facts.parent, facts.relation) == ("s2", "s1", "subagent")
    assert batch.prompts == []
    assert facts.title is None


def test_errors_and_interruptions_are_noted_with_a_code_at_most() -> None:
    def note(kind: str, text: str) -> dict[str, Any]:
        return {"id": text, "timestamp": "2026-11-20T10:00:09.000Z", "type": kind, "content": text}

    batch = lines(
        META,
        note("error", '[API Error: {"error":{"code":429,"message":"x"}}]'),
        note("error", "[API Error: x]"),
        note("error", "An invented complaint."),
        note("info", "Request cancelled."),
        note("info", ""),
        note("warning", "An invented warning."),
    )
    assert [(notice.kind, notice.detail) for notice in batch.notices] == [
        (NoticeKind.API_ERROR, "429"),
        (NoticeKind.API_ERROR, None),
        (NoticeKind.INTERRUPTED, None),
    ]
    assert batch.unknown == {}


def test_short_ids_count_only_within_their_session() -> None:
    def one(session: str) -> bytes:
        return lines(META | {"sessionId": session}, answer(id="a1")).generations[0].key

    assert one("s1") != one("s2")
    assert lines(META, answer()).generations[0].key == lines(META | {"sessionId": "s2"}, answer()).generations[0].key


def test_unknown_types_are_counted() -> None:
    assert lines(META, {"type": "novelty"}, {}).unknown == {"novelty": 1, "(no type)": 1}


def test_one_damaged_message_of_a_document_spares_the_others() -> None:
    batch = document(answer(1), answer(2, tokens={"input": "many"}), answer(3), 5)
    assert len(batch.generations) == 2
    assert [issue.line for issue in batch.issues] == [2, 4]


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"messages":5}', b"\xff", b"5"])
def test_a_document_that_is_none_is_one_issue(data: bytes) -> None:
    (batch,) = read_chat("tmp/p/chats/session-x.json", io.BytesIO(data))
    assert len(batch.issues) == 1
    assert (batch.generations, batch.sessions) == ([], [])
