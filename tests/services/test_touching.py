"""Which files a run touched: from what its evidence keeps, else from its own log, else unknown."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from goodmeasure.domain.work import Touched
from goodmeasure.ledger.evidence import RunWork, keep_work
from goodmeasure.ledger.opening import open_ledger
from goodmeasure.services.queries import Queries
from goodmeasure.services.touching import Touching
from goodmeasure.viewmodels.touched import files_of, touched
from tests.services.test_findings import Life


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    ledger = open_ledger(tmp_path / "ledger.sqlite", b"k" * 32)
    yield Life(tmp_path, ledger)
    ledger.close()


def test_a_log_names_the_files_and_one_that_is_gone_names_none(life: Life) -> None:
    log = life.session().asks().reads("cup.py", "tea.py").edits("tea.py").edits("pot.py").edits("pot.py")
    log.uses("Edit", {"file_path": f"{log.folder}/lost.py", "old_string": "a", "new_string": "b"}, failed=True)
    life.session(project="library").asks().reads("shelf.py").spends(0.01)
    life.session(project="talk").asks().spends(0.01)
    log.spends(0.01)
    life.read()
    asked = Touching(life.ledger)
    assert asked.kept(1) is None
    found = asked.told(1)
    assert found == Touched(
        ("/home/person/shop/pot.py", "/home/person/shop/tea.py"),
        ("/home/person/shop/cup.py", "/home/person/shop/tea.py"),
    )
    assert files_of(found) == ("Edited pot.py and tea.py", "/home/person/shop/pot.py\n/home/person/shop/tea.py")
    only_read, neither = asked.told(2), asked.told(3)
    assert only_read is not None
    assert neither is not None
    assert files_of(only_read)[0] == "Read shelf.py"
    assert files_of(neither) == ("No file named in its log", "")
    assert asked.told(1, cancelled=lambda: True) is None
    log.file.unlink()
    assert asked.told(1) is None
    view = touched(Queries(life.ledger, UTC, life.clock), asked, 1)
    assert (view.files, view.without_log) == ("", "3 edits, in files that no log here names")
    keep_work(
        life.ledger, 1, RunWork({"short.py": frozenset({b"1" * 8}), "long.py": frozenset({b"2" * 8, b"3" * 8})}, ())
    )
    view = touched(Queries(life.ledger, UTC, life.clock), asked, 1)
    assert (view.files, view.paths) == ("Edited long.py and short.py", "long.py\nshort.py")
