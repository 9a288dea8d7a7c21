"""The receiver's switch as the window holds it: what is wanted, what stands in the way, and news as they come."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from goodmeasure.ui.session import Session, sentence

if TYPE_CHECKING:
    from goodmeasure.services.receiving import ReceiverState

_GATHER_MS = 400
"""What arrives within this time is shown together."""


class ReceiverSwitch(QObject):
    """Begins and ends to listen, in the write lane. A window that opens with the switch on listens again."""

    turned = Signal()
    """Another choice, or it listens now, or it does not, or something stands in the way."""
    _arrived = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        settings = session.desk.settings
        self.wanted = settings.receive_telemetry
        self.ports = (settings.telemetry_http_port, settings.telemetry_grpc_port)
        """Of HTTP and gRPC, as they are chosen."""
        self.problem = ""
        """Why it does not listen although it is wanted; "" for nothing."""
        self._gathering = QTimer(self)
        self._gathering.setSingleShot(True)
        self._gathering.setInterval(_GATHER_MS)
        self._gathering.timeout.connect(self._tell_news)
        # Sent from the thread that keeps what arrives.
        self._arrived.connect(self._gather, Qt.ConnectionType.QueuedConnection)
        session.when_open(self._start_again)

    def turn(self, *, on: bool) -> None:
        """Listen from now on, or no longer; the choice is remembered."""
        self._turn(on=on, failed=self._refused)

    def use_ports(self, http_port: int, grpc_port: int) -> None:
        """Listen on other ports; that is remembered, too."""
        if (http_port, grpc_port) != self.ports:
            self.ports = (http_port, grpc_port)
            self._turn(on=self.wanted, failed=self._refused)

    def _turn(self, *, on: bool, failed: Callable[[Exception], None]) -> None:
        self.wanted, self.problem = on, ""
        self.turned.emit()
        self._session.receive(wanted=on, ports=self.ports, heard=self._arrived.emit, done=self._done, failed=failed)

    def _start_again(self) -> None:
        if self.wanted:
            self._turn(on=True, failed=self._refused_at_start)

    def _done(self, state: "ReceiverState") -> None:
        del state
        self.turned.emit()

    def _refused(self, error: Exception) -> None:
        self.problem = sentence(error)
        self.turned.emit()

    def _refused_at_start(self, error: Exception) -> None:
        # Who does not look at the Sources page must learn of it, too: what is sent meanwhile is lost.
        self._refused(error)
        self._session.failed.emit(f"Telemetry is not received. {self.problem}")

    def _gather(self) -> None:
        if not self._gathering.isActive():
            self._gathering.start()

    def _tell_news(self) -> None:
        if self._session.is_open:
            self._session.changed.emit("events")
