"""The whole receiver: both listening ends and the thread that keeps what they take."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from goodmeasure.domain.errors import Refusal
from goodmeasure.intake.otlp.grpc_server import GrpcServer
from goodmeasure.intake.otlp.http_server import HOST, HttpServer
from goodmeasure.intake.otlp.keeping import Clock, Keeper
from goodmeasure.intake.otlp.taking import Taking, Tally
from goodmeasure.ledger.events_in import CostOf
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.sessions import ProjectOf


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the receiver listens."""

    http: int
    grpc: int


class Receiver:
    """Listens from `start` to `stop`. One thread starts and stops it."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        cost_of: CostOf,
        project_of: ProjectOf,
        now: Clock,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """Listen to nothing yet; `changed` is called, in another thread, after something was kept."""
        self._keeper = Keeper(ledger, cost_of=cost_of, project_of=project_of, now=now, changed=changed)
        self._taking = Taking(self._keeper, now)
        self._running = ExitStack()

    @property
    def tally(self) -> Tally:
        """What was taken since the start."""
        return self._taking.tally

    def start(self, wanted: Ports) -> Ports:
        """Listen, and return where; a wanted port of 0 becomes any that is free.

        Raises Refusal, with nothing left listening, where a port cannot be had.
        """
        with ExitStack() as made:
            try:
                http = HttpServer(wanted.http, self._taking)
            except (OSError, OverflowError) as error:
                raise _taken(wanted.http, "http", error) from error
            made.callback(http.server_close)
            try:
                grpc = GrpcServer(wanted.grpc, self._taking)
            except OSError as error:
                raise _taken(wanted.grpc, "grpc", error) from error
            made.pop_all()
        self._keeper.start()
        self._running.callback(self._keeper.stop)
        http.start()
        self._running.callback(http.stop)
        grpc.start()
        self._running.callback(grpc.stop)
        return Ports(http.server_port, grpc.port)

    def stop(self) -> None:
        """Stop listening; what was acknowledged is in the ledger."""
        self._running.close()


def _taken(port: int, option: str, error: Exception) -> Refusal:
    choosing = f"(on the Sources page, or with --{option})"
    if isinstance(error, PermissionError):
        return Refusal(f"This system does not let port {port} be used: choose one above 1023 {choosing}.")
    return Refusal(
        f"Port {port} on {HOST} is taken, perhaps by another receiver: stop that one, or choose another port"
        f" {choosing} and put it into the agents' settings."
    )
