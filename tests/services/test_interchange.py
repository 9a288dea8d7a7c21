"""Judgements out to other programs' files and in again: exact, once, labels only, and nobody's number."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import Parse
from opentelemetry.proto.logs.v1.logs_pb2 import LogsData

from goodmeasure.domain.assessments import Assessment, AssessmentName, AssessmentSource, Collected
from goodmeasure.domain.errors import Refusal
from goodmeasure.ledger.assessments import append_assessments, history
from goodmeasure.ledger.opening import Ledger, open_ledger
from goodmeasure.ledger.reads import find_run
from goodmeasure.reports.interchange import read_file
from goodmeasure.services.interchange import Format, Interchange, Taken
from tests.ledger.conftest import KEY, NOON, Teller

ALL = list(Format)


@pytest.fixture
def new_teller(tmp_path: Path) -> Any:
    made: list[Ledger] = []

    def make(*sessions: str) -> Teller:
        made.append(open_ledger(tmp_path / f"{len(made)}.sqlite", KEY))
        teller = Teller(made[-1])
        for name in sessions:
            teller.write(teller.session(name), teller.call(f"c-{name}", name), path=f"/logs/{name}")
        return teller

    yield make
    for ledger in made:
        ledger.close()


def judge(teller: Teller, session: str, name: str, value: str | None, at: int, **known: Any) -> None:
    plain: dict[str, Any] = {
        "source": AssessmentSource.HUMAN,
        "collected": Collected.SELF_SELECTED,
        "inclusion_probability": None,
        "answer_seconds": None,
        "suggested": None,
    }
    run = find_run(teller.ledger, session)
    one = Assessment(
        id=None, run_id=run, name=AssessmentName(name), value=value, assessed_at=at, supersedes_id=None,
        taxonomy_version=1, **(plain | known),
    )  # fmt: skip
    append_assessments(teller.ledger, [one])


@pytest.fixture
def judged(new_teller: Callable[..., Teller]) -> Teller:
    teller = new_teller("s1", "s2")
    judge(teller, "s1", "outcome", "partial", NOON)
    drawn = {"collected": Collected.SAMPLED, "inclusion_probability": 2 / 7, "answer_seconds": 3.25}
    judge(teller, "s1", "outcome", "used", NOON + 1, **drawn)
    judge(teller, "s1", "need", "extra", NOON + 2, suggested="helpful")
    judge(teller, "s1", "time_saved", "saved_30_60", NOON + 3)
    judge(teller, "s1", "outcome", "discarded", NOON + 4, source=AssessmentSource.LLM_JUDGE)
    judge(teller, "s2", "outcome", "pending", NOON + 5, collected=Collected.BATCH)
    judge(teller, "s2", "need", "helpful", NOON + 6)
    judge(teller, "s2", "need", None, NOON + 7)
    return teller


def current(teller: Teller) -> list[tuple[Any, ...]]:
    return teller.rows(
        "SELECT key, name, value, a.source, collected, inclusion_probability, assessed_at, answer_seconds, suggested,"
        " taxonomy_version FROM assessment a JOIN run ON run.id = run_id WHERE a.id NOT IN"
        " (SELECT supersedes_id FROM assessment WHERE supersedes_id IS NOT NULL) AND value IS NOT NULL"
        " ORDER BY assessed_at"
    )


@pytest.mark.parametrize("wanted", ALL)
def test_a_round_trip_is_exact_and_once_is_enough(
    judged: Teller, new_teller: Callable[..., Teller], wanted: Format
) -> None:
    written = Interchange(judged.ledger).export(wanted)
    assert written.judgements == 5
    here = new_teller("s1", "s2")
    assert Interchange(here.ledger).take(written.data, wanted) == Taken(5, 0, 0, (), {})
    assert current(here) == current(judged)
    assert Interchange(here.ledger).export(wanted) == written
    for teller in (here, judged):
        rows = teller.rows("SELECT * FROM assessment")
        assert Interchange(teller.ledger).take(written.data, wanted) == Taken(0, 5, 0, (), {})
        assert teller.rows("SELECT * FROM assessment") == rows


@pytest.mark.parametrize("wanted", ALL)
def test_unknown_runs_are_named_and_what_is_newer_here_stands(
    judged: Teller, new_teller: Callable[..., Teller], wanted: Format
) -> None:
    written = Interchange(judged.ledger).export(wanted)
    here = new_teller("s1")
    judge(here, "s1", "outcome", "harmful", NOON + 99)
    (stranger,) = (
        key for (key,) in judged.rows("SELECT key FROM run") if (key,) not in here.rows("SELECT key FROM run")
    )
    assert Interchange(here.ledger).take(written.data, wanted) == Taken(3, 0, 1, (stranger,), {})
    assert here.rows("SELECT outcome, need FROM run_summary") == [("harmful", "extra")]


def numbers_in(value: Any, place: str = "") -> list[str]:
    if isinstance(value, dict):
        return [one for key, inner in value.items() for one in numbers_in(inner, f"{place}.{key}")]
    if isinstance(value, list):
        return [one for inner in value for one in numbers_in(inner, place)]
    return [place] if isinstance(value, int | float) and not isinstance(value, bool) else []


@pytest.mark.parametrize("wanted", ALL)
def test_no_judgement_is_a_number(judged: Teller, wanted: Format) -> None:
    document = json.loads(Interchange(judged.ledger).export(wanted).data)
    assert set(numbers_in(document)) <= {".resourceLogs.scopeLogs.logRecords.severityNumber"}


def test_opentelemetrys_own_parser_reads_the_events(judged: Teller) -> None:
    parsed = Parse(Interchange(judged.ledger).export(Format.OTEL).data, LogsData())
    records = parsed.resource_logs[0].scope_logs[0].log_records
    assert {record.event_name for record in records} == {"gen_ai.evaluation.result"}
    first = {one.key: one.value.string_value for one in records[0].attributes}
    assert records[0].time_unix_nano == (NOON + 1) * 1_000_000
    assert (first["gen_ai.evaluation.name"], first["gen_ai.evaluation.score.label"]) == ("outcome", "used")
    assert first["gen_ai.conversation.id"] == "s1"
    assert first["goodmeasure.inclusion_probability"] == repr(2 / 7)
    assert "gen_ai.evaluation.score.value" not in first


def test_langfuse_and_mlflow_have_the_fields_that_they_ask_for(judged: Teller) -> None:
    batch = json.loads(Interchange(judged.ledger).export(Format.LANGFUSE).data)["batch"]
    assert {tuple(event) for event in batch} == {("id", "type", "timestamp", "body")}
    body = batch[0]["body"]
    assert (body["name"], body["value"], body["dataType"], body["sessionId"]) == (
        "outcome",
        "used",
        "CATEGORICAL",
        "s1",
    )
    assert {key for event in batch for key in event["body"]} == {
        "id",
        "name",
        "value",
        "dataType",
        "sessionId",
        "metadata",
    }
    judge(judged, "s1", "outcome", "partial", NOON + 50)
    changed = json.loads(Interchange(judged.ledger).export(Format.LANGFUSE).data)["batch"][-1]
    assert changed["body"]["id"] == body["id"]
    assert changed["id"] != batch[0]["id"]
    feedback = json.loads(Interchange(judged.ledger).export(Format.MLFLOW).data)
    assert feedback[0]["feedback"] == {"value": "extra"}
    assert {row["source"]["source_type"] for row in feedback} == {"HUMAN", "LLM_JUDGE"}
    assert all(isinstance(value, str) for row in feedback for value in row["metadata"].values())


def test_what_others_wrote_is_taken_by_its_session(new_teller: Callable[..., Teller]) -> None:
    here = new_teller("s1")
    listed = {
        "name": "outcome", "stringValue": "used", "value": 1, "dataType": "CATEGORICAL", "source": "ANNOTATION",
        "sessionId": "s1", "timestamp": "2026-11-23T12:00:00.123456+01:00", "metadata": None,
    }  # fmt: skip
    rows = [
        listed,
        listed | {"name": "toxicity"},
        listed | {"stringValue": "great"},
        listed | {"name": "need", "stringValue": None},
        listed | {"sessionId": "elsewhere"},
        listed | {"timestamp": "yesterday"},
        listed | {"metadata": {"goodmeasure.taxonomy_version": "2"}},
        listed | {"metadata": {"goodmeasure.inclusion_probability": "nan"}},
    ]
    taken = Interchange(here.ledger).take(json.dumps({"data": rows}).encode(), Format.LANGFUSE)
    assert (taken.added, taken.unknown_runs) == (1, ("elsewhere",))
    assert taken.left_aside == {
        "no question of this taxonomy": 1,
        "no answer to outcome": 1,
        "no answer to need": 1,
        "cannot be read": 2,
        "another version of the taxonomy": 1,
    }
    (one,) = history(here.ledger, find_run(here.ledger, "s1"))
    assert (one.assessed_at, one.source, one.collected) == (NOON - 3_600_000 + 123, "HUMAN", "self_selected")


def test_a_collectors_file_has_a_document_on_each_line(judged: Teller) -> None:
    document = json.loads(Interchange(judged.ledger).export(Format.OTEL).data)
    lines = b"\n".join([json.dumps(document).encode()] * 2)
    assert len(read_file(lines, Format.OTEL).judgements) == 10


@pytest.mark.parametrize("wanted", ALL)
@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]x", b"3", b"null", b'{"resourceLogs": 3}', b'{"batch": [3]}', b'[{"a": 1}]', b"[" * 99_999]
)
def test_other_files_are_refused(wanted: Format, data: bytes) -> None:
    with pytest.raises(Refusal, match=f"no {wanted.value} file"):
        read_file(data, wanted)
