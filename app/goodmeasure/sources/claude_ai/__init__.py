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

from goodmeasure.sources.base import Document, Root, Source, capabilities, when_needed

SOURCE = Source(
    key="claude-export",
    label="Claude.ai",
    roots=(
        Root(
            None,
            ("**/conversations*.json", "**/*.zip"),
            Document(when_needed("goodmeasure.sources.claude_ai.reader:read"), streams=True),
        ),
    ),
    capabilities=capabilities(
        yes="recorded_at provider tool_calls prompts",
        not_applicable="service_tier permission_modes approvals subagents git_branch git_repository",
    ),
)
