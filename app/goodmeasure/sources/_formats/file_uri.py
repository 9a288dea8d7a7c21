"""Folders written as `file:` addresses, by editors and by agents that come from editors."""

import re

_ESCAPED = re.compile(rb"%([0-9A-Fa-f]{2})")
_DRIVE = re.compile(r"/[A-Za-z]:")


def path_of(uri: str | None) -> str | None:
    """Return the path that a `file:` address names; None for any other address.

    Folders on another machine (`vscode-remote://ssh-remote+host/…`) are named by their path there.
    """
    if uri is None or "://" not in uri:
        return None
    scheme, _, rest = uri.partition("://")
    host, slash, path = rest.partition("/")
    if scheme not in {"file", "vscode-remote"} or not slash:
        return None
    raw = _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), (slash + path).encode("utf-8", "replace"))
    text = raw.decode("utf-8", "replace")
    if _DRIVE.match(text):
        return text[1:].replace("/", "\\")
    # `file://server/share` is a Windows share; a remote's host is no part of the path there.
    return f"//{host}{text}" if host and scheme == "file" else text
