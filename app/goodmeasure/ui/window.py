"""The main window: sidebar, banner, pages, and the reading of logs beside them."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QSize, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from goodmeasure.ui.asking import Asker
from goodmeasure.ui.clean_up import CleanUpTeller
from goodmeasure.ui.evidence_watch import EvidenceWatch
from goodmeasure.ui.following import Follower, command
from goodmeasure.ui.icons import app_icon
from goodmeasure.ui.noticing import Noticer
from goodmeasure.ui.remembered import Remembered, remember, remembered
from goodmeasure.ui.session import Session
from goodmeasure.ui.shortcuts import ShortcutSheet
from goodmeasure.ui.sidebar import PAGES, Sidebar
from goodmeasure.ui.start import Start
from goodmeasure.ui.sweeping import Sweeper
from goodmeasure.ui.theme import DARK, LIGHT, LOOK, THEMES, preferred
from goodmeasure.ui.tray import TrayDot
from goodmeasure.ui.widgets.frames import Banner
from goodmeasure.viewmodels.shell import ShellView, shell

if TYPE_CHECKING:
    from goodmeasure.ui.pages.every import Pages

_MINUTE_MS = 60_000
_SMALLEST = QSize(900, 600)
_PAGE_NAMES = frozenset(name for name, _, _ in PAGES)


class MainWindow(QMainWindow):
    """The whole app in one window."""

    def __init__(self, session: Session, asker: Asker, *, follows: bool = True) -> None:
        """`follows`: read and follow the logs from the start, once the person has let them be read."""
        super().__init__()
        self.setWindowTitle("Good Measure")
        self.setWindowIcon(app_icon())
        self.setMinimumSize(_SMALLEST)
        self._session, self._asker, self._follows = session, asker, follows
        asker.parent_window = self
        self._remembered = remembered(session.desk.profile.folder)
        LOOK.apply(THEMES.get(session.desk.settings.theme) or preferred())
        self._view: ShellView | None = None
        self._is_started = False
        self._page = self._remembered.page if self._remembered.page in _PAGE_NAMES else "overview"
        self._stale: set[str] = set()
        self.follower = Follower(command(session.desk.profile.folder, session.desk.home), lambda: asker.given)
        self._sweeper = Sweeper(session.lanes, self)
        self._evidence = EvidenceWatch(session, self)
        self.tray = TrayDot(self)
        self._noticer = Noticer(session, self)
        self.sidebar, self.banner = Sidebar(), Banner()
        self._clean_up = CleanUpTeller(session, self.banner, self._remembered.silent, self)
        self.stack = QStackedWidget()
        self._start = Start(session, self.stack, self)
        self.pages: Pages | None = None
        self._lay_out()
        self._connect()
        self._add_shortcuts()
        self._restore(self._remembered)

    @property
    def is_settled(self) -> bool:
        """Say whether every question has been answered, so that nothing on the screen is about to change."""
        if self.pages is None or self._session.lanes.busy or self.follower.is_reading:
            return False
        return all(page.is_whole for page in self.pages.by_name.values())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Open the ledger once the first frame is on the screen."""
        super().paintEvent(event)
        if not self._is_started:
            self._is_started = True
            QTimer.singleShot(0, lambda: self._start.begin(self._made))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window, end the reading, let the writes end."""
        self._remember()
        self._minute.stop()
        self._start.stop()
        self._sweeper.stop()
        self._evidence.stop()
        self.tray.close()
        self._noticer.stop()
        self._asker.give_up()
        self.follower.close()
        self._session.close()
        super().closeEvent(event)

    def go_to(self, page: str) -> None:
        """Show a page; it asks again if something it shows has changed meanwhile. While starting: as soon as it can."""
        self._page = page
        self.sidebar.show_page(page)
        if self.pages is None:
            return
        self.stack.setCurrentWidget(self.pages.by_name[page])
        if page in self._stale:
            self._stale.discard(page)
            self.pages.by_name[page].refresh()

    def toggle_theme(self) -> None:
        """Change between light and dark, and remember it."""
        chosen = LIGHT if LOOK.tokens is DARK else DARK
        LOOK.apply(chosen)
        self._session.choose(lambda settings: replace(settings, theme=chosen.name))

    def start_import(self) -> None:
        """Read the agents' logs and then follow them, unless they are being read."""
        if self.follower.is_reading or not self._session.is_open:
            return
        self.banner.settle()
        self._read()

    def log_run(self) -> None:
        """Ask for a run that left no log. Before the ledger is open: nothing."""
        if self._session.is_open:
            from goodmeasure.ui.pages.log_run import LogRunDialog  # noqa: PLC0415 - few need it at the start

            dialog = LogRunDialog(self._session, self)
            dialog.logged.connect(self._logged)
            dialog.open()

    def show_shortcuts(self) -> None:
        """Show every key there is."""
        ShortcutSheet(self).open()

    def _lay_out(self) -> None:
        whole, right = QWidget(), QWidget()
        whole.setProperty("look", "page")
        row, column = QHBoxLayout(whole), QVBoxLayout(right)
        for layout in (row, column):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.stack, 1)
        row.addWidget(self.sidebar)
        row.addWidget(right, 1)
        self.setCentralWidget(whole)
        self.sidebar.show_page(self._page)

    def _connect(self) -> None:
        self.sidebar.page_wanted.connect(self.go_to)
        self.sidebar.theme_wanted.connect(self.toggle_theme)
        self.sidebar.help_wanted.connect(self.show_shortcuts)
        self.sidebar.import_wanted.connect(self.start_import)
        self.sidebar.cancel_wanted.connect(self.follower.cancel)
        self.banner.acted.connect(self._go_on)
        self.follower.progressed.connect(self._reading_progressed)
        self.follower.read.connect(self._reading_done)
        self.follower.news.connect(self._news)
        self.follower.failed.connect(self._reading_failed)
        self.follower.cancelled.connect(self._reading_cancelled)
        self._clean_up.dismissed.connect(self._remember)
        self.tray.wanted.connect(self._show_inbox)
        self._session.opened.connect(self._opened)
        self._session.failed.connect(self._failed)
        self._session.changed.connect(self._changed)
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE_MS)
        self._minute.timeout.connect(self._each_minute)

    def _add_shortcuts(self) -> None:
        for number, (page, _, _) in enumerate(PAGES, 1):
            self._on(f"Ctrl+{number % 10}", lambda page=page: self.go_to(page))
        self._on("Ctrl+F", self._search)
        self._on("Ctrl+R", self.start_import)
        self._on("Ctrl+D", self.toggle_theme)
        self._on("Ctrl+L", self.log_run)
        self._on("?", self.show_shortcuts)

    def _on(self, keys: str, action: Any) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(action)

    def _restore(self, state: Remembered) -> None:
        self.resize(1280, 800)
        if state.geometry:
            self.restoreGeometry(QByteArray(state.geometry_bytes()))

    def _made(self, pages: "Pages") -> None:
        self.pages = pages
        self.stack.setCurrentWidget(pages.by_name[self._page])
        self._stale = set(pages.by_name)
        pages.overview.rate_wanted.connect(lambda: self.go_to("inbox"))
        pages.overview.run_wanted.connect(self._show_run)
        pages.overview.welcome.import_wanted.connect(self.start_import)
        pages.value.runs_wanted.connect(self._show_runs)
        pages.oversight.runs_wanted.connect(self._show_runs)
        pages.spend.runs_wanted.connect(self._show_runs)
        pages.runs.rate_wanted.connect(self._rate_run)
        pages.runs.log_wanted.connect(self.log_run)
        pages.inbox.put_off = self._remembered.put_off
        pages.inbox.put_off_changed.connect(self._put_off)
        pages.sources.choices.chosen.connect(self._show_count)
        pages.sources.import_wanted.connect(self.start_import)
        self._show_reading(reading=self.follower.is_reading)
        if self._session.is_open:
            self.go_to(self._page)

    def _opened(self) -> None:
        if problem := self._session.desk.settings_problem:
            self.banner.say(problem)
        self._ask_shell()
        self._minute.start()
        self._sweeper.start()
        self._noticer.start()
        if self.pages is not None:
            self._stale = set(self.pages.by_name)
        self.go_to(self._page)

    def _failed(self, sentence: str) -> None:
        if self._session.is_open:
            self.banner.say(sentence)
        else:
            self.sidebar.show_idle("The ledger is closed")
            self.banner.say(sentence, "Try again")

    def _go_on(self) -> None:
        self.banner.settle()
        if self._session.is_open:
            self.start_import()
        else:
            self.sidebar.show_idle("Opening…")
            self._session.open()

    def _each_minute(self) -> None:
        self._ask_shell()
        if self._view is not None and not self._view.first_start and not self.follower.is_reading:
            # Who leaves the window open over night is asked about runs of the new day, too.
            self._session.draw()

    def _ask_shell(self) -> None:
        self._session.ask("shell", shell, self._show_shell)

    def _show_shell(self, view: ShellView) -> None:
        first, before, self._view = self._view is None, self._view, view
        if before is None or before.day != view.day:
            # At every start, and every day in a window that stays open.
            self._session.delete_expired()
        self._show_count()
        if first and self._follows and not view.first_start and not self.follower.is_reading:
            self._read()
        self._show_state()

    def _show_count(self) -> None:
        if (view := self._view) is None:
            return
        is_put_off = self._remembered.put_off.on(view.day).everything
        self.tray.show_waiting(0 if is_put_off else view.today, wanted=self._session.desk.settings.tray_dot)
        if is_put_off:
            self.sidebar.buttons["inbox"].set_count(0)
        elif view.today:
            self.sidebar.buttons["inbox"].set_count(view.today, "of today's runs waiting")
        else:
            self.sidebar.buttons["inbox"].set_count(view.to_rate)

    def _put_off(self) -> None:
        self._show_count()
        self._remember()

    def _remember(self) -> None:
        folder = self._session.desk.profile.folder
        remember(folder, bytes(self.saveGeometry().data()), self._page, self._remembered)

    def _show_state(self) -> None:
        if self._view is not None and not self.follower.is_reading:
            self.sidebar.show_idle(self._view.followed if self.follower.is_following else self._view.status)

    def _changed(self, what: str) -> None:
        # The page in sight asks now, the others when they come into sight. The inbox keeps its sitting, and logs that
        # are followed change nothing under the hands of who is sharing.
        self._ask_shell()
        if self.pages is None:
            return
        self._stale = set(self.pages.by_name) - {self._page}
        if self._page == "inbox":
            if what == "events":
                self.pages.inbox.refresh()
        elif what == "events" and self._page in {"share", "received"}:
            self._stale.add(self._page)
        else:
            self.pages.by_name[self._page].refresh()

    def _show_inbox(self) -> None:
        # The person pressed the dot: only that brings the window to the front.
        self.go_to("inbox")
        self.showNormal()
        self.raise_()
        self.activateWindow()

    def _search(self) -> None:
        if self.pages is not None:
            self.go_to("runs")
            self.pages.runs.search()

    def _show_run(self, run_id: int) -> None:
        if self.pages is not None:
            self._stale.discard("runs")
            self.go_to("runs")
            self.pages.runs.show_run(run_id)

    def _logged(self, said: str, key: str) -> None:
        self.banner.say(said)
        self._session.ask("logged-run", lambda queries: queries.run_id(key), self._show_run)

    def _show_runs(self, run_ids: list[int], title: str) -> None:
        if self.pages is not None:
            self._stale.discard("runs")
            self.go_to("runs")
            self.pages.runs.show_runs(run_ids, title)

    def _rate_run(self, run_id: int) -> None:
        if self.pages is not None:
            self._stale.discard("inbox")
            self.go_to("inbox")
            self.pages.inbox.rate_one(run_id)

    def _read(self) -> None:
        self.sidebar.show_reading("Reading…")
        self._show_reading(reading=True)
        self._noticer.stop()
        self.follower.start()

    def _reading_progressed(self, done: int, whole: int, source: str) -> None:
        self.sidebar.show_reading(f"Reading {source}…" if source else "Reading…", done, whole)

    def _reading_done(self, report: dict[str, Any]) -> None:
        del report
        self._reading_ended("Following your agents' logs")

    def _news(self, report: dict[str, Any]) -> None:
        del report
        self._show_state()
        self._noticer.look()
        if self._session.is_open:
            self._evidence.news()

    def _reading_cancelled(self) -> None:
        self._reading_ended("Stopped")
        self.banner.say("Reading was stopped. What was read is kept; the next reading goes on from there.", "Go on")

    def _reading_failed(self, reason: str) -> None:
        self._reading_ended("Not read")
        self.banner.say(reason, "Try again")

    def _reading_ended(self, status: str) -> None:
        self.sidebar.show_idle(status)
        self._show_reading(reading=False)
        if self._session.is_open:
            self._changed("events")
            self._noticer.start()
            self._clean_up.look()
            self._evidence.look_soon()

    def _show_reading(self, *, reading: bool) -> None:
        if self.pages is not None:
            self.pages.sources.show_reading(reading=reading, following=self.follower.is_following)
            self.pages.overview.welcome.show_reading(reading=reading)
