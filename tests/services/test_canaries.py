"""Every private text and long number of a real ledger is looked for in every file that can leave, decoded."""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.domain.runs import RunFilter
from goodmeasure.intake.demo import demo_ratings, write_demo_home
from goodmeasure.ledger import reads
from goodmeasure.ledger.assessments import append_assessments
from goodmeasure.reports.encrypting import decrypt, new_identity, recipient_of
from goodmeasure.reports.files import ReportFiles
from goodmeasure.reports.outputs import Formats, outputs
from goodmeasure.services.sharing import PickedRun, ReportRequest

NAME = "Zora Neale"
SHORTEST_TEXT = 7
PERIOD = re.compile(r"[0-9]{4}-W?[0-9]{2}")
"""A period is told."""
LONG_NUMBER = re.compile(r"(?<![0-9a-f])[0-9]{8,}(?![0-9a-f])")
APART = re.compile(r"[\s/\\\"',:;{}\[\]()]+")
OUR_WORDS = Path(__file__).resolve().parents[2] / "app" / "goodmeasure"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("canaries")
    desk = Desk(Choices(profile_dir=folder / "profile", home=folder / "home"))
    now = desk.clock.now()
    write_demo_home(folder / "home", now=now, days=60, sessions=60)
    desk.importing.import_logs()
    runs = reads.runs_by_id(desk.ledger, reads.run_ids(desk.ledger, RunFilter()))
    append_assessments(desk.ledger, demo_ratings(runs, {}, now=now))
    desk.sharing.seal_weeks()
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def private(desk: Desk) -> set[str]:
    """All texts and long numbers of the ledger, whole and in parts, but for words that our own code says, too."""
    found: set[str] = set()
    connection = desk.ledger.raw()
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - names from the ledger itself
            for value in row:
                if isinstance(value, str):
                    found |= {value, *APART.split(value)}
                elif isinstance(value, int) and value >= 10**7:
                    found.add(str(value))
    ours = {word for path in OUR_WORDS.rglob("*.py") for word in APART.split(path.read_text("utf-8").lower())}
    return {
        text for text in found if len(text) >= SHORTEST_TEXT and text.lower() not in ours and not PERIOD.fullmatch(text)
    }


def _requests(desk: Desk) -> dict[str, ReportRequest]:
    month = [period.name for period in desk.queries.periods() if "W" not in period.name][1]
    sealed = desk.sharing.sealed(month)
    week = sealed[0].sealed_in
    story = ReportRequest(
        month, NAME, "Quiet readers", "Whatever", improved=("One line of mine.",), needed=("Another.",)
    )
    picked = tuple(PickedRun(one.run_id) for one in sealed[:3])
    return {
        "L0": ReportRequest(week, NAME, "Quiet readers", "Whatever", level="L0"),
        "L1": story,
        "L2": replace(story, level="L2", cost=True, oversight=True, noise_tenths=5),
        "L3": replace(story, level="L3", runs=picked),
    }


def _pdf(data: bytes) -> str:
    reader = PdfReader(io.BytesIO(data))
    found = [repr(reader.metadata), *(page.extract_text() for page in reader.pages)]
    for name, (attached,) in reader.attachments.items():
        found += [name, attached.decode()]
    catalog: Any = reader.root_object
    found.append(catalog["/Metadata"].get_object().get_data().decode())
    return "\n".join(found)


DECODED: dict[str, Callable[[bytes], str]] = {
    "report.pdf": _pdf,
    "report.json": lambda data: json.dumps(json.loads(data), ensure_ascii=False),
}


def _texts(files: ReportFiles) -> dict[str, str]:
    """Return every file that can leave, decoded; what is encrypted, after it was opened."""
    identity = new_identity()
    made = outputs(files, Formats(cost_table=True, reader_key=recipient_of(identity))).files
    opened = decrypt(made["report.age"], identity)
    return {name: DECODED.get(name, bytes.decode)(data) for name, data in opened.items()}


def _leaked(private: set[str], text: str) -> list[str]:
    numbers = set(LONG_NUMBER.findall(text))
    return [one for one in private if (one in numbers if one.isdigit() else one in text)]


@pytest.mark.parametrize("level", ["L0", "L1", "L2", "L3"])
def test_nothing_private_is_in_any_file(level: str, desk: Desk, private: set[str]) -> None:
    texts = _texts(desk.sharing.draft(_requests(desk)[level]).files)
    assert set(texts) >= {"report.json", "report.json.sig", "report.html", "report.pdf"}
    assert ("cost.csv" in texts) == (level == "L2")
    assert {name: leaked for name, text in texts.items() if (leaked := _leaked(private, text))} == {}
    for name in ("report.json", "report.html", "report.pdf"):
        assert NAME in texts[name], "the search does not see what is there"


def test_the_search_is_long_enough_and_finds_what_is_planted(desk: Desk, private: set[str]) -> None:
    titles = {run.title for run in desk.queries.runs(desk.queries.run_ids(RunFilter())) if run.title}
    assert len(private) > 500
    assert titles & private
    planted = next(iter(sorted(titles & private)))
    leaking = replace(_requests(desk)["L1"], improved=(planted[:140],))
    for name, text in _texts(desk.sharing.draft(leaking).files).items():
        if name != "report.json.sig":
            assert _leaked({planted[:140]}, text) == [planted[:140]], name
