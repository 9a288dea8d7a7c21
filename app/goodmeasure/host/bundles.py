"""A backup as one file: a zip of the encrypted ledger and of what is needed to open it, nothing packed tighter.

`ledger.sqlite` is encrypted, `keys.json` says where its key is kept (or holds it, wrapped or bare, as the profile's own
does), `signing.json` is encrypted under the ledger's key, `settings.json` is what the person chose.
"""

import os
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

from goodmeasure.host.paths import Profile, ProfileError, private_folder

LEDGER = "ledger.sqlite"
SMALL = ("keys.json", "signing.json", "settings.json")
_MOST_SMALL_BYTES = 1 << 20
_FIRST_DATE = (1980, 1, 1, 0, 0, 0)


def pack(file: Path, ledger: Path, small: Sequence[Path]) -> None:
    """Write a backup to `file` (0600) from a copy of the ledger and small files of the profile, where they exist.

    Raises ProfileError where `file` exists or cannot be written; nothing of it then remains.
    """
    if file.exists():
        raise ProfileError(f"The file {file} exists already: choose another name for the backup.")
    part = file.with_name(f".{file.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as bundle:
                for source in small:
                    if source.exists():
                        bundle.writestr(zipfile.ZipInfo(source.name, _FIRST_DATE), source.read_bytes())
                bundle.write(ledger, LEDGER)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ProfileError(f"The backup {file} cannot be written ({error.strerror}): choose another folder.") from error


def unpack(file: Path, folder: Path) -> Profile:
    """Lay a backup out in `folder`, which becomes a profile. Raises ProfileError where `file` is no backup of ours."""
    profile = Profile(private_folder(folder))
    try:
        with zipfile.ZipFile(file) as bundle:
            for member in _members(bundle):
                _lay_out(bundle, member, folder / member.filename)
    except FileNotFoundError as error:
        raise ProfileError(f"There is no backup {file}: check the name.") from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ProfileError(f"The file {file} is no whole backup of Good Measure: choose another.") from error
    except OSError as error:
        raise ProfileError(f"The backup {file} cannot be read ({error.strerror}): check its permissions.") from error
    return profile


def _members(bundle: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return what a backup of ours holds. Raises zipfile.BadZipFile for any other zip."""
    members = {info.filename: info for info in bundle.infolist() if info.filename in (LEDGER, *SMALL)}
    for member in members.values():
        packed = member.compress_type != zipfile.ZIP_STORED or member.file_size != member.compress_size
        if packed or (member.filename != LEDGER and member.file_size > _MOST_SMALL_BYTES):
            raise zipfile.BadZipFile
    if not {LEDGER, "keys.json"} <= members.keys():
        raise zipfile.BadZipFile
    return list(members.values())


def _lay_out(bundle: zipfile.ZipFile, member: zipfile.ZipInfo, file: Path) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream, bundle.open(member) as source:
        shutil.copyfileobj(source, stream)


def put_in_place(fresh: Profile, profile: Profile) -> None:
    """Move the small files of a laid-out backup into the profile; what they replace is kept beside them.

    Raises ProfileError.
    """
    try:
        for name in SMALL:
            new, old = fresh.folder / name, profile.folder / name
            if not new.exists():
                continue
            if old.exists() and old.read_bytes() != new.read_bytes():
                old.replace(old.with_name(f"{name}.replaced"))
            new.replace(old)
    except OSError as error:
        raise ProfileError(
            f"The profile {profile.folder} cannot be written ({error.strerror}): check its permissions."
        ) from error
