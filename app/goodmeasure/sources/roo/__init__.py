"""Roo Code: an editor extension that descends from Cline.

What it is
    One list per task of everything on the extension's screen, written anew as a whole, with figures of each request; an
    entry about the task beside it.

Where it writes
    `globalStorage/rooveterinaryinc.roo-cline/tasks/<task>/ui_messages.json` and `history_item.json` below the user
    folder of each editor. The setting `customStoragePath` moves it: then name the folder yourself.

Evidence
    No recording: the extension's source at cb83656718, and its changes of what counts as input
    (RooCodeInc/Roo-Code 7433, 8954, 9224, 11448); checked 2026-11-23.

What it does not record
    The model and the provider; reasoning tokens; how long cache writes live; how tool calls ended and who allowed them.
    Whether input contains cached tokens is told only by the date and the protocol.
"""

from goodmeasure.sources._formats.editors import editor_roots
from goodmeasure.sources.base import Document, Source, capabilities, when_needed

KEY = "roo"

SOURCE = Source(
    key=KEY,
    label="Roo Code",
    roots=editor_roots(
        "globalStorage/rooveterinaryinc.roo-cline",
        ("tasks/*/ui_messages.json", "tasks/*/history_item.json"),
        Document(when_needed("goodmeasure.sources._formats.cline_tasks:Tasks", KEY, mixed=True), streams=True),
    ),
    capabilities=capabilities(
        yes="recorded_at input_tokens cache_read_tokens cache_write_5m_tokens output_tokens reported_cost_micros "
        "tool_calls prompts errors interruptions compactions subagents",
    ),
)
