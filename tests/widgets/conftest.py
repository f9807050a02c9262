"""Widgets are tested off screen, each in the dark theme and in English unless the test says otherwise."""

from __future__ import annotations

import os
from collections.abc import Iterator

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from tests.widgets.keys import let_go
from widgets import theme, translation
from widgets.theme import Theme


@pytest.fixture(scope="session")
def dark(qapp: QApplication) -> Theme:
    return theme.load("dark")


@pytest.fixture(autouse=True)
def _dark_and_english(qapp: QApplication, dark: Theme) -> Iterator[None]:
    if theme._present != [dark]:
        theme.apply(qapp, dark)
    translation.set_language("en")
    yield
    translation.set_language("en")
    let_go()
    # what a test has closed is deleted here and now, or each later change of theme would restyle it too
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
