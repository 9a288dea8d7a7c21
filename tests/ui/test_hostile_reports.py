"""A thousand hostile files opened in the real page: nothing else is read, nothing fetched, text stays text.

Whatever the files hold, opening them may read these files, the app's own resources and the profile, and nothing else.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from goodmeasure.host.paths import resource
from goodmeasure.reports.signing import sign
from goodmeasure.ui.pages.received import ReceivedPage
from goodmeasure.ui.window import MainWindow
from goodmeasure.viewmodels.received import held_lines, sheet
from tests.reports.colleagues import CURRENT, key_of, laid_out, signed

COUNT = 1000
CANARY = "canary-4f1a"
RICH = (
    '<img src="file:///etc/hostname">',
    '<img src="https://example.invalid/canary-4f1a.png">',
    "<b>bold</b><script>alert(1)</script>",
    "<a href='file:///etc/passwd'>open</a>",
    "<style>@import url(https://example.invalid/)</style>",
    "{{ 7 * 7 }}{% for x in y %}",
    "</text></svg><image href='file:///etc/hostname'/>",
    "&lt;img src=x&gt;&#60;b&#62;",
    "=HYPERLINK('https://example.invalid')",
    "$(touch /tmp/canary-4f1a) `id` %s %n {0.__class__}",
)
UNSEEN = ("\u202e", "\u2066", "\u200b", "\ufeff", "\u0007", "\u2028", "\udc80", "\ue000", "\u00ad")

Bytes = tuple[bytes, bytes]


def resigned(data: bytes) -> Bytes:
    return data, sign(data, key_of("Mallory"))


def plain(chance: Random) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(signed("Mallory", chance.choice(("L0", "L1", "L2", "L3")), **CURRENT)[0])
    return fields


def written(fields: Any) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def places(fields: Any) -> list[tuple[Any, Any]]:
    """Every place in a report that holds something: its container and key."""
    found: list[tuple[Any, Any]] = []
    keys = list(fields) if isinstance(fields, dict) else range(len(fields)) if isinstance(fields, list) else []
    for key in keys:
        found.append((fields, key))
        found += places(fields[key])
    return found


def rich_text(chance: Random) -> Bytes:
    text = chance.choice(RICH)
    words = {"improved": [{"text": text, "evidence": "verified"}], "did_not_work": [text], "needed": [text]}
    name = f"{text[:40]}"
    return signed(name, "L1", audience=text[:60], purpose=text, words=words, **CURRENT)


def unseen_text(chance: Random) -> Bytes:
    fields = plain(chance)
    fields[chance.choice(("name", "audience", "purpose"))] = f"A{chance.choice(UNSEEN)}B"
    return resigned(written(fields))


def wrong_type(chance: Random) -> Bytes:
    fields = plain(chance)
    place, key = chance.choice(places(fields))
    place[key] = chance.choice([None, True, [], {}, "x" * 10_000, -1, 2**70, ["\0"], {"a": {"b": []}}, 1.5, "0-10\n"])
    return resigned(written(fields))


def deep(chance: Random) -> Bytes:
    depth = chance.choice((17, 1000, 100_000, 400_000))
    opening, closing = chance.choice(((b"[", b"]"), (b'{"a":', b"}")))
    return resigned(opening * depth + b"1" + closing * depth)


def huge(chance: Random) -> Bytes:
    data = written(plain(chance))
    return resigned(data + b" " * chance.choice((1, 999_999, 1_000_001)))


def huge_number(chance: Random) -> Bytes:
    data = written(plain(chance))
    return resigned(data.replace(b'"taxonomy":1', b'"taxonomy":' + b"9" * chance.choice((17, 5000, 900_000))))


def duplicate_key(chance: Random) -> Bytes:
    data = written(plain(chance))
    return resigned(data[:-1] + chance.choice((b',"name":"Ada Example"}', b',"format":"goodmeasure-report/1"}')))


def unknown_field(chance: Random) -> Bytes:
    fields = plain(chance)
    containers = [place for place, _ in places(fields) if isinstance(place, dict)]
    chance.choice(containers)[chance.choice(("__class__", "prompt", "tokens", CANARY, ""))] = "x"
    return resigned(written(fields))


def truncated(chance: Random) -> Bytes:
    data, signature = signed("Mallory", "L2", restates=None, **CURRENT)
    cut = chance.randrange(len(data))
    return resigned(data[:cut]) if chance.random() < 0.5 else (data, signature[: chance.randrange(len(signature))])


def bytes_flipped(chance: Random) -> Bytes:
    data, signature = signed("Mallory", "L1", **CURRENT)
    which = [bytearray(data), bytearray(signature)]
    for _ in range(chance.choice((1, 2, 9))):
        one = chance.choice(which)
        one[chance.randrange(len(one))] ^= 1 << chance.randrange(8)
    return bytes(which[0]), bytes(which[1])


def in_disguise(chance: Random) -> Bytes:
    heads = (
        b"PK\x03\x04",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7\n",
        b"\x89PNG\r\n",
        b"\xff\xfe{",
        b"SQLite format 3\0",
    )
    return resigned(chance.choice(heads) + chance.randbytes(chance.choice((0, 20, 5000))))


def anothers_signature(chance: Random) -> Bytes:
    mine, theirs = signed("Mallory", "L1", **CURRENT), signed("Ada Example", "L1", **CURRENT)
    return chance.choice(((mine[0], theirs[1]), (theirs[0], mine[1]), (mine[0], mine[0]), (mine[0], b"")))


def another_namespace(chance: Random) -> Bytes:
    data = written(plain(chance))
    return data, sign(data, key_of("Mallory"), chance.choice(("file", "git", "goodmeasure-deletion", "")))


def not_unicode(chance: Random) -> Bytes:
    data = bytearray(written(plain(chance)))
    at = chance.randrange(len(data))
    data[at:at] = chance.choice((b"\xc0\xaf", b"\xff", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80"))
    return resigned(bytes(data))


MAKERS: tuple[Callable[[Random], Bytes], ...] = (
    rich_text,
    unseen_text,
    wrong_type,
    deep,
    huge,
    huge_number,
    duplicate_key,
    unknown_field,
    truncated,
    bytes_flipped,
    in_disguise,
    anothers_signature,
    another_namespace,
    not_unicode,
)


def make_thousand(folder: Path) -> list[Path]:
    """Write the files; the same ones each time."""
    chance = Random(20261123)  # noqa: S311 - tests that repeat, not secrets
    made = []
    for number in range(COUNT - 4):
        maker = MAKERS[number % len(MAKERS)]
        made.append(laid_out(folder / f"{number:04}-{maker.__name__}", *maker(chance)) / "report.json")
    for name in ("link", "pipe", "device", "link-to-folder"):
        place = laid_out(folder / name, *signed("Mallory", **CURRENT))
        file = place / "report.json"
        file.unlink()
        if name == "pipe":
            os.mkfifo(file)
        else:
            file.symlink_to({"link": "/etc/hostname", "device": "/dev/zero", "link-to-folder": "/etc"}[name])
        made.append(file)
    return made


class Watched:
    """What is opened or asked for while it watches."""

    def __init__(self) -> None:
        self.watching = False
        self.seen: list[str] = []
        sys.addaudithook(self)

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.watching:
            return
        if event == "open" and isinstance(args[0], str | bytes | Path):
            self.seen.append(os.fsdecode(args[0]))
        elif event.startswith(("socket.", "subprocess.", "os.exec", "os.system", "ctypes.", "webbrowser.")):
            self.seen.append(event)


@pytest.fixture(scope="session")
def watched() -> Watched:
    """An audit hook cannot be taken off: there is one for all tests."""
    return Watched()


@pytest.fixture
def watching(watched: Watched) -> Iterator[Watched]:
    watched.seen.clear()
    yield watched
    watched.watching = False


def allowed(name: str, *folders: Path) -> bool:
    roots = [*folders, resource("report"), Path(sys.prefix), Path(sys.base_prefix), resource("report").parents[1]]
    return any(Path(name).resolve().is_relative_to(root.resolve()) for root in roots)


def test_a_thousand_hostile_reports(
    window: MainWindow, qtbot: QtBot, watching: Watched, tmp_path: Path, places: Path
) -> None:
    files = make_thousand(tmp_path / "hostile")
    window.go_to("received")
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)
    assert window.pages is not None
    page: ReceivedPage = window.pages.received
    watching.watching = True
    page.open_paths(files)
    qtbot.waitUntil(lambda: window.is_settled, timeout=60_000)
    held = held_lines(window._session.desk.received)
    for line in held:
        page.show_sheet(sheet(window._session.desk.received, line.id))
    watching.watching = False

    stray = [name for name in watching.seen if not allowed(name, tmp_path, places)]
    assert stray == []
    # Only what keeps to the form by the letter is held: rich texts, which are texts, and changes that change nothing.
    assert len(RICH) <= len(held) <= COUNT // 5
    labels = page.findChildren(QLabel)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert not Path("/tmp/canary-4f1a").exists()  # noqa: S108 - what must not be made


def test_rich_text_is_shown_as_its_characters(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    text = RICH[0]
    words = {"improved": [], "did_not_work": [text], "needed": []}
    window.go_to("received")
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)
    assert window.pages is not None
    page = window.pages.received
    page.open_paths([laid_out(tmp_path / "one", *signed(text, "L1", words=words, **CURRENT))])
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)
    shown = [label.text() for label in page.sheet.findChildren(QLabel)]
    assert f"•  {text}" in shown
    assert page.list.item(0).text().startswith(text)
    assert page.sheet.about.text().startswith(text)
