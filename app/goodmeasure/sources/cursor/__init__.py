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
from goodmeasure.sources.base import Database, Source, capabilities, when_needed

SOURCE = Source(
    key="cursor",
    label="Cursor",
    roots=editor_roots(
        "globalStorage",
        ("state.vscdb",),
        Database(when_needed("goodmeasure.sources.cursor.reader:read_database")),
        ("Cursor",),
    ),
    capabilities=capabilities(
        yes="recorded_at model tool_calls prompts approvals",
    ),
)
