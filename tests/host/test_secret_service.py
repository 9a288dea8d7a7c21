"""The real Secret Service: a D-Bus session and gnome-keyring of the test's own, in a scratch home."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NEEDED = ("dbus-run-session", "gnome-keyring-daemon")
MISSING = [program for program in NEEDED if shutil.which(program) is None]

SCRIPT = """
import sys
from goodmeasure.host.keys import ledger_key
from goodmeasure.host.paths import profile_at
profile = profile_at(sys.argv[1])
key, status = ledger_key(profile)
again, _ = ledger_key(profile)
print(status.store, key == again, key.hex() in profile.keys.read_text(), flush=True)
import keyring
print(type(keyring.get_keyring()).__module__, flush=True)
"""
SESSION = """
printf '\\n' | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null
"$0" -c "$1" "$2"
status=$?
kill "$(cat "$XDG_RUNTIME_DIR/daemon.pid" 2>/dev/null)" 2>/dev/null
exit $status
"""


def test_the_key_lies_in_the_real_secret_service(home: Path, tmp_path: Path) -> None:
    if MISSING and os.environ.get("CI") == "true":
        pytest.fail(f"{', '.join(MISSING)} missing: apt-get install dbus gnome-keyring")
    if MISSING:
        pytest.skip(f"{', '.join(MISSING)} missing: apt-get install dbus gnome-keyring to run this test")
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    surroundings = {
        name: value for name, value in os.environ.items() if not name.startswith(("DBUS_", "PYTHON_KEYRING"))
    }
    surroundings |= {"HOME": str(home), "XDG_DATA_HOME": str(tmp_path / "data"), "XDG_RUNTIME_DIR": str(runtime)}
    told = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", SESSION, sys.executable, SCRIPT, str(tmp_path / "profile")],
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert told.stdout.splitlines() == ["keyring True False", "keyring.backends.SecretService"], told.stderr
