"""Google's Gemini API: what a request asks, and the parts that answer it."""

from collections.abc import Iterator
from typing import Any

from tests.clients.scripts import THOUGHT, Counts, Tool, Turn
from tests.clients.wire import Answer, Question, crowded, frame, text_of


class _Gemini:
    """Gemini's generateContent (ai.google.dev: API reference). Every part of a stream tells usage, the last one all."""

    name = "Gemini"
    always_thinks = True
    writes = False

    def takes(self, path: str) -> bool:
        """Tell whether a request to `path` speaks this format."""
        return path.endswith((":generateContent", ":streamGenerateContent"))

    @staticmethod
    def response_id(number: int) -> str:
        """Name of answer `number`."""
        return f"geminiPlayed{number:08d}"

    @staticmethod
    def question(path: str, body: dict[str, Any]) -> Question:
        """Read a request; its path names the model."""
        model, _, method = path.rpartition("/")[2].partition(":")
        turns = []
        for content in body.get("contents") or []:
            parts = content.get("parts") or []
            result = any("functionResponse" in part for part in parts)
            role = "assistant" if content.get("role") == "model" else "tool" if result else "user"
            turns.append(Turn(role, text_of(parts)))
        offered = [
            Tool(one["name"], one.get("parametersJsonSchema") or one.get("parameters") or {})
            for tool in body.get("tools") or []
            for one in tool.get("functionDeclarations") or []
        ]
        wanted = body.get("generationConfig") or {}
        form = None
        if wanted.get("responseMimeType") == "application/json":
            form = wanted.get("responseJsonSchema") or wanted.get("responseSchema") or {}
        return Question(model, turns, offered, method.startswith("stream"), form=form)

    @staticmethod
    def failure(status: int) -> tuple[int, dict[str, Any]]:
        """Return status and body of a refusal."""
        status = crowded(status)
        names = {400: "INVALID_ARGUMENT", 429: "RESOURCE_EXHAUSTED", 503: "UNAVAILABLE"}
        wait = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"}
        error = {"code": status, "message": f"played {status}", "status": names.get(status, "INTERNAL")}
        return status, {"error": {**error, "details": [wait] if status == 429 else []}}

    @classmethod
    def whole(cls, answer: Answer) -> dict[str, Any]:
        """Body of an answer in one piece."""
        return cls._piece(answer, cls._parts(answer), cls._usage(answer.counts), "STOP")

    @classmethod
    def frames(cls, answer: Answer) -> Iterator[bytes]:
        """The same answer as server-sent events."""
        begun = cls._usage(cls.told_at_once(answer.counts))
        for part in cls._parts(answer):
            words = "" if "thought" in part else part.get("text", "")
            size = len(words) // 4 + 1
            pieces = [{"text": words[at : at + size]} for at in range(0, len(words), size)] or [part]
            for piece in pieces:
                yield frame(cls._piece(answer, [piece], begun))
        yield frame(cls._piece(answer, [{"text": ""}], cls._usage(answer.counts), "STOP"))

    @staticmethod
    def told_at_once(counts: Counts) -> Counts:
        """Return what the beginning of a stream tells: the input, the thoughts and a few tokens more."""
        return counts._replace(output_tokens=counts.reasoning_tokens + 3)

    @classmethod
    def _piece(
        cls, answer: Answer, parts: list[dict[str, Any]], usage: dict[str, Any], end: str | None = None
    ) -> dict[str, Any]:
        candidate: dict[str, Any] = {"content": {"parts": parts, "role": "model"}, "index": 0}
        if end:
            candidate["finishReason"] = end
        name = cls.response_id(answer.number)
        return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": answer.model, "responseId": name}

    @staticmethod
    def _parts(answer: Answer) -> list[dict[str, Any]]:
        parts: list[dict[str, Any]] = []
        if answer.step.think:
            parts.append({"text": THOUGHT, "thought": True})
        parts.append({"text": answer.step.say})
        parts += [
            {"functionCall": {"name": call.tool.name, "args": call.arguments}, "thoughtSignature": "cGxheWVk"}
            for call in answer.calls
        ]
        return parts

    @staticmethod
    def _usage(counts: Counts) -> dict[str, Any]:
        asked = counts.input_tokens + counts.cache_read_tokens
        return {
            "promptTokenCount": asked,
            "cachedContentTokenCount": counts.cache_read_tokens,
            "candidatesTokenCount": counts.output_tokens - counts.reasoning_tokens,
            "thoughtsTokenCount": counts.reasoning_tokens,
            "totalTokenCount": asked + counts.output_tokens,
        }


GEMINI = _Gemini()
