"""`serve-otlp` as a person runs it."""

import http.client
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sources.telemetry import captures

pytestmark = pytest.mark.loopback
REQUESTS = list(captures("claude-code-2.1.330/http-json"))

WATCHED = """
import sys
seen = []
def watch(event, args):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        family = getattr(getattr(args[0], "family", None), "name", "")
        if family != "AF_UNIX":
            seen.append((event, args[1][0] if len(args) > 1 else args))
sys.addaudithook(watch)
from goodmeasure.__main__ import main
try:
    main()
finally:
    sys.stderr.write(f"seen {sorted(set(seen))!r}\\n")
"""

Serve = Callable[..., "subprocess.Popen[str]"]


def command(profile: Path, *words: str) -> list[str]:
    return [sys.executable, "-c", WATCHED, "--profile-dir", str(profile), *words]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    made: list[subprocess.Popen[str]] = []

    def start(*words: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            command(tmp_path / "profile", "serve-otlp", *words),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        made.append(process)
        return process

    yield start
    for process in made:
        process.kill()
        process.communicate(timeout=30)


def ports_of(process: "subprocess.Popen[str]") -> tuple[int, int]:
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"127\.0\.0\.1:(\d+) \(HTTP\).*127\.0\.0\.1:(\d+) \(gRPC\)", line)
    assert found is not None, line
    return int(found[1]), int(found[2])


def post(port: int, body: bytes) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/v1/logs", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def said(profile: Path, *words: str) -> str:
    ran = subprocess.run(command(profile, *words), capture_output=True, text=True, timeout=60, check=True)
    return ran.stdout


def test_serves_until_told_to_stop_and_opens_nothing_else(serve: Serve, tmp_path: Path) -> None:
    process = serve("--http", "0", "--grpc", "0")
    port, _ = ports_of(process)
    assert [post(port, request.plain) for request in REQUESTS] == [200] * len(REQUESTS)
    assert post(port, b"{") == 400
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert out == f"Stopped. {len(REQUESTS)} requests were kept, 1 refused.\n"
    assert err.splitlines()[-1] == "seen [('socket.bind', '127.0.0.1')]"

    used = json.loads(said(tmp_path / "profile", "usage", "--json"))
    assert (used["totals"]["generations"], used["totals"]["output_tokens"]) == (6, 1574)
    doctor = json.loads(said(tmp_path / "profile", "doctor", "--json"))
    (claude,) = [source for source in doctor["sources"] if source["source"] == "claude-code"]
    assert claude["telemetry"]["calls"] == 6
    assert claude["telemetry"]["requests"] == len(REQUESTS)
    assert doctor["telemetry_refused"] == {"not an OTLP message": 1}
    assert "telemetry" in said(tmp_path / "profile", "doctor")


def test_a_taken_port_is_one_clear_sentence(serve: Serve, tmp_path: Path) -> None:
    port, _ = ports_of(serve("--http", "0", "--grpc", "0"))
    ran = subprocess.run(
        command(tmp_path / "profile", "serve-otlp", "--http", str(port), "--grpc", "0"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[0] == (
        f"Port {port} on 127.0.0.1 is taken, perhaps by another receiver: stop that one, or choose another port"
        " (on the Sources page, or with --http) and put it into the agents' settings."
    )


def test_waiting_costs_next_to_nothing(serve: Serve) -> None:
    process = serve("--http", "0", "--grpc", "0")
    port, _ = ports_of(process)
    assert post(port, REQUESTS[0].plain) == 200
    used = _cpu_ticks(process.pid)
    time.sleep(3)
    assert _cpu_ticks(process.pid) - used < 30, (
        "hundredths of a second of processor time; turning in a circle takes 300"
    )


def _cpu_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_the_settings_of_every_agent_are_printed(tmp_path: Path) -> None:
    text = said(tmp_path / "profile", "serve-otlp", "--settings")
    for name in ("~/.claude/settings.json", "~/.codex/config.toml", "~/.gemini/settings.json", "~/.qwen/settings.json"):
        assert name in text
    assert "http://127.0.0.1:4318" in text
