"""Claude.ai: the data export of claude.ai (web, desktop and phone).

What it is
    One JSON list of conversations with their messages. A run is a conversation.

Where it writes
    Nowhere: the person asks for it (Settings, Privacy, Export data) and gets a zip by mail with `conversations.json`.
    Zip, unpacked folder and single file are read where the person names them, and so is one conversation as browser
    extensions save it.

Evidence
    No recording: written from a specification that was made from open readers of the format; checked 2026-11-23.

What it does not record
    Tokens: every count is an estimate of the visible text. What the model was sent besides (instructions, project
    files, the history with each message, pictures), cost, usually the model, and answers of branches that the person
    left are not counted.
"""

from goodmeasure.sources.base import Capability, Document, Root, Source
from goodmeasure.sources.claude_ai.reader import KEY, read

_YES, _NO, _NOT_APPLICABLE = Capability.YES, Capability.NO, Capability.NOT_APPLICABLE

SOURCE = Source(
    key=KEY,
    label="Claude.ai",
    roots=(Root(None, ("**/conversations*.json", "**/*.zip"), Document(read, streams=True)),),
    capabilities={
        "recorded_at": _YES,
        "provider": _YES,
        "model": _NO,
        "input_tokens": _NO,
        "cache_read_tokens": _NO,
        "cache_write_5m_tokens": _NO,
        "cache_write_1h_tokens": _NO,
        "output_tokens": _NO,
        "reasoning_tokens": _NO,
        "web_search_requests": _NO,
        "reported_cost_micros": _NO,
        "service_tier": _NOT_APPLICABLE,
        "tool_calls": _YES,
        "prompts": _YES,
        "permission_modes": _NOT_APPLICABLE,
        "approvals": _NOT_APPLICABLE,
        "errors": _NO,
        "interruptions": _NO,
        "compactions": _NO,
        "subagents": _NOT_APPLICABLE,
        "session_totals": _NO,
        "git_branch": _NOT_APPLICABLE,
        "git_repository": _NOT_APPLICABLE,
    },
)
