"""Pictures of every page, light and dark, in three sizes: `python tests/ui/pictures.py PROFILE OUT [--home HOME]`.

A person looks at them; nothing is compared. PROFILE is used as it is (make one with `goodmeasure --demo`, or import
any home into a scratch profile); nothing in it is changed but the window's own state.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.ui.app import application
from goodmeasure.ui.asking import Asker
from goodmeasure.ui.pages.findings import FindingRow
from goodmeasure.ui.pages.inbox import InboxPage
from goodmeasure.ui.pages.log_run import LogRunDialog
from goodmeasure.ui.pages.received import ReceivedPage
from goodmeasure.ui.pages.runs import RunsPage
from goodmeasure.ui.pages.share import SharePage
from goodmeasure.ui.pages.share_dialogs import PickDialog
from goodmeasure.ui.pages.sources import SourcesPage
from goodmeasure.ui.session import Session
from goodmeasure.ui.tasks import Lanes
from goodmeasure.ui.theme import LOOK, THEMES
from goodmeasure.ui.window import MainWindow

SIZES = {"1280": QSize(1280, 800), "1440": QSize(1440, 932), "960": QSize(960, 640)}
PAGES = (
    "overview",
    "overview-end",
    "inbox",
    "inbox-similar",
    "inbox-calm",
    "runs",
    "runs-log",
    "runs-evidence",
    "runs-about",
    "runs-rule",
    "value",
    "value-trend",
    "value-end",
    "spend",
    "spend-end",
    "oversight",
    "oversight-end",
    "share",
    "share-least",
    "share-numbers",
    "share-pick",
    "share-history",
    "received",
    "received-roll-up",
    "received-deleted",
    "team",
    "sources",
    "sources-telemetry",
    "sources-rules",
    "overview-keys",
)


def settle(lanes: Lanes, milliseconds: int = 150) -> None:
    """Let timers fire and every question be answered."""
    for _ in range(40):
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()
        if not lanes.busy:
            return


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("profile", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--sizes", nargs="*", default=["1280", "1440"], choices=SIZES)
    parser.add_argument("--themes", nargs="*", default=list(THEMES), choices=THEMES)
    parser.add_argument("--pages", nargs="*", default=list(PAGES), choices=PAGES)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    application()
    lanes = Lanes()
    window = MainWindow(
        Session(Desk(Choices(profile_dir=chosen.profile, home=chosen.home)), lanes), Asker(), follows=False
    )
    window.show()
    settle(lanes, 600)
    settle(lanes)
    for size in chosen.sizes:
        window.resize(SIZES[size])
        for theme in chosen.themes:
            LOOK.apply(THEMES[theme])
            for page in chosen.pages:
                _prepare(window, page, lanes)
                _take(window, chosen.out / f"{page}-{theme}-{size}.png")
                for dialog in window.findChildren(QDialog):
                    _take(dialog, chosen.out / f"dialog-{page}-{theme}-{size}.png")
                    dialog.reject()
    window.close()
    return 0


def _prepare(window: MainWindow, page: str, lanes: Lanes) -> None:
    window.go_to(page.partition("-")[0])
    settle(lanes)
    pages = window.pages
    if pages is None:
        raise SystemExit("The window did not open.")
    if page.startswith("inbox"):
        _prepare_inbox(pages.inbox, page)
    bar = pages.overview.scroll_bar
    bar.setValue(0)
    if page == "overview-keys":
        window.show_shortcuts()
    if page == "overview-end":
        bar.setValue(bar.maximum())
    bar = pages.value.scroll_bar
    place = {"value-end": bar.maximum(), "value-trend": pages.value.trend.y() - 16}
    bar.setValue(place.get(page, 0))
    bar = pages.oversight.scroll_bar
    bar.setValue(bar.maximum() if page == "oversight-end" else 0)
    bar = pages.spend.scroll_bar
    if page == "spend-end":
        for row in pages.spend.findings.findChildren(FindingRow)[1:2]:
            row.fold.button.click()
        settle(lanes)
    bar.setValue(bar.maximum() if page == "spend-end" else 0)
    if page.startswith("runs"):
        _prepare_runs(window, pages.runs, page, lanes)
    _prepare_sources(pages.sources, page)
    if page.startswith("received"):
        _prepare_received(pages.received, page)
    if page.startswith("share"):
        _prepare_share(pages.share, page, lanes)
    settle(lanes)


def _prepare_received(received: ReceivedPage, page: str) -> None:
    received.show_part(page.partition("-")[2] or "held")
    if page == "received-roll-up":
        received.roll_up.invited.setText("8")
        received.roll_up.make.click()


def _prepare_share(share: SharePage, page: str, lanes: Lanes) -> None:
    share.show_part("history" if page == "share-history" else "new")
    share.form.name.setText("Robin Example")
    share.form.improved.setPlainText("Release notes take minutes.\nFlaky tests found before merging.")
    share.form.needed.setPlainText("A shared place for prompts that worked.")
    share.form.options.choose_level({"share-least": "L0", "share-numbers": "L2", "share-pick": "L3"}.get(page, "L1"))
    months = [place for place in range(share.form.period.count()) if "W" not in share.form.period.itemData(place)]
    if months:  # a receipt is about a week
        share.form.period.setCurrentIndex(months[1])
    share.form.options.choose_appendices(cost=True, oversight=True)
    settle(lanes, 500)
    if page == "share-pick":
        share.form.options.pick_wanted.emit()
        settle(lanes, 300)
        for dialog in share.findChildren(PickDialog)[-1:]:
            dialog.look_at(dialog.run_ids[0])


def _prepare_runs(window: MainWindow, runs: RunsPage, page: str, lanes: Lanes) -> None:
    runs.table.choose(3)
    tabs = {"runs-evidence": "Evidence", "runs-about": "About", "runs-rule": "About"}
    runs.detail.show_tab(tabs.get(page, "Timeline"))
    if page == "runs-about":
        settle(lanes)
        runs.detail.facts.lines["work_kind"].change.click()
    if page == "runs-rule":
        settle(lanes)
        runs.detail.facts.always_wanted.emit("cost_center", "Research 7")
        settle(lanes, 500)
    if page == "runs-log":
        window.log_run()
        settle(lanes)
        dialog = window.findChildren(LogRunDialog)[-1]
        dialog.title.setText("Asked for a recipe of elderflower syrup")
        dialog.prompt.setPlainText("How much sugar does a litre take?")
        settle(lanes, 700)


def _prepare_inbox(inbox: InboxPage, page: str) -> None:
    while inbox.state.place or inbox.state.resting:
        inbox.press("k")
    while page == "inbox-calm" and inbox.state.place < inbox.state.today and not inbox.state.resting:
        inbox.press("j")
    while page == "inbox-similar" and not inbox.state.others and inbox.state.place < len(inbox.state.run_ids):
        inbox.press("return" if inbox.state.resting else "x" if inbox.state.similar else "j")


def _prepare_sources(sources: SourcesPage, page: str) -> None:
    card = sources.receiver
    is_telemetry = page == "sources-telemetry"
    if page.startswith("sources"):
        sources.scroll_bar.setValue(0)
    if is_telemetry and not card.rows["codex"].isVisible():
        card.fold.button.click()
        card.rows["claude-code"].head.click()
    if page == "sources-rules":
        QApplication.processEvents()
        sources.scroll_bar.setValue(sources.scroll_bar.maximum())
    QApplication.processEvents()
    if is_telemetry:
        sources.scroll_bar.setValue(card.y() - 16)


def _take(window: QWidget, path: Path) -> None:
    QApplication.processEvents()
    if not window.grab().save(str(path)):
        raise SystemExit(f"{path} could not be written.")
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    sys.exit(main())
