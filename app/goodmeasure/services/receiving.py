"""The switch of the receiver: listen to what agents send, or not; and what to tell the agents."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.domain.runs import Refused
from goodmeasure.host.clock import Clock
from goodmeasure.host.git import project_of
from goodmeasure.ledger.opening import Ledger
from goodmeasure.pricing.own_prices import OwnPrices
from goodmeasure.sources.otlp.settings_lines import SettingsLines, settings_lines

if TYPE_CHECKING:
    from goodmeasure.intake.otlp.receiver import Receiver

__all__ = ["GRPC_PORT", "HTTP_PORT", "ReceiverState", "Receiving", "SettingsLines"]

HOST = "127.0.0.1"
HTTP_PORT = 4318
GRPC_PORT = 4317
"""The ports that OpenTelemetry gives to HTTP and gRPC: agents use them unless told otherwise."""


@dataclass(frozen=True, slots=True)
class ReceiverState:
    """What the receiver of this process does."""

    listening: bool
    http_port: int
    grpc_port: int
    """Ports in use; while not listening those that would be."""
    taken: int = 0
    refused: int = 0
    put_off: int = 0
    """Requests since it began to listen: kept, refused for good, and told to come again because the ledger was busy."""
    last_at: int | None = None
    """When the last request was kept, in milliseconds UTC."""

    @property
    def address(self) -> str:
        """Address for agents that send over HTTP."""
        return f"http://{HOST}:{self.http_port}"

    @property
    def grpc_address(self) -> str:
        """Address for agents that send over gRPC."""
        return f"http://{HOST}:{self.grpc_port}"


class Receiving:
    """Starts and stops the receiver of this process. Off until started; not for two threads at once."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        prices: OwnPrices | None = None,
        *,
        ports: tuple[int, int] = (HTTP_PORT, GRPC_PORT),
    ) -> None:
        """Listen to nothing yet. `ports`: of HTTP and gRPC, where `start` names no others."""
        self._ledger = ledger
        self._clock = clock
        self._prices = prices or OwnPrices()
        self._receiver: Receiver | None = None
        self._ports = self._wanted = ports

    def start(
        self,
        http_port: int | None = None,
        grpc_port: int | None = None,
        changed: Callable[[], None] = lambda: None,
    ) -> ReceiverState:
        """Listen on the loopback address; a port of 0 becomes any that is free. Does nothing where it listens already.

        `changed` is called, in another thread, after something new is in the ledger. Raises Refusal where a port cannot
        be had.
        """
        http_port = self._wanted[0] if http_port is None else http_port
        grpc_port = self._wanted[1] if grpc_port is None else grpc_port
        if self._receiver is None:
            from goodmeasure.intake.otlp.receiver import Ports, Receiver  # noqa: PLC0415 - gRPC and protobuf cost 0.2 s

            receiver = Receiver(
                self._ledger,
                cost_of=self._prices.cost_of(),
                project_of=project_of,
                now=self._clock.now,
                changed=changed,
            )
            ports = receiver.start(Ports(http_port, grpc_port))
            self._receiver, self._ports = receiver, (ports.http, ports.grpc)
        return self.state()

    def use_ports(self, http_port: int, grpc_port: int) -> None:
        """Listen on these from the next start on; stop where it listens on others."""
        if (http_port, grpc_port) != self._wanted:
            self.stop()
            self._ports = self._wanted = (http_port, grpc_port)

    def stop(self) -> ReceiverState:
        """Stop listening. Everything that was acknowledged is in the ledger."""
        if self._receiver is not None:
            self._receiver.stop()
            self._receiver = None
        return self.state()

    def state(self) -> ReceiverState:
        """Return what the receiver of this process does; cheap, from any thread."""
        receiver = self._receiver
        if receiver is None:
            return ReceiverState(False, *self._ports)  # noqa: FBT003 - the field's name is clear from the class
        tally = receiver.tally
        return ReceiverState(True, *self._ports, tally.taken, tally.refused, tally.put_off, tally.last_at)  # noqa: FBT003 - as above

    def refused(self) -> list[Refused]:
        """Return what was refused over all time, by reason, most first. Raises LedgerError."""
        from goodmeasure.ledger import reads  # noqa: PLC0415 - loads SQLAlchemy, which receiving never needs

        return reads.refused(self._ledger)

    def settings_lines(self) -> tuple[SettingsLines, ...]:
        """Return the exact lines for each agent's settings, with the address that is or would be listened on."""
        return settings_lines(self.state().address)
