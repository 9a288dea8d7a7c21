"""The house's own rules: walls between rooms, what may never be loaded or opened, and how the code is written."""

import ast
import io
import os
import pwd
import re
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGE = CHECKOUT / "app" / "goodmeasure"
MODULES = sorted(PACKAGE.rglob("*.py"))
WRITTEN = [*MODULES, *sorted((CHECKOUT / "tests").rglob("*.py")), *sorted((CHECKOUT / "installer").rglob("*.py"))]
ROOMS = sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))
LONGEST_MODULE_LINES = 450

NEVER_SAID = {
    *("score", "scores", "scored", "scoring", "points", "streak", "streaks", "badges"),
    *("productivity", "roi", "efficiency", "leaderboard", "leaderboards"),
}
"""Words for things that the product does not have. (`level` is missing here: reports have levels of disclosure.)"""

SAID_FOR_A_REASON = {
    ("reports/interchange.py", "score"): "a part of the names that the foreign formats give to their fields",
    ("value/shares.py", "score"): "the name of the statistician's interval (Wilson's score interval)",
    ("ledger/models.py", "points"): "a verb",
    ("sources/codex/__init__.py", "points"): "a verb",
    ("sources/codex/reader.py", "score"): "a part of the name that the agent gave to one of its records",
    ("sources/claude_code/__init__.py", "points"): "a verb",
    ("reports/rollup_export.py", "points"): "a part of the name that the protocol gives to one of its fields",
    ("sources/otlp/decoding.py", "points"): "a part of the name that the protocol gives to one of its fields",
}

WATCHED = """
import sys
opened = []
def watch(event, args):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        family = getattr(getattr(args[0], "family", None), "name", "")
        if family != "AF_UNIX":
            opened.append((event, args[1:]))
sys.addaudithook(watch)
from goodmeasure.__main__ import main
status = 0
try:
    main()
except SystemExit as end:
    status = end.code
heavy = sorted({"PySide6", "shiboken6", "pyqtgraph", "numpy", "grpc", "google.protobuf", "pydantic"} & set(sys.modules))
sys.stderr.write(f"\\nstatus {status!r} opened {opened!r} loaded {heavy!r}\\n")
"""


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_walls_between_rooms() -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--version"],
        ["import", "--json"],
        ["usage", "--json"],
        ["runs", "--json"],
        ["doctor", "--json"],
        ["verify", str(CHECKOUT / "README.md")],
    ],
    ids=lambda words: words[0],
)
def test_terminal_loads_no_screen_and_opens_no_network(words: list[str], home: Path) -> None:
    recorded = next((CHECKOUT / "tests" / "clients" / "recorded").glob("claude-code-*/home"))
    place = ["--home", str(recorded), "--profile-dir", str(home / "profile")]
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED, *place, *words], capture_output=True, text=True, timeout=60, check=False
    )
    status = 1 if words[0] == "verify" else 0
    said = ran.stderr.strip().splitlines()[-1]
    assert re.fullmatch(rf"status ({status}|None) opened \[\] loaded \[\]", said.replace("None", str(status))), (
        ran.stderr
    )


CALLING = re.compile(
    r"http\.client|urllib\.request|create_connection|insecure_channel|secure_channel|\bopen_connection|getaddrinfo"
    r"|websockets|xmlrpc|aiohttp"
)
"""Words with which Python programs open a connection to somewhere."""


def test_nobody_calls_out() -> None:
    """Import contracts keep the network's modules out of all but two modules; these two may listen, never call."""
    found = [str(path.relative_to(PACKAGE)) for path in MODULES if CALLING.search(path.read_text(encoding="utf-8"))]
    assert not found


def test_only_the_loopback_address_is_ever_bound() -> None:
    servers = (PACKAGE / "intake" / "otlp").glob("*_server.py")
    texts = {path.name: path.read_text(encoding="utf-8") for path in servers}
    assert texts["http_server.py"].count('HOST = "127.0.0.1"') == 1
    assert "super().__init__((HOST, port), _Handler)" in texts["http_server.py"]
    assert 'add_insecure_port(f"{HOST}:{port}")' in texts["grpc_server.py"]
    assert not any("0.0.0.0" in text or "[::]" in text for text in texts.values())  # noqa: S104 - what must not be there


def test_every_room_has_its_door_sign() -> None:
    assert len(ROOMS) == 16
    for room in ROOMS:
        sign = ast.get_docstring(ast.parse((room / "__init__.py").read_text())) or ""
        positions = [sign.find(part) for part in ("Belongs here:", "Does not:", "May import:")]
        assert -1 not in positions, room.name
        assert positions == sorted(positions), room.name


def test_rooms_are_the_ones_in_the_wall_plan() -> None:
    plan = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
    assert sorted(name for layer in plan for name in layer.split(" | ")) == [room.name for room in ROOMS]


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "tools"}
    found = [path for path in MODULES if path.stem in drawers and path.parent.parent != PACKAGE / "sources"]
    assert not found


def test_modules_stay_short() -> None:
    long = {str(path.relative_to(PACKAGE)): len(lines_of(path)) for path in MODULES}
    assert not {name: length for name, length in long.items() if length > LONGEST_MODULE_LINES}


def test_every_exemption_has_its_reason() -> None:
    bare = re.compile(r"#\s*(noqa(:[A-Z0-9, ]+)?|type:\s*ignore(\[[\w, -]+\])?)")
    without = []
    for path in WRITTEN:
        for token in comments_of(path):
            rest = bare.sub("", token.string)
            if rest != token.string and not re.search(r"[a-zA-Z]{2}", rest):
                without.append(f"{path.relative_to(CHECKOUT)}:{token.start[0]}: {token.string}")
    assert not without, "\n".join(without)


def comments_of(path: Path) -> Iterator[tokenize.TokenInfo]:
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
    return (token for token in tokens if token.type == tokenize.COMMENT)


def test_words_that_the_product_has_no_thing_for() -> None:
    found = []
    texts = [path for path in (CHECKOUT / "resources").rglob("*") if path.suffix in {".html", ".css", ".json", ".j2"}]
    for path in [*MODULES, *texts]:
        place = path.relative_to(PACKAGE if path.is_relative_to(PACKAGE) else CHECKOUT).as_posix()
        for number, line in enumerate(lines_of(path), 1):
            spread = re.sub(r"([a-z])([A-Z])", r"\1 \2", line).lower()
            words = set(re.findall(r"[a-z]+", spread)) & NEVER_SAID
            found += [f"{place}:{number}: {word}" for word in words if (place, word) not in SAID_FOR_A_REASON]
    assert not found, "\n".join(found)


def tracked_texts() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        path = CHECKOUT / name
        if path.is_file() and path.suffix not in {".png", ".ttf", ".otf", ".sqlite", ".woff2", ".ico", ".zst"}:
            yield name, path.read_text(encoding="utf-8", errors="replace")


def test_nothing_of_the_machine_it_was_made_on() -> None:
    own_places = (f"{CHECKOUT}/", f"{pwd.getpwuid(os.getuid()).pw_dir}/")
    found = [f"{name}: {place}" for name, text in tracked_texts() for place in own_places if place in text]
    assert not found, "\n".join(found)


def test_locks_name_no_address() -> None:
    for lock in CHECKOUT.glob("requirements*.lock"):
        assert not re.search(r"://|^-", lock.read_text(), re.MULTILINE), lock.name


def test_the_app_names_no_address() -> None:
    # All of them are names of formats, kept by nobody's server.
    known = {"json-schema.org", "example.invalid", "scripts.sil.org", "www.w3.org", "ns.adobe.com", "purl.org"}
    found = {
        f"{path.relative_to(CHECKOUT)}: {host}"
        for path in [*MODULES, *(CHECKOUT / "resources").rglob("*.*")]
        if path.suffix not in {".ttf", ".otf", ".png", ".woff2"}
        for host in re.findall(r"(?:https?|wss?)://([\w.-]+)", path.read_text(encoding="utf-8"))
        if host not in known
    }
    assert not found, "\n".join(sorted(found))


def test_locks_belong_to_the_requirements() -> None:
    ran = subprocess.run(
        ["bash", "installer/lock", "--check"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    "script", ["installer/start", "installer/test", "installer/lock", "installer/setup.sh", ".ci/run"]
)
def test_shell_scripts_parse(script: str) -> None:
    assert subprocess.run(["bash", "-n", script], cwd=CHECKOUT, check=False).returncode == 0
