"""Keeping the ledger: a copy that can be opened again, putting one back, and taking in another computer's."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goodmeasure.domain.errors import Refusal
from goodmeasure.host import bundles
from goodmeasure.host.clock import Clock
from goodmeasure.host.git import project_of
from goodmeasure.host.keys import KeyProblem, key_by_code, key_mark, ledger_key, recover_key
from goodmeasure.host.paths import Profile, private_folder, profile_at
from goodmeasure.ledger.absorbing import Absorbed, absorb
from goodmeasure.ledger.backups import backup_to, free_name, keep_newest, restore_from
from goodmeasure.ledger.opening import Ledger, open_ledger

__all__ = ["Absorbed", "Backup", "Merged", "back_up", "merge", "restore"]

AskPassphrase = Callable[[], str | None]
KEPT_COPIES = 5
"""How many copies made before a merge are kept, with those made before migrations."""
_MARK_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was written."""

    file: Path
    size_bytes: int
    opens_with: str
    """What it takes to open it elsewhere, in words for the person."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What another profile brought, and the copy that was made first."""

    absorbed: Absorbed
    copy: Path


def back_up(ledger: Ledger, profile: Profile, store: str, file: Path) -> Backup:
    """Write the ledger, as it is now, and what is needed to open it to one `file`.

    `store`: where its key is kept (`KeyStatus.store`). Raises Refusal where `file` exists or cannot be written.
    """
    with _scratch(profile) as folder:
        copy = backup_to(ledger, folder / bundles.LEDGER)
        bundles.pack(file, copy, [profile.keys, profile.signing_key, profile.settings])
    return Backup(file, file.stat().st_size, _OPENS_WITH.get(store, _OPENS_WITH["keyring"]))


_OPENS_WITH = {
    "keyring": "On this computer it opens by itself, elsewhere with your recovery code.",
    "passphrase": "It opens with your passphrase, or with your recovery code.",
    "file": "It holds its own key: whoever has the file can read it. Keep it in a safe place.",
}


def restore(profile: Profile, file: Path, ask_passphrase: AskPassphrase, code: str | None = None) -> Path | None:
    """Put a backup in the place of the profile's ledger, keys and settings; return where the old ledger now lies.

    `code`: the recovery code, where the backup's key cannot be had otherwise. Nothing may have the profile open. Raises
    Refusal, and leaves the profile as it was, for a file that is no backup, is damaged, cannot be opened, or was
    written by a newer version.
    """
    with _scratch(profile) as folder:
        fresh = bundles.unpack(file, folder / "backup")
        key = _key_of(fresh, profile, ask_passphrase, code)
        with _named(fresh.ledger, file):
            open_ledger(fresh.ledger, key, backups=folder / "migrated").close()
            there = profile.ledger.exists()
            restore_from(fresh.ledger, profile.ledger, key)
        if code is not None:
            recover_key(fresh, code)
        bundles.put_in_place(fresh, profile)
    old = profile.ledger.with_name(f"{profile.ledger.name}.replaced")
    return old if there and old.exists() else None


def merge(
    ledger: Ledger,
    profile: Profile,
    other: Path,
    *,
    ask_passphrase: AskPassphrase,
    code: str | None,
    cost_of: Callable[[Sequence[Any]], tuple[int | None, str]],
    clock: Clock,
    keep_titles: bool,
) -> Merged:
    """Take the ledger of another profile in; that one is not changed. A copy of ours is made first.

    Doing so again changes nothing. Raises Refusal for a folder that is no profile, a key that cannot be had, and a
    ledger that is damaged or newer than this version.
    """
    source = profile_at(other)
    if not source.ledger.is_file():
        raise Refusal(f"There is no Good Measure profile at {other}: name the folder that holds ledger.sqlite.")
    if source.ledger.samefile(profile.ledger):
        raise Refusal(f"{other} is this profile itself: name another.")
    key = key_by_code(source, code) if code is not None else ledger_key(source, ask_passphrase)[0]
    with _scratch(profile) as folder:
        # A copy, so that an older schema can be brought up to date without changing the other profile.
        original = Ledger(source.ledger, key)
        try:
            backup_to(original, folder / bundles.LEDGER)
        finally:
            original.close()
        with _named(folder / bundles.LEDGER, source.ledger):
            guest = open_ledger(folder / bundles.LEDGER, key, backups=folder / "migrated")
        try:
            copy = backup_to(ledger, free_name(profile.backups, "before-merge"))
            keep_newest(profile.backups, KEPT_COPIES)
            label = f"merged-{(key_mark(source) or '')[:_MARK_LENGTH]}"
            absorbed = absorb(
                ledger,
                guest,
                label,
                cost_of=cost_of,
                project_of=project_of,
                at=clock.now(),
                keep_titles=keep_titles,
            )
        finally:
            guest.close()
    return Merged(absorbed, copy)


def _key_of(fresh: Profile, profile: Profile, ask_passphrase: AskPassphrase, code: str | None) -> bytes:
    """Return the key of a laid-out backup: this profile's own where it is the same, else as the backup says."""
    if code is not None:
        return key_by_code(fresh, code)
    try:
        same = key_mark(fresh) is not None and key_mark(fresh) == key_mark(profile)
        return ledger_key(profile if same else fresh, ask_passphrase)[0]
    except KeyProblem as problem:
        raise Refusal(f"{problem} A backup also opens with --recovery-code.") from problem


@contextmanager
def _scratch(profile: Profile) -> Iterator[Path]:
    """Lend a folder inside the profile, so that nothing secret lies elsewhere and moving is renaming."""
    private_folder(profile.folder)
    folder = Path(tempfile.mkdtemp(prefix=".work-", dir=profile.folder))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _named(working: Path, real: Path) -> Iterator[None]:
    """Let a refusal name the file that the person knows, not the working copy."""
    try:
        yield
    except Refusal as refusal:
        raise type(refusal)(str(refusal).replace(str(working), str(real))) from refusal
