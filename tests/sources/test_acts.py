"""What logs tell of tool calls and prompts: hashes, never text."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.work import Act, Asked, Called, Moved, Offered
from goodmeasure.sources._formats.acts import arguments_mark, asked, delivers, reaches
from goodmeasure.sources.claude_code.acts import acts_in as claude_acts
from goodmeasure.sources.codex.acts import acts_in as codex_acts
from tests.sources.test_codex import event, meta, row, thread

SALT = b"s" * 32
SAID = "Zinnober Kumquat"
PATCH = "*** Begin Patch\n*** Update File: app/tea.py\n@@\n-old\n+new\n*** End Patch"


def lines(rows: list[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(one).encode() for one in rows]


def codex(*rows: dict[str, Any]) -> list[Act]:
    place = f"2026/11/20/rollout-2026-11-20T12-00-00-{thread(0)}.jsonl"
    return list(codex_acts(place, [*lines([meta(thread(0))]), b"{damaged", *lines(list(rows))], SALT))


def call(name: str, told: str, output: str, number: int = 1) -> list[dict[str, Any]]:
    return [
        row("response_item", {"type": "function_call", "name": name, "arguments": told, "call_id": f"c{number}"}),
        row("response_item", {"type": "function_call_output", "call_id": f"c{number}", "output": output}),
    ]


def test_codex_tells_prompts_patches_commands_and_how_they_ended() -> None:
    acts = codex(
        event("user_message", message=f"{SAID} has four words more"),
        event("user_message", message="<environment_context>not a person</environment_context>"),
        *call("shell", json.dumps({"command": ["bash", "-lc", "make"]}), "Exit code: 1\nno", 1),
        *call("shell", json.dumps({"command": ["apply_patch", PATCH]}), "Exit code: 0", 2),
        *call("shell", json.dumps({"command": ["bash", "-lc", "git commit -m x"]}), "Exit code: 0", 3),
        *call("write_stdin", json.dumps({"session_id": 1, "chars": ""}), "Exit code: 0", 4),
    )
    assert [type(act) for act in acts] == [Asked, *[Called] * 4]
    calls = [act for act in acts if isinstance(act, Called)]
    assert [one.kind for one in calls] == ["run", "edit", "run", "run"]
    assert [one.failed for one in calls] == [True, False, False, False]
    assert [one.paths for one in calls] == [(), ("app/tea.py",), (), ()]
    assert [one.delivers for one in calls] == [False, False, True, False]
    assert [one.fingerprint is None for one in calls] == [False, False, False, True]
    assert {act.session for act in acts} == {thread(0)}


def test_what_a_parent_agent_says_is_no_prompt() -> None:
    place = f"rollout-{thread(1)}.jsonl"
    rows = [meta(thread(1), source={"subagent": "review"}), event("user_message", message="Look into it, please, now")]
    assert list(codex_acts(place, lines(rows), SALT)) == []


def claude(*rows: dict[str, Any], place: str = "p/one.jsonl") -> list[Act]:
    base = {"sessionId": "one", "timestamp": "2026-11-23T12:00:00.000Z"}
    return list(claude_acts(place, [b"{damaged", *lines([base | one for one in rows])], SALT))


def test_where_a_session_is_from_when_on() -> None:
    at = 1_795_435_200_000
    said = {"type": "user", "message": {"content": "Invented"}}
    rows = [said | {"cwd": "/shop", "gitBranch": branch} for branch in ("main", "main", "topic")]
    side = {"type": "assistant", "isSidechain": True, "cwd": "/elsewhere", "gitBranch": "other"}
    assert [act for act in claude(*rows, side) if isinstance(act, Moved)] == [
        Moved("one", at, "/shop", "main"),
        Moved("one", at, "/shop", "topic"),
    ]
    turn = row("turn_context", {"cwd": "/shop", "model": "m"})
    (moved,) = (act for act in codex(turn) if isinstance(act, Moved))
    assert (moved.session, moved.folder, moved.branch) == (thread(0), "/shop", None)
    assert moved.at is not None


def used(name: str, told: dict[str, Any], **more: Any) -> dict[str, Any]:
    block = {"type": "tool_use", "id": "t1", "name": name, "input": told}
    return {"type": "assistant", "message": {"content": [block]}, **more}


def test_a_sub_agent_is_told_apart_and_its_orders_are_no_prompts() -> None:
    order = {"type": "user", "isSidechain": True, "message": {"content": "Look into all of it, please"}}
    assert claude(order) == []
    (own,) = claude(used("Read", {"file_path": "tea.py"}))
    (side,) = claude(used("Read", {"file_path": "tea.py"}, isSidechain=True, agentId="a1"))
    assert (own.session, side.session) == ("one", "one/a1")
    assert isinstance(own, Called)
    assert (own.paths, own.failed, own.kind) == (("tea.py",), None, "read")


def test_a_call_that_is_written_twice_is_told_once() -> None:
    assert len(claude(used("Read", {"file_path": "tea.py"}), used("Read", {"file_path": "tea.py"}))) == 1


def test_a_queued_prompt_and_offered_tools() -> None:
    queued = {"type": "attachment", "attachment": {"type": "queued_command", "prompt": "one two three four five"}}
    offered = {"type": "attachment", "attachment": {"type": "deferred_tools_delta", "addedNames": ["mcp__a__b", "x y"]}}
    prompt, tools = claude(queued, offered)
    assert isinstance(prompt, Asked)
    assert len(prompt.grams) == 1
    assert isinstance(tools, Offered)
    assert tools.tools == ("mcp__a__b",)


def test_nothing_that_was_said_is_in_it() -> None:
    told = repr(
        [
            *claude({"type": "user", "message": {"content": SAID}}, used("Bash", {"command": f"echo {SAID}"})),
            *codex(event("user_message", message=SAID), *call("shell", SAID, SAID)),
        ]
    )
    assert "Called" in told
    assert "Asked" in told
    assert not any(word in told for word in SAID.split())


@given(st.dictionaries(st.text(), st.integers() | st.text(), min_size=1))
def test_the_order_of_arguments_does_not_matter_their_values_and_the_salt_do(told: dict[str, Any]) -> None:
    def mark(given: dict[str, Any], salt: bytes = SALT) -> bytes:
        return arguments_mark(salt, "Read", json.dumps(given).encode())

    turned = dict(reversed(told.items()))
    assert mark(told) == mark(turned)
    assert mark(told) != mark(told, b"t" * 32)
    first = next(iter(told))
    assert mark(told) != mark(told | {first: f"{told[first]} more"})


def test_prompts_are_alike_whatever_their_numbers_blanks_and_capitals() -> None:
    first, second = (asked(SALT, "s", 1, text) for text in ("Fix  test 12\nin the Till", "fix test 7 in the till"))
    assert first == second
    assert len(first.grams) == 2
    assert asked(SALT, "s", 1, "go on").grams == frozenset()


@pytest.mark.parametrize(
    ("command", "does"),
    [
        ("git commit -m x", True),
        ("cd /x && git -C . push", True),
        ("gh pr create --fill", True),
        ("git log --grep commit", False),
        ("git status && echo push", False),
        (json.dumps({"command": ["git", "-C", "/x", "push", "origin"]}), True),
        (json.dumps({"command": ["git", "show", "commit"]}), False),
        ("make commit", False),
    ],
)
def test_commands_that_deliver(command: str, does: bool) -> None:
    assert delivers(command) is does


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("rm -rf build", {"deletes"}),
        ('{"command":["bash","-lc","rm -rf build"]}', {"deletes"}),
        ("cd x && sudo rm y", {"deletes"}),
        ("git reset --hard HEAD~1", {"deletes"}),
        ("git push --force origin main", {"deletes", "network"}),
        ("psql -c 'drop table tea'", {"deletes"}),
        ("find . -name '*.pyc' -delete", {"deletes"}),
        ("curl https://example.invalid/x", {"network"}),
        ("git -C repo fetch origin", {"network"}),
        ("uv pip install tea", {"network"}),
        ("cat ~/.ssh/id_ed25519", {"credentials"}),
        ("cat .env.production", {"credentials"}),
        ("gh auth token", {"network", "credentials"}),
        ("openssl x509 -in server.pem -text", {"credentials"}),
        ("pytest -q", set()),
        ("echo form; grep -rn remove src", set()),
        ("cat .env.example", set()),
        ("curl2json tea; git commit -m 'rm the old form'", set()),
        ("python -m http.server http://localhost:8000", set()),
    ],
)
def test_what_a_command_reaches_for(command: str, wanted: set[str]) -> None:
    assert {reach.value for reach in reaches(command)} == wanted


def test_a_file_of_credentials_is_told_by_its_name_and_a_long_command_takes_no_time() -> None:
    assert {reach.value for reach in reaches("", ["/home/me/shop/.env"])} == {"credentials"}
    assert reaches("", ["/home/me/shop/env.py"]) == frozenset()
    assert reaches("git " + "-a,-" * 5_000 + "find " * 20_000) == frozenset()


def test_logs_tell_what_calls_reach_for() -> None:
    acts = codex(*call("shell", json.dumps({"command": ["bash", "-lc", "rm -rf x && curl https://x.invalid"]}), "ok"))
    [one] = [act for act in acts if isinstance(act, Called)]
    assert {reach.value for reach in one.reaches} == {"deletes", "network"}
