"""Gemini CLI: chats of the terminal client.

What it is
    From about 0.40 on JSON lines, one file per session: the session's facts, messages, and patches (`$set`,
    `$rewindTo`). A message is written again, with the same id, when its tool calls end; after a resume or a compression
    the whole history is told anew without its counts. So every line is read, and never the state that they add up to.
    Before that one JSON document per session, written anew as a whole.

Where it writes
    `~/.gemini/tmp/<project>/chats/session-<time>-<id>.jsonl` (`.json`), or below `GEMINI_CLI_HOME`; sub-agents in
    `chats/<session>/<id>.jsonl`. `<project>` is a short name, before about 0.30 the SHA-256 of the working folder.

Evidence
    Recordings of the clients 0.8.2 and 0.61.0 against a scripted model whose answers are known, and chats of early
    2026 from a public repository; checked 2026-11-23. Counts beside cached ones: junhoyeo/tokscale 492. Retention and
    lost chats: google-gemini/gemini-cli 24532.

What it does not record
    The calls that choose a model, compress, check for loops, decide who speaks next, search the web and sum up a
    session; answers that failed or were interrupted, and retries; cost, approvals, the client's version, git branches.
    0.8.2 writes down the first part of an answer's stream: its output is often too small. A shell command that failed
    is a success. Resuming a session in another minute can make the next start delete its file.
"""

from goodmeasure.sources.base import CleanUp, Document, Lines, Root, Source, capabilities, when_needed

_FOLDER, _ENV = ".gemini", "GEMINI_CLI_HOME"

SOURCE = Source(
    key="gemini-cli",
    label="Gemini CLI",
    roots=(
        Root(
            _FOLDER,
            ("tmp/*/chats/**/*.jsonl",),
            Lines(when_needed("goodmeasure.sources.gemini_cli.reader:GeminiReader")),
            env=_ENV,
            env_place=_FOLDER,
        ),
        Root(
            _FOLDER,
            ("tmp/*/chats/**/*.json",),
            Document(when_needed("goodmeasure.sources.gemini_cli.reader:read_chat")),
            env=_ENV,
            env_place=_FOLDER,
        ),
    ),
    capabilities=capabilities(
        yes="recorded_at model input_tokens cache_read_tokens output_tokens reasoning_tokens tool_calls prompts "
        "errors interruptions compactions subagents",
        not_applicable="cache_write_5m_tokens cache_write_1h_tokens",
    ),
    clean_up=CleanUp("settings.json", when_needed("goodmeasure.sources.gemini_cli.keeping:kept_days")),
)
