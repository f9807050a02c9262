"""The one clock that redraws the charts of a page: a few times a second, one chart per turn of the event loop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

FRAME_MS = 66


class FrameClock(QObject):
    """Calls each of `refreshers` once per frame, never two in one turn, so that input is served in between.

    A chart that could not be served within its frame is not queued twice.
    """

    def __init__(self, parent: QObject, *, interval_ms: int = FRAME_MS) -> None:
        super().__init__(parent)
        self._refreshers: list[Callable[[], None]] = []
        self._due: deque[Callable[[], None]] = deque()
        self._frame = QTimer(self)
        self._frame.setInterval(interval_ms)
        self._frame.timeout.connect(self._begin)
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._serve)

    def set_refreshers(self, refreshers: Sequence[Callable[[], None]]) -> None:
        """Serve these from the next frame on."""
        self._refreshers = list(refreshers)
        self._due.clear()

    def start(self) -> None:
        """Begin with a frame at once: the page is in view."""
        self._frame.start()
        self._begin()

    def stop(self) -> None:
        """Rest: the page is out of view."""
        self._frame.stop()
        self._turn.stop()
        self._due.clear()

    def _begin(self) -> None:
        if not self._due:
            self._due.extend(self._refreshers)
        self._turn.start(0)

    def _serve(self) -> None:
        if self._due:
            self._due.popleft()()
        if self._due:
            self._turn.start(0)
