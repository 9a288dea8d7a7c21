"""What a log tells of a run's kind: hand-made cases for each branch of the formulas."""

import pytest

from goodmeasure.domain.facts import ExternalAction, FactName, autonomy, external_actions, fact_values, work_kind

EDITED = {"edit": 2, "read": 5}
RAN = {"run": 3, "read": 1}
READ = {"read": 4, "search": 2}


@pytest.mark.parametrize(
    ("title", "tools", "modes", "kind"),
    [
        ("Fix the kettle's whistle", EDITED, (), "fix"),
        ("Tidy the tea shelf", EDITED, (), "refactor"),
        ("Tests for the teapot", EDITED, (), "test"),
        ("README for the shop", EDITED, (), "write"),
        ("Bump every dependency", EDITED, (), "admin"),
        ("Teapot with two spouts", EDITED, (), "build"),
        ("Review the teapot", EDITED, (), "build"),  # files were changed: more than a review
        ("Review the teapot", READ, (), "review"),
        ("Fix or not", READ, (), "research"),  # nothing ran, nothing changed: looked only
        ("Fix the kettle", RAN, (), "fix"),
        ("Tests again", RAN, (), "test"),
        ("Release 4", RAN, (), "operate"),
        ("Kettle", RAN, (), "research"),
        ("Kettle", {"run": 3}, (), "operate"),
        ("Kettle", READ, ("default", "plan"), "plan"),
        ("Explain steam", READ, (), "learn"),
        ("Compare prices of tea", {"fetch": 2}, (), "analyse"),
        ("Draft a letter", {}, (), "write"),
        ("Implement a timer", {}, (), "build"),
        ("Kettle", {}, (), "other"),
        (None, {}, (), "other"),
        (None, EDITED, ("plan",), "build"),
    ],
)
def test_the_kind_of_work(title: str | None, tools: dict[str, int], modes: tuple[str, ...], kind: str) -> None:
    assert work_kind(title, tools, modes) == kind


def test_words_are_whole_words() -> None:
    assert work_kind("A prefix for suffixes", EDITED) == "build"


@pytest.mark.parametrize(
    ("modes", "prompts", "asked", "entrypoint", "level"),
    [
        (["default"], 1, 0, "cli", "asked_each"),
        (["default", "acceptEdits"], 1, 0, "cli", "auto_edits"),
        (["acceptEdits", "bypassPermissions", "default"], 3, 1, None, "auto_all"),
        (["on-request/read-only"], 1, 0, None, "asked_each"),
        (["on-request/workspace-write"], 1, 0, None, "auto_edits"),
        (["on-request/danger-full-access"], 1, 0, None, "auto_all"),
        (["on-request"], 1, 0, None, "auto_edits"),
        (["never/workspace-write"], 1, 0, None, "auto_all"),
        (["default"], 0, 0, "cli", "unattended"),
        ([], 1, 0, "exec", "unattended"),
        ([], 0, 2, None, "asked_each"),
        ([], 0, 0, None, None),
        (["a mode of tomorrow"], 0, 0, None, None),
    ],
)
def test_the_autonomy(modes: list[str], prompts: int, asked: int, entrypoint: str | None, level: str | None) -> None:
    assert autonomy(modes, prompts=prompts, asked_person=asked, entrypoint=entrypoint) == level


def test_actions_outside_are_counted_by_what_tools_are_called() -> None:
    found = external_actions(
        [
            ("mcp__github__create_pull_request", "mcp"),
            ("mcp__github__add_issue_comment", "mcp"),
            ("mcp__github__get_pull_request", "mcp"),
            ("slack.sendMessage", "mcp"),
            ("mcp__git__push", "mcp"),
            ("mcp__shop__create_invoice", "other"),
            ("create_deployment", ""),
            ("mcp__drive__upload_file", "mcp"),
            ("send_message", "agent"),
        ]
    )
    assert {kind.value: count for kind, count in found.items()} == {
        "pushed": 1,
        "tracker_changed": 2,
        "message_sent": 1,
        "file_shared": 1,
        "deployed": 1,
        "paid": 1,
    }


def test_what_a_shell_may_have_done_is_unknown_and_not_zero() -> None:
    assert set(external_actions([("Read", "read")]).values()) == {0}
    assert set(external_actions([]).values()) == {None}
    found = external_actions([("Bash", "run"), ("mcp__git__push", "mcp")])
    assert found[ExternalAction.PUSHED] == 1
    assert found[ExternalAction.DEPLOYED] is None


def test_values_that_facts_can_have() -> None:
    assert len(fact_values(FactName.WORK_KIND)) == 13
    assert fact_values(FactName.DATA_CLASS) == ("public", "internal", "confidential", "restricted")
    assert fact_values(FactName.PROJECT) == fact_values(FactName.COST_CENTER) == ()
