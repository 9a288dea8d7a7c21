"""Makes the golden exports of ChatGPT and Claude.ai, with invented texts, and what they must give.

    TIKTOKEN_CACHE_DIR=FOLDER python tests/sources/make_chat_fixtures.py

The shapes are those of the formats' descriptions (docs/sources.md): there is no recording. The expected counts are
made here from the texts that the current branch shows, by tiktoken's own way of loading its vocabulary (FOLDER is its
cache), not by the app's.
"""

import json
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tiktoken

HERE = Path(__file__).parent
START = 1_767_600_000
COUNTERS = (
    "generations", "input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens",
    "output_tokens", "reasoning_tokens",
)  # fmt: skip
PROMPT = "Invented text. How many cups are in a pot of tea, and who drinks them?"
ANSWER = "Invented text. Five cups; the sixth one stays in the pot."
LONGER = "Invented text. Fünf Tassen, 五杯, and `print(5)` with <|endoftext|> inside."
CODE = "print(sum(range(5)))"
THOUGHT = "Invented text. First count the cups."
LEFT = "Invented text. An answer that the person left for another one."
ROOT = "00000000-0000-4000-8000-000000000000"


class Truth:
    """What one export must give."""

    def __init__(self) -> None:
        self._encoding = tiktoken.get_encoding("o200k_base")
        self.models: dict[str, Counter[str]] = {}
        self.runs = self.prompts = self.tool_calls = 0

    def turn(
        self, model: str | None, read: Iterable[str], written: Iterable[str], thoughts: Iterable[str] = ()
    ) -> None:
        count = self.models.setdefault(model or "", Counter())
        reasoning = self._tokens(thoughts)
        count["generations"] += 1
        count["input_tokens"] += self._tokens(read)
        count["output_tokens"] += self._tokens(written) + reasoning
        count["reasoning_tokens"] += reasoning

    def document(self) -> dict[str, Any]:
        total = sum(self.models.values(), Counter())
        return {
            "totals": {name: total[name] for name in COUNTERS},
            "models": {model: {name: count[name] for name in COUNTERS} for model, count in self.models.items()},
            "flags": {"estimated": total["generations"]},
            "runs": self.runs,
            "prompts": self.prompts,
            "tool_calls": self.tool_calls,
        }

    def _tokens(self, texts: Iterable[str]) -> int:
        return sum(len(self._encoding.encode(text, disallowed_special=())) for text in texts)


class Tree:
    """One ChatGPT conversation: messages hang on the one before unless another parent is named."""

    def __init__(self, number: int, title: str | None = "Invented title") -> None:
        self.id = f"00000000-0000-4000-a000-{number:012}"
        self._title = title
        self._mapping: dict[str, Any] = {"root": {"id": "root", "parent": None, "children": [], "message": None}}
        self.last = "root"

    def say(self, role: str, kind: str, body: dict[str, Any], /, parent: str | None = None, **more: Any) -> str:
        name = f"{self.id[-4:]}-{len(self._mapping)}"
        message = {
            "id": name,
            "author": {"role": role, "name": more.pop("author", None), "metadata": {}},
            "create_time": START + 60.5 * len(self._mapping),
            "content": {"content_type": kind, **body},
            "status": "finished_successfully",
            "end_turn": more.pop("end_turn", None),
            "weight": 1.0,
            "recipient": more.pop("recipient", "all"),
            "metadata": more,
        }
        self._mapping[name] = {"id": name, "parent": parent or self.last, "children": [], "message": message}
        self.last = name
        return name

    def person(self, text: str, **more: Any) -> str:
        return self.say("user", "text", {"parts": [text]}, **more)

    def model(self, text: str, slug: str = "gpt-5-thinking", **more: Any) -> str:
        return self.say("assistant", "text", {"parts": [text]}, model_slug=slug, **{"end_turn": True, **more})

    def document(self, *, current: str | None = "last") -> dict[str, Any]:
        return {
            "conversation_id": self.id,
            "id": self.id,
            "title": self._title,
            "create_time": START + 0.25,
            "update_time": START + 9000.75,
            "current_node": self.last if current == "last" else current,
            "default_model_slug": "auto",
            "is_archived": False,
            "mapping": self._mapping,
        }


def branched(truth: Truth) -> dict[str, Any]:
    """A question that was answered twice: only the second answer is on the current branch."""
    tree = Tree(1)
    tree.say("system", "text", {"parts": [""]}, is_visually_hidden_from_conversation=True)
    tree.say("user", "user_editable_context", {"user_profile": LEFT}, is_user_system_message=True)
    asked = tree.person(PROMPT)
    tree.model(LEFT)
    tree.model(ANSWER, parent=asked)
    truth.turn("gpt-5-thinking", [PROMPT], [ANSWER])
    tree.person(LONGER)
    tree.model(LONGER, slug="gpt-4o")
    truth.turn("gpt-4o", [LONGER], [LONGER])
    truth.runs, truth.prompts = truth.runs + 1, truth.prompts + 2
    return tree.document()


def with_tool(truth: Truth) -> dict[str, Any]:
    """Thoughts, a program that was run, and the answer: one turn."""
    tree = Tree(2, title=None)
    tree.say("user", "multimodal_text", {"parts": [{"content_type": "image_asset_pointer", "width": 4}, PROMPT]})
    tree.say("assistant", "thoughts", {"thoughts": [{"summary": "Counting", "content": THOUGHT}]}, model_slug="gpt-5")
    tree.say("assistant", "code", {"language": "python", "text": CODE}, recipient="python", model_slug="gpt-5")
    tree.say("tool", "execution_output", {"text": "10"}, author="python")
    tree.say("assistant", "reasoning_recap", {"content": "Thought for 3 seconds"}, model_slug="gpt-5")
    tree.model(ANSWER, slug="gpt-5")
    truth.turn("gpt-5", [PROMPT, "10"], [CODE, ANSWER], [THOUGHT])
    truth.runs, truth.prompts, truth.tool_calls = truth.runs + 1, truth.prompts + 1, truth.tool_calls + 1
    return tree.document()


def pointing_nowhere(truth: Truth) -> dict[str, Any]:
    """No current message: the newest leaf ends the branch. The model is the default one, whose name nobody says."""
    tree = Tree(3)
    asked = tree.person(PROMPT)
    tree.model(LEFT, slug="auto")
    tree.model(ANSWER, slug="auto", parent=asked, finish_details={"type": "interrupted"})
    truth.turn(None, [PROMPT], [ANSWER])
    truth.runs, truth.prompts = truth.runs + 1, truth.prompts + 1
    return tree.document(current=None)


def talk(number: int, messages: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "uuid": f"00000000-0000-4000-b000-{number:012}",
        "name": "Invented title",
        "summary": "",
        "created_at": "2026-01-05T08:00:00.123456Z",
        "updated_at": "2026-01-05T09:00:00.123456Z",
        "account": {"uuid": "00000000-0000-4000-c000-000000000000"},
        "chat_messages": messages,
        **more,
    }


def message(number: int, sender: str, blocks: list[dict[str, Any]], text: str = "", **more: Any) -> dict[str, Any]:
    return {
        "uuid": f"00000000-0000-4000-d000-{number:012}",
        "text": text,
        "content": blocks,
        "sender": sender,
        "created_at": f"2026-01-05T08:{number % 60:02}:00.5Z",
        "attachments": [],
        "files": [],
        **more,
    }


def said(text: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": text, "citations": []}]


def claude_tree(truth: Truth) -> dict[str, Any]:
    """Branches: the latest leaf's branch counts. Thoughts, a tool, an attachment."""
    first, second, third, fourth = (f"00000000-0000-4000-d000-{number:012}" for number in (1, 2, 3, 4))
    attachment = {"file_name": "invented.txt", "file_size": 20, "extracted_content": LONGER}
    blocks: list[dict[str, Any]] = [
        {"type": "thinking", "thinking": THOUGHT},
        {"type": "tool_use", "name": "web_search", "input": {"query": "tea"}},
        {"type": "tool_result", "name": "web_search", "content": [{"type": "text", "text": "Invented text. Tea."}]},
        {"type": "token_budget"},
        *said(ANSWER),
    ]
    placeholder = "This block is not supported on your current device yet."
    truth.turn(None, [PROMPT, LONGER, "Invented text. Tea."], ['{"query": "tea"}', ANSWER], [THOUGHT])
    truth.turn(None, [PROMPT], [LONGER])
    truth.runs, truth.prompts, truth.tool_calls = truth.runs + 1, truth.prompts + 2, truth.tool_calls + 1
    return talk(
        1,
        [
            message(1, "human", said(PROMPT), PROMPT, parent_message_uuid=ROOT, attachments=[attachment]),
            message(2, "assistant", blocks, placeholder, parent_message_uuid=first),
            message(3, "human", said(LEFT), parent_message_uuid=second),
            message(4, "human", said(PROMPT), parent_message_uuid=second),
            message(5, "assistant", said(LONGER), parent_message_uuid=fourth),
        ],
        project={"uuid": third},
    )


def claude_line(truth: Truth) -> dict[str, Any]:
    """An older conversation: no parents, and the texts beside empty lists of parts."""
    truth.turn(None, [PROMPT], [ANSWER])
    truth.runs, truth.prompts = truth.runs + 1, truth.prompts + 1
    return talk(2, [message(11, "human", [], PROMPT), message(12, "assistant", [], ANSWER)])


def write(folder: Path, name: str, document: Any) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def pack(file: Path, members: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, document in members.items():
            info = zipfile.ZipInfo(name, (2026, 1, 5, 8, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, json.dumps(document, ensure_ascii=False))


def make_chatgpt(folder: Path) -> dict[str, Any]:
    expected = {}
    truth = Truth()
    write(folder / "2025" / "folder", "conversations.json", [branched(truth), with_tool(truth), Tree(9).document()])
    write(folder / "2025" / "folder", "user.json", {"id": "user-1", "email": "sam@example.invalid"})
    expected["2025/folder"] = truth.document()
    truth = Truth()
    write(folder / "2026" / "shards", "conversations-000.json", [branched(truth), with_tool(truth)])
    write(folder / "2026" / "shards", "conversations-001.json", [pointing_nowhere(truth), branched(Truth())])
    write(folder / "2026" / "shards", "export_manifest.json", {"files": ["conversations-000.json"]})
    expected["2026/shards"] = truth.document()
    truth = Truth()
    members = {
        "export/conversations-000.json": [branched(truth)],
        "export/conversations-001.json": [with_tool(truth), pointing_nowhere(truth)],
        "export/message_feedback.json": [],
        "export/chat.html": LEFT,
    }
    pack(folder / "2026" / "zip" / "chatgpt.zip", members)
    expected["2026/zip"] = truth.document()
    return expected


def make_claude(folder: Path) -> dict[str, Any]:
    expected = {}
    truth = Truth()
    empty = talk(3, [], name="")
    write(folder / "2026" / "folder", "conversations.json", [claude_tree(truth), claude_line(truth), empty])
    write(folder / "2026" / "folder", "users.json", [{"uuid": ROOT, "full_name": "Sam Invented"}])
    write(folder / "2026" / "folder", "projects.json", [{"uuid": ROOT, "name": "Invented", "docs": []}])
    expected["2026/folder"] = truth.document()
    truth = Truth()
    pack(folder / "2026" / "zip" / "data.zip", {"conversations.json": [claude_tree(truth)], "users.json": []})
    expected["2026/zip"] = truth.document()
    truth = Truth()
    answer = message(22, "assistant", said(ANSWER), parent_message_uuid="00000000-0000-4000-d000-000000000021")
    other = message(23, "assistant", said(LEFT), parent_message_uuid="00000000-0000-4000-d000-000000000021")
    asked = message(21, "human", said(PROMPT), parent_message_uuid=ROOT)
    one = talk(4, [asked, answer, other], model="claude-sonnet-4-5", current_leaf_message_uuid=answer["uuid"])
    truth.turn("claude-sonnet-4-5", [PROMPT], [ANSWER])
    truth.runs = truth.prompts = 1
    write(folder / "2026" / "one", "conversation.json", one)
    expected["2026/one"] = truth.document()
    return expected


if __name__ == "__main__":
    for key, make in (("chatgpt-export", make_chatgpt), ("claude-export", make_claude)):
        shutil.rmtree(HERE / key, ignore_errors=True)
        write(HERE / key, "expected.json", make(HERE / key))
