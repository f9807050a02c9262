"""Widgets are tested off screen, each in the dark theme and in English unless the test says otherwise."""

from __future__ import annotations

import os
from collections.abc import Iterator

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtWidgets import QApplication

from widgets import theme, translation


@pytest.fixture(autouse=True)
def _dark_and_english(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, theme.load("dark"))
    translation.set_language("en")
    yield
    translation.set_language("en")
