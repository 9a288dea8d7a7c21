"""What the person chose, as a small JSON file in the profile."""

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from goodmeasure.host.paths import Profile, write_private


@dataclass(frozen=True, slots=True)
class Settings:
    """Every choice and its default."""

    timezone: str = ""
    """IANA name of the reporting zone; empty: the computer's own."""
    theme: str = "system"
    """`system`, `light` or `dark`."""
    keep_titles: bool = True
    """Keep a local title of each run."""
    split_at_pauses: bool = True
    """Make what an agent did after a pause, on something else, a run of its own."""
    ask_guesses: bool = True
    """Ask private guesses of one run in ten."""
    tray_dot: bool = True
    """Show a dot in the system's tray while runs of today's draw wait."""
    find_evidence: bool = True
    """Look for commits after reading, while the window is open."""
    report_name: str = ""
    """The person's name as reports carry it."""
    team_folder: str = ""
    """The folder that the team shares for its sums; empty: none."""
    receive_telemetry: bool = False
    """Listen on the loopback address for what agents send, while the window is open."""
    telemetry_http_port: int = 4318
    telemetry_grpc_port: int = 4317
    own_prices: dict[str, Any] = field(default_factory=dict)
    """Model → `input`, `output` and, where they differ, `cache_read`, `cache_write_5m`, `cache_write_1h`.

    USD per million tokens; they stand before the list prices."""
    model_aliases: dict[str, Any] = field(default_factory=dict)
    """A company gateway's name of a model → the name that its provider gives it."""
    plans: dict[str, Any] = field(default_factory=dict)
    """Source → monthly price of its subscription in USD."""


def read_settings(profile: Profile) -> tuple[Settings, str | None]:
    """Return the settings, and a sentence for the person where some could not be read and stand at their defaults."""
    found, problem = _document(profile)
    wrong = [name for name in _names() if name in found and not isinstance(found[name], _kind(name))]
    settings = Settings(**{name: found[name] for name in _names() if name in found and name not in wrong})
    if wrong:
        problem = f"The settings {', '.join(wrong)} in {profile.settings} cannot be read: their defaults are used."
    return settings, problem


def write_settings(profile: Profile, settings: Settings) -> None:
    """Replace the settings file in one step; keys that this version does not know are kept. Raises ProfileError."""
    document = {**_document(profile)[0], **asdict(settings)}
    write_private(profile.settings, json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n")


def _document(profile: Profile) -> tuple[dict[str, Any], str | None]:
    try:
        found = json.loads(profile.settings.read_bytes())
    except FileNotFoundError:
        return {}, None
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        return {}, f"The settings {profile.settings} are damaged: the defaults are used until you change one."
    return found, None


def _names() -> list[str]:
    return [one.name for one in fields(Settings)]


def _kind(name: str) -> type:
    return type(getattr(Settings(), name))
