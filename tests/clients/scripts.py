"""What the loopback model answers: small scripts, invented sentences, and numbers that tell every answer apart."""

import json
import re
from dataclasses import dataclass
from typing import Any, NamedTuple


class Counts(NamedTuple):
    """Tokens of one answer, disjoint as in the ledger (`reasoning_tokens` is a part of `output_tokens`)."""

    input_tokens: int
    cache_read_tokens: int
    cache_write_5m_tokens: int
    cache_write_1h_tokens: int
    output_tokens: int
    reasoning_tokens: int


def counts_of(number: int, *, writes: bool, thinks: bool) -> Counts:
    """Return the tokens of answer `number`, from 1.

    `writes`: the provider bills cache writes; `thinks`: a part of the output is reasoning.
    """
    return Counts(
        1_000 + 13 * number,
        20_000 + 101 * number,
        400 + 3 * number if writes else 0,
        70 + 7 * number if writes else 0,
        300 + 19 * number,
        90 + 2 * number if thinks else 0,
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One answer of a script."""

    say: str
    think: bool = False
    use: tuple[str, ...] = ()
    """Kinds of tools to call, from `TOOL_NAMES`."""
    fail_status: int = 0
    """Answer with this HTTP status instead …"""
    fail_times: int = 1
    """… so often, then as usual."""
    pause_seconds: float = 0.0
    """Between two events of the stream."""


SCRIPTS: dict[str, tuple[Step, ...]] = {
    "plain": (Step("The kettle is on."),),
    "think": (Step("Thought about, then answered.", think=True),),
    "read": (Step("First a look at the list.", use=("read",)), Step("The list names three teas.")),
    "shell": (Step("One command, then.", use=("shell",)), Step("The command went through.")),
    "mark": (Step("This leaves a mark.", use=("mark",)), Step("So much for the mark.")),
    "both": (Step("Two things at once.", think=True, use=("read", "shell")), Step("Both are done.")),
    "steps": (
        Step("Step one of three.", use=("read",)),
        Step("Step two of three.", use=("shell",)),
        Step("Step three of three.", use=("read",)),
        Step("All three steps are done."),
    ),
    "delegate": (
        Step("Somebody else may look.", use=("delegate",)),
        Step("They had a look.", use=("wait",)),
        Step("They looked."),
    ),
    "errand": (Step("On the errand.", use=("read",)), Step("Back from the errand: three teas.")),
    "clock": (Step("What time is it?", use=("clock",)), Step("Time for tea.")),
    "busy": (Step("Served after a wait.", fail_status=429),),
    "overloaded": (Step("Served after the rush.", fail_status=529),),
    "broken": (Step("Never said.", fail_status=400, fail_times=10**9),),
    "slow": (Step("A long, slow answer that nobody waits for. " * 4, pause_seconds=1.0),),
}
SIDE_ANSWER = "Tea list"
"""Said where the client asks on its own account (a title, a summary) and offers no tools."""

_SHELLS = ("bash", "shell", "execcommand", "shellcommand", "runshellcommand", "runcommands", "executecommand")
TOOL_NAMES = {
    "read": ("read", "readfile", "readfiles", "view"),
    "shell": _SHELLS,
    "mark": _SHELLS,
    "delegate": ("task", "agent", "spawnagent", "invokeagent", "subagent", "spawnagents", "delegate"),
    "wait": ("waitagent", "wait"),
    "clock": ("llmtime",),
}
"""Kind → what clients call such a tool, in lower-case letters."""

CUE = re.compile(r"play:([a-z0-9]+)")
NOTES = "Assam, Ceylon, Darjeeling\n"
COMMAND = "echo three teas"
MARKING_COMMAND = "touch served"
"""A command that agents do not take for harmless: it has to be allowed."""
ERRAND = "Please see to it. play:errand"

THOUGHT = "Which tea goes first?"


def prompt(script: str, words: str = "Please help.") -> str:
    """Return what a person types to have `script` played."""
    return f"{words} play:{script}"


class Turn(NamedTuple):
    """One turn of the conversation that a request carries."""

    role: str
    """`user`, `assistant` or `tool`."""
    text: str


class Cue(NamedTuple):
    """Which answer a request asks for."""

    script: str
    step_number: int
    step: Step


def cue_of(turns: list[Turn]) -> Cue:
    """Find the newest prompt with a cue; the assistant's turns since then tell how far its script has been played."""
    for index in range(len(turns) - 1, -1, -1):
        found = CUE.findall(turns[index].text) if turns[index].role == "user" else []
        if found and found[-1] in SCRIPTS:
            script = SCRIPTS[found[-1]]
            roles = [turn.role for turn in turns[index + 1 :]]
            played = sum(
                role == "assistant" and (place == 0 or roles[place - 1] != "assistant")
                for place, role in enumerate(roles)
            )
            number = min(played, len(script) - 1)
            return Cue(found[-1], number, script[number])
    return Cue("none", 0, Step(SIDE_ANSWER))


class Tool(NamedTuple):
    """A tool that the client offers."""

    name: str
    schema: dict[str, Any]
    namespace: str | None = None
    takes_program: bool = False
    """Takes a JavaScript program (with the other tools in `tools`) and not arguments."""


class Call(NamedTuple):
    """A tool call that the answer makes."""

    kind: str
    tool: Tool
    arguments: dict[str, Any]


class Setting(NamedTuple):
    """What tool calls refer to."""

    notes_path: str
    helper: str = "general-purpose"
    """Name of the sub-agent to send on an errand."""


def calls_of(step: Step, offered: list[Tool], setting: Setting) -> list[Call]:
    """Return the calls that `step` makes with the tools at hand; a kind that nobody offers is left out."""
    calls = []
    for kind in step.use:
        tool = _tool_for(kind, offered) or (_tool_for("shell", offered) if kind == "read" else None)
        if tool is not None:
            calls.append(Call(kind, tool, _arguments(kind, tool, setting)))
    return calls


def _tool_for(kind: str, offered: list[Tool]) -> Tool | None:
    for wanted in TOOL_NAMES[kind]:
        for tool in offered:
            if tool.takes_program and tool.name == "exec" and kind in {"read", "shell", "mark"}:
                return tool
            if re.sub("[^a-z]", "", tool.name.lower()) == wanted:
                return tool
    return None


def program(command: str) -> str:
    """Return the JavaScript that runs `command` where a tool takes programs."""
    return f'const done = await tools.exec_command({{cmd: "{command}"}});\ntext(done.output ?? done);'


def _arguments(kind: str, tool: Tool, setting: Setting) -> dict[str, Any]:
    command = MARKING_COMMAND if kind == "mark" else COMMAND
    if tool.takes_program:
        return {"program": program(command)}
    known: dict[str, Any] = {
        **dict.fromkeys(("file_path", "filePath", "absolute_path", "path"), setting.notes_path),
        **dict.fromkeys(("prompt", "message", "task", "objective"), ERRAND),
        **dict.fromkeys(("subagent_type", "agent_name", "agent_type"), setting.helper),
        "cmd": command,
        "commands": [command],
        "files": [{"path": setting.notes_path}],
        "description": "See to the tea",
        "task_name": "errand",
        "timeout_ms": 15_000,
    }
    properties: dict[str, Any] = tool.schema.get("properties") or {}
    arguments = {name: value for name, value in known.items() if name in properties}
    if "command" in properties:
        arguments["command"] = ["bash", "-lc", command] if properties["command"].get("type") == "array" else command
    for name in tool.schema.get("required") or []:
        arguments.setdefault(name, _anything(properties.get(name) or {}))
    return arguments


def filled_form(schema: dict[str, Any]) -> str:
    """Return a JSON document after `schema`, for requests that want no sentence."""
    return json.dumps({name: _anything(inner) for name, inner in (schema.get("properties") or {}).items()})


def _anything(schema: dict[str, Any]) -> object:
    if schema.get("enum"):
        return schema["enum"][0]
    kind = str(schema.get("type")).lower()
    return {"boolean": False, "integer": 1, "number": 1, "array": [], "object": {}}.get(kind, "tea")


def own_texts() -> set[str]:
    """Return every sentence of this file that may turn up in a log."""
    said = {step.say for script in SCRIPTS.values() for step in script}
    said |= {text.strip() for text in said} | {
        SIDE_ANSWER,
        NOTES.strip(),
        ERRAND,
        THOUGHT,
        "See to the tea",
        "three teas",
    }
    return said | {COMMAND, MARKING_COMMAND, program(COMMAND), program(MARKING_COMMAND)}
