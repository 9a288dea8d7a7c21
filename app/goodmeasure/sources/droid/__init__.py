"""Factory Droid: sessions of the terminal client `droid`.

What it is
    Two files per session: JSON lines with the conversation, and beside them a settings file, written anew after each
    call, with the session's running token total. Calls have no counts of their own, so a session is one entry: its
    latest total, at its first answer, under the model chosen last.

Where it writes
    `~/.factory/sessions/<folder>/<session>.jsonl` and `<session>.settings.json`; `FACTORY_DIR`, `FACTORY_HOME` and
    `FACTORY_HOME_OVERRIDE` move it. The `.bak` beside a settings file is its last version and not read.

Evidence
    One session of January 2026 in the fixtures of git-ai-project/git-ai; notes of other readers on the clients 0.199
    and 0.231 (turn outcomes, calling sessions); mm7894215/TokenTracker issue 204, junhoyeo/tokscale issue 135 (0.56.3
    wrote no totals); checked 2026-11-23. No client was run here: it needs a login.

What it does not record
    Tokens, cost or time of a single call; the model of each part of the total where a session used several; whether
    reasoning is part of the output (taken as such); approvals. Factory's credits have no public price.
"""

from goodmeasure.sources.base import Capability, Document, Lines, Reading, Root, Source
from goodmeasure.sources.droid.reader import DroidReader
from goodmeasure.sources.droid.session import KEY
from goodmeasure.sources.droid.settings import read_settings

_YES, _NO = Capability.YES, Capability.NO
_MOVED = (("FACTORY_DIR", ""), ("FACTORY_HOME", ""), ("FACTORY_HOME_OVERRIDE", ".factory"))
_FILES: tuple[tuple[str, Reading], ...] = (
    ("sessions/**/*.jsonl", Lines(DroidReader)),
    ("sessions/**/*.settings.json", Document(read_settings)),
)

SOURCE = Source(
    key=KEY,
    label="Factory Droid",
    roots=tuple(
        Root(".factory", (pattern,), reading, env, place) for env, place in _MOVED for pattern, reading in _FILES
    ),
    capabilities={
        "recorded_at": _NO,
        "provider": _YES,
        "model": _YES,
        "input_tokens": _YES,
        "cache_read_tokens": _YES,
        "cache_write_5m_tokens": _YES,
        "cache_write_1h_tokens": _NO,
        "output_tokens": _YES,
        "reasoning_tokens": _YES,
        "web_search_requests": _NO,
        "reported_cost_micros": _NO,
        "service_tier": _NO,
        "tool_calls": _YES,
        "prompts": _YES,
        "permission_modes": _YES,
        "approvals": _NO,
        "errors": _YES,
        "interruptions": _YES,
        "compactions": _YES,
        "subagents": _YES,
        "session_totals": _NO,
        "git_branch": _NO,
        "git_repository": _NO,
    },
)
