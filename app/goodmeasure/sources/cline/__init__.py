"""Cline: the editor extension and the terminal client.

What it is
    Two formats, each a file that is written anew as a whole. Tasks of the extension: a list of everything on its
    screen, with figures of each request. Sessions of the terminal client (3.x) and of newer extensions: messages, each
    answer with its metrics, and a manifest beside.

Where it writes
    `globalStorage/saoudrizwan.claude-dev/tasks/<task>/ui_messages.json` below the user folder of each editor, or
    `~/.cline/data/tasks`; sessions in `~/.cline/data/sessions/<id>/`. `CLINE_DIR`, `CLINE_DATA_DIR` and
    `CLINE_SESSION_DATA_DIR` move the latter two.

Evidence
    Sessions: recording of 3.0.65 against a scripted model whose answers are known. Tasks: no recording; the extension's
    source at 21cb8d2525. Checked 2026-11-23. Peers add cached tokens to a session's input, which contains them.

What it does not record
    Reasoning tokens; how long cache writes live; in sessions the attempts that failed before an answer came; in tasks
    the model where the extension is old, how tool calls ended, and who allowed them.
"""

from goodmeasure.sources._formats.editors import editor_roots
from goodmeasure.sources.base import Document, Root, Source, capabilities, when_needed

_TASKS = ("tasks/*/ui_messages.json", "state/taskHistory.json")
_SESSIONS = ("*/*.json",)
_sessions, _tasks = (
    Document(when_needed("goodmeasure.sources.cline.sessions:read_session_file")),
    Document(when_needed("goodmeasure.sources._formats.cline_tasks:Tasks", "cline", mixed=False), streams=True),
)

SOURCE = Source(
    key="cline",
    label="Cline",
    roots=(
        Root(".cline/data/sessions", _SESSIONS, _sessions, "CLINE_SESSION_DATA_DIR"),
        Root(".cline/data/sessions", _SESSIONS, _sessions, "CLINE_DATA_DIR", "sessions"),
        Root(".cline/data/sessions", _SESSIONS, _sessions, "CLINE_DIR", "data/sessions"),
        Root(".cline/data", _TASKS, _tasks, "CLINE_DATA_DIR"),
        Root(".cline/data", _TASKS, _tasks, "CLINE_DIR", "data"),
        *editor_roots("globalStorage/saoudrizwan.claude-dev", _TASKS, _tasks),
    ),
    capabilities=capabilities(
        yes="recorded_at provider model input_tokens cache_read_tokens cache_write_5m_tokens output_tokens "
        "reported_cost_micros tool_calls prompts errors interruptions subagents git_branch",
    ),
)
