"""What holds for every source: the same events however a log is cut, spelled or repeated, and never any text."""

import inspect
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.domain.events import Batch
from goodmeasure.intake.find import find_files
from goodmeasure.sources.base import Capability, Source
from tests.sources.conftest import READERS

HERE = Path(__file__).parent
HEADINGS = ("What it is", "Where it writes", "Evidence", "What it does not record")
CANARY = "Zinnober Kumquat."
MOST_CUTS = 12


def all_logs(source: Source) -> list[tuple[str, bytes]]:
    """Return the golden logs of all homes, each under the path that its home gives it."""
    truth = json.loads((HERE / source.key / "expected.json").read_text())
    return [
        (path.relative_to(HERE / source.key / name).as_posix(), path.read_bytes())
        for name in truth
        for path in sorted((HERE / source.key / name).rglob("*.jsonl"))
    ]


def fed(source: Source, path: str, lines: list[bytes], cuts: list[int]) -> list[Batch]:
    """Feed lines in the pieces that `cuts` make, each by a new reader that knows only the state of the last."""
    batches, state = [], None
    for start, end in zip([0, *cuts], [*cuts, len(lines)], strict=True):
        reader = READERS[source.key](path, state)
        batches.append(reader.feed(lines[start:end], start + 1))
        state = reader.state()
    return batches


def test_has_golden_homes(source: Source) -> None:
    assert len(all_logs(source)) > 10


def test_reading_twice_changes_nothing(source: Source, fold: Any) -> None:
    logs = all_logs(source)
    assert fold(source, logs).events() == {**fold(source, logs + logs).events(), "unknown": {}}


def test_order_of_files_changes_no_sum(source: Source, fold: Any) -> None:
    logs = all_logs(source)
    forwards, backwards = fold(source, logs), fold(source, logs[::-1])
    assert forwards.sums_by_model() == backwards.sums_by_model()
    assert forwards.tool_calls.keys() == backwards.tool_calls.keys()
    assert forwards.prompts.keys() == backwards.prompts.keys()
    assert {s: (f.parent, f.relation) for s, f in forwards.sessions.items()} == {
        s: (f.parent, f.relation) for s, f in backwards.sessions.items()
    }


def test_pieces_teach_the_same_as_the_whole(source: Source, fold: Any) -> None:
    cut_logs = 0
    for path, data in all_logs(source):
        lines = data.splitlines()
        whole = fold(source, [(path, data)]).events()
        for cut in range(0, len(lines) + 1, 1 + len(lines) // MOST_CUTS):
            pieces = type(fold(source, []))()
            for batch in fed(source, path, lines, [cut]):
                pieces.add(batch)
            assert pieces.events() == whole, (path, cut)
            cut_logs += 1
    assert cut_logs > 100


def test_line_by_line_teaches_the_same_as_the_whole(source: Source, fold: Any) -> None:
    for path, data in all_logs(source):
        lines = data.splitlines()
        single = type(fold(source, []))()
        for batch in fed(source, path, lines, list(range(1, len(lines)))):
            single.add(batch)
        assert single.events() == fold(source, [(path, data)]).events(), path


def reordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in sorted(value, reverse=True)}
    return [reordered(inner) for inner in value] if isinstance(value, list) else value


SPELLINGS: dict[str, Callable[[bytes], bytes]] = {
    "spaces": lambda line: json.dumps(json.loads(line), separators=(" , ", " : ")).encode() + b"\n",
    "key order": lambda line: json.dumps(reordered(json.loads(line))).encode() + b"\n",
    "CRLF": lambda line: line + b"\r\n",
    "escaped": lambda line: line.replace(b'"type"', b'"\\u0074ype"').replace(b'"usage"', b'"us\\u0061ge"') + b"\n",
    "blank lines between": lambda line: line + b"\n",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_other_spellings_of_the_same_json_give_the_same_events(source: Source, spelling: str, fold: Any) -> None:
    for path, data in all_logs(source):
        spelled = b"".join(SPELLINGS[spelling](line) for line in data.splitlines())
        assert fold(source, [(path, spelled)]).events() == fold(source, [(path, data)]).events(), path


def test_views_of_memory_are_read_like_bytes(source: Source, fold: Any) -> None:
    for path, data in all_logs(source):
        pieces = type(fold(source, []))()
        pieces.add(READERS[source.key](path, None).feed([memoryview(line) for line in data.splitlines()], 1))
        assert pieces.events() == fold(source, [(path, data)]).events()


def test_a_truncated_last_line_is_an_issue_and_its_neighbours_stay(source: Source, fold: Any) -> None:
    for path, data in all_logs(source):
        *before, last = data.splitlines()
        batch = READERS[source.key](path, None).feed([*before, last[:-1]], 1)
        assert [issue.line for issue in batch.issues] == [len(before) + 1]
        assert last.decode() not in batch.issues[0].what
        kept = type(fold(source, []))()
        kept.add(batch)
        assert kept.events() == fold(source, [(path, b"\n".join(before))]).events()


def test_no_event_and_no_state_holds_message_text(source: Source, fold: Any) -> None:
    logs = [(path, data.replace(b"Invented text.", CANARY.encode())) for path, data in all_logs(source)]
    assert any(CANARY.encode() in data for _, data in logs)
    events = fold(source, logs).events()
    events["sessions"] = {key: facts._replace(title=None) for key, facts in events["sessions"].items()}
    assert "Zinnober" not in repr(events)
    for path, data in logs:
        reader = READERS[source.key](path, None)
        titles = {facts.title for facts in reader.feed(data.splitlines(), 1).sessions}
        state = reader.state().decode()
        for title in titles - {None}:
            state = state.replace(str(title), "")
        assert "Zinnober" not in state
        assert len(state) < 20_000


def test_titles_come_from_prompts(source: Source, fold: Any) -> None:
    assert "Invented text." in {facts.title for facts in fold(source, all_logs(source)).sessions.values()}


def test_relation_and_parent_are_known_together(source: Source, fold: Any) -> None:
    facts = fold(source, all_logs(source)).sessions.values()
    assert all((told.parent is None) == (told.relation is None) for told in facts)
    assert {told.relation for told in facts} & {"subagent", "fork"}


def test_docstring_says_what_where_how_known_and_what_not(source: Source) -> None:
    module = sys.modules[type(READERS[source.key]("", None)).__module__.rpartition(".")[0]]
    lines = (inspect.getdoc(module) or "").splitlines()
    assert [line for line in lines if line in HEADINGS] == list(HEADINGS)


def test_user_documentation_has_a_section(source: Source) -> None:
    docs = (HERE.parent.parent / "docs" / "sources.md").read_text(encoding="utf-8")
    assert f"\n## {source.label}\n" in docs


def test_capabilities_are_three_valued(source: Source) -> None:
    assert source.capabilities
    assert all(isinstance(value, Capability) for value in source.capabilities.values())


def test_walk_finds_the_golden_logs(source: Source) -> None:
    for name in json.loads((HERE / source.key / "expected.json").read_text()):
        home = HERE / source.key / name
        assert {Path(file.path) for file in find_files([source], home).files} == set(home.rglob("*.jsonl"))
