"""Measure imports of synthetic homes, side by side with two peers, in one run. On demand, never part of the tests.

    python tests/bench/run.py --size 300MB --size 1GB --runs 5 --write figures.md

Installs the peers from npm into a scratch folder (`--peers none` leaves them out), writes the homes, and runs every
tool in turn, several times over; medians are printed. Everything happens below `--scratch` (default: a temporary
folder); no tool ever sees this machine's own home, and the peers run with the prices they carry, without network use.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from goodmeasure.intake.synthetic import write_home
from goodmeasure.intake.synthetic_work import Tally, Truth

PEERS = ("ccusage@20.0.24", "tokscale@1.4.3", "bun@1.4.5")
"""Peers, pinned; tokscale's command line runs on bun, its core is native."""
COUNTERS = ("input", "cache read", "cache write", "output")
_MEMORY_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of one command and all processes it started."""

    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float | None
    """Sum of the proportional set sizes of the whole process tree, sampled; None where it was not sampled."""
    output: str


@dataclass(slots=True)
class Tool:
    """One program under measurement."""

    name: str
    command: list[str]
    environment: dict[str, str]
    totals: Callable[[str], list[int]]
    prepare_cold: Callable[[], None] = lambda: None
    found: list[int] = field(default_factory=list)


def main() -> None:
    """Run the bench as the command line says."""
    options = _options()
    scratch = Path(options.scratch or tempfile.mkdtemp(prefix="goodmeasure-bench-"))
    scratch.mkdir(parents=True, exist_ok=True)
    peers = _installed_peers(scratch) if options.peers == "npm" else None
    parts = [_machine(), *(_one_size(scratch, size, options.runs, peers) for size in options.size or ["300MB"])]
    text = "\n\n".join(parts) + "\n"
    sys.stdout.write(text)
    if options.write:
        Path(options.write).write_text(text, encoding="utf-8")
    if not options.scratch:
        shutil.rmtree(scratch)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", action="append", help="size of a home, such as 300MB or 1GB; may be repeated")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peers", choices=["npm", "none"], default="npm")
    parser.add_argument("--scratch", help="folder for homes, profiles and peers; kept, and used again")
    parser.add_argument("--write", help="also write the tables to this file")
    return parser.parse_args()


def _one_size(scratch: Path, size: str, runs: int, peers: Path | None) -> str:
    home, truth = _home(scratch, size)
    tools = [_ours(scratch, home), *(_peers(peers, scratch, home) if peers else [])]
    rows = [_cold(tools, runs), _nothing_new(tools, runs), _one_line(tools, home, runs)]
    memory = {tool.name: _memory(tool) for tool in tools}
    ledger = sum(path.stat().st_size for path in (scratch / "profile").glob("ledger.sqlite*"))
    lines = [
        f"## {size}: {truth.bytes / 1e6:,.0f} MB in {truth.files:,} files, {_calls(truth):,} calls",
        "",
        "| | " + " | ".join(tool.name for tool in tools) + " |",
        "| --- |" + " ---: |" * len(tools),
    ]
    for name, figures in zip(("cold", "nothing new", "one line appended"), rows, strict=True):
        lines.append(f"| {name}, wall s | " + " | ".join(f"{figures[tool.name][0]:.2f}" for tool in tools) + " |")
        lines.append(f"| {name}, CPU s | " + " | ".join(f"{figures[tool.name][1]:.2f}" for tool in tools) + " |")
    lines.append("| cold, peak memory MB | " + " | ".join(f"{memory[tool.name]:.0f}" for tool in tools) + " |")
    for place, counter in enumerate(COUNTERS):
        lines.append(
            f"| {counter} tokens against the truth | " + " | ".join(_error(t, truth, place) for t in tools) + " |"
        )
    lines += ["", f"Ledger: {ledger / 1e6:.1f} MB, {100 * ledger / truth.bytes:.1f} % of the logs."]
    return "\n".join(lines)


def _home(scratch: Path, size: str) -> tuple[Path, Truth]:
    megabytes = float(size[:-2]) * {"MB": 1, "GB": 1000}[size[-2:].upper()]
    home = scratch / f"home-{size}"
    shutil.rmtree(home, ignore_errors=True)
    return home, write_home(home, seed=1, megabytes=megabytes)


def _calls(truth: Truth) -> int:
    return sum(tally.generations for tally in truth.usage.values())


def _ours(scratch: Path, home: Path) -> Tool:
    profile = scratch / "profile"
    base = [sys.executable, "-m", "goodmeasure", "--home", str(home), "--profile-dir", str(profile)]
    environment = _environment(scratch / "empty-home")

    def totals(_output: str) -> list[int]:
        found = subprocess.run([*base, "usage", "--json"], env=environment, capture_output=True, check=True)
        told = json.loads(found.stdout)["totals"]
        written = (told["cache_write_5m_tokens"] or 0) + (told["cache_write_1h_tokens"] or 0)
        return [told["input_tokens"], told["cache_read_tokens"], written, told["output_tokens"]]

    return Tool(
        "Good Measure",
        [*base, "import", "--json"],
        environment,
        totals,
        prepare_cold=lambda: shutil.rmtree(profile, ignore_errors=True),
    )


def _peers(prefix: Path, scratch: Path, home: Path) -> list[Tool]:
    cache = scratch / "peer-cache"
    _empty_price_lists(cache / "tokscale")
    environment = {**_environment(home), "XDG_CACHE_HOME": str(cache), "BUN_INSTALL": str(scratch / "bun")}
    environment["PATH"] = f"{prefix / 'node_modules/.bin'}{os.pathsep}{environment['PATH']}"

    def of_ccusage(output: str) -> list[int]:
        told = json.loads(output)["totals"]
        return [told[name] for name in ("inputTokens", "cacheReadTokens", "cacheCreationTokens", "outputTokens")]

    def of_tokscale(output: str) -> list[int]:
        told = json.loads(output[output.index("{") :])
        return [told[name] for name in ("totalInput", "totalCacheRead", "totalCacheWrite", "totalOutput")]

    ccusage = next((prefix / "node_modules/@ccusage").glob("*/bin/ccusage*"))
    ccusage.chmod(0o755)
    tokscale = ["tokscale", "models", "--json", "--no-spinner", "--claude", "--codex"]
    return [
        Tool("ccusage 20.0.24", [str(ccusage), "daily", "--json", "--offline"], environment, of_ccusage),
        Tool(
            "tokscale 1.4.3", [str(prefix / "node_modules/.bin" / tokscale[0]), *tokscale[1:]], environment, of_tokscale
        ),
    ]


def _empty_price_lists(folder: Path) -> None:
    """Give tokscale price lists of its own format, or it would fetch them from the network and fail without."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("pricing-litellm.json", "pricing-openrouter.json"):
        (folder / name).write_text(json.dumps({"timestamp": int(time.time()), "data": {}}))


def _environment(home: Path) -> dict[str, str]:
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        "TZ": "UTC",
    }


def _installed_peers(scratch: Path) -> Path:
    prefix = scratch / "peers"
    if not (prefix / "node_modules/.bin/tokscale").exists():
        prefix.mkdir(parents=True, exist_ok=True)
        npm = shutil.which("npm")
        if npm is None:
            sys.exit("npm was not found: install Node.js, or leave the peers out with --peers none.")
        subprocess.run(
            [npm, "install", "--prefix", str(prefix), "--no-audit", "--no-fund", *PEERS], check=True, stdout=2
        )
    return prefix


Figures = dict[str, tuple[float, float]]
"""Median wall and CPU seconds by tool."""


def _cold(tools: Sequence[Tool], runs: int) -> Figures:
    def once(tool: Tool) -> Measured:
        tool.prepare_cold()
        measured = _run(tool)
        if not tool.found:
            tool.found = tool.totals(measured.output)
        return measured

    return _medians(tools, runs, once)


def _nothing_new(tools: Sequence[Tool], runs: int) -> Figures:
    return _medians(tools, runs, _run)


def _one_line(tools: Sequence[Tool], home: Path, runs: int) -> Figures:
    path = max((home / ".claude").rglob("*.jsonl"), key=lambda path: (path.stat().st_mtime_ns, str(path)))
    sample = next(line for line in path.read_text().splitlines() if '"type":"assistant"' in line)
    identity = json.loads(sample)["message"]["id"]
    number = 0

    def once(tool: Tool) -> Measured:
        nonlocal number
        number += 1
        with path.open("a") as stream:
            stream.write(sample.replace(identity, f"msg_bench_{number}") + "\n")
        return _run(tool)

    return _medians(tools, runs, once)


def _medians(tools: Sequence[Tool], runs: int, once: Callable[[Tool], Measured]) -> Figures:
    """Run every tool in turn, `runs` times over, after one round that only warms the caches."""
    seen: dict[str, list[Measured]] = {tool.name: [] for tool in tools}
    for number in range(runs + 1):
        for tool in tools:
            measured = once(tool)
            if number:
                seen[tool.name].append(measured)
    return {
        name: (statistics.median(m.wall_seconds for m in all_), statistics.median(m.cpu_seconds for m in all_))
        for name, all_ in seen.items()
    }


def _memory(tool: Tool) -> float:
    tool.prepare_cold()
    return _run(tool, sample_memory=True).peak_megabytes or 0.0


def _run(tool: Tool, *, sample_memory: bool = False) -> Measured:
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        before = os.times()
        start = time.perf_counter()
        process = subprocess.Popen(tool.command, env=tool.environment, stdout=output, stderr=errors)
        sampler = _Sampler(process.pid) if sample_memory else None
        status = process.wait()
        wall = time.perf_counter() - start
        after = os.times()
        peak = sampler.stop() if sampler else None
        output.seek(0)
        errors.seek(0)
        if status:
            sys.exit(f"{tool.name} ended with {status}: {errors.read().decode(errors='replace')[-2000:]}")
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        return Measured(wall, cpu, peak, output.read().decode())


class _Sampler:
    """Watches the memory of a process and all it starts, every ten milliseconds (Linux)."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak_kib = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> float:
        """Return the peak in megabytes (10^6 bytes)."""
        self._stopped.set()
        self._thread.join()
        return self._peak_kib * 1024 / 1e6

    def _watch(self) -> None:
        while not self._stopped.wait(_MEMORY_SECONDS):
            self._peak_kib = max(self._peak_kib, sum(map(_kib, _tree(self._pid))))


def _tree(pid: int) -> list[int]:
    found = [pid]
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += _tree(int(child))
    except OSError:
        pass
    return found


def _kib(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def _error(tool: Tool, truth: Truth, place: int) -> str:
    tallies = list(truth.usage.values())
    expected = sum(_counter(tally, place) for tally in tallies)
    difference = tool.found[place] - expected
    return "exact" if not difference else f"{100 * difference / expected:+.2f} %"


def _counter(tally: Tally, place: int) -> int:
    written = tally.cache_write_5m_tokens + (tally.cache_write_1h_tokens or 0)
    return (tally.input_tokens, tally.cache_read_tokens, written, tally.output_tokens)[place]


def _machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    facts: dict[str, Any] = {"system": platform.platform(), "Python": platform.python_version(), "cores": cores}
    return (
        "Measured " + time.strftime("%Y-%m-%d") + ": " + ", ".join(f"{name} {value}" for name, value in facts.items())
    )


if __name__ == "__main__":
    main()
