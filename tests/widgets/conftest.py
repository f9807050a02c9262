"""Widgets are tested off screen, each in the dark theme and in English unless the test says otherwise."""

from __future__ import annotations

import os
from collections.abc import Iterator

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from app.model import clock
from tests.widgets.keys import let_go
from widgets import pace, theme, translation
from widgets.theme import Theme


@pytest.fixture(scope="session")
def dark(qapp: QApplication) -> Theme:
    return theme.load("dark")


@pytest.fixture(autouse=True)
def _dark_and_english(qapp: QApplication, dark: Theme, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pace, "CHEAP_NS", 3_600 * clock.NS_PER_S)  # renewed at once, however loaded the machine is
    if theme._present != [dark]:
        theme.apply(qapp, dark)
    translation.set_language("en")
    yield
    translation.set_language("en")
    let_go()
    # what a test has closed is deleted here and now, or each later change of theme would restyle it too
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
