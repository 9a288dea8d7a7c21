from array import array

from PySide6.QtCore import QAbstractItemModel, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from goodmeasure.ui.widgets.runs_model import KEPT_PAGES, PAGE_ROWS, Role, RunsModel
from goodmeasure.viewmodels.runs import COLUMNS, RunRow


def row(number: int) -> RunRow:
    texts = tuple(f"{column.label} {number}" for column in COLUMNS)
    return RunRow(number, texts, texts, "used")


class Pages:
    """Remembers which pages were asked for, and answers them when told to."""

    def __init__(self, rows: int) -> None:
        self.asked: list[tuple[int, list[int]]] = []
        self.model = RunsModel(lambda page, ids: self.asked.append((page, list(ids))))
        self.model.show_ids(array("q", range(1000, 1000 + rows)))

    def answer(self) -> None:
        asked, self.asked = self.asked, []
        for page, ids in asked:
            self.model.fill(self.model.generation, page, {number: row(number) for number in ids})

    def text(self, number: int, column: int = 1) -> object:
        return self.model.data(self.model.index(number, column))


def test_qt_finds_no_fault(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    del qtbot
    pages = Pages(700)
    model: QAbstractItemModel = pages.model
    qtmodeltester.check(model, force_py=False)  # type: ignore[no-untyped-call]  # the plugin has no types here
    pages.answer()
    pages.model.show_ids(array("q", [5, 4]))
    pages.text(0)
    pages.answer()
    pages.model.show_ids(array("q"))


def test_a_page_is_asked_for_once_and_then_there(qtbot: QtBot) -> None:
    del qtbot
    pages = Pages(100_000)
    assert pages.text(0) is None
    assert pages.text(5) is None
    assert pages.asked == [(0, list(range(1000, 1000 + PAGE_ROWS)))]
    pages.answer()
    assert pages.text(5) == "Title 1005"
    assert pages.asked == []
    assert pages.text(99_999) is None
    assert pages.asked[0][0] == 99_999 // PAGE_ROWS
    assert len(pages.asked[0][1]) == 100_000 % PAGE_ROWS


def test_old_pages_make_room(qtbot: QtBot) -> None:
    del qtbot
    pages = Pages(PAGE_ROWS * (KEPT_PAGES + 2))
    for page in range(KEPT_PAGES + 2):
        pages.text(page * PAGE_ROWS)
        pages.answer()
    assert len(pages.model._pages) == KEPT_PAGES
    assert pages.text(0) is None


def test_rows_of_an_older_list_are_dropped(qtbot: QtBot) -> None:
    del qtbot
    pages = Pages(10)
    pages.text(0)
    old = pages.model.generation
    pages.model.show_ids(array("q", [1, 2]))
    pages.model.fill(old, 0, {1: row(1)})
    assert pages.text(0) is None


def test_a_page_that_could_not_be_fetched_is_asked_for_again(qtbot: QtBot) -> None:
    del qtbot
    pages = Pages(10)
    pages.text(0)
    pages.asked.clear()
    pages.model.forget(pages.model.generation, 0)
    pages.text(0)
    assert len(pages.asked) == 1


def test_cells(qtbot: QtBot) -> None:
    del qtbot
    pages = Pages(3)
    pages.text(0)
    pages.answer()
    index = pages.model.index(1, 1)
    assert index.data(Role.RUN_ID) == 1001
    assert index.data(Role.OUTCOME) == "used"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Title: Title 1001"
    assert "Title 1001" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert pages.model.row_of(1002) == 2
    assert pages.model.row_of(7) is None
    assert pages.model.run_id(99) is None


def test_the_same_list_later_keeps_its_words_until_the_new_ones_are_here(
    qtmodeltester: ModelTester, qtbot: QtBot
) -> None:
    del qtbot
    pages = Pages(300)
    model: QAbstractItemModel = pages.model
    qtmodeltester.check(model, force_py=False)  # type: ignore[no-untyped-call]  # the plugin has no types here
    for number in (0, 299):
        pages.text(number)
    pages.answer()
    changed: list[tuple[str, int, int]] = []
    model.rowsInserted.connect(lambda _, first, last: changed.append(("in", first, last)))
    model.rowsRemoved.connect(lambda _, first, last: changed.append(("out", first, last)))
    model.modelReset.connect(lambda: changed.append(("all", 0, 0)))
    pages.model.change_ids(array("q", [5, *range(1000, 1300)]))
    assert changed == [("in", 0, 0)]
    assert (pages.text(0), pages.text(1), pages.text(300)) == (None, "Title 1000", "Title 1299")
    assert pages.asked, "the new words are asked for"
    pages.answer()
    assert pages.text(0) == "Title 5"
    changed.clear()
    pages.model.change_ids(array("q", [5, *range(1000, 1010), *range(1011, 1300), 1010]))
    assert changed == [("out", 11, 300), ("in", 11, 300)]
    assert pages.text(300) == "Title 1010"
    changed.clear()
    pages.model.change_ids(array("q", [5, *range(1000, 1010), *range(1011, 1300), 1010]))
    pages.model.change_ids(array("q"))
    assert changed == [("out", 0, 300)]
