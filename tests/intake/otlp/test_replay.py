"""Every capture sent again, as its agent sent it, ends in the ledger exactly once."""

from collections import Counter
from typing import Any

import pytest

from tests.intake.otlp.conftest import Running
from tests.sources.telemetry import TRUTH, captures
from tests.sources.test_telemetry import expected_of, source_of

pytestmark = pytest.mark.loopback
CALLS = (
    "SELECT name, input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens,"
    " reasoning_tokens FROM generation LEFT JOIN model ON model.id = model_id"
)


@pytest.mark.parametrize("name", TRUTH)
def test_capture_is_exact_and_sent_again_changes_nothing(running: Running, name: str) -> None:
    for _ in range(2):
        for request in captures(name):
            running.send(request)
        assert Counter(running.rows(CALLS)) == expected_of(name)
    assert [row[0] for row in running.rows("SELECT source FROM telemetry_feed")] == [source_of(name)]
    assert running.rows("SELECT count(*) FROM telemetry_refusal") == [(0,)]


def test_the_screens_sums_follow(running: Running) -> None:
    for request in captures("claude-code-2.1.330/http-protobuf"):
        running.send(request)
    running.receiver.stop()
    whole: list[tuple[Any, ...]] = running.rows("SELECT count(*), sum(output_tokens) FROM generation")
    assert running.rows("SELECT sum(generations), sum(output_tokens) FROM run_summary") == whole
    assert running.rows("SELECT sum(generations), sum(output_tokens) FROM usage_bucket") == whole
