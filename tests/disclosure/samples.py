"""One valid report of each level, every field filled, as plain values: to be changed, opened and drawn."""

import hashlib
from typing import Any, Final

import msgspec

from goodmeasure.disclosure.levels import Level, Report
from goodmeasure.disclosure.sealing import sealed, sealed_week
from goodmeasure.disclosure.single_runs import RunRecord


def digits(text: str) -> str:
    """Return 64 hex digits that look like any others."""
    return hashlib.sha256(text.encode()).hexdigest()


HEAD: Final[dict[str, Any]] = {
    "format": "goodmeasure-report/1",
    "taxonomy": 1,
    "name": "Ada Example",
    "audience": "Platform leads",
    "purpose": "To decide which work we give to agents next",
    "period": "2026-W47",
    "written_in": "2026-W48",
    "expires_after": "2027-W08",
    "audit_head": digits("head"),
    "audit_links": [digits(f"link {week}") for week in range(53)],
}
WORDS: Final[dict[str, Any]] = {
    "improved": [
        {"text": "The release checklist now runs itself.", "evidence": "verified"},
        {"text": "Found the cause of the slow export.", "evidence": "self_reported"},
    ],
    "did_not_work": ["Long runs lose their place."],
    "needed": ["Read access to the staging logs."],
}
CELLS: Final[dict[str, Any]] = {
    "outcome": {
        "shares": {
            "used": "40-50",
            "informed": "10-20",
            "partial": "10-20",
            "discarded": "0-10",
            "harmful": None,
            "other": None,
            "not_rated": "20-30",
        },
        "app_drawn": "40-50",
        "estimate": {
            "response": "80-90",
            "used": "40-70",
            "informed": "0-20",
            "partial": "0-30",
            "discarded": None,
            "harmful": None,
        },
    },
    "need": {
        "shares": {
            "essential": "10-20",
            "helpful": "30-40",
            "extra": None,
            "unnecessary": None,
            "other": "0-10",
            "not_rated": "30-40",
        },
        "app_drawn": "40-50",
        "estimate": None,
    },
    "review": {"shares": None, "app_drawn": None, "estimate": None},
}
NUMBERS: Final[dict[str, Any]] = {
    "counts": {
        "outcome": {"used": "64-127", "informed": "16-31", "partial": "16-31", "discarded": "8-15", "harmful": None},
        "need": {"essential": "16-31", "helpful": "32-63", "extra": None, "unnecessary": None},
        "review": None,
    },
    "time": {
        "verified": {"low_minutes": 720, "high_minutes": 1560, "runs": "16-31", "losing_runs": None},
        "linked": None,
        "self_reported": {"low_minutes": -90, "high_minutes": 3600, "runs": "32-63", "losing_runs": "5-7"},
        "other": None,
    },
    "noisy_runs": {"runs": 139, "epsilon_tenths": 10},
    "cost": {
        "lines": [
            {
                "provider": "anthropic",
                "list_cost_cents": 41_000,
                "input_tokens": 1_900_000,
                "cache_read_tokens": 210_000_000,
                "cache_write_tokens": 8_700_000,
                "output_tokens": 2_300_000,
                "estimated": "0-10",
                "unpriced": "0-10",
            },
            {
                "provider": "other",
                "list_cost_cents": None,
                "input_tokens": 85_000,
                "cache_read_tokens": None,
                "cache_write_tokens": None,
                "output_tokens": 12_000,
                "estimated": "90-100",
                "unpriced": "90-100",
            },
        ]
    },
    "oversight": {
        "autonomy": {
            "asked_each": "30-40",
            "auto_edits": "40-50",
            "auto_all": None,
            "unattended": "10-20",
            "other": None,
            "not_known": "10-20",
        },
        "data_class": {
            "public": None,
            "internal": "80-90",
            "confidential": "0-10",
            "restricted": None,
            "other": None,
            "not_known": "0-10",
        },
        "actions": {
            "pushed": "16-31",
            "tracker_changed": "8-15",
            "message_sent": None,
            "file_shared": None,
            "deployed": "5-7",
            "paid": None,
        },
        "checks": {"checked": "50-60", "unchecked": "10-20", "not_rated": "20-30"},
    },
}
RECORD: Final[dict[str, Any]] = {
    "run_week": "2026-W47",
    "work_kind": "fix",
    "outcome": "used",
    "need": "helpful",
    "review": "accepted",
    "time_saved": "saved_30_60",
    "evidence": "linked",
}
_SALTS: Final = {4711: digits("salt"), 12: digits("other salt")}
_TREE: Final = sealed_week(
    {place: sealed(msgspec.convert(RECORD, RunRecord), bytes.fromhex(salt)) for place, salt in _SALTS.items()},
    bytes(32),
)


def _opened(place: int) -> dict[str, Any]:
    return {
        "sealed_in": "2026-W47",
        "runs_root": _TREE.root.hex(),
        "place": place,
        "salt": _SALTS[place],
        "path": [beside.hex() for beside in _TREE.path(place)],
        "record": RECORD,
        "references": [],
    }


RUN: Final[dict[str, Any]] = {
    **_opened(4711),
    "references": [
        {"kind": "commit", "text": "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"},
        {"kind": "pull_request", "text": "tools/site#12"},
        {"kind": "ticket", "text": "ABC-123"},
    ],
}
LEVELS_FILLED: Final[dict[Level, dict[str, Any]]] = {
    "L0": {"level": "L0", **HEAD, "runs_root": digits("root")},
    "L1": {"level": "L1", **HEAD, "restates": None, "words": WORDS, **CELLS},
    "L2": {"level": "L2", **HEAD, "restates": digits("earlier"), "words": WORDS, **CELLS, **NUMBERS},
    "L3": {"level": "L3", **HEAD, "words": WORDS, "runs": [RUN, _opened(12)]},
}


def sample(level: Level) -> Report:
    """Return the report of this level. Its audit log is made up; its runs are truly sealed."""
    report: Report = msgspec.convert(LEVELS_FILLED[level], Report, strict=True)
    return report
