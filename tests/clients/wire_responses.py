"""OpenAI Responses: what a request asks, and the events that answer it."""

import json
from collections.abc import Iterator
from typing import Any

from tests.clients.scripts import THOUGHT, Counts, Tool, Turn
from tests.clients.wire import Answer, Question, frame, openai_failure, text_of


class _Responses:
    """OpenAI Responses (platform.openai.com: Responses, Streaming events). Usage comes only with the last event."""

    name = "Responses"
    always_thinks = True
    writes = False
    failure = staticmethod(openai_failure)

    def takes(self, path: str) -> bool:
        """Tell whether a request to `path` speaks this format."""
        return path.endswith("/responses")

    @staticmethod
    def response_id(number: int) -> str:
        """Name of answer `number`."""
        return f"resp_played{number:026d}"

    @staticmethod
    def question(path: str, body: dict[str, Any]) -> Question:
        """Read a request."""
        del path
        items = body.get("input") or []
        if isinstance(items, str):
            items = [{"type": "message", "role": "user", "content": items}]
        turns = []
        tools = list(body.get("tools") or [])
        for item in items:
            kind = item.get("type", "message")
            if kind == "message":
                turns.append(Turn(str(item.get("role")), text_of(item.get("content"))))
            elif kind == "agent_message":  # what one agent tells another; it travels as if it were encrypted
                turns.append(Turn("user", json.dumps(item.get("content"))))
            elif kind.endswith("_output"):
                turns.append(Turn("tool", ""))
            elif kind.endswith("_call") or kind == "reasoning":
                turns.append(Turn("assistant", ""))
            elif kind == "additional_tools":
                tools += item.get("tools") or []
        return Question(str(body.get("model")), turns, _responses_tools(tools), bool(body.get("stream")))

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
    def frames(cls, answer: Answer) -> Iterator[bytes]:
        """The same answer as server-sent events."""
        for sequence, (name, data) in enumerate(cls._events(answer)):
            yield frame({"type": name, "sequence_number": sequence, **data}, name)

    @classmethod
    def _events(cls, answer: Answer) -> Iterator[tuple[str, dict[str, Any]]]:
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


RESPONSES = _Responses()
