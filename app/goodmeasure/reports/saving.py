"""Writing a report's files into a folder: whole or not at all, and never over a different report."""

import os
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex

from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.files import ReportFiles


def save_report(files: ReportFiles, folder: Path) -> tuple[Path, ...]:
    """Write `report.json`, `report.json.sig`, `report.html` into `folder`, made where missing; return their paths.

    Raises Refusal as `save_files` does.
    """
    return save_files(files.by_name(), folder)


def save_files(files: Mapping[str, bytes], folder: Path) -> tuple[Path, ...]:
    """Write files by their names into `folder`, made where missing; return their paths.

    Each file appears whole; a file that already holds the same bytes is left alone. Raises Refusal where a file of that
    name holds anything else (nothing is then written), or where the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        missing = [(folder / name, data) for name, data in files.items() if not _holds(folder / name, data)]
        for path, data in missing:
            _write(path, data)
    except OSError as error:
        raise Refusal(f"The files cannot be saved in {folder} ({error.strerror}): choose another folder.") from error
    return tuple(folder / name for name in files)


def write_once(path: Path, data: bytes) -> None:
    """Write a file whole into its folder; one that already holds the same bytes is left alone.

    Raises Refusal where it holds anything else, OSError where it cannot be written.
    """
    if not _holds(path, data):
        _write(path, data)


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
