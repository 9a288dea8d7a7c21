"""Files that somebody handed in, read with care: no link is followed, nothing waited for, nothing unpacked."""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.encrypting import LARGEST_SEALED_BYTES
from goodmeasure.reports.files import REPORT_NAME, SIGNATURE_NAME
from goodmeasure.reports.opening import LARGEST_REPORT_BYTES

ENCRYPTED_SUFFIX: Final = ".age"
MOST_FILES: Final = 1000
"""Reports taken from one folder."""

_LARGEST_SIGNATURE: Final = 10_000
_FLAGS: Final = (
    os.O_RDONLY
    # A pipe is then not waited for, and a link that replaced the file since it was looked at is not followed.
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

Decrypt = Callable[[bytes], Mapping[str, bytes]]
"""Opens an encrypted file with the person's own key; returns the files in it by name. Raises Refusal."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """The two files of one report, as they came; nothing is known of them yet."""

    report: bytes
    signature: bytes


def reports_in(path: Path) -> list[Path]:
    """Return the report files that a named file or folder means.

    A folder means what lies in it and, one step deeper, in its folders: everything with a signature beside it, and
    everything encrypted. Raises Refusal where there is nothing, too much, or the folder cannot be read.
    """
    if path.is_symlink():
        raise Refusal(f"{path} is a link: choose what it leads to.")
    if not path.is_dir():
        return [_report_beside(path)]
    try:
        found = sorted(_found_in(path, deeper=True))
    except OSError as error:
        raise Refusal(f"{path} cannot be read ({error.strerror}): check its permissions.") from error
    if not found:
        raise Refusal(f"There is no report in {path}: choose a report.json, or a folder that holds some.")
    if len(found) > MOST_FILES:
        raise Refusal(f"There are {len(found)} reports in {path}: choose a folder with at most {MOST_FILES}.")
    return found


def arrived(path: Path, decrypt: Decrypt) -> Arrived:
    """Read one report and its signature. Raises Refusal, one sentence, where either is not a plain file of its size."""
    if path.suffix == ENCRYPTED_SUFFIX:
        files = decrypt(_read(path, LARGEST_SEALED_BYTES))
        if REPORT_NAME not in files or SIGNATURE_NAME not in files:
            raise Refusal(f"{path} holds no signed report: ask the sender for it again.")
        return Arrived(files[REPORT_NAME], files[SIGNATURE_NAME])
    return Arrived(_read(path, LARGEST_REPORT_BYTES), _read(_signature_of(path), _LARGEST_SIGNATURE))


def _report_beside(path: Path) -> Path:
    if path.suffix == ".sig":
        return path.with_suffix("")
    if path.suffix in {".html", ".pdf", ".csv"}:
        return path.with_suffix(".json")
    return path


def _signature_of(path: Path) -> Path:
    return path.with_name(path.name + ".sig")


def _found_in(folder: Path, *, deeper: bool) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            path = folder / entry.name
            if entry.is_dir(follow_symlinks=False):
                if deeper:
                    yield from _found_in(path, deeper=False)
            elif path.suffix == ENCRYPTED_SUFFIX or (path.suffix == ".json" and _signature_of(path).exists()):
                yield path


def _read(path: Path, most: int) -> bytes:
    """Return a plain file's bytes, one more than `most` at the most."""
    try:
        if path.is_symlink():
            raise Refusal(f"{path} is a link: choose what it leads to.")
        descriptor = os.open(path, _FLAGS)
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Refusal(f"{path} is not a plain file: a report is one.")
            data = stream.read(most + 1)
    except FileNotFoundError as error:
        raise Refusal(f"{path} is missing: a report and its .sig lie side by side.") from error
    except IsADirectoryError as error:
        raise Refusal(f"{path} is a folder: a report is a plain file.") from error
    except OSError as error:
        raise Refusal(f"{path} cannot be read ({error.strerror}): check its permissions.") from error
    if len(data) > most:
        raise Refusal(f"{path} is larger than {most // 1000:,} kB: it is not one that Good Measure writes.")
    return data
