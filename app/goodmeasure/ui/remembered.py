"""What the window remembers of itself: size, place, page. A lost or damaged file costs nothing but these."""

import json
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import asdict, dataclass
from pathlib import Path

from goodmeasure.host.paths import ProfileError, write_private


@dataclass(frozen=True, slots=True)
class Remembered:
    """The window's own state."""

    geometry: str = ""
    """Qt's saved geometry, as base64; "" for none."""
    page: str = "overview"

    def geometry_bytes(self) -> bytes:
        """Return Qt's saved geometry; empty where it cannot be read."""
        try:
            return b64decode(self.geometry, validate=True)
        except (Base64Error, ValueError):
            return b""


def remembered(folder: Path) -> Remembered:
    """Read the state from the profile; the defaults where it is missing or damaged."""
    try:
        found = json.loads((folder / "window.json").read_text(encoding="utf-8"))
        return Remembered(*(str(found[name]) for name in Remembered.__dataclass_fields__))
    except (OSError, ValueError, KeyError, TypeError):
        return Remembered()


def remember(folder: Path, geometry: bytes, page: str) -> None:
    """Write the state into the profile; where that cannot be done, the window opens as new next time."""
    state = Remembered(b64encode(geometry).decode(), page)
    try:
        write_private(folder / "window.json", json.dumps(asdict(state)).encode())
    except ProfileError:
        return
