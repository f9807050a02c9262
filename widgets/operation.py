"""Work off the GUI thread: its result or its error comes back on the GUI thread, and no error is ever lost."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot
from shiboken6 import isValid

Result = TypeVar("Result")
log = logging.getLogger(__name__)


class _Work(QRunnable):
    """The part of an operation that runs in a pool thread."""

    def __init__(self, operation: Operation[Result], work: Callable[[], Result]) -> None:
        super().__init__()
        self._held: tuple[Operation[Result], Callable[[], Result]] | None = (operation, work)

    def forget(self) -> None:
        """Let go of the operation: PySide does not free every work that has run, and would keep all it refers to."""
        self._held = None

    def run(self) -> None:
        if self._held is None:
            return
        operation, work = self._held
        result: object = None
        error: Exception | None = None
        try:
            if not operation.is_cancelled:
                result = work()
        except Exception as caught:  # noqa: BLE001 - the outermost loop of this task: the error goes to `failure`
            error = caught
        operation.is_over = True
        operation.ended.emit(result, error)


class Operation(QObject, Generic[Result]):
    """One piece of background work for a widget.

    `Operation(widget, read).success(show).failure(tell).start()`: `read` runs in Qt's thread pool, `show` gets its
    result or `tell` its exception on the GUI thread, unless `owner` is gone or the operation was cancelled meanwhile.
    An exception that nobody asked for is logged. `interrupt` stops the work from outside when it is cancelled.
    """

    ended = Signal(object, object)

    _running: set[Operation[object]] = set()  # noqa: RUF012 - keeps operations alive until they ended

    def __init__(
        self, owner: QObject, work: Callable[[], Result], *, interrupt: Callable[[], None] | None = None
    ) -> None:
        super().__init__()
        self._owner = owner
        self._work = work
        self._interrupt = interrupt
        self._success: Callable[[Result], None] | None = None
        self._failure: Callable[[Exception], None] | None = None
        self._queued: _Work | None = None
        self.is_cancelled = False
        self.is_running = False
        self.is_over = False
        self.ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def success(self, call: Callable[[Result], None]) -> Operation[Result]:
        """Give the result to `call`, on the GUI thread."""
        self._success = call
        return self

    def failure(self, call: Callable[[Exception], None]) -> Operation[Result]:
        """Give an exception of the work to `call`, on the GUI thread."""
        self._failure = call
        return self

    def start(self) -> Operation[Result]:
        """Queue the work; return self, to be kept where it may be cancelled."""
        self.is_running = True
        Operation._running.add(self)  # type: ignore[arg-type] # a set of operations of any result
        self._queued = _Work(self, self._work)
        QThreadPool.globalInstance().start(self._queued)
        return self

    def cancel(self) -> None:
        """Deliver nothing any more, and interrupt the work where it can be."""
        if self.is_running and not self.is_cancelled:
            self.is_cancelled = True
            if self._interrupt is not None and not self.is_over:
                self._call_interrupt(self._interrupt)

    @staticmethod
    def _call_interrupt(interrupt: Callable[[], None]) -> None:
        """The work may end at this very moment, and what was to be interrupted be closed already."""
        try:
            interrupt()
        except Exception as error:  # noqa: BLE001 - whatever it was, the work is given up
            log.info("operation.interrupt_too_late reason=%s", error)

    @Slot(object, object)
    def _deliver(self, result: Result, error: Exception | None) -> None:
        self.is_running = False
        Operation._running.discard(self)
        if self._queued is not None:
            self._queued.forget()
            self._queued = None
        if self.is_cancelled:
            return
        wanted = isValid(self._owner)
        if error is None:
            if wanted and self._success is not None:
                self._success(result)
        elif wanted and self._failure is not None:
            self._failure(error)
        else:
            log.error("operation.failed", exc_info=error)


def wait_for_all(*, timeout_ms: int = 5_000) -> bool:
    """Wait until no work runs any more, at the end of the window's process; return whether that was reached."""
    return QThreadPool.globalInstance().waitForDone(timeout_ms)
