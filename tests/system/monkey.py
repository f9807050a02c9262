"""A monkey at the desk: it clicks, types, turns the wheel and opens screens at random, and notes what goes wrong.

The same seed makes the same choices on the same screens. What is held against the window: an exception anywhere, a
warning of Qt, and a line of the log of the level ERROR.
"""

from __future__ import annotations

import logging
import random
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QObject, QPoint, QPointF, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QInputMethodEvent, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QDialog, QFileDialog, QFrame, QLabel, QWidget
from shiboken6 import isValid

from tests.widgets.keys import let_go
from widgets.main_window import MainWindow
from widgets.qt_log import is_of_no_display
from widgets.screens import screens_of

SIZES = ((1280, 720), (1366, 768), (1920, 1080), (2560, 1440))
KEYS = (
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Return,
    Qt.Key.Key_Space,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Delete,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_F4,
    Qt.Key.Key_Plus,
    Qt.Key.Key_Minus,
)
TEXTS = ("1", "-3.5", "1e300", "nan", "油温", "P01", "a b", "%", "\\", "'", "[", "*", "0" * 400, "2026-02-30", "25:61")
BUTTONS = (Qt.MouseButton.LeftButton,) * 8 + (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton)
MODIFIERS = (Qt.KeyboardModifier.NoModifier,) * 6 + (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
_REMEMBERED = 30
_MOST_OPEN = 4
_OF_THE_SYSTEM = (QFileDialog, QPrintDialog)
_TO_WHAT_ANSWERS = 0.8
_QT_FAULTS = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)


class Faults(logging.Handler):
    """What went wrong, each with the last things that were done before."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []
        self.done: deque[str] = deque(maxlen=_REMEMBERED)

    def add(self, text: str) -> None:
        """Note a fault."""
        self.found.append(text + "\n  after " + "; ".join(self.done))

    def emit(self, record: logging.LogRecord) -> None:
        self.add(f"log: {self.format(record)}")

    def on_exception(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Note an exception that nobody caught."""
        self.add("".join(traceback.format_exception(kind, error, trace)))

    def on_message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        """Note a warning of Qt."""
        del context
        if kind in _QT_FAULTS and not is_of_no_display(text):
            self.add(f"Qt: {text}")

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Hear everything that goes wrong in this process."""
        hooks = (sys.excepthook, sys.unraisablehook, threading.excepthook)
        sys.excepthook = self.on_exception
        sys.unraisablehook = lambda args: self.on_exception(args.exc_type, args.exc_value, args.exc_traceback)
        threading.excepthook = lambda args: self.on_exception(args.exc_type, args.exc_value, args.exc_traceback)
        before = qInstallMessageHandler(self.on_message)
        logging.getLogger().addHandler(self)
        try:
            yield
        finally:
            logging.getLogger().removeHandler(self)
            qInstallMessageHandler(before)
            sys.excepthook, sys.unraisablehook, threading.excepthook = hooks


class Monkey(QObject):
    """One hand on the mouse and one on the keys of a window.

    It acts from a timer, so that a menu or a dialog with a loop of its own is gone through too; a window in which
    files or printers are chosen is closed at once, as it reaches out of the plant.
    """

    def __init__(self, window: MainWindow, faults: Faults, *, seed: int, pause_ms: int = 0) -> None:
        super().__init__(window)
        self._window = window
        self._faults = faults
        self._random = random.Random(seed)
        self.deeds = 0
        self._pause_ms = pause_ms
        self._is_at_work = False
        self._kinds: list[tuple[int, Callable[[], str]]] = [
            (46, self._click),
            (12, self._press),
            (8, self._type),
            (8, self._turn_wheel),
            (6, self._drag),
            (8, self._open_screen),
            (5, self._use_shortcut),
            (3, self._close_one),
            (2, self._resize),
            (1, self._dress),
        ]

    def start(self) -> None:
        """Begin."""
        self._is_at_work = True
        self._go_on()

    def stop(self) -> None:
        """End, and close what stands open."""
        self._is_at_work = False
        self._tidy(most=0)
        let_go()

    def _go_on(self) -> None:
        """Act a moment later, by a timer of its own each time: one and the same does not fire within its own call."""
        QTimer.singleShot(self._pause_ms, self, self._act)

    def _act(self) -> None:
        if not self._is_at_work:
            return
        self._go_on()
        self._close_dialogs_of_the_system()
        self._tidy(most=_MOST_OPEN)
        weights, kinds = zip(*self._kinds, strict=True)
        deed = self._random.choices(kinds, weights)[0]
        self.deeds += 1
        self._faults.done.append(deed.__name__[1:])
        self._faults.done[-1] = deed()

    def _within(self) -> QWidget:
        """Return the window that has the word: a menu, else the newest dialog, else the main window."""
        return QApplication.activePopupWidget() or QApplication.activeModalWidget() or self._window

    def _somewhere(self) -> tuple[QWidget, QPoint] | None:
        """Return a visible widget that takes clicks, and a place on it."""
        root = self._within()
        shown = [
            each
            for each in [root, *root.findChildren(QWidget)]
            if isValid(each)
            and each.isVisible()
            and each.isEnabled()
            and each.window() is root.window()
            and each.width() * each.height()
        ]
        if not shown:
            return None
        answering = [each for each in shown if not isinstance(each, (QLabel, QFrame)) or _scrolls(each)]
        chosen = self._random.choice(answering if answering and self._random.random() < _TO_WHAT_ANSWERS else shown)
        place = QPoint(self._random.randrange(chosen.width()), self._random.randrange(chosen.height()))
        child = chosen.childAt(place)
        if child is None or not isValid(child):  # at the place of a deleted widget Qt may have made another
            return chosen, place
        return child, child.mapFrom(chosen, place)

    def _click(self) -> str:
        found = self._somewhere()
        if found is None or not isValid(found[0]):
            return "click nothing"
        widget, place = found
        button, keys = self._random.choice(BUTTONS), self._random.choice(MODIFIERS)
        text = f"click {button.name} {_name(widget)} {place.toTuple()}"
        self._faults.done[-1] = text
        if self._random.random() < 0.15:
            QTest.mouseDClick(widget, button, keys, place)
        else:
            QTest.mouseClick(widget, button, keys, place)
        return text

    def _drag(self) -> str:
        found = self._somewhere()
        if found is None or not isValid(found[0]):
            return "drag nothing"
        widget, place = found
        to = QPoint(self._random.randrange(widget.width()), self._random.randrange(widget.height()))
        text = f"drag {_name(widget)} {place.toTuple()} to {to.toTuple()}"
        self._faults.done[-1] = text
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        if isValid(widget):
            QTest.mouseMove(widget, to)
        if isValid(widget):
            QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, to)
        return text

    def _turn_wheel(self) -> str:
        found = self._somewhere()
        if found is None or not isValid(found[0]):
            return "turn nothing"
        widget, place = found
        steps = self._random.choice((-360, -120, 120, 360))
        event = QWheelEvent(
            QPointF(place),
            QPointF(widget.mapToGlobal(place)),
            QPoint(),
            QPoint(0, steps),
            Qt.MouseButton.NoButton,
            self._random.choice(MODIFIERS),
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)
        return f"wheel {steps} {_name(widget)}"

    def _target(self) -> QWidget:
        root = self._within()
        focused: QWidget | None = root.focusWidget()
        return focused if focused is not None and isValid(focused) else root

    def _press(self) -> str:
        key, keys = self._random.choice(KEYS), self._random.choice(MODIFIERS)
        target = self._target()
        text = f"key {key.name} {_name(target)}"
        self._faults.done[-1] = text
        QTest.keyClick(target, key, keys)
        return text

    def _type(self) -> str:
        words, target = self._random.choice(TEXTS), self._target()
        text = f"type {words[:12]!r} {_name(target)}"
        self._faults.done[-1] = text
        if words.isascii():
            for letter in words:  # one by one: a key may close what is typed into
                if not isValid(target):
                    break
                QTest.keyClicks(target, letter)
        else:  # as from an input method: QTest ends the process for a character that is on no key
            event = QInputMethodEvent()
            event.setCommitString(words)
            QApplication.sendEvent(target, event)
        return text

    def _open_screen(self) -> str:
        if self._within() is not self._window:
            return "open nothing"
        screen = self._random.choice(screens_of(self._window))
        self._faults.done[-1] = f"screen {screen.name}"
        self._window.navigation.open_page(screen.page)
        for step in screen.steps:
            step()
        return f"screen {screen.name}"

    def _use_shortcut(self) -> str:
        if self._within() is not self._window:
            return "no shortcut"
        shortcut = self._random.choice(self._window.findChildren(QShortcut))
        text = f"shortcut {shortcut.key().toString(QKeySequence.SequenceFormat.PortableText)}"
        self._faults.done[-1] = text
        if shortcut.isEnabled():
            shortcut.activated.emit()
        return text

    def _close_one(self) -> str:
        within = self._within()
        if within is self._window:
            return "close nothing"
        text = f"close {_name(within)}"
        within.close()
        return text

    def _resize(self) -> str:
        size = self._random.choice(SIZES)
        self._window.resize(*size)
        return f"resize {size}"

    def _dress(self) -> str:
        if self._random.random() < 0.5:
            self._window.switch_theme()
            return "theme"
        self._window.switch_language()
        return "language"

    def _close_dialogs_of_the_system(self) -> None:
        for each in QApplication.topLevelWidgets():
            for dialog in [each, *each.findChildren(QDialog)]:
                if isinstance(dialog, _OF_THE_SYSTEM) and dialog.isVisible():
                    dialog.reject()

    def _tidy(self, *, most: int) -> None:
        """Close the newest of what stands before the window where too much of it does."""
        while True:
            before = [
                each
                for each in [*self._window.findChildren(QDialog), *QApplication.topLevelWidgets()]
                if each.isVisible() and each is not self._window and each.isWindow()
            ]
            if len(set(map(id, before))) <= most:
                return
            (QApplication.activePopupWidget() or QApplication.activeModalWidget() or before[-1]).close()


def _scrolls(widget: QWidget) -> bool:
    return isinstance(widget, QAbstractScrollArea)


def _name(widget: Any) -> str:  # noqa: ANN401 - anything that has been clicked
    """Return what a reader finds a widget by."""
    try:
        parts = [type(widget).__name__, widget.objectName(), widget.accessibleName()]
        text = getattr(widget, "text", "")
        parts.append(str(text() if callable(text) else text)[:24])
    except RuntimeError:
        return "something gone"
    except TypeError:  # a text that asks for more than nothing
        pass
    return " ".join(part for part in parts if part)
