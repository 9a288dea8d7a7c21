"""Anthropic Messages: what a request asks, and the events that answer it."""

import json
from collections.abc import Iterator
from typing import Any

from tests.clients.scripts import THOUGHT, Counts, Tool, Turn
from tests.clients.wire import Answer, Question, frame, text_of


class _Messages:
    """Anthropic Messages (docs.anthropic.com: Messages, Streaming)."""

    name = "Messages"
    always_thinks = False
    writes = True

    def takes(self, path: str) -> bool:
        """Tell whether a request to `path` speaks this format."""
        return path.endswith("/messages")

    @staticmethod
    def response_id(number: int) -> str:
        """Name of answer `number`."""
        return f"msg_01Played{number:016d}"

    @staticmethod
    def question(path: str, body: dict[str, Any]) -> Question:
        """Read a request."""
        del path
        turns = []
        for message in body.get("messages", []):
            content = message.get("content")
            is_result = isinstance(content, list) and any(block.get("type") == "tool_result" for block in content)
            turns.append(Turn("tool" if is_result else str(message.get("role")), text_of(content)))
        offered = [
            Tool(tool["name"], tool.get("input_schema") or {}) for tool in body.get("tools") or [] if "name" in tool
        ]
        return Question(str(body.get("model")), turns, offered, bool(body.get("stream")))

    @staticmethod
    def failure(status: int) -> tuple[int, dict[str, Any]]:
        """Return status and body of a refusal."""
        kinds = {400: "invalid_request_error", 429: "rate_limit_error", 529: "overloaded_error"}
        return status, {
            "type": "error",
            "error": {"type": kinds.get(status, "api_error"), "message": f"played {status}"},
        }

    @classmethod
    def whole(cls, answer: Answer) -> dict[str, Any]:
        """Body of an answer in one piece."""
        head = cls._head(answer)
        return {
            **head,
            "content": cls._blocks(answer),
            "stop_reason": cls._stop(answer),
            "usage": cls._usage(answer.counts),
        }

    @classmethod
    def frames(cls, answer: Answer) -> Iterator[bytes]:
        """The same answer as server-sent events."""
        for name, data in cls._events(answer):
            yield frame({"type": name, **data}, name)

    @classmethod
    def _events(cls, answer: Answer) -> Iterator[tuple[str, dict[str, Any]]]:
        """The same answer as a stream: its first event tells one output token, only the last but one tells them all."""
        begun = cls._usage(cls.told_at_once(answer.counts))
        yield "message_start", {"message": {**cls._head(answer), "usage": begun}}
        for index, block in enumerate(cls._blocks(answer)):
            begin: dict[str, Any]
            deltas: list[dict[str, Any]]
            if block["type"] == "thinking":
                begin = {"type": "thinking", "thinking": "", "signature": ""}
                deltas = [
                    {"type": "thinking_delta", "thinking": THOUGHT},
                    {"type": "signature_delta", "signature": block["signature"]},
                ]
            elif block["type"] == "text":
                begin = {"type": "text", "text": ""}
                size = len(block["text"]) // 12 + 1
                parts = [block["text"][at : at + size] for at in range(0, len(block["text"]), size)]
                deltas = [{"type": "text_delta", "text": part} for part in parts]
            else:
                begin = {**block, "input": {}}
                deltas = [{"type": "input_json_delta", "partial_json": json.dumps(block["input"])}]
            yield "content_block_start", {"index": index, "content_block": begin}
            for delta in deltas:
                yield "content_block_delta", {"index": index, "delta": delta}
            yield "content_block_stop", {"index": index}
        end = {"stop_reason": cls._stop(answer), "stop_sequence": None}
        yield "message_delta", {"delta": end, "usage": cls._usage(answer.counts)}
        yield "message_stop", {}

    @staticmethod
    def told_at_once(counts: Counts) -> Counts:
        """Return what the beginning of a stream tells: all of the input, one token of output."""
        return counts._replace(output_tokens=1, reasoning_tokens=0)

    @staticmethod
    def _stop(answer: Answer) -> str:
        return "tool_use" if answer.calls else "end_turn"

    @classmethod
    def _head(cls, answer: Answer) -> dict[str, Any]:
        return {
            "id": cls.response_id(answer.number),
            "type": "message",
            "role": "assistant",
            "model": answer.model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
        }

    @staticmethod
    def _usage(counts: Counts) -> dict[str, Any]:
        return {
            "input_tokens": counts.input_tokens,
            "cache_read_input_tokens": counts.cache_read_tokens,
            "cache_creation_input_tokens": counts.cache_write_5m_tokens + counts.cache_write_1h_tokens,
            "cache_creation": {
                "ephemeral_5m_input_tokens": counts.cache_write_5m_tokens,
                "ephemeral_1h_input_tokens": counts.cache_write_1h_tokens,
            },
            "output_tokens": counts.output_tokens,
            "output_tokens_details": {"thinking_tokens": counts.reasoning_tokens},
            "service_tier": "standard",
        }

    @staticmethod
    def _blocks(answer: Answer) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = []
        if answer.step.think:
            blocks.append({"type": "thinking", "thinking": THOUGHT, "signature": "cGxheWVk"})
        blocks.append({"type": "text", "text": answer.step.say})
        for place, call in enumerate(answer.calls):
            name = f"toolu_01Played{answer.number:013d}{place}"
            blocks.append({"type": "tool_use", "id": name, "name": call.tool.name, "input": call.arguments})
        return blocks


MESSAGES = _Messages()
