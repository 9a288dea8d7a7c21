"""OpenAI Chat Completions: what a request asks, and the chunks that answer it."""

import json
from collections.abc import Iterator
from typing import Any

from tests.clients.scripts import THOUGHT, Counts, Tool, Turn
from tests.clients.wire import Answer, Question, frame, openai_failure, text_of


class _Chat:
    """OpenAI Chat Completions (platform.openai.com: Chat, Streaming). A stream tells its usage only to who asks."""

    name = "ChatCompletions"
    always_thinks = True
    writes = False
    failure = staticmethod(openai_failure)

    def takes(self, path: str) -> bool:
        """Tell whether a request to `path` speaks this format."""
        return path.endswith("/chat/completions")

    @staticmethod
    def response_id(number: int) -> str:
        """Name of answer `number`."""
        return f"chatcmpl-played{number:020d}"

    @staticmethod
    def question(path: str, body: dict[str, Any]) -> Question:
        """Read a request."""
        del path
        turns = [
            Turn(str(message.get("role")), text_of(message.get("content"))) for message in body.get("messages") or []
        ]
        functions = [tool["function"] for tool in body.get("tools") or [] if tool.get("type") == "function"]
        offered = [Tool(function["name"], function.get("parameters") or {}) for function in functions]
        streamed = bool(body.get("stream"))
        asked = bool((body.get("stream_options") or {}).get("include_usage"))
        return Question(str(body.get("model")), turns, offered, streamed, tells_usage=asked or not streamed)

    @classmethod
    def whole(cls, answer: Answer) -> dict[str, Any]:
        """Body of an answer in one piece."""
        message: dict[str, Any] = {"role": "assistant", "content": answer.step.say}
        calls = cls._calls(answer)
        if calls:
            message["tool_calls"] = calls
        choice = {"index": 0, "message": message, "finish_reason": cls._end(answer), "logprobs": None}
        return {**cls._head(answer, "chat.completion"), "choices": [choice], "usage": cls._usage(answer.counts)}

    @classmethod
    def frames(cls, answer: Answer) -> Iterator[bytes]:
        """The same answer as server-sent events."""
        head = cls._head(answer, "chat.completion.chunk")
        deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
        if answer.step.think:
            deltas.append({"reasoning_content": THOUGHT})
        words = answer.step.say
        size = len(words) // 4 + 1
        deltas += [{"content": words[at : at + size]} for at in range(0, len(words), size)]
        deltas += [{"tool_calls": [{"index": place, **call}]} for place, call in enumerate(cls._calls(answer))]
        for delta in deltas:
            yield frame({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        yield frame({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": cls._end(answer)}]})
        if answer.tells_usage:
            yield frame({**head, "choices": [], "usage": cls._usage(answer.counts)})
        yield frame("[DONE]")

    @staticmethod
    def told_at_once(counts: Counts) -> None:
        """Tell nothing before the end."""
        del counts

    @classmethod
    def _head(cls, answer: Answer, kind: str) -> dict[str, Any]:
        created = 1_790_000_000 + answer.number
        return {"id": cls.response_id(answer.number), "object": kind, "created": created, "model": answer.model}

    @staticmethod
    def _end(answer: Answer) -> str:
        return "tool_calls" if answer.calls else "stop"

    @staticmethod
    def _calls(answer: Answer) -> list[dict[str, Any]]:
        return [
            {
                "id": f"call_played{answer.number}_{place}",
                "type": "function",
                "function": {"name": call.tool.name, "arguments": json.dumps(call.arguments)},
            }
            for place, call in enumerate(answer.calls)
        ]

    @staticmethod
    def _usage(counts: Counts) -> dict[str, Any]:
        asked = counts.input_tokens + counts.cache_read_tokens
        return {
            "prompt_tokens": asked,
            "completion_tokens": counts.output_tokens,
            "total_tokens": asked + counts.output_tokens,
            "prompt_tokens_details": {"cached_tokens": counts.cache_read_tokens},
            "completion_tokens_details": {"reasoning_tokens": counts.reasoning_tokens},
        }


CHAT = _Chat()
