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

from goodmeasure.sources._formats.cline_tasks import Tasks
from goodmeasure.sources._formats.editors import editor_roots
from goodmeasure.sources.base import Capability, Document, Source

KEY = "roo"
_YES, _NO = Capability.YES, Capability.NO

SOURCE = Source(
    key=KEY,
    label="Roo Code",
    roots=editor_roots(
        "globalStorage/rooveterinaryinc.roo-cline",
        ("tasks/*/ui_messages.json", "tasks/*/history_item.json"),
        Document(Tasks(KEY, mixed=True), streams=True),
    ),
    capabilities={
        "recorded_at": _YES,
        "provider": _NO,
        "model": _NO,
        "input_tokens": _YES,
        "cache_read_tokens": _YES,
        "cache_write_5m_tokens": _YES,
        "cache_write_1h_tokens": _NO,
        "output_tokens": _YES,
        "reasoning_tokens": _NO,
        "web_search_requests": _NO,
        "reported_cost_micros": _YES,
        "service_tier": _NO,
        "tool_calls": _YES,
        "prompts": _YES,
        "permission_modes": _NO,
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
