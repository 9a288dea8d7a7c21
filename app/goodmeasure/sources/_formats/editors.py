"""Where editors of the VS Code family keep what extensions and chats write: the one list of their folders.

Source: the `nameShort` and `dataFolderName` of each product, and the setup pages of the manual of Visual Studio Code.
"""

from collections.abc import Iterator

from goodmeasure.sources.base import Reading, Root

EDITORS = (
    "Code",
    "Code - Insiders",
    "Code - OSS",
    "VSCodium",
    "VSCodium - Insiders",
    "Cursor",
    "Windsurf",
    "Trae",
    "Kiro",
    "Positron",
    "Antigravity",
)
"""The folders' names; extensions from the market run in each of them."""

_SERVERS = {
    "Code": ".vscode-server",
    "Code - Insiders": ".vscode-server-insiders",
    "Code - OSS": ".vscode-oss-server",
    "VSCodium": ".vscodium-server",
    "Cursor": ".cursor-server",
    "Windsurf": ".windsurf-server",
}
"""What an editor leaves on the far side of SSH, in containers and in WSL."""

_FLATPAKS = {
    "Code": "com.visualstudio.code",
    "Code - OSS": "com.visualstudio.code-oss",
    "VSCodium": "com.vscodium.codium",
}


def editor_roots(
    below: str, patterns: tuple[str, ...], reading: Reading, editors: tuple[str, ...] = EDITORS
) -> tuple[Root, ...]:
    """Return one root per editor and operating system.

    `below`: the folder in the editor's `User` folder, such as `globalStorage/saoudrizwan.claude-dev/tasks`; `patterns`
    are relative to it.
    """
    return tuple(
        Root(f"{folder}/{below}".rstrip("/"), patterns, reading, env, f"{place}/{below}".rstrip("/") if env else "")
        for editor in editors
        for folder, env, place in _user_folders(editor)
    )


def _user_folders(editor: str) -> Iterator[tuple[str, str | None, str]]:
    """Yield the default place of an editor's `User` folder, what moves it, and its place below that."""
    user = f"{editor}/User"
    yield f".config/{user}", "XDG_CONFIG_HOME", user
    yield f"Library/Application Support/{user}", None, ""
    yield f"AppData/Roaming/{user}", "APPDATA", user
    if editor in _SERVERS:
        yield f"{_SERVERS[editor]}/data/User", None, ""
    if editor in _FLATPAKS:
        yield f".var/app/{_FLATPAKS[editor]}/config/{user}", None, ""
