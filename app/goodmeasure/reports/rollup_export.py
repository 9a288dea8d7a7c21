"""A roll-up for the tools that a company has: OpenMetrics text, OTLP JSON and Parquet, one figure a line or row."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields
from datetime import UTC, datetime, time
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from goodmeasure.disclosure.rollup import RollUp
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import period_named
from goodmeasure.reports.rollup_files import Row, rows

if TYPE_CHECKING:
    from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric

ExportKind = Literal["openmetrics", "otlp", "parquet"]

_METRICS: Final = {
    "people": ("goodmeasure_team_people", "People who took part: at least so many, in fives."),
    "contribution": ("goodmeasure_team_contribution_percent", "Share of those invited who took part, as a range."),
    "share": ("goodmeasure_team_share_percent", "Share of runs that got an answer, each person counting alike."),
    "likely_share": ("goodmeasure_team_likely_share_percent", "The same among all runs, estimated from drawn ones."),
    "runs": ("goodmeasure_team_runs", "Runs that got an answer, as a range in fives."),
    "time_saved": ("goodmeasure_team_time_saved_seconds", "Time saved, negative if lost, as a range."),
    "list_cost": ("goodmeasure_team_list_cost_usd_cents", "List cost of model calls, as a range."),
    "tokens": ("goodmeasure_team_tokens", "Tokens of model calls, as a range: background, not a result."),
}
"""Measure → name of its metric, and what it says."""
_TABLE: Final = (
    "CREATE TABLE roll_up (period VARCHAR NOT NULL, measure VARCHAR NOT NULL, unit VARCHAR NOT NULL,"
    " part VARCHAR NOT NULL, cell VARCHAR NOT NULL, people_at_least BIGINT NOT NULL, low BIGINT NOT NULL, high BIGINT)"
)


def exported(made: RollUp, kind: ExportKind) -> bytes:
    """Return a roll-up's file of one kind; the figures are the same in every kind, hours as seconds in metrics.

    Raises Refusal where Parquet is asked for and the library that writes it is not installed.
    """
    found = list(rows(made))
    if kind == "openmetrics":
        return openmetrics(found)
    return otlp(found) if kind == "otlp" else parquet(found)


def openmetrics(found: Sequence[Row]) -> bytes:
    """Return OpenMetrics 1.0 text: a gauge for each measure, the end of a range in the label `bound`.

    The instant is the end of the period in UTC, so that `promtool tsdb create-blocks-from openmetrics` can load it.
    """
    text = []
    for measure, of_measure in groupby(found, key=lambda row: row.measure):
        name, says = _METRICS[measure]
        text += [f"# HELP {name} {says}", f"# TYPE {name} gauge"]
        for row in of_measure:
            for bound, value in _bounds(row):
                labels = {"period": row.period, "part": row.part, "cell": row.cell, "bound": bound}
                inside = ",".join(f'{label}="{_escaped(one)}"' for label, one in labels.items() if one)
                text.append(f"{name}{{{inside}}} {value} {_ended_at(row.period)}")
    return ("\n".join([*text, "# EOF"]) + "\n").encode()


def otlp(found: Sequence[Row]) -> bytes:
    """Return one OTLP `ExportMetricsServiceRequest` as JSON, as a collector's file receiver reads it."""
    from google.protobuf.json_format import MessageToDict  # noqa: PLC0415 - only an export pays for it
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (  # noqa: PLC0415 - same
        ExportMetricsServiceRequest,
    )

    request = ExportMetricsServiceRequest()
    resource = request.resource_metrics.add()
    attribute = resource.resource.attributes.add(key="service.name")
    attribute.value.string_value = "goodmeasure"
    scope = resource.scope_metrics.add()
    scope.scope.name = "goodmeasure.rollup"
    for measure, of_measure in groupby(found, key=lambda row: row.measure):
        metric = scope.metrics.add(name=_METRICS[measure][0], description=_METRICS[measure][1])
        for row in of_measure:
            metric.unit = "s" if row.unit == "hours" else row.unit
            _add_figures(metric, row)
    return json.dumps(MessageToDict(request), separators=(",", ":")).encode() + b"\n"


def parquet(found: Sequence[Row]) -> bytes:
    """Return the rows as a Parquet file with the columns of `Row`. Raises Refusal without the extra `parquet`."""
    try:
        import duckdb  # noqa: PLC0415 - an extra, and 65 MB
    except ImportError as error:
        raise Refusal(
            "Writing Parquet needs DuckDB: pip install 'goodmeasure[parquet]', or use --metrics or --otlp."
        ) from error
    # Whatever is not built in would be fetched from the network.
    offline: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with tempfile.TemporaryDirectory(prefix="goodmeasure-") as folder:
        file = Path(folder) / "roll-up.parquet"
        with duckdb.connect(config=offline) as database:
            database.execute(_TABLE)
            marks = ", ".join("?" * len(fields(Row)))
            database.executemany(f"INSERT INTO roll_up VALUES ({marks})", [astuple(row) for row in found])  # noqa: S608 - question marks
            database.execute("COPY roll_up TO ? (FORMAT parquet)", [str(file)])
        return file.read_bytes()


def _add_figures(metric: "Metric", row: Row) -> None:
    for bound, value in _bounds(row):
        point = metric.gauge.data_points.add(time_unix_nano=_ended_at(row.period) * 10**9, as_int=value)
        labels: dict[str, Any] = {"period": row.period, "part": row.part, "cell": row.cell, "bound": bound}
        for label, one in labels.items():
            if one:
                point.attributes.add(key=label).value.string_value = one


def _bounds(row: Row) -> Iterator[tuple[str, int]]:
    # Metrics are in base units; whole hours stay exact in them.
    size = 3600 if row.unit == "hours" else 1
    yield "low", row.low * size
    if row.high is not None:
        yield "high", row.high * size


def _ended_at(period: str) -> int:
    """Return the last second of a period in UTC, in seconds since 1970."""
    last = datetime.combine(period_named(period).last_on, time(23, 59, 59), UTC)
    return int(last.timestamp())


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
