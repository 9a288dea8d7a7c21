"""What is saved: as asked for, nothing in silence, and no private text in any format."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pypdf import PdfReader

from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.encrypting import decrypt, new_identity, recipient_of
from goodmeasure.reports.files import ReportFiles, report_files
from goodmeasure.reports.outputs import Formats, outputs
from tests.disclosure.samples import sample


@pytest.fixture
def numbers(key: Ed25519PrivateKey) -> ReportFiles:
    return report_files(sample("L2"), key)


def test_everything_that_was_asked_for(numbers: ReportFiles) -> None:
    identity = new_identity()
    made = outputs(numbers, Formats(cost_table=True, reader_key=recipient_of(identity)))
    assert made.left_out == ()
    plain = {name: data for name, data in made.files.items() if name != "report.age"}
    assert list(plain) == ["report.json", "report.json.sig", "report.html", "report.pdf", "cost.csv"]
    assert decrypt(made.files["report.age"], identity) == plain
    assert outputs(numbers, Formats(pdf=False)).files == numbers.by_name()


def test_what_cannot_be_made_is_said(files: ReportFiles) -> None:
    made = outputs(files, Formats(cost_table=True))
    assert "cost.csv" not in made.files
    assert made.left_out == ("There is no cost.csv, for the report holds no appendix A: tick cost at level L2.",)
    with pytest.raises(Refusal, match="The reader's key must begin with age1"):
        outputs(files, Formats(reader_key="bob"))


def _pdf_texts(data: bytes) -> bytes:
    """Return every string and every decoded stream of a PDF, so that nothing hides in it."""
    reader = PdfReader(io.BytesIO(data))
    found = [repr(reader.metadata).encode(), " ".join(page.extract_text() for page in reader.pages).encode()]
    for number in range(1, len(reader.xref[0]) + 1):
        one: Any = reader.get_object(number)
        found.append(repr(one).encode())
        if hasattr(one, "get_data"):
            found.append(one.get_data())
    return b"\n".join(found)


DECODED: dict[str, Callable[[bytes], bytes]] = {
    "report.pdf": _pdf_texts,
    "report.json": lambda data: json.dumps(json.loads(data), ensure_ascii=False).encode(),
}


def test_the_search_for_canaries_would_find_one(numbers: ReportFiles) -> None:
    made = outputs(numbers, Formats(cost_table=True)).files
    for name, planted in (
        ("report.pdf", b"Ada Example"),
        ("report.pdf", numbers.report),  # attached, so compressed in the file
        ("report.html", b"staging logs"),
        ("cost.csv", b"Anthropic"),
    ):
        assert planted in DECODED.get(name, bytes)(made[name])
    assert numbers.report not in made["report.pdf"], "compression hid it: only decoding finds it"


def test_no_format_says_more_than_the_signed_report(numbers: ReportFiles) -> None:
    for name, data in outputs(numbers, Formats(cost_table=True)).files.items():
        text = DECODED.get(name, bytes)(data)
        for private in (b"/home", b"/root", b"/tmp", b"localhost", b"CreationDate", b"ModDate", b"Author"):
            assert private not in text, (name, private)


def test_every_file_is_the_same_on_another_machine(numbers: ReportFiles, tmp_path: Path) -> None:
    """Whoever makes the files, wherever, however their computer is called and set: no byte of it gets in."""
    code = (
        "import sys, pathlib, os, socket, getpass; socket.gethostname = lambda: 'elsewhere';"
        "from goodmeasure.reports.files import ReportFiles; from goodmeasure.reports.outputs import Formats, outputs;"
        "from goodmeasure.reports.page import page_bytes;"
        "report, signature = (pathlib.Path(name).read_bytes() for name in ('report.json', 'report.json.sig'));"
        "files = ReportFiles(report, signature, page_bytes(report, signature));"
        "made = outputs(files, Formats(cost_table=True)).files;"
        "[pathlib.Path('made', name).write_bytes(data) for name, data in made.items()]"
    )
    (tmp_path / "made").mkdir()
    for name, data in (("report.json", numbers.report), ("report.json.sig", numbers.signature)):
        (tmp_path / name).write_bytes(data)
    other = {
        "HOME": str(tmp_path),
        "USER": "somebody-else",
        "LOGNAME": "somebody-else",
        "HOSTNAME": "elsewhere",
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=other, check=True)
    expected = outputs(numbers, Formats(cost_table=True)).files
    assert {path.name: path.read_bytes() for path in (tmp_path / "made").iterdir()} == dict(expected)
