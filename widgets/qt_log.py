"""What Qt says of itself, in the program's log."""

from __future__ import annotations

import logging

from PySide6.QtCore import QMessageLogContext, QtMsgType
from PySide6.QtGui import QGuiApplication

log = logging.getLogger(__name__)

_LEVELS = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO}
_NOT_SUPPORTED = frozenset(
    f"This plugin does not support {what}" for what in ("propagateSizeHints()", "raise()", "grabbing the keyboard")
)
_WITHOUT_DISPLAY = frozenset({"offscreen", "minimal"})


def is_of_no_display(message: str) -> bool:
    """Return whether a message only says that a window cannot be moved about where there is no display."""
    return message in _NOT_SUPPORTED and QGuiApplication.platformName() in _WITHOUT_DISPLAY


def log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Write a message of Qt into the log: a warning, but for what it says lightly or what tells nobody anything."""
    del context
    level = logging.DEBUG if is_of_no_display(message) else _LEVELS.get(kind, logging.WARNING)
    log.log(level, "qt.message text=%s", message)
