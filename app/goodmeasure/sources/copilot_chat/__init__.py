"""GitHub Copilot Chat in VS Code: chats and agent sessions of the editor.

What it is
    One file per chat: a JSON document, or (newer builds) a log of operations that build the document, to be replayed
    from its start. A request of the person holds the rounds of the tool loop; each round is one call of a model.

Where it writes
    `chatSessions/<id>.json` or `.jsonl` in each folder of `User/workspaceStorage`, and `emptyWindowChatSessions` and
    `transferredChatSessions` in `User/globalStorage`, of Visual Studio Code, its Insiders and open builds and their
    servers. The editor keeps at most 400 chats.

Evidence
    The source of microsoft/vscode-copilot-chat at commit 31acd00 (`toolCallingLoop.ts`) and of the editor's chat
    storage; other readers' fixtures with 3 requests, 11 rounds and no tokens at all; checked 2026-11-23. No recording:
    it needs a login. The fixtures are written from the source.

What it does not record
    Tokens of all rounds but the last, and with many models of that one, too; how much of a prompt was cached; cost and
    premium requests; who serves the model; calls for titles, suggestions and completions in the editor.
"""

from goodmeasure.sources._formats.editors import editor_roots
from goodmeasure.sources.base import Document, FolderFile, Source, capabilities, when_needed

_EDITORS = ("Code", "Code - Insiders", "Code - OSS", "VSCodium", "VSCodium - Insiders")
_READING = Document(when_needed("goodmeasure.sources.copilot_chat.reader:read_chat"))
_IN_WORKSPACE = Document(
    when_needed("goodmeasure.sources.copilot_chat.reader:read_chat"),
    folder=FolderFile("../workspace.json", when_needed("goodmeasure.sources.copilot_chat.workspace:folder_of")),
)
_ENDINGS = ("json", "jsonl")

SOURCE = Source(
    key="copilot-chat",
    label="Copilot Chat",
    roots=(
        *editor_roots(
            "workspaceStorage", tuple(f"*/chatSessions/*.{ending}" for ending in _ENDINGS), _IN_WORKSPACE, _EDITORS
        ),
        *editor_roots(
            "globalStorage",
            tuple(
                f"{folder}/*.{ending}"
                for folder in ("emptyWindowChatSessions", "transferredChatSessions")
                for ending in _ENDINGS
            ),
            _READING,
            _EDITORS,
        ),
    ),
    capabilities=capabilities(
        yes="recorded_at model tool_calls prompts approvals errors interruptions",
    ),
)
