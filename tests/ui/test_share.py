"""The Share page: what may leave is chosen and typed by hand, and everything that left can be opened again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from goodmeasure.reports.encrypting import decrypt, new_identity, recipient_of
from goodmeasure.ui.pages.share import SharePage
from goodmeasure.ui.pages.share_dialogs import PickDialog, RestateDialog
from goodmeasure.ui.window import MainWindow
from goodmeasure.viewmodels.picking import Correction, RunToShow
from goodmeasure.viewmodels.suggesting import SuggestionView
from tests.ui.conftest import settle

FIXES = SuggestionView("Fixes that landed and stayed: 3 runs", "Verified", "Fixes that landed and stayed: ", (1, 2, 3))
