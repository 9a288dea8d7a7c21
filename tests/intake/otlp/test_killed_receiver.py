"""What an agent was told is kept is kept, also when the receiver is killed at that moment."""

import http.client
import json
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from goodmeasure.ledger.opening import Ledger

pytestmark = pytest.mark.loopback
SCRIPT = """
import sys
import time
from pathlib import Path
from goodmeasure.intake.otlp.receiver import Ports, Receiver
from goodmeasure.ledger.opening import open_ledger

ledger = open_ledger(Path(sys.argv[1]), b"k" * 32)
receiver = Receiver(ledger, cost_of=lambda _: (None, "unknown"), project_of=lambda cwd: (cwd, cwd), now=lambda: 1)
print(receiver.start(Ports(0, 0)), flush=True)
time.sleep(600)
"""
TRIALS = 8


def body(number: int) -> bytes:
    sent = {"event.name": "api_request", "session.id": "s1", "request_id": f"req_{number}", "model": "m"}
    counts = {"input_tokens": number, "output_tokens": 1}
    attributes = [
        *({"key": key, "value": {"stringValue": value}} for key, value in sent.items()),
        *({"key": key, "value": {"intValue": value}} for key, value in counts.items()),
    ]
    record = {"timeUnixNano": str(1_795_420_606_000_000_000 + number), "attributes": attributes}
    scope = {"scope": {"name": "com.anthropic.claude_code.events"}, "logRecords": [record]}
    return json.dumps({"resourceLogs": [{"scopeLogs": [scope]}]}).encode()


@pytest.fixture
def serving(tmp_path: Path, ledger: Ledger) -> Iterator[Callable[[], tuple["subprocess.Popen[str]", int]]]:
    script = tmp_path / "serving.py"
    script.write_text(SCRIPT)
    made: list[subprocess.Popen[str]] = []

    def start() -> tuple["subprocess.Popen[str]", int]:
        process = subprocess.Popen([sys.executable, str(script), str(ledger.path)], stdout=subprocess.PIPE, text=True)
        made.append(process)
        assert process.stdout is not None
        found = re.search(r"http=(\d+)", process.stdout.readline())
        assert found is not None
        return process, int(found[1])

    yield start
    for process in made:
        process.kill()
        process.communicate(timeout=30)


def test_nothing_acknowledged_is_lost(
    serving: Callable[[], tuple["subprocess.Popen[str]", int]], ledger: Ledger
) -> None:
    chance = random.Random(3)  # noqa: S311 - moments to kill at, no secrets
    acknowledged: set[int] = set()
    numbers = iter(range(1, 100_000))
    cut = 0
    for _ in range(TRIALS):
        process, port = serving()

        def send(port: int = port) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            try:
                while True:
                    number = next(numbers)
                    connection.request("POST", "/v1/logs", body(number), {"Content-Type": "application/json"})
                    answer = connection.getresponse()
                    answer.read()
                    if answer.status == 200:
                        acknowledged.add(number)
            except (OSError, http.client.HTTPException):
                connection.close()

        sender = threading.Thread(target=send)
        sender.start()
        time.sleep(chance.uniform(0.05, 0.4))
        cut += process.poll() is None
        process.kill()
        sender.join(30)
        kept = {row[0] for row in ledger.raw().execute("SELECT input_tokens FROM generation")}
        assert acknowledged <= kept
        assert len(kept - acknowledged) <= TRIALS, "at most the one under way when it was killed"
    assert cut == TRIALS
    assert len(acknowledged) > TRIALS
    assert ledger.raw().execute("PRAGMA quick_check").fetchone() == ("ok",)
