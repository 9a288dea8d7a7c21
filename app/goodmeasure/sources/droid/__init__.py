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

from goodmeasure.sources.base import Document, Lines, Reading, Root, Source, capabilities, when_needed

_MOVED = (("FACTORY_DIR", ""), ("FACTORY_HOME", ""), ("FACTORY_HOME_OVERRIDE", ".factory"))
_FILES: tuple[tuple[str, Reading], ...] = (
    ("sessions/**/*.jsonl", Lines(when_needed("goodmeasure.sources.droid.reader:DroidReader"))),
    ("sessions/**/*.settings.json", Document(when_needed("goodmeasure.sources.droid.settings:read_settings"))),
)

SOURCE = Source(
    key="droid",
    label="Factory Droid",
    roots=tuple(
        Root(".factory", (pattern,), reading, env, place) for env, place in _MOVED for pattern, reading in _FILES
    ),
    capabilities=capabilities(
        yes="provider model input_tokens cache_read_tokens cache_write_5m_tokens output_tokens reasoning_tokens "
        "tool_calls prompts permission_modes errors interruptions compactions subagents",
    ),
)
