"""The folder that an editor's workspace storage belongs to."""

import msgspec

from goodmeasure.sources._formats.file_uri import path_of
from goodmeasure.sources._formats.jsonl import FAULTS


class _Workspace(msgspec.Struct, gc=False):
    """`workspace.json`: a folder, or a file that lists several (`.code-workspace`)."""

    folder: str | None = None
    workspace: str | None = None


_decode = msgspec.json.Decoder(_Workspace)


def folder_of(data: bytes) -> str | None:
    """Return the folder that `workspace.json` names: of a workspace file, the folder that it lies in."""
    try:
        named = _decode.decode(data)
    except FAULTS:
        return None
    if named.folder is not None:
        return path_of(named.folder)
    file = path_of(named.workspace)
    if file is None:
        return None
    folder, slash, _ = file.replace("\\", "/").rpartition("/")
    return file[: len(folder)] if slash and folder else None
