"""Every agent that is recorded."""

from tests.clients.agents.aider import AIDER
from tests.clients.agents.claude_code import CLAUDE_CODE
from tests.clients.agents.cline import CLINE
from tests.clients.agents.codex import CODEX
from tests.clients.agents.copilot_cli import COPILOT_CLI
from tests.clients.agents.gemini_cli import GEMINI_CLI
from tests.clients.agents.goose import GOOSE
from tests.clients.agents.kimi import KIMI
from tests.clients.agents.llm import LLM
from tests.clients.agents.opencode import KILO, OPENCODE
from tests.clients.agents.pi import PI
from tests.clients.agents.qwen_code import QWEN_CODE

AGENTS = {
    agent.key: agent
    for agent in (
        CLAUDE_CODE,
        CODEX,
        GEMINI_CLI,
        QWEN_CODE,
        COPILOT_CLI,
        OPENCODE,
        KILO,
        CLINE,
        GOOSE,
        PI,
        KIMI,
        AIDER,
        LLM,
    )
}


def typed_texts() -> set[str]:
    """Return everything that the scenes type."""
    texts = set()
    for agent in AGENTS.values():
        for scene in agent.scenes:
            texts |= {word for word in scene.arguments if "play:" in word or word.startswith("/")}
            texts |= {press.keys for press in scene.presses if press.keys.isprintable()}
    return texts
