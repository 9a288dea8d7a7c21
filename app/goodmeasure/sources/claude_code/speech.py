"""What in a user row was said by a person."""

from goodmeasure.sources._formats.jsonl import text_of
from goodmeasure.sources.claude_code.rows import Block, Row

_WRAPPERS = (
    "<command-", "<local-command-", "<task-notification", "<system-reminder", "<bash-", "<ide_", "<user-memory-input",
    "<teammate-message", "Caveat: The messages below",
)  # fmt: skip
"""How texts begin that stand in a user row but that no person said."""
_INTERRUPTION = "[Request interrupted by user"


def texts_of(content: str | list[Block] | None) -> list[str] | None:
    """Return the texts of a user row, an empty one for each image or document; None where tools or nobody spoke."""
    if isinstance(content, str):
        return [content.lstrip()] if content.strip() else None
    texts = []
    for block in content or ():
        if block.type == "tool_result":
            return None
        if block.type == "text":
            texts.append((text_of(block.text) or "").lstrip())
        elif block.type in {"image", "document"}:
            texts.append("")
    return texts or None


def is_interruption(texts: list[str]) -> bool:
    """Tell whether the client wrote the row because the person stopped the agent."""
    return any(text.startswith(_INTERRUPTION) for text in texts)


def own_words(row: Row, texts: list[str]) -> list[str]:
    """Return the texts that the person said; empty where the client, a hook, a task or a parent agent spoke."""
    if row.is_meta or row.is_compact_summary or row.is_visible_in_transcript_only or row.prompt_source == "system":
        return []
    if row.origin is not None and row.origin.kind not in {None, "human"}:
        return []
    return [text for text in texts if not text.startswith(_WRAPPERS)]
