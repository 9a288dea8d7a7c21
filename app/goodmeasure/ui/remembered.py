"""What the window remembers of itself: size, place, page, what was put off or closed. Losing it costs only these."""

import json
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from goodmeasure.host.paths import ProfileError, write_private


@dataclass(slots=True)
class PutOff:
    """What the person does not want to be asked on one day."""

    day: str = ""
    """The person's own day, `2026-11-23`."""
    everything: bool = False
    """Nobody asks until tomorrow."""
    skipped: list[int] = field(default_factory=list)
    """Drawn runs that were skipped: asked last."""

    def on(self, day: str) -> "PutOff":
        """Return this, emptied where another day has come."""
        if day != self.day:
            self.day, self.everything, self.skipped = day, False, []
        return self


@dataclass(frozen=True, slots=True)
class Remembered:
    """The window's own state."""

    geometry: str = ""
    """Qt's saved geometry, as base64; "" for none."""
    page: str = "overview"
    put_off: PutOff = field(default_factory=PutOff)
    silent: list[str] = field(default_factory=list)
    """Agents whose notice about deleted logs was closed, by key."""

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
        put_off = found.get("put_off") or {}
        return Remembered(
            str(found["geometry"]),
            str(found["page"]),
            PutOff(
                str(put_off.get("day", "")),
                bool(put_off.get("everything")),
                [int(run_id) for run_id in put_off.get("skipped", ())],
            ),
            [str(source) for source in found.get("silent", ())],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Remembered()


def remember(folder: Path, geometry: bytes, page: str, state: Remembered) -> None:
    """Write the state, with this geometry and page; where that cannot be done, the window opens as new next time."""
    newer = replace(state, geometry=b64encode(geometry).decode(), page=page)
    try:
        write_private(folder / "window.json", json.dumps(asdict(newer)).encode())
    except ProfileError:
        return
