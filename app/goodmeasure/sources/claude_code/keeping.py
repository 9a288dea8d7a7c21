"""How long Claude Code keeps its transcripts."""

import msgspec

_USUAL_DAYS = 30


class _Settings(msgspec.Struct):
    days: int = msgspec.field(default=_USUAL_DAYS, name="cleanupPeriodDays")


_decode = msgspec.json.Decoder(_Settings).decode


def kept_days(settings: bytes) -> int | None:
    """Return after how many days transcripts are deleted, as `settings.json` says; None where it cannot be read."""
    try:
        return _decode(settings or b"{}").days
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
