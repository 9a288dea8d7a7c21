"""Every wire format that the loopback model speaks."""

from tests.clients.wire import Wire
from tests.clients.wire_chat import CHAT
from tests.clients.wire_gemini import GEMINI
from tests.clients.wire_messages import MESSAGES
from tests.clients.wire_responses import RESPONSES

WIRES: tuple[Wire, ...] = (MESSAGES, RESPONSES, CHAT, GEMINI)


def wire_for(path: str) -> Wire | None:
    """Return the format that a request to `path` speaks."""
    return next((wire for wire in WIRES if wire.takes(path)), None)
