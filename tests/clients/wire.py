"""The two wire formats: what a request asks, and the events that answer it. No sockets here."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.clients.scripts import THOUGHT, Call, Counts, Step, Tool, Turn

Event = tuple[str, dict[str, Any]]
"""Name and data of one server-sent event."""


class Question(NamedTuple):
    """A request, as far as the script cares."""

    model: str
    turns: list[Turn]
    offered: list[Tool]
    streamed: bool


class Answer(NamedTuple):
    """What goes back."""

    number: int
    model: str
    step: Step
    calls: list[Call]
    counts: Counts


def _text_of(content: object) -> str:
    if isinstance(content, str):
        return content
    blocks = content if isinstance(content, list) else []
    return "\n".join(
        block["text"] for block in blocks if isinstance(block, dict) and isinstance(block.get("text"), str)
    )


class Messages:
    """Anthropic Messages (docs.anthropic.com: Messages, Streaming)."""

    always_thinks = False
    path = "/messages"
    writes = True

    @staticmethod
    def response_id(number: int) -> str:
        """Name of answer `number`."""
        return f"msg_01Played{number:016d}"

    @staticmethod
    def question(body: dict[str, Any]) -> Question:
        """Read a request."""
        turns = []
        for message in body.get("messages", []):
            content = message.get("content")
            is_result = isinstance(content, list) and any(block.get("type") == "tool_result" for block in content)
            turns.append(Turn("tool" if is_result else str(message.get("role")), _text_of(content)))
        offered = [
            Tool(tool["name"], tool.get("input_schema") or {}) for tool in body.get("tools") or [] if "name" in tool
        ]
        return Question(str(body.get("model")), turns, offered, bool(body.get("stream")))

    @staticmethod
    def failure(status: int) -> dict[str, Any]:
        """Body of a refusal."""
        kinds = {400: "invalid_request_error", 429: "rate_limit_error", 529: "overloaded_error"}
        return {"type": "error", "error": {"type": kinds.get(status, "api_error"), "message": f"played {status}"}}

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
    def events(cls, answer: Answer) -> Iterator[Event]:
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


class Responses:
    """OpenAI Responses (platform.openai.com: Responses, Streaming events). Usage comes only with the last event."""

    always_thinks = True
    path = "/responses"
    writes = False

    @staticmethod
    def response_id(number: int) -> str:
        """Name of answer `number`."""
        return f"resp_played{number:026d}"

    @staticmethod
    def question(body: dict[str, Any]) -> Question:
        """Read a request."""
        items = body.get("input") or []
        if isinstance(items, str):
            items = [{"type": "message", "role": "user", "content": items}]
        turns = []
        tools = list(body.get("tools") or [])
        for item in items:
            kind = item.get("type", "message")
            if kind == "message":
                turns.append(Turn(str(item.get("role")), _text_of(item.get("content"))))
            elif kind == "agent_message":  # what one agent tells another; it travels as if it were encrypted
                turns.append(Turn("user", json.dumps(item.get("content"))))
            elif kind.endswith("_output"):
                turns.append(Turn("tool", ""))
            elif kind.endswith("_call") or kind == "reasoning":
                turns.append(Turn("assistant", ""))
            elif kind == "additional_tools":
                tools += item.get("tools") or []
        return Question(str(body.get("model")), turns, _responses_tools(tools), bool(body.get("stream")))

    @staticmethod
    def failure(status: int) -> dict[str, Any]:
        """Body of a refusal."""
        kind = "rate_limit_exceeded" if status == 429 else "server_error" if status >= 500 else "invalid_request_error"
        return {"error": {"message": f"played {status}", "type": kind, "code": None}}

    @classmethod
    def whole(cls, answer: Answer) -> dict[str, Any]:
        """Body of an answer in one piece."""
        counts = answer.counts
        usage = {
            "input_tokens": counts.input_tokens + counts.cache_read_tokens,
            "input_tokens_details": {"cached_tokens": counts.cache_read_tokens},
            "output_tokens": counts.output_tokens,
            "output_tokens_details": {"reasoning_tokens": counts.reasoning_tokens},
            "total_tokens": counts.input_tokens + counts.cache_read_tokens + counts.output_tokens,
        }
        return {
            "id": cls.response_id(answer.number),
            "object": "response",
            "created_at": 1_790_000_000 + answer.number,
            "status": "completed",
            "model": answer.model,
            "output": cls._items(answer),
            "usage": usage,
            "error": None,
            "incomplete_details": None,
        }

    @classmethod
    def events(cls, answer: Answer) -> Iterator[Event]:
        """The same answer as a stream."""
        whole = cls.whole(answer)
        begun = {**whole, "status": "in_progress", "output": [], "usage": None}
        yield "response.created", {"response": begun}
        for index, item in enumerate(whole["output"]):
            if item["type"] == "message":
                text = item["content"][0]["text"]
                place = {"output_index": index, "item_id": item["id"], "content_index": 0}
                yield "response.output_item.added", {"output_index": index, "item": {**item, "content": []}}
                yield (
                    "response.content_part.added",
                    {**place, "part": {"type": "output_text", "text": "", "annotations": []}},
                )
                yield "response.output_text.delta", {**place, "delta": text}
                yield "response.output_text.done", {**place, "text": text}
            else:
                yield "response.output_item.added", {"output_index": index, "item": item}
            yield "response.output_item.done", {"output_index": index, "item": item}
        yield "response.completed", {"response": whole}

    @staticmethod
    def told_at_once(counts: Counts) -> None:
        """Tell nothing before the end."""
        del counts

    @staticmethod
    def _items(answer: Answer) -> list[dict[str, Any]]:
        number = answer.number
        items: list[dict[str, Any]] = []
        if answer.step.think:
            summary = [{"type": "summary_text", "text": THOUGHT}]
            items.append(
                {"type": "reasoning", "id": f"rs_played{number}", "summary": summary, "encrypted_content": "cGxheWVk"}
            )
        content = [{"type": "output_text", "text": answer.step.say, "annotations": []}]
        items.append(
            {
                "type": "message",
                "id": f"msg_played{number}",
                "role": "assistant",
                "status": "completed",
                "content": content,
            }
        )
        for place, call in enumerate(answer.calls):
            item = {"call_id": f"call_played{number}_{place}", "name": call.tool.name, "status": "completed"}
            if call.tool.takes_program:
                item |= {
                    "type": "custom_tool_call",
                    "id": f"ctc_played{number}_{place}",
                    "input": call.arguments["program"],
                }
            else:
                arguments = json.dumps(call.arguments)
                item |= {"type": "function_call", "id": f"fc_played{number}_{place}", "arguments": arguments}
            items.append(item if call.tool.namespace is None else {**item, "namespace": call.tool.namespace})
        return items


def _responses_tools(tools: list[dict[str, Any]], namespace: str | None = None) -> list[Tool]:
    offered = []
    for tool in tools:
        kind = tool.get("type", "function")
        if kind == "namespace":
            offered += _responses_tools(tool.get("tools") or [], tool["name"])
        elif kind in {"function", "custom"}:
            offered.append(Tool(tool["name"], tool.get("parameters") or {}, namespace, kind == "custom"))
    return offered
