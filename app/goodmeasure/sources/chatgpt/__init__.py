"""ChatGPT: the data export of chatgpt.com (web, desktop and phone).

What it is
    One JSON list of conversations; each holds every message, branches included, as a tree. A run is a conversation.

Where it writes
    Nowhere: the person asks for it (Settings, Data controls, Export data) and gets a zip by mail with
    `conversations.json`, or since early 2026 with `conversations-000.json` and so on. Zip, unpacked folder and single
    file are read where the person names them.

Evidence
    No recording: written from a specification that was made from open readers of the format and their issues (the
    shards: chatgpt-data-viewer 1, ChatGPT_Conversations_To_Markdown 23); checked 2026-11-23.

What it does not record
    Tokens: every count is an estimate of the visible text. What the model was sent besides (instructions, memory, the
    history with each message, files and pictures), hidden reasoning, cost, and answers of branches that the person
    left are not counted.
"""

from goodmeasure.sources.base import Document, Root, Source, capabilities, when_needed

SOURCE = Source(
    key="chatgpt-export",
    label="ChatGPT",
    roots=(
        Root(
            None,
            ("**/conversations*.json", "**/*.zip"),
            Document(when_needed("goodmeasure.sources.chatgpt.reader:read"), streams=True),
        ),
    ),
    capabilities=capabilities(
        yes="recorded_at provider model tool_calls prompts errors interruptions",
        not_applicable="service_tier permission_modes approvals subagents git_branch git_repository",
    ),
)
