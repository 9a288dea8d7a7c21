"""The PDF: one page, real text in order, tagged, the same bytes again, and nothing about who made it or when."""

import io
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pypdf import PageObject, PdfReader

from goodmeasure.disclosure.levels import Level, Report
from goodmeasure.disclosure.writing import Header, TypedWords
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import period_named
from goodmeasure.domain.runs import RatedRun
from goodmeasure.reports.files import ReportFiles, report_files
from goodmeasure.reports.pdf import pdf_bytes
from goodmeasure.reports.signing import SignatureError
from tests.disclosure.samples import LEVELS_FILLED, RUN, sample
from tests.reports.made import story_of

Typed = tuple[TypedWords, Header]


@pytest.fixture(scope="module")
def pdf(files: ReportFiles) -> bytes:
    return pdf_bytes(files.report, files.signature)


def _reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf), strict=True)


def _catalog(reader: PdfReader) -> Any:
    return reader.root_object


def _catalog_title(pdf: bytes) -> Any:
    metadata: Any = _reader(pdf).metadata
    return metadata["/Title"]


def _drawn(reader: PdfReader) -> str:
    contents: Any = reader.pages[0].get_contents()
    return str(contents.get_data().decode("latin-1"))


def _text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in _reader(pdf).pages).split())


def _made(runs: list[RatedRun], key: Ed25519PrivateKey, words: TypedWords, header: Header) -> bytes:
    made = report_files(story_of(runs, period_named("2026-11"), words, header), key)
    return pdf_bytes(made.report, made.signature)


def test_one_page_of_real_text_in_reading_order(pdf: bytes, typed: Typed) -> None:
    reader, text = _reader(pdf), _text(pdf)
    assert len(reader.pages) == 1
    told = [
        "What AI was worth in November 2026",
        "Shared by Ada Example with Platform leads",
        "Not a performance measure.",
        *typed[0].improved,
        "What became of the work",
        "Would it have been done without AI?",
        "Human check",
        "What did not work",
        *typed[0].did_not_work,
        "What I need",
        *typed[0].needed,
        "How to read this",
        "Signed with SHA256:",
    ]
    places = [text.find(str(words)) for words in told]
    assert -1 not in places, told[places.index(-1)]
    assert places == sorted(places)


def test_every_word_of_the_page_is_in_it(pdf: bytes, files: ReportFiles) -> None:
    page = re.sub(r"<(style|svg|title)\b.*?</\1>", " ", files.page.decode().split("<body")[1], flags=re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", page.partition(">")[2])
    for sign, meant in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&#39;", "'"), ("&#34;", '"')):
        words = words.replace(sign, meant)
    squeezed = _text(pdf).replace(" ", "")
    missing = [word for word in words.split() if word not in squeezed]
    assert not missing


def test_the_real_program_reads_the_same(pdf: bytes, tmp_path: Path) -> None:
    program = shutil.which("pdftotext")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("pdftotext is missing: run installer/test, which installs poppler-utils.")
        pytest.skip("LEFT OUT: pdftotext (poppler-utils) is not installed")
    (tmp_path / "report.pdf").write_bytes(pdf)
    ran = subprocess.run([program, str(tmp_path / "report.pdf"), "-"], capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    assert "nobody copies version numbers by hand any more." in ran.stdout
    assert ran.stdout.count("\f") == 1


def test_the_same_bytes_again_in_another_process(pdf: bytes, files: ReportFiles, tmp_path: Path) -> None:
    report, signature = tmp_path / "report.json", tmp_path / "report.json.sig"
    report.write_bytes(files.report)
    signature.write_bytes(files.signature)
    code = (
        "import sys, pathlib; from goodmeasure.reports.pdf import pdf_bytes;"
        "sys.stdout.buffer.write(pdf_bytes(*(pathlib.Path(name).read_bytes() for name in sys.argv[1:])));"
        "assert not {'PySide6', 'PIL'} & set(sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(report), str(signature)], capture_output=True, check=True)
    assert ran.stdout == pdf


def test_nothing_tells_who_made_it_where_or_when(pdf: bytes) -> None:
    reader = _reader(pdf)
    assert {str(key): str(value) for key, value in (reader.metadata or {}).items()} == {
        "/Title": "What AI was worth in November 2026 – Ada Example",
        "/Producer": "Good Measure",
    }
    described = _catalog(reader)["/Metadata"].get_object().get_data().decode()
    for told in (described, pdf.decode("latin-1")):
        assert not re.search(r"Date|D:2|xmp:|Author|Creator|/home|/root|/tmp", told)


def test_it_carries_its_own_signed_report(pdf: bytes, files: ReportFiles) -> None:
    reader = _reader(pdf)
    assert {name: data for name, (data,) in reader.attachments.items()} == {
        "report.json": files.report,
        "report.json.sig": files.signature,
    }


def test_only_used_letters_are_embedded_and_each_says_what_it_means(pdf: bytes) -> None:
    page: Any = _reader(pdf).pages[0]
    fonts = page["/Resources"]["/Font"]
    assert len(fonts) == 4
    for font in fonts.values():
        letters = font["/DescendantFonts"][0].get_object()
        assert re.fullmatch(r"/[A-Z]{6}\+Inter\w*-\w+", letters["/BaseFont"])
        assert len(letters["/FontDescriptor"]["/FontFile2"].get_object().get_data()) < 60_000
        assert b"beginbfchar" in font["/ToUnicode"].get_object().get_data()
    assert len(pdf) < 90_000


def _kinds(node: Any, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if "/S" in node:
        found.append((str(node["/S"]), str(node.get("/Alt", ""))))
        for kid in node["/K"]:
            if "/MCID" not in kid.get_object():
                _kinds(kid, found)
    return found


def test_it_is_tagged_to_be_read_aloud(pdf: bytes) -> None:
    reader = _reader(pdf)
    root = _catalog(reader)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    kinds = _kinds(root["/StructTreeRoot"]["/K"], [])
    names = [kind for kind, _ in kinds]
    assert names[0] == "/Document"
    assert names.count("/H1") == 1
    assert names.count("/H2") == 7
    assert names.count("/Table") == 3
    assert names.count("/TR") == 9
    figures = [alt for kind, alt in kinds if kind == "/Figure"]
    assert len(figures) == 3
    assert all(re.search(r"\w+ \d+ to \d+ %, ", alt) for alt in figures)
    # Every marked piece belongs to one node, and nothing is drawn that is neither marked nor an ornament.
    drawn = _drawn(reader)
    marks = [int(number) for number in re.findall(r"/MCID (\d+)", drawn)]
    assert marks == list(range(len(marks)))
    owners = root["/StructTreeRoot"]["/ParentTree"]["/Nums"][1].get_object()
    assert len(owners) == len(marks)
    assert _outside_of_marks(drawn) == []


def _outside_of_marks(drawn: str) -> list[str]:
    depth, found = 0, []
    for line in drawn.split("\n"):
        for word in line.split():
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(word, 0)
            if depth == 0 and word in {"Tj", "f", "S", "re"}:
                found.append(line)
    return found


LONGEST = {
    "words": ("and so it went on " * 8, "Wide Name " * 6),
    "wide": ("W" * 31 + " " + "MMMM " * 30, "W" * 60),
    "unbroken": ("ab" * 15 + "/" + "cd" * 15 + "/" + "ef" * 15 + "/" + "gh" * 15 + "/" + "xy" * 8, "n" * 60),
    "cyrillic": ("Очень длинная строка о работе " * 5, "Имя Отчество " * 5),
}


@pytest.mark.parametrize("kind", LONGEST)
def test_the_longest_texts_fit_on_the_page(kind: str, rated_runs: list[RatedRun], key: Ed25519PrivateKey) -> None:
    line, name = (text[:most].strip() for text, most in zip(LONGEST[kind], (140, 60), strict=True))
    header = Header(name, name, line, period_named("2026-W48").first_on)
    pdf = _made(rated_runs, key, TypedWords([line] * 5, [line] * 3, [line] * 3), header)
    reader = _reader(pdf)
    assert len(reader.pages) == 1
    assert _text(pdf).replace(" ", "").count(line.replace(" ", "")) == 12
    lowest, widest = _edges(reader.pages[0])
    assert lowest > 30
    assert widest < 595 - 30


def _edges(page: PageObject) -> tuple[float, float]:
    """Return the lowest baseline and the rightmost start of a text on a page."""
    places: list[tuple[float, float]] = []

    def seen(text: str, _cm: object, matrix: list[float], *_: object) -> None:
        if text.strip():
            places.append((matrix[4], matrix[5]))

    page.extract_text(visitor_text=seen)
    return min(y for _, y in places), max(x for x, _ in places)


@pytest.mark.parametrize("sign", ["🎉", "❤\ufe0f", "1\ufe0f\u20e3"])
def test_a_sign_that_the_fonts_lack_still_says_what_it_is(
    sign: str, rated_runs: list[RatedRun], key: Ed25519PrivateKey, typed: Typed
) -> None:
    pdf = _made(rated_runs, key, replace(typed[0], improved=[f"Done {sign} at last"]), typed[1])
    drawn = _drawn(_reader(pdf))
    assert f"/ActualText <feff{sign[-1].encode('utf-16-be').hex()}>" in drawn


@pytest.mark.parametrize("name", ["漢字", "اسم", "नाम"])
def test_a_script_that_the_fonts_lack_is_refused(
    name: str, rated_runs: list[RatedRun], key: Ed25519PrivateKey, typed: Typed
) -> None:
    with pytest.raises(Refusal, match=r"its fonts have no “.”: open report.html and print it there"):
        _made(rated_runs, key, typed[0], replace(typed[1], name=name))


def test_brackets_and_backslashes_are_text(rated_runs: list[RatedRun], key: Ed25519PrivateKey, typed: Typed) -> None:
    attack = r"a) Tj ET /F0 (b \) >> endobj % <feff> {x}"
    pdf = _made(rated_runs, key, replace(typed[0], improved=[attack]), replace(typed[1], name=r"Ada \(x) <</JS (y)>>"))
    assert attack in _text(pdf)
    assert str(_catalog_title(pdf)).endswith(r"Ada \(x) <</JS (y)>>")


def test_no_pdf_of_a_report_that_is_not_signed(files: ReportFiles) -> None:
    with pytest.raises(SignatureError):
        pdf_bytes(files.report.replace(b"Ada", b"Eve"), files.signature)


TOLD: dict[Level, list[str]] = {
    "L0": ["A receipt for week 47 of 2026", "Root of the sealed records"],
    "L1": ["What AI was worth in week 47 of 2026", "The release checklist now runs itself."],
    "L2": [
        "12 to 26 h saved",
        "1.5 h lost to 60 h saved",
        "Runs that lost time for certain: self-reported: 5–7.",
        "About 139 runs: random noise was added",
        "Corrects the report with SHA-256",
        "Appendix A: cost, as background",
        "210 million",
        "Appendix B: oversight",
        "Changed a tracker or pull request",
    ],
    "L3": [
        "Runs that the author picked",
        "Saved 30–60 min",
        "pull request tools/site#12",
        "Where the runs were sealed",
    ],
}


@pytest.mark.parametrize("level", TOLD)
def test_every_level_on_paper(level: Level, key: Ed25519PrivateKey) -> None:
    made = report_files(sample(level), key)
    pdf = pdf_bytes(made.report, made.signature)
    reader, text = _reader(pdf), _text(pdf)
    assert [words for words in TOLD[level] if words not in text.replace("\u00a0", " ")] == []
    assert len(reader.pages) == (2 if level in {"L2", "L3"} else 1)
    assert "{" not in text
    for page in reader.pages:
        contents: Any = page.get_contents()
        assert _outside_of_marks(contents.get_data().decode("latin-1")) == []


def test_as_much_as_there_can_be_goes_on_on_further_pages(key: Ed25519PrivateKey) -> None:
    names = [f"{'a' * 100}/{number}" for number in range(5)]
    run = {**RUN, "references": [{"kind": "pull_request", "text": name} for name in names]}
    filled = {**LEVELS_FILLED["L3"], "runs": [run] * 10}
    made = report_files(msgspec.convert(filled, Report), key)
    reader = _reader(pdf_bytes(made.report, made.signature))
    assert len(reader.pages) > 2
    assert min(_edges(page)[0] for page in reader.pages) > 30
    squeezed = "".join(page.extract_text() for page in reader.pages).replace("\n", "").replace(" ", "")
    assert squeezed.count("a" * 100 + "/4") == 10
