"""Writing a report's files into a folder: whole or not at all, and never over a different report."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from goodmeasure.domain.errors import Refusal


def save_files(files: Mapping[str, bytes], folder: Path) -> tuple[Path, ...]:
    """Write files by their names into `folder`, made where missing; return their paths.

    Each file appears whole; a file that already holds the same bytes is left alone. Raises Refusal where a file of that
    name holds anything else (nothing is then written), or where the folder cannot be written to.
    """
    with _told(folder):
        for path, data in _missing(files, folder):
            _write(path, data)
    return tuple(folder / name for name in files)


def demand_place(files: Mapping[str, bytes], folder: Path) -> None:
    """Raise Refusal where `save_files` would: tried with a file as large as all together, which is gone again."""
    with _told(folder):
        probe = folder / f".{token_hex(8)}"
        try:
            probe.write_bytes(bytes(sum(len(data) for _, data in _missing(files, folder))))
        finally:
            probe.unlink(missing_ok=True)


def write_once(path: Path, data: bytes) -> None:
    """Write a file whole into its folder; one that already holds the same bytes is left alone.

    Raises Refusal where it holds anything else, OSError where it cannot be written.
    """
    if not _holds(path, data):
        _write(path, data)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refusal(f"The files cannot be saved in {folder} ({error.strerror}): choose another folder.") from error


def _missing(files: Mapping[str, bytes], folder: Path) -> list[tuple[Path, bytes]]:
    folder.mkdir(parents=True, exist_ok=True)
    return [(folder / name, data) for name, data in files.items() if not _holds(folder / name, data)]


def _holds(path: Path, data: bytes) -> bool:
    """Say whether the file is there with these bytes; False where there is none."""
    if not path.exists():
        return False
    if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return True
    raise Refusal(f"{path} already holds something else: choose another folder, or move that file away.")


def _write(path: Path, data: bytes) -> None:
    fresh = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        with fresh.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        _claim(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def _claim(fresh: Path, path: Path) -> None:
    # A hard link fails where the name is taken, so that two windows saving at once cannot overwrite each other.
    try:
        path.hardlink_to(fresh)
    except FileExistsError as error:
        raise Refusal(f"{path} appeared while saving: choose another folder.") from error
    except OSError:
        # Some file systems (FAT, many network shares) know no hard links.
        fresh.replace(path)
