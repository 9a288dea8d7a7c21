"""A roll-up's files load in the tools that companies have, and say there what they say here."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest
from google.protobuf.json_format import Parse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from goodmeasure.disclosure.rolling_up import roll_up
from goodmeasure.disclosure.rollup import RollUp
from goodmeasure.reports.rollup_export import exported
from goodmeasure.reports.rollup_files import open_roll_up, roll_up_bytes, rows
from goodmeasure.reports.rollup_page import roll_up_lines, roll_up_page
from tests.disclosure.samples import NUMBERS
from tests.disclosure.team import colleague

DOCUMENT = Path(__file__).parents[2] / "docs" / "for-companies.md"


@pytest.fixture(scope="module")
def made() -> RollUp:
    people = [colleague(f"p{one}", level="L2", restates=None, **NUMBERS) for one in range(6)]
    return roll_up(people, 7, []).roll_up


@pytest.fixture(scope="module")
def promtool() -> str:
    found = shutil.which("promtool")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("promtool is missing: run installer/test, which fetches it.")
        pytest.skip("LEFT OUT: promtool is not installed")
    return found


def figures(made: RollUp, hour: int = 1) -> set[tuple[str, str, str, str, int]]:
    return {
        (row.measure, row.part, row.cell, bound, value * (hour if row.unit == "hours" else 1))
        for row in rows(made)
        for bound, value in (("low", row.low), ("high", row.high))
        if value is not None
    }


MEASURES = {
    "goodmeasure_team_people": "people",
    "goodmeasure_team_contribution_percent": "contribution",
    "goodmeasure_team_share_percent": "share",
    "goodmeasure_team_likely_share_percent": "likely_share",
    "goodmeasure_team_runs": "runs",
    "goodmeasure_team_time_saved_seconds": "time_saved",
    "goodmeasure_team_list_cost_usd_cents": "list_cost",
    "goodmeasure_team_tokens": "tokens",
}


def test_the_same_bytes_come_back(made: RollUp) -> None:
    assert open_roll_up(roll_up_bytes(made)) == made
    assert b"." not in roll_up_bytes(made)


def test_openmetrics_is_read_by_prometheus_own_parser(made: RollUp) -> None:
    found = set()
    text = exported(made, "openmetrics").decode()
    for family in text_string_to_metric_families(text):  # type: ignore[no-untyped-call]  # as the library has it
        assert family.type == "gauge"
        for sample in family.samples:
            assert sample.labels["period"] == made.period
            # Sunday 22 November 2026, 23:59:59 UTC: nothing finer than the period.
            assert float(sample.timestamp) == 1_795_391_999
            labels = (sample.labels.get("part", ""), sample.labels.get("cell", ""), sample.labels["bound"])
            found.add((MEASURES[sample.name], *labels, int(sample.value)))
    assert found == figures(made, hour=3600)


def test_prometheus_loads_it(made: RollUp, promtool: str, tmp_path: Path) -> None:
    text = exported(made, "openmetrics")
    linted = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, check=False)
    assert linted.returncode == 0, linted.stdout + linted.stderr
    file = tmp_path / "team.prom"
    file.write_bytes(text)
    subprocess.run(
        [promtool, "tsdb", "create-blocks-from", "openmetrics", str(file), str(tmp_path / "data")],
        capture_output=True,
        check=True,
    )
    # A server that runs has its log beside the blocks; without one, they are not opened.
    (tmp_path / "data" / "wal").mkdir()
    query = [promtool, "tsdb", "dump", str(tmp_path / "data")]
    dumped = subprocess.run(query, capture_output=True, text=True, check=True).stdout
    lines = [line for line in dumped.splitlines() if "goodmeasure_team_runs" in line and 'cell="used"' in line]
    assert sorted(line.split()[-2] for line in lines) == ["380", "765"]


def test_otlp_is_what_the_protocol_says(made: RollUp) -> None:
    request = Parse(exported(made, "otlp"), ExportMetricsServiceRequest())
    [resource] = request.resource_metrics
    [scope] = resource.scope_metrics
    told = {attribute.key: attribute.value.string_value for attribute in resource.resource.attributes}
    assert told == {"service.name": "goodmeasure"}, "nothing of who wrote it, and where"
    assert not scope.scope.attributes
    found = set()
    for metric in scope.metrics:
        for point in metric.gauge.data_points:
            labels = {attribute.key: attribute.value.string_value for attribute in point.attributes}
            assert labels["period"] == made.period
            found.add(
                (
                    MEASURES[metric.name],
                    labels.get("part", ""),
                    labels.get("cell", ""),
                    labels["bound"],
                    point.as_int,
                )
            )
    assert found == figures(made, hour=3600)
    # The JSON mapping of OTLP writes 64-bit numbers as texts.
    first = json.loads(exported(made, "otlp"))["resourceMetrics"][0]["scopeMetrics"][0]["metrics"][0]
    assert isinstance(first["gauge"]["dataPoints"][0]["asInt"], str)


def rows_of(query: str) -> list[tuple[Any, ...]]:
    answer = duckdb.sql(query)
    assert answer is not None
    return answer.fetchall()


def test_duckdb_reads_the_parquet_files_of_many_teams(made: RollUp, tmp_path: Path) -> None:
    for team in ("north", "south"):
        (tmp_path / f"{team}.parquet").write_bytes(exported(made, "parquet"))
    found = rows_of(
        f"SELECT measure, part, cell, low, high, period FROM '{tmp_path}/north.parquet'"  # noqa: S608 - our own folder
    )
    assert {(measure, part, cell, "low", low) for measure, part, cell, low, _, _ in found} <= figures(made)
    assert len(found) == len(list(rows(made)))
    [query] = [part.split("```")[0] for part in DOCUMENT.read_text().split("```sql\n")[1:]]
    answer = rows_of(query.replace("rollups/", f"{tmp_path}/"))
    assert answer == [("2026-W47", "used", 2, 760, 1530)]


def test_the_page_and_the_terminal_say_the_ranges(made: RollUp) -> None:
    page, lines = roll_up_page(roll_up_bytes(made)).decode(), "\n".join(roll_up_lines(made))
    for text in ("from 10 hours lost to 360 hours saved", "2,400–2,500", "380–765", "95 or more"):
        assert text in page.replace("\u00a0", " ")
        assert text in lines
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
