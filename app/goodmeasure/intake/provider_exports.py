"""Usage and cost exports that a person downloaded from a provider: read as they are, kept nowhere.

Known: Anthropic's usage and cost reports, OpenAI's usage and costs, OpenRouter's activity, each as JSON (as their APIs
answer) or CSV (one row per day and model). Columns are known by their names; others are passed by.
"""

import csv
import io
import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from goodmeasure.domain.errors import Refusal

MOST_BYTES = 64 << 20
_DAYS = ("usage_date_utc", "date", "day", "usage_date", "starting_at", "start_time_iso", "start_time", "created_at")
_MODELS = ("model_permaslug", "model", "model_version", "snapshot_id")
_UNCACHED = ("uncached_input_tokens", "usage_input_tokens_no_cache")
_ALL_INPUT = ("input_tokens", "prompt_tokens", "tokens_prompt")
_CACHE_READ = (
    "cache_read_input_tokens", "usage_input_tokens_cache_read", "input_cached_tokens", "tokens_cached",
)  # fmt: skip
_WRITE_5M = ("ephemeral_5m_input_tokens", "usage_input_tokens_cache_write_5m")
_WRITE_1H = ("ephemeral_1h_input_tokens", "usage_input_tokens_cache_write_1h")
_OUTPUT = ("output_tokens", "usage_output_tokens", "completion_tokens", "tokens_completion")
_CALLS = ("num_model_requests", "requests")
_USD = ("cost_usd", "amount_value", "usage", "cost_total")
_FAMILIES = {"Anthropic": ("claude",), "OpenAI": ("gpt", "o1", "o3", "o4", "codex", "chatgpt", "computer-use")}
_EARLIEST = date(2020, 1, 1)


class Billed(NamedTuple):
    """One row of an export. None: the export does not say."""

    day: date
    """In UTC, as all three providers count days."""
    model: str | None
    calls: int | None
    input_tokens: int | None
    """Not from a cache."""
    cache_read_tokens: int | None
    cache_write_5m_tokens: int | None
    cache_write_1h_tokens: int | None
    output_tokens: int | None
    cost_micros: int | None


class ProviderExport(NamedTuple):
    """A whole export."""

    provider: str
    """`Anthropic`, `OpenAI` or `OpenRouter`."""
    families: tuple[str, ...]
    """How the names of its models begin; empty: any."""
    rows: list[Billed]
    skipped: int
    """Rows without a day or without any number that is known."""


def read_export(file: Path) -> ProviderExport:
    """Read a downloaded export. Raises Refusal where it cannot be read or is none that is known."""
    try:
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refusal(f"The file {file} cannot be read ({error.strerror}): check its name.") from error
    if len(data) > MOST_BYTES:
        raise Refusal(f"The file {file} is larger than {MOST_BYTES >> 20} MB: export a shorter time.")
    text = data.decode("utf-8-sig", "replace")
    try:
        records = list(_from_json(json.loads(text)) if text.lstrip()[:1] in ("{", "[") else _from_csv(text))
    except (ValueError, RecursionError, csv.Error) as error:
        raise Refusal(f"The file {file} is damaged: download it again.") from error
    provider = _provider({name for record in records for name in record})
    if provider is None:
        raise Refusal(f"The file {file} is no usage or cost export of Anthropic, OpenAI or OpenRouter that is known.")
    billed = [_billed(record, cents=provider == "Anthropic") for record in records]
    rows = [row for row in billed if row is not None]
    return ProviderExport(provider, _FAMILIES.get(provider, ()), rows, len(billed) - len(rows))


def _from_json(document: object) -> Iterator[dict[str, Any]]:
    """Yield flat records: the results of each time bucket with the bucket's start, or rows as they are."""
    rows = document.get("data") if isinstance(document, dict) else document
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, dict):
            continue
        results = row.get("results")
        if isinstance(results, list):
            start = {name: row[name] for name in ("starting_at", "start_time") if name in row}
            yield from ({**start, **_flat(result)} for result in results if isinstance(result, dict))
        else:
            yield _flat(row)


def _flat(record: Mapping[str, Any]) -> dict[str, Any]:
    flat = dict(record)
    for name in ("cache_creation", "amount"):
        inner = record.get(name)
        if isinstance(inner, dict):
            del flat[name]
            flat.update({(f"amount_{key}" if name == "amount" else str(key)): value for key, value in inner.items()})
    return flat


def _from_csv(text: str) -> Iterator[dict[str, Any]]:
    for row in csv.DictReader(io.StringIO(text)):
        yield {name.strip().lower().replace(" ", "_"): value for name, value in row.items() if isinstance(name, str)}


def _provider(names: set[str]) -> str | None:
    if names & {*_UNCACHED, "model_version", "starting_at"} or {"usage_date_utc"} <= names:
        return "Anthropic"
    if names & {"model_permaslug", "byok_usage_inference", "tokens_prompt"}:
        return "OpenRouter"
    if names & {"num_model_requests", "input_cached_tokens", "amount_value", "line_item"}:
        return "OpenAI"
    return None


def _billed(record: Mapping[str, Any], *, cents: bool) -> Billed | None:
    day = next((found for name in _DAYS if (found := _day(record.get(name))) is not None), None)
    read, uncached, whole = _count(record, _CACHE_READ), _count(record, _UNCACHED), _count(record, _ALL_INPUT)
    if uncached is None and whole is not None:
        # OpenAI and OpenRouter count cached input inside the input.
        uncached = max(0, whole - (read or 0))
    model = next((str(record[name]) for name in _MODELS if record.get(name)), None)
    numbers = (
        _count(record, _CALLS), uncached, read, _count(record, _WRITE_5M), _count(record, _WRITE_1H),
        _count(record, _OUTPUT), _cost(record, cents=cents),
    )  # fmt: skip
    if day is None or all(number is None for number in numbers):
        return None
    return Billed(day, model, *numbers)


def _day(value: object) -> date | None:
    try:
        if isinstance(value, int | float) or (isinstance(value, str) and re.fullmatch(r"\d{9,11}(\.\d+)?", value)):
            found = datetime.fromtimestamp(float(value), UTC).date()
        elif isinstance(value, str):
            moment = datetime.fromisoformat(value.strip().replace(" UTC", ""))
            found = (moment if moment.tzinfo is None else moment.astimezone(UTC)).date()
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return found if found >= _EARLIEST else None


def _count(record: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    number = next((found for name in names if (found := _number(record.get(name))) is not None), None)
    return None if number is None or number < 0 else round(number)


def _cost(record: Mapping[str, Any], *, cents: bool) -> int | None:
    usd = next((found for name in _USD if (found := _number(record.get(name))) is not None), None)
    if usd is None and cents and (found := _number(record.get("amount"))) is not None:
        usd = found / 100
    return None if usd is None else round(usd * 1_000_000)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value.replace(",", "")) if isinstance(value, str) else float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
