"""Where the app keeps its things on this computer, and where its own resources lie."""

import os
from dataclasses import dataclass
from pathlib import Path

from goodmeasure.domain.errors import Refusal

PROFILE_VARIABLE = "GOODMEASURE_PROFILE_DIR"
"""Environment variable that names the profile folder; the option `--profile-dir` wins over it."""

_PACKAGE = Path(__file__).resolve().parent.parent
_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


class ProfileError(Refusal):
    """The profile folder cannot be used."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that the app keeps for one person lives inside this folder, readable by that person only."""

    folder: Path

    @property
    def ledger(self) -> Path:
        """The encrypted database."""
        return self.folder / "ledger.sqlite"

    @property
    def backups(self) -> Path:
        """Folder of copies made before each migration."""
        return self.folder / "backups"

    @property
    def settings(self) -> Path:
        """The settings as JSON."""
        return self.folder / "settings.json"

    @property
    def keys(self) -> Path:
        """JSON: where the ledger's key is kept, and the key itself only where no better place exists."""
        return self.folder / "keys.json"

    @property
    def signing_key(self) -> Path:
        """JSON: where the key that signs reports is kept."""
        return self.folder / "signing.json"

    @property
    def reports(self) -> Path:
        """Folder that reports are proposed to be saved in."""
        return self.folder / "reports"

    @property
    def logs(self) -> Path:
        """Folder of the app's own diagnostic logs."""
        return self.folder / "logs"


def profile_at(folder: Path | str | None = None) -> Profile:
    """Return the profile in `folder`, else in `$GOODMEASURE_PROFILE_DIR`, else in the platform's data folder.

    Nothing is created: `prepare` does that.
    """
    chosen = folder or os.environ.get(PROFILE_VARIABLE)
    if chosen:
        return Profile(Path(chosen).expanduser().absolute())
    import platformdirs  # noqa: PLC0415 - only a run without a named profile needs it

    return Profile(Path(platformdirs.user_data_dir("goodmeasure", appauthor=False)))


def prepare(profile: Profile) -> None:
    """Create the profile's folder (0700) where it is missing, and close it to others where it is open.

    Raises ProfileError where it cannot be created or written to.
    """
    private_folder(profile.folder)


def private_folder(folder: Path) -> Path:
    """Create `folder` with its parents, readable by its owner only (0700), and return it. Raises ProfileError."""
    try:
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        if os.name == "posix" and folder.stat().st_mode & 0o077:
            folder.chmod(_FOLDER_MODE)
    except OSError as error:
        raise ProfileError(
            f"The folder {folder} cannot be used ({error.strerror}): choose another with --profile-dir."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ProfileError(f"The folder {folder} cannot be written to: choose another with --profile-dir.")
    return folder


def write_private(file: Path, data: bytes) -> None:
    """Replace `file` with `data` in one step (0600): a reader meets the old or the new, never half.

    Raises ProfileError where the folder cannot be used or the disk is full; the old file then stays.
    """
    private_folder(file.parent)
    fresh = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE_MODE)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(file)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise ProfileError(
            f"The file {file} cannot be written ({error.strerror}): free some space or check its folder."
        ) from error
    _make_lasting(file.parent)


def _make_lasting(folder: Path) -> None:
    # A rename survives a power cut only once its folder is on the disk; Windows has no such call.
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def resource(name: str) -> Path:
    """Return the file or folder `name` (forward slashes) of the app's resources.

    It is looked for in the installed package, then in the checkout.

    Raises FileNotFoundError where neither has it.
    """
    for folder in (_PACKAGE / "resources", _PACKAGE.parent.parent / "resources"):
        found = folder.joinpath(*name.split("/"))
        if found.exists():
            return found
    raise FileNotFoundError(f"The app's own resource {name} is missing: install Good Measure again.")
