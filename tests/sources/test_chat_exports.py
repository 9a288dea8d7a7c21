"""Chat exports: the current branch, counted once, whatever is damaged, packed or long."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.events import Batch, GenerationFlag
from goodmeasure.intake import guess
from goodmeasure.sources import chatgpt, claude_ai
from goodmeasure.sources._formats import arrays, exports
from goodmeasure.sources._formats.arrays import CUT_OFF, NO_RECORD, TOO_LONG, Fault, elements
from goodmeasure.sources._formats.estimate import tokens_in
from goodmeasure.sources.base import Document, Source
from goodmeasure.sources.registry import all_sources
from tests.sources.homes import HERE, import_into, scratch_ledger
from tests.sources.make_chat_fixtures import ANSWER, LEFT, LONGER, PROMPT, Tree, Truth, branched, claude_tree, with_tool

CANARY = "Zinnober"
SOURCES = (chatgpt.SOURCE, claude_ai.SOURCE)
both = pytest.mark.parametrize("owner", SOURCES, ids=lambda owner: owner.key)


def read(source: Source, data: bytes) -> list[Batch]:
    reading = source.roots[0].reading
    assert isinstance(reading, Document)
    return list(reading.read("conversations.json", io.BytesIO(data)))


def folded(batches: list[Batch]) -> Batch:
    whole = Batch()
    for batch in batches:
        whole.lines += batch.lines
        whole.issues += batch.issues
        whole.unknown += batch.unknown
        for name in ("sessions", "generations", "tool_calls", "prompts", "notices"):
            getattr(whole, name).extend(getattr(batch, name))
    return whole


def learned(source: Source, document: Any) -> Batch:
    return folded(read(source, json.dumps(document).encode()))


def zipped(**members: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_json", ".json"), text)
    return file.getvalue()


def conversation(source: Source) -> dict[str, Any]:
    return (branched if source is chatgpt.SOURCE else claude_tree)(_no_truth())


def _no_truth() -> Any:
    class Nothing(Truth):
        def __init__(self) -> None:
            self.runs = self.prompts = self.tool_calls = 0

        def turn(self, *_: Any) -> None:
            return

    return Nothing()


@contextmanager
def limit(module: Any, name: str, value: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(module, name, value)
        yield


@both
def test_only_the_current_branch_counts_and_every_call_is_marked_as_estimated(owner: Source) -> None:
    seen = learned(owner, [conversation(owner)])
    assert {call.flags for call in seen.generations} == {int(GenerationFlag.ESTIMATED)}
    texts = {tokens_in([PROMPT]), tokens_in([LONGER]), tokens_in([ANSWER])}
    assert seen.generations[1].output_tokens in texts
    assert tokens_in([LEFT]) not in {call.output_tokens for call in seen.generations}
    assert all(call.cache_read_tokens is None for call in seen.generations)


@both
def test_no_text_is_kept_but_the_title(owner: Source) -> None:
    text = json.dumps([conversation(owner)]).replace("Invented text.", f"{CANARY} Kumquat.")
    seen = folded(read(owner, text.encode()))
    assert CANARY not in repr((seen.generations, seen.tool_calls, seen.prompts, seen.notices, seen.unknown))
    assert [facts.title for facts in seen.sessions] == ["Invented title"]
    assert [facts._replace(title=None) for facts in seen.sessions if CANARY in repr(facts)] == []


def test_a_conversation_without_title_is_called_after_its_first_prompt() -> None:
    seen = learned(chatgpt.SOURCE, [with_tool(_no_truth())])
    assert [facts.title for facts in seen.sessions] == [PROMPT]


@both
def test_an_export_made_later_adds_only_what_is_new(owner: Source, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    tree = Tree(7)
    tree.person(PROMPT)
    tree.model(ANSWER)
    first = tree.document()
    if owner is claude_ai.SOURCE:
        first = {**conversation(owner), "chat_messages": conversation(owner)["chat_messages"][:2]}
    with scratch_ledger(tmp_path) as ledger:
        (folder / "conversations.json").write_text(json.dumps([first]))
        before = import_into(ledger, owner, folder)
        tree.person(LONGER)
        tree.model(LONGER)
        later = tree.document() if owner is chatgpt.SOURCE else conversation(owner)
        (folder / "later").mkdir()
        (folder / "later" / "conversations.json").write_text(json.dumps([later]))
        after = import_into(ledger, owner, folder)
    assert before.totals["generations"] == 1
    assert (after.totals["generations"], after.runs) == (2, 1)
    assert after.totals["input_tokens"] > before.totals["input_tokens"]


def test_a_circle_of_parents_ends() -> None:
    tree = Tree(8)
    first = tree.person(PROMPT)
    last = tree.model(ANSWER)
    document = tree.document()
    document["mapping"][first]["parent"] = last
    assert len(learned(chatgpt.SOURCE, [document]).generations) == 1


def test_a_stopped_answer_is_told() -> None:
    tree = Tree(8)
    tree.person(PROMPT)
    tree.model(ANSWER, finish_details={"type": "interrupted"})
    tree.person(PROMPT)
    tree.say("assistant", "system_error", {"name": "rate_limited", "text": LEFT})
    notices = learned(chatgpt.SOURCE, [tree.document()]).notices
    assert [(notice.kind, notice.detail) for notice in notices] == [
        ("interrupted", None),
        ("api_error", "rate_limited"),
    ]


def test_an_answer_without_text_has_an_unknown_length() -> None:
    tree = Tree(8)
    tree.person(PROMPT)
    tree.model("")
    assert learned(chatgpt.SOURCE, [tree.document()]).generations[0].output_tokens is None


@both
def test_what_is_not_known_is_counted_by_name(owner: Source) -> None:
    if owner is chatgpt.SOURCE:
        tree = Tree(8)
        tree.say("assistant", "hologram", {"parts": [LEFT]})
        document, name = tree.document(), "content:hologram"
    else:
        document, name = conversation(owner), "content:hologram"
        document["chat_messages"][0]["content"].append({"type": "hologram", "text": LEFT})
    assert dict(learned(owner, [document]).unknown) == {name: 1}


@both
def test_a_damaged_record_is_an_issue_and_its_neighbours_stay(owner: Source) -> None:
    good = json.dumps(conversation(owner))
    damaged = good.replace('"create', '"create" "', 1)
    for bad in (damaged, "{}", "[]", '"text"', "7", '{"a": 1e999}'):
        seen = folded(read(owner, f"[{good}, {bad}, {good}]".encode()))
        assert [issue.line for issue in seen.issues] == [2], bad
        assert len({call.key for call in seen.generations}) == 2


@both
def test_every_cut_is_an_issue_and_keeps_what_is_whole(owner: Source) -> None:
    data = json.dumps([conversation(owner)] * 2).encode()
    whole = len(read(owner, data)[0].generations)
    for length in range(0, len(data) - 1, 397):
        seen = folded(read(owner, data[:length]))
        assert len(seen.issues) == 1, length
        assert len(seen.generations) in (0, whole)


@both
def test_texts_that_are_not_unicode_cost_nothing(owner: Source) -> None:
    data = json.dumps([conversation(owner)]).encode()
    broken = data.replace(b"Invented text. How", b"Invented \xff\xfe text.\x01 \\ud83d How")
    seen = folded(read(owner, broken))
    assert (seen.issues, len(seen.generations)) == ([], 2)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8) | st.just("all"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def changed(value: Any, path: list[int], new: Any) -> Any:
    if not path or not isinstance(value, dict | list) or not value:
        return new
    if isinstance(value, dict):
        name = sorted(value)[path[0] % len(value)]
        return {**value, name: changed(value[name], path[1:], new)}
    place = path[0] % len(value)
    return [*value[:place], changed(value[place], path[1:], new), *value[place + 1 :]]


@both
@given(path=st.lists(st.integers(0, 30), min_size=1, max_size=7), new=JSON)
def test_wrong_types_anywhere_never_raise(owner: Source, path: list[int], new: Any) -> None:
    make: Callable[[Any], dict[str, Any]] = with_tool if owner is chatgpt.SOURCE else claude_tree
    document = changed(make(_no_truth()), path, new)
    seen = learned(owner, [document, conversation(owner)])
    assert seen.lines == 2
    assert len(seen.generations) >= 2


def test_elements_are_found_in_any_spelling() -> None:
    document = [{"a": ['}"]{[', "\\", {"b": {}}]}, [], {"c": 'x"y'}]
    for indent in (None, 1):
        for block in (1, 2, 7, 1 << 20):
            with limit(arrays, "READ_BYTES", block):
                text = b"\xef\xbb\xbf \n" + json.dumps(document, indent=indent).encode() + b" ignored"
                found = list(elements(io.BytesIO(text)))
            assert [json.loads(part) for part in found] == document


def test_one_object_is_one_element() -> None:
    assert list(elements(io.BytesIO(b' {"a": [1, {}]} '))) == [b'{"a": [1, {}]}']


def test_an_element_that_is_too_long_is_left_out_and_its_neighbours_stay() -> None:
    long = json.dumps({"a": [{"b": "x" * 50}] * 50})
    data = f'[{{"c": 1}}, {long}, {{"d": 2}}]'.encode()
    with limit(arrays, "MOST_ELEMENT_BYTES", 400), limit(arrays, "READ_BYTES", 100):
        assert list(elements(io.BytesIO(data))) == [b'{"c": 1}', Fault(TOO_LONG), b'{"d": 2}']


def test_a_text_without_end_stops_the_reading() -> None:
    with limit(arrays, "MOST_ELEMENT_BYTES", 400), limit(arrays, "READ_BYTES", 100):
        found = list(elements(io.BytesIO(b'[{"a": 1}, {"b": "' + b"x" * 100_000)))
    assert found == [b'{"a": 1}', Fault(arrays.ENDLESS)]


@pytest.mark.parametrize(
    ("text", "said"),
    [("[", CUT_OFF), ("[1]", NO_RECORD), ("", arrays.NO_ARRAY), ("tea", arrays.NO_ARRAY), ("[]", None)],
)
def test_what_is_no_list_of_records(text: str, said: str | None) -> None:
    assert list(elements(io.BytesIO(text.encode()))) == ([] if said is None else [Fault(said)])


def test_a_long_export_is_read_in_flat_memory() -> None:
    record = json.dumps(conversation(chatgpt.SOURCE)).encode()

    class Long(io.RawIOBase):
        """A list of 10 MB that is never held."""

        def __init__(self) -> None:
            self._left = 10_000_000 // len(record)
            self._rest = b"["

        def read(self, length: int = -1) -> bytes:
            while len(self._rest) < length and self._left:
                self._left -= 1
                self._rest += record + (b"," if self._left else b"]")
            block, self._rest = self._rest[:length], self._rest[length:]
            return block

    tracemalloc.start()
    stream = cast("IO[bytes]", Long())
    count = len([None for _ in elements(stream)])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 10_000_000 // len(record)
    assert peak < 6_000_000


@both
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (zipped(readme="tea"), "no conversations"),
        (zipped(conversations_json="[]")[:-30], "damaged"),
        (zipped(conversations_json=json.dumps([{}] * 2000))[:60] + b"\0" * 200, "damaged"),
    ],
)
def test_a_zip_that_is_none_says_so(owner: Source, data: bytes, said: str) -> None:
    seen = folded(read(owner, data))
    assert [said in issue.what for issue in seen.issues] == [True]
    assert seen.generations == []


@both
def test_a_zip_that_is_a_trap_is_left_alone(owner: Source) -> None:
    bomb = zipped(conversations_json="[" + " " * (80 << 20) + "]")
    assert len(bomb) < 100_000
    assert ["shrinks" in issue.what for issue in folded(read(owner, bomb)).issues] == [True]
    with limit(exports, "MOST_FILE_BYTES", 100):
        packed = zipped(conversations_json=json.dumps([conversation(owner)]))
        assert ["claims" in issue.what for issue in folded(read(owner, packed)).issues] == [True]


def test_a_locked_zip_says_what_to_do() -> None:
    data = bytearray(zipped(conversations_json="[]"))
    for start in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[start] |= 1
    assert "password" in folded(read(chatgpt.SOURCE, bytes(data))).issues[0].what


@both
def test_an_export_is_known_for_what_it_is(owner: Source, tmp_path: Path) -> None:
    for name in json.loads((HERE / owner.key / "expected.json").read_text()):
        for file in sorted((HERE / owner.key / name).iterdir()):
            if "conversation" in file.name or file.suffix == ".zip":
                found = guess.found_at([file], all_sources())
                assert [here.source for here in found.files] == [owner.key]
    (tmp_path / "other.zip").write_bytes(zipped(readme="tea"))
    with pytest.raises(Refusal, match="No log that can be read"):
        guess.found_at([tmp_path / "other.zip"], all_sources())


def test_only_readers_that_stream_are_asked_about_a_very_long_file(tmp_path: Path) -> None:
    file = tmp_path / "renamed.json"
    with file.open("wb") as stream:
        stream.write(b"[" + json.dumps(conversation(chatgpt.SOURCE)).encode())
        stream.truncate(100_000)
    asked: list[str] = []
    document = Document(lambda place, _stream: iter([asked.append(place) or Batch()]))  # type: ignore[func-returns-value]  # a reader that only remembers
    stranger = Source("stranger", "Stranger", (type(chatgpt.SOURCE.roots[0])("x", ("*",), document),), {})
    with limit(guess, "_LONG_BYTES", 90_000):
        found = guess.found_at([file], [stranger, *SOURCES])
    assert [here.source for here in found.files] == ["chatgpt-export"]
    assert asked == []
