"""Where a window stands: remembered for each set of screens, and soon, so that a crash does not lose it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from widgets.preference import Preferences

SETTLE_MS = 1_000
LEAST = 120
"""So much of a window's head, px each way, has to lie on a screen for it to be taken hold of."""
HEAD = 40


def screen_set() -> str:
    """Return a name for the screens as they stand now, which is the same whenever they stand so."""
    places = [each.geometry() for each in QGuiApplication.screens()]
    return "_".join(sorted(f"{at.width()}x{at.height()}{at.x():+d}{at.y():+d}" for at in places))


def within_reach(frame: QRect, screens: Sequence[QRect]) -> QRect:
    """Return where a window is to stand: as it did, or, where its head is on no screen, in the middle of the first."""
    head = QRect(frame.topLeft(), frame.size())
    head.setHeight(HEAD)
    parts = [head.intersected(screen) for screen in screens]
    if not screens or any(part.width() >= min(LEAST, head.width()) and part.height() >= HEAD // 2 for part in parts):
        return frame
    first = screens[0]
    size = frame.size().boundedTo(first.size())
    moved = QRect(QPoint(0, 0), size)
    moved.moveCenter(first.center())
    return moved


def fitting(size: QSize, screen: QRect) -> QRect:
    """Return where a window of that size begins on a screen: in its middle, whole, with room for its head."""
    shown = size.boundedTo(QSize(screen.width(), screen.height() - HEAD))
    left = screen.left() + (screen.width() - shown.width()) // 2
    return QRect(QPoint(left, screen.top() + (screen.height() - HEAD - shown.height()) // 2), shown)


def fit(window: QWidget) -> None:
    """Bring a window that nobody has placed yet into its screen: on a small one nothing of it may be out of reach."""
    place = fitting(window.size(), window.screen().availableGeometry())
    window.resize(place.size())
    window.move(place.topLeft())


class WindowPlace(QObject):
    """Keeps the place of one window in its preferences."""

    def __init__(self, window: QWidget, preferences: Preferences) -> None:
        super().__init__(window)
        self._window, self._preferences = window, preferences
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLE_MS)
        self._settled.timeout.connect(self.save)
        window.installEventFilter(self)

    def restore(self) -> None:
        """Put the window where it stood on these screens, else where it stood last, in any case within reach."""
        geometry = self._preferences.geometry_on(screen_set())
        if geometry.isEmpty():
            geometry = self._preferences.geometry
        if geometry.isEmpty():
            return
        self._window.restoreGeometry(geometry)
        screens = [each.availableGeometry() for each in QGuiApplication.screens()]
        frame = self._window.geometry()
        wanted = within_reach(frame, screens)
        if wanted != frame:
            self._window.setGeometry(wanted)

    def save(self) -> None:
        """Remember where the window stands."""
        self._settled.stop()
        self._preferences.geometry = self._window.saveGeometry()
        self._preferences.set_geometry_on(screen_set(), self._window.saveGeometry())
        self._preferences.save()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.WindowStateChange}:
            self._settled.start()
        return super().eventFilter(watched, event)
