"""What Qt says of itself comes into the log; what is only so without a display bothers nobody."""

from __future__ import annotations

import logging

import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from widgets.qt_log import log_qt

HINTS = "This plugin does not support propagateSizeHints()"


def level_of(caplog: pytest.LogCaptureFixture, message: str, kind: QtMsgType = QtMsgType.QtWarningMsg) -> int:
    with caplog.at_level(logging.DEBUG):
        log_qt(kind, QMessageLogContext(), message)
    (record,) = caplog.records
    assert record.getMessage() == f"qt.message text={message}"
    return record.levelno


def test_that_without_a_display_nobody_is_told_that_windows_cannot_be_placed(
    qapp: QApplication, caplog: pytest.LogCaptureFixture
) -> None:
    assert qapp.platformName() == "offscreen"
    assert level_of(caplog, HINTS) == logging.DEBUG


def test_that_on_a_screen_the_same_is_a_warning(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", staticmethod(lambda: "wayland"))
    assert level_of(caplog, HINTS) == logging.WARNING


@pytest.mark.parametrize(
    ("message", "kind", "level"),
    [
        ("This plugin does not support createPlatformOpenGLContext!", QtMsgType.QtWarningMsg, logging.WARNING),
        ("QPainter::begin: Paint device returned engine == 0", QtMsgType.QtCriticalMsg, logging.WARNING),
        ("a word", QtMsgType.QtInfoMsg, logging.INFO),
    ],
    ids=["another lack", "a fault", "a word"],
)
def test_that_everything_else_keeps_its_weight(
    qapp: QApplication, caplog: pytest.LogCaptureFixture, message: str, kind: QtMsgType, level: int
) -> None:
    assert level_of(caplog, message, kind) == level
