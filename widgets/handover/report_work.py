"""Computes a report in the background: says how far it is, and ends when it is cancelled or another one is wanted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.report.progress import ReportProgress
from widgets.handover.reading import Shown
from widgets.operation import Operation

_TOLD_MS = 200


class ReportWork(QObject):
    """`progressed`: the share, 0..1, of the report that is computed; `ended`: whichever way."""

    progressed = Signal(float)
    ended = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._operation: Operation[Shown] | None = None
        self._progress = ReportProgress()
        self._timer = QTimer(self)
        self._timer.setInterval(_TOLD_MS)
        self._timer.timeout.connect(lambda: self.progressed.emit(self._progress.share))

    @property
    def is_running(self) -> bool:
        """Return whether a report is computed now."""
        return self._timer.isActive()

    def begin(
        self,
        read: Callable[[ReportProgress], Shown],
        show: Callable[[Shown], None],
        tell: Callable[[Exception], None],
    ) -> None:
        """Compute a report instead of the one before; give it to `show`, or why there is none to `tell`."""
        self.cancel()
        progress = self._progress = ReportProgress()
        self._operation = (
            Operation(self, lambda: read(progress), interrupt=progress.cancel)
            .success(lambda shown: self._end(lambda: show(shown)))
            .failure(lambda error: self._end(lambda: tell(error)))
        )
        self._timer.start()
        self._operation.start()

    def cancel(self) -> None:
        """Give up what is computed, if anything is."""
        if self._operation is not None:
            self._operation.cancel()
            self._end(lambda: None)

    def _end(self, then: Callable[[], None]) -> None:
        self._operation = None
        self._timer.stop()
        then()
        self.ended.emit()
