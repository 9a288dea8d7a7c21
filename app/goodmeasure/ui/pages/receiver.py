"""The part of the Sources page that is about telemetry: the switch, what arrives, and the lines for each agent."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QIntValidator, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from goodmeasure.ui.fonts import font
from goodmeasure.ui.receiving import ReceiverSwitch
from goodmeasure.ui.session import Session
from goodmeasure.ui.theme import CONTROL, GAP, GRID
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.copying import CopyButton, ExactText
from goodmeasure.ui.widgets.fold import Fold
from goodmeasure.ui.widgets.frames import Card, Hairline, Icon
from goodmeasure.ui.widgets.switch import Switch
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel
from goodmeasure.viewmodels.receiver import AgentLines, ReceiverView, receiver

_ABOUT = (
    "Some agents can send what they do, also calls that no log holds. Names, ids, times and counts are kept; prompts"
    " and answers never."
)
_FOLD = "What to put into each agent's settings"
_AGAIN_MS = 20_000
"""How often "5 min ago" is said anew while it can be seen."""
_HEIGHT = 48
_INDENT = 36
_PORT_WIDTH = 76
_LAST_PORT = 65_535


class ReceiverCard(Card):
    """One switch. Under it where it listens, what came, what was refused and why, and a line for each agent."""

    def __init__(self, session: Session) -> None:
        self.switch = Switch("Receive telemetry")
        super().__init__("Telemetry (OpenTelemetry)", _ABOUT, trailing=self.switch)
        self._session = session
        self._view: ReceiverView | None = None
        self.rows: dict[str, AgentRow] = {}
        self.receiving = ReceiverSwitch(session, self)
        self.switch.setEnabled(False)
        self.switch.clicked.connect(lambda checked: self.receiving.turn(on=checked))
        self.receiving.turned.connect(self._turned)
        session.when_open(lambda: self.switch.setEnabled(True))
        self._lay_out()
        self._again = QTimer(self)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self.refresh)
        self.switch.setChecked(self.receiving.wanted)

    def refresh(self) -> None:
        """Ask for what the card shows."""
        desk = self._session.desk
        self._session.ask("receiver", lambda queries: receiver(desk.receiving, queries), self.show_view)

    def show_view(self, view: ReceiverView) -> None:
        """Show a newer state; what is unfolded stays so, and so does what is chosen in it."""
        if view == self._view:
            return
        self._view = view
        self._show_state()
        self.received.setText(view.received_text)
        self.received.setVisible(bool(view.received_text))
        self.refused.setText("\n".join(view.refused))
        self.refused.setVisible(bool(view.refused))
        self.refused.set_tone("warn" if view.listening else "2")
        if not self.rows:
            self._make_rows(view)
        for agent in view.agents:
            self.rows[agent.source].show_agent(agent)

    def showEvent(self, event: QShowEvent) -> None:
        """Keep "5 min ago" true while it can be seen."""
        super().showEvent(event)
        self._again.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Cost nothing while it cannot be seen."""
        super().hideEvent(event)
        self._again.stop()

    def _lay_out(self) -> None:
        state = QHBoxLayout()
        state.setSpacing(GRID)
        self._mark = Icon("circle-check", "good")
        self.state = PlainLabel("", "body", wrap=True)
        self.try_again = Button("Try again", small=True)
        self.try_again.clicked.connect(lambda: self.receiving.turn(on=True))
        state.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        state.addWidget(self.state, 1)
        state.addWidget(self.try_again, 0, Qt.AlignmentFlag.AlignTop)
        self.received = PlainLabel("", "small", tone="2", wrap=True)
        self.refused = PlainLabel("", "small", tone="warn", wrap=True)
        lines = QWidget()
        self._lines = QVBoxLayout(lines)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)
        self._lines.addLayout(self._made_ports())
        self.fold = Fold(_FOLD, _FOLD, lines)
        self.body.addLayout(state)
        for label in (self.received, self.refused):
            self.body.addWidget(label)
        self.body.addWidget(self.fold)
        # Until the ledger has answered, it says nothing.
        for part in (self._mark, self.try_again, self.received, self.refused, self.fold):
            part.hide()

    def _made_ports(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(_INDENT, 0, GRID, GRID)
        row.setSpacing(GRID)
        http, grpc = self.receiving.ports
        self.http_port, self.grpc_port = _port("Port for HTTP", http), _port("Port for gRPC", grpc)
        for field in (self.http_port, self.grpc_port):
            field.editingFinished.connect(self._use_ports)
            row.addWidget(PlainLabel(field.accessibleName(), "body", tone="2"))
            row.addWidget(field)
            row.addSpacing(GAP)
        row.addStretch(1)
        return row

    def _use_ports(self) -> None:
        self.receiving.use_ports(int(self.http_port.text()), int(self.grpc_port.text()))

    def _make_rows(self, view: ReceiverView) -> None:
        for agent in view.agents:
            if self.rows:
                self._lines.addWidget(Hairline())
            self.rows[agent.source] = AgentRow(agent)
            self._lines.addWidget(self.rows[agent.source])
        self.fold.show()

    def _turned(self) -> None:
        self.switch.setChecked(self.receiving.wanted)
        self._show_state()
        self.refresh()

    def _show_state(self) -> None:
        if self._view is None:
            return
        problem = self.receiving.problem
        icon, color = ("circle-check", "good") if self._view.listening else ("pause", "text3")
        self._mark.show_icon(*(("triangle-alert", "warn") if problem else (icon, color)))
        self._mark.show()
        self.state.setText(problem or self._view.state_text)
        self.state.set_tone("warn" if problem else "" if self._view.listening else "2")
        self.try_again.setVisible(bool(problem) and self.receiving.wanted)


def _port(name: str, port: int) -> QLineEdit:
    field = QLineEdit(str(port))
    field.setAccessibleName(name)
    field.setAccessibleDescription("A number up to 65535; 0 takes any that is free")
    field.setValidator(QIntValidator(0, _LAST_PORT, field))
    field.setFont(font(13))
    field.setFixedSize(_PORT_WIDTH, CONTROL)
    return field


class AgentRow(QWidget):
    """One agent: whether it was heard. It unfolds the lines for its settings."""

    def __init__(self, agent: AgentLines) -> None:
        super().__init__()
        self._agent = agent
        self._detail: QWidget | None = None
        self.lines: ExactText | None = None
        self.copy: CopyButton | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.head = QPushButton()
        self.head.setProperty("look", "row")
        self.head.setFixedHeight(_HEIGHT)
        self.head.setCursor(Qt.CursorShape.PointingHandCursor)
        self.head.setAccessibleDescription("folded")
        self.head.clicked.connect(self._toggle)
        self.tick = Icon("circle-check", "good")
        self.heard = ElidedLabel("", "small", tone="2")
        self._chevron = Icon("chevron-right", "text3")
        self._lay_out_head()
        self._column.addWidget(self.head)
        self.show_agent(agent)

    def show_agent(self, agent: AgentLines) -> None:
        """Show whether it was heard meanwhile, and its lines, which change with the port."""
        self._agent = agent
        self.tick.show_icon(*(("circle-check", "good") if agent.heard else ("clock", "text3")))
        self.heard.setText(agent.heard_text)
        self.head.setAccessibleName(f"{agent.label}: {agent.heard_text}")
        if self.lines is not None:
            self.lines.show_text(agent.lines)

    def _lay_out_head(self) -> None:
        row = QHBoxLayout(self.head)
        row.setContentsMargins(GRID, 0, GRID, 0)
        row.setSpacing(12)
        row.addWidget(self.tick)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addStretch(1)
        texts.addWidget(ElidedLabel(self._agent.label, "strong"))
        texts.addWidget(self.heard)
        texts.addStretch(1)
        row.addLayout(texts, 1)
        row.addWidget(self._chevron)
        for part in self.head.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _toggle(self) -> None:
        if self._detail is None:
            self._detail = self._made_detail()
            self._column.addWidget(self._detail)
            unfolded = True
        else:
            unfolded = self._detail.isHidden()
        self._detail.setVisible(unfolded)
        self._chevron.show_icon("chevron-down" if unfolded else "chevron-right", "text3")
        self.head.setAccessibleDescription("unfolded" if unfolded else "folded")

    def _made_detail(self) -> QWidget:
        agent = self._agent
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(_INDENT, 4, GRID, GAP)
        column.setSpacing(GRID)
        head = QHBoxLayout()
        self.lines = ExactText(f"Lines for {agent.label}", agent.lines)
        self.copy = CopyButton(f"Copy the lines for {agent.label}", lambda: self._agent.lines)
        head.addWidget(PlainLabel(f"Into {agent.where}:", "label", tone="2", wrap=True), 1)
        head.addWidget(self.copy)
        column.addLayout(head)
        column.addWidget(self.lines)
        if agent.note:
            column.addWidget(PlainLabel(agent.note, "small", tone="2", wrap=True))
        return whole
