"""A real agent under `watch`: only where one is installed (`tests.clients.record`), and only on demand."""

import json
import os
import subprocess
import sys

import pytest

WATCHED = os.environ.get("GOODMEASURE_WATCHED", "")
"""Key of the agent, with its version if it was installed with one."""


@pytest.mark.skipif(not WATCHED, reason="GOODMEASURE_WATCHED names no agent")
def test_each_answer_of_a_real_agent_is_in_the_ledger_and_the_total_is_the_truth() -> None:
    command = [sys.executable, "-m", "tests.clients.watched", WATCHED, "--minutes", "1"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = json.loads(ran.stdout)
    assert found["differing"] == {}
    assert found["seconds_until_seen"]["seen"] == found["answers_logged"] > found["prompts"]
