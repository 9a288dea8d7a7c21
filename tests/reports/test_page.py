"""The page: one sheet, nothing from outside, everything from the signed bytes."""

import hashlib
import re
from base64 import b64encode
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Protocol

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from goodmeasure.disclosure.levels import Report
from goodmeasure.disclosure.writing import Header, TypedWords
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import period_named
from goodmeasure.domain.runs import RatedRun
from goodmeasure.host.paths import resource
from goodmeasure.reports.files import ReportFiles, report_files
from goodmeasure.reports.page import page_bytes
from goodmeasure.reports.periods import period_days, period_title
from goodmeasure.reports.signing import SignatureError, fingerprint, sign
from tests.disclosure.samples import LEVELS_FILLED, sample
from tests.reports.made import story_of

MONTH = period_named("2026-11")
Typed = tuple[TypedWords, Header]

LONGEST = {
    "latin": ("and so it went on " * 8, "Wide Name " * 6),
    "wide": ("W" * 31 + " " + "MMMM " * 30, "W" * 60),
    "unbroken": ("ab" * 15 + "/" + "cd" * 15 + "/" + "ef" * 15 + "/" + "gh" * 15 + "/" + "xy" * 8, "n" * 60),
    "east asian": ("漢字" * 70, "漢" * 60),
    "right to left": ("نص طويل جدا " * 11, "اسم " * 15),
}


@pytest.fixture(params=LONGEST)
def longest(request: pytest.FixtureRequest, rated_runs: list[RatedRun], key: Ed25519PrivateKey) -> ReportFiles:
    """A report with as many and as long texts as there may be, of one kind of writing."""
    line, name = LONGEST[request.param]
    line, name = line[:140].strip(), name[:60].strip()
    words = TypedWords([line] * 5, [line] * 3, [line] * 3)
    header = Header(name, name, line, period_named("2026-W48").first_on)
    return report_files(story_of(rated_runs, MONTH, words, header), key)


class Browser(Protocol):
    """What `conftest.Chromium` offers."""

    def __call__(self, page: Path, *options: str) -> str: ...

    def console(self, page: Path) -> list[str]: ...

    def requests(self, page: Path) -> list[str]: ...

    def names(self, page: Path, *options: str) -> list[tuple[str, str]]: ...


class _Tags(HTMLParser):
    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_it_carries_the_bytes_it_was_made_from(files: ReportFiles, key: Ed25519PrivateKey) -> None:
    page = files.page.decode()
    assert f'content="{hashlib.sha256(files.report).hexdigest()}"' in page
    assert fingerprint(key.public_key().public_bytes_raw()) in page
    assert page_bytes(files.report, files.signature) == files.page


def test_no_page_of_a_report_that_is_not_signed(files: ReportFiles, key: Ed25519PrivateKey) -> None:
    with pytest.raises(SignatureError):
        page_bytes(files.report.replace(b"Ada", b"Eve"), files.signature)
    with pytest.raises(Refusal):
        page_bytes(b"{}", sign(b"{}", key))


def test_sections_stand_in_the_agreed_order(files: ReportFiles) -> None:
    headings = re.findall(r"<h[12][^>]*>([^<]+)<", files.page.decode())
    assert headings == [
        "What AI was worth in November 2026",
        "What did AI improve?",
        "What became of the work",
        "Would it have been done without AI?",
        "Human check",
        "What did not work",
        "What I need",
        "How to read this",
    ]
    assert "Not a performance measure." in files.page.decode()


def test_it_can_load_and_run_nothing(files: ReportFiles) -> None:
    found = _Tags(files.page)
    assert not {
        "script",
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "form",
        "a",
        "base",
        "video",
        "audio",
        "use",
    } & set(found.tags)
    assert not [name for name, _ in found.attributes if name.startswith("on") or name in {"src", "href", "style"}]
    style = re.search(r"<style>(.*?)</style>", files.page.decode(), re.DOTALL)
    assert style
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    (policy,) = [value for name, value in found.attributes if name == "content" and value.startswith("default-src")]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_typed_texts_stay_texts(rated_runs: list[RatedRun], key: Ed25519PrivateKey, typed: Typed) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} ' \" &amp;"
    words = TypedWords([attack], [attack], [attack])
    header = replace(typed[1], name=attack[:59], audience=attack[:59], purpose=attack)
    page = report_files(story_of(rated_runs, MONTH, words, header), key).page
    found = _Tags(page)
    assert "script" not in found.tags
    assert "img" not in found.tags
    assert sum(attack in text for text in found.texts) == 4
    assert "49" not in re.sub(r"[0-9a-f]{64}", "", "".join(found.texts).split("Signed with")[0].split("What did")[1])


def test_ids_are_unique_and_every_reference_leads_somewhere(files: ReportFiles) -> None:
    page = files.page.decode()
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    named = " ".join(re.findall(r'aria-labelledby="([^"]+)"', page)).split()
    drawn = re.findall(r"url\(#([^)]+)\)", page)
    assert {*named, *drawn} <= set(ids)


def test_nothing_to_say_is_said(key: Ed25519PrivateKey, typed: Typed) -> None:
    page = report_files(story_of([], MONTH, TypedWords(), typed[1]), key).page.decode()
    assert page.count("Nothing was written here.") == 3
    assert page.count("Not enough to say: fewer than 10 runs were rated.") == 6


def test_without_enough_draws_there_is_no_estimate(
    rated_runs: list[RatedRun], files: ReportFiles, key: Ed25519PrivateKey, typed: Typed
) -> None:
    undrawn = [replace(run, draw=None) for run in rated_runs]
    page = report_files(story_of(undrawn, MONTH, *typed), key).page.decode()
    assert page.count(">not enough to say<") == 3
    assert ">not enough to say<" not in files.page.decode()


def test_colours_are_the_same_in_figures_and_style() -> None:
    from goodmeasure.reports.figures import LOOKS  # noqa: PLC0415 - only here

    style = resource("report/page.css").read_text("utf-8")
    light = style.split("@media (prefers-color-scheme: dark)")[0]
    printed = style.split("@media print")[1]
    for look in LOOKS:
        assert f"--{look.name}: {look.colour};" in light
        assert f"--{look.name}: {look.colour};" in printed
    light_tokens = re.findall(r"--[a-z-]+: #[0-9a-f]{6};", light)
    assert [token for token in light_tokens if token not in printed and not token.startswith("--desk")] == []


@pytest.mark.parametrize(
    ("name", "title", "days"),
    [
        ("2026-W46", "week 46 of 2026", "9–15 November 2026"),
        ("2026-W53", "week 53 of 2026", "28 December 2026 – 3 January 2027"),
        ("2026-W40", "week 40 of 2026", "28 September – 4 October 2026"),
        ("2026-02", "February 2026", "1–28 February 2026"),
    ],
)
def test_periods_in_words(name: str, title: str, days: str) -> None:
    assert (period_title(period_named(name)), period_days(period_named(name))) == (title, days)


@pytest.mark.browser
def test_a_real_browser_has_no_complaint_and_asks_for_nothing(
    chromium: Browser, files: ReportFiles, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    page.write_bytes(files.page)
    assert chromium.console(page) == []
    assert chromium.requests(page) == []


@pytest.mark.browser
def test_the_browser_would_have_told(chromium: Browser, files: ReportFiles, tmp_path: Path) -> None:
    """Proves that the test above can fail."""
    page = tmp_path / "report.html"
    picture = b'<main><img src="http://127.0.0.1:9/picture.png">'
    page.write_bytes(files.page.replace(b"<main>", picture))
    (said,) = chromium.console(page)
    assert "Content Security Policy" in said
    page.write_bytes(re.sub(rb"<meta http-equiv=[^>]+>", b"", files.page).replace(b"<main>", picture))
    assert chromium.requests(page) == ["http://127.0.0.1:9/picture.png"]


def _pages(document: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", document.read_bytes()))


@pytest.mark.browser
def test_it_prints_on_one_sheet(chromium: Browser, files: ReportFiles, tmp_path: Path) -> None:
    page, printed = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_bytes(files.page)
    chromium(page, f"--print-to-pdf={printed}", "--no-pdf-header-footer")
    assert _pages(printed) == 1
    page.write_bytes(files.page.replace(b"</main>", b"<p>one line more</p>" * 20 + b"</main>"))
    chromium(page, f"--print-to-pdf={printed}", "--no-pdf-header-footer")
    assert _pages(printed) > 1, "this test could not fail"


@pytest.mark.browser
def test_the_longest_report_prints_on_one_sheet(chromium: Browser, longest: ReportFiles, tmp_path: Path) -> None:
    page, printed = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_bytes(longest.page)
    chromium(page, f"--print-to-pdf={printed}", "--no-pdf-header-footer")
    assert _pages(printed) == 1


@pytest.fixture(params=["L0", "L2", "L3"])
def richer(request: pytest.FixtureRequest, key: Ed25519PrivateKey) -> ReportFiles:
    """Every other level, every field filled."""
    return report_files(sample(request.param), key)


@pytest.mark.browser
def test_every_level_in_a_real_browser(chromium: Browser, richer: ReportFiles, tmp_path: Path) -> None:
    page, printed = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_bytes(richer.page)
    assert chromium.requests(page) == []
    assert chromium.console(page) == []
    chromium(page, f"--print-to-pdf={printed}", "--no-pdf-header-footer")
    assert _pages(printed) == (2 if b'class="appendices"' in richer.page else 1)


@pytest.mark.browser
def test_the_longest_numbers_print_on_one_sheet_and_its_appendices_on_another(
    chromium: Browser, key: Ed25519PrivateKey, tmp_path: Path
) -> None:
    line = "W" * 31 + " " + "MMMM " * 20
    words = {
        "improved": [{"text": line[:140].strip(), "evidence": "self_reported"}] * 5,
        "did_not_work": [line[:140].strip()] * 3,
        "needed": [line[:140].strip()] * 3,
    }
    filled = {**LEVELS_FILLED["L2"], "words": words, "name": "W" * 60, "purpose": line[:140].strip()}
    filled["review"] = filled["need"] | {
        "shares": {
            "none": "0-10",
            "accepted": "20-30",
            "light_edits": "20-30",
            "heavy_edits": "10-20",
            "rejected": None,
            "other": None,
            "not_rated": "20-30",
        }
    }
    files = report_files(msgspec.convert(filled, Report), key)
    page, printed = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_bytes(files.page)
    chromium(page, f"--print-to-pdf={printed}", "--no-pdf-header-footer")
    assert _pages(printed) == 2


@pytest.mark.browser
def test_a_screen_reader_meets_names_everywhere(chromium: Browser, key: Ed25519PrivateKey, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_bytes(report_files(sample("L2"), key).page)
    met = chromium.names(page)
    unnamed = {"image", "heading", "region", "table", "columnheader", "rowheader"}
    assert [role for role, name in met if role in unnamed and not name.strip()] == []
    roles = [role for role, _ in met]
    assert roles.count("image") == len([name for role, name in met if role == "image" and name]) >= 7
    headings = [name for role, name in met if role == "heading"]
    assert headings[:3] == ["What AI was worth in week 47 of 2026", "What did AI improve?", "What became of the work"]
    drawn = [name for role, name in met if role == "image"]
    assert any(name.startswith("Hours saved, as a range Verified: 12 to 26") for name in drawn)
