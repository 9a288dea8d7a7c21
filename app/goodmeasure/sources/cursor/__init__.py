"""Cursor: chats and agent sessions of the editor.

What it is
    A table of keys and JSON values in the editor's state database: `composerData:<chat>` for a chat, and
    `bubbleId:<chat>:<bubble>` for each thing said in it. Older builds counted tokens at some bubbles; present ones
    write zeros there, which mean nothing.

Where it writes
    `globalStorage/state.vscdb` in Cursor's `User` folder. Only rows with these two kinds of key are read; the database
    also holds tokens of accounts, which are never looked at.

Evidence
    Descriptions of the database by other readers (wesm/agentsview, getagentseal/codeburn), among them a count of
    22,342 bubbles of which none names a model; checked 2026-11-23. No recording: it needs a login. The fixtures are
    written from these descriptions.

What it does not record
    Tokens, cost and cache use in present builds: only the account knows them. The model of each answer: a chat names
    the one chosen last. How many calls an answer took. The transcripts of Cursor's terminal client hold no tokens.
"""

from goodmeasure.sources._formats.editors import editor_roots
from goodmeasure.sources.base import Capability, Database, Source
from goodmeasure.sources.cursor.reader import KEY, read_database

_YES, _NO = Capability.YES, Capability.NO

SOURCE = Source(
    key=KEY,
    label="Cursor",
    roots=editor_roots("globalStorage", ("state.vscdb",), Database(read_database), ("Cursor",)),
    capabilities={
        "recorded_at": _YES,
        "provider": _NO,
        "model": _YES,
        "input_tokens": _NO,
        "cache_read_tokens": _NO,
        "cache_write_5m_tokens": _NO,
        "cache_write_1h_tokens": _NO,
        "output_tokens": _NO,
        "reasoning_tokens": _NO,
        "web_search_requests": _NO,
        "reported_cost_micros": _NO,
        "service_tier": _NO,
        "tool_calls": _YES,
        "prompts": _YES,
        "permission_modes": _NO,
        "approvals": _YES,
        "errors": _NO,
        "interruptions": _NO,
        "compactions": _NO,
        "subagents": _NO,
        "session_totals": _NO,
        "git_branch": _NO,
        "git_repository": _NO,
    },
)
