"""The command line for tests: as the program runs it, in this process or in one of its own."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backends.fail import Keyring

from goodmeasure.__main__ import main
from goodmeasure.host import keys


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Terminal:
    """The program on one home and one profile.

    A call runs a command in this process, from `main` to its exit status, a tenth of a second instead of most of one.
    `apart` is the same in a process of its own; `test_apart.py` demands that both say the same.
    """

    home: Path
    profile: Path

    def __call__(self, *arguments: str | Path, **variables: str) -> Said:
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
        command = ["goodmeasure", *self._words(arguments)]
        with _as_if_started(command, variables), redirect_stdout(out), redirect_stderr(err):
            status = _status()
        return Said(status, _text(out), _text(err))

    def apart(self, *arguments: str | Path, **variables: str) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "goodmeasure", *self._words(arguments)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            timeout=120,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def _words(self, arguments: tuple[str | Path, ...]) -> list[str]:
        return ["--profile-dir", str(self.profile), "--home", str(self.home), *map(str, arguments)]


@contextmanager
def _as_if_started(command: list[str], variables: Mapping[str, str]) -> Iterator[None]:
    """Give the command what a process of its own would have: nobody at the terminal, no keyring, no key remembered."""
    usual = keyring.get_keyring()
    with pytest.MonkeyPatch.context() as patch, Path(os.devnull).open(encoding="utf-8") as nobody:
        patch.setattr(sys, "argv", command)
        patch.setattr(sys, "stdin", nobody)
        patch.setattr(keys, "_opened", {})
        for name, value in variables.items():
            patch.setenv(name, value)
        keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]  # keyring's initialiser has no types
        try:
            yield
        finally:
            keyring.set_keyring(usual)


def _status() -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _text(written: io.TextIOWrapper) -> str:
    written.seek(0)
    return written.read()
