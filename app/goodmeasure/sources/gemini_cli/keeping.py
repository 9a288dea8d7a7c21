"""How long Gemini CLI keeps its chats."""

import re

import msgspec

_DAYS = {"h": 1 / 24, "d": 1, "w": 7, "m": 30}


class _Retention(msgspec.Struct):
    enabled: bool = True
    age: str = msgspec.field(default="30d", name="maxAge")


class _General(msgspec.Struct):
    retention: _Retention = msgspec.field(default_factory=_Retention, name="sessionRetention")


class _Settings(msgspec.Struct):
    general: _General = msgspec.field(default_factory=_General)


_decode = msgspec.json.Decoder(_Settings).decode


def kept_days(settings: bytes) -> int | None:
    """Return after how many days chats are deleted, as `settings.json` says; None: never, or it cannot be read."""
    try:
        retention = _decode(settings or b"{}").general.retention
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    age = re.fullmatch(r"(\d{1,6})([hdwm])", retention.age)
    return int(int(age[1]) * _DAYS[age[2]]) if retention.enabled and age else None
