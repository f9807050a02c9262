"""Work off the GUI thread: its result or its error comes back on the GUI thread, and no error is ever lost."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot
from shiboken6 import isValid

Result = TypeVar("Result")
log = logging.getLogger(__name__)


class _Work(QRunnable):
    """The part of an operation that runs in a pool thread."""

    def __init__(self, operation: Operation[Result], delivery: _Delivery) -> None:
        super().__init__()
        self._held: tuple[Operation[Result], _Delivery] | None = (operation, delivery)

    def forget(self) -> None:
        """Let go of the operation: PySide does not free every work that has run, and would keep all it refers to."""
        self._held = None

    def run(self) -> None:
        if self._held is None:
            return
        operation, delivery = self._held
        operation.work()
        if isValid(delivery):  # not where the process ends while this work still ran
            delivery.ended.emit(operation)


class _Delivery(QObject):
    """Carries what has ended to the GUI thread: one for the whole process, never deleted.

    An operation is no QObject of its own, for a pool thread may be the last to let go of it, and Qt would go on with
    what that thread has deleted.
    """

    ended = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def _deliver(self, operation: Operation[object]) -> None:
        operation.deliver()


class Operation(Generic[Result]):
    """One piece of background work for a widget.

    `Operation(widget, read).success(show).failure(tell).start()`: `read` runs in Qt's thread pool, `show` gets its
    result or `tell` its exception on the GUI thread, unless `owner` is gone or the operation was cancelled meanwhile.
    An exception that nobody asked for is logged. `interrupt` stops the work from outside when it is cancelled.
    """

    _running: ClassVar[set[Operation[Any]]] = set()  # keeps operations alive until they ended
    _delivery: ClassVar[_Delivery | None] = None

    def __init__(
        self, owner: QObject, work: Callable[[], Result], *, interrupt: Callable[[], None] | None = None
    ) -> None:
        self._owner: QObject | None = owner
        self._call: Callable[[], Result] | None = work
        self._interrupt = interrupt
        self._success: Callable[[Result], None] | None = None
        self._failure: Callable[[Exception], None] | None = None
        self._queued: _Work | None = None
        self._result: tuple[Result] | None = None
        self._error: Exception | None = None
        self.is_cancelled = False
        self.is_running = False
        self.is_over = False

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
        Operation._running.add(self)
        delivery = Operation._delivery = Operation._delivery or _Delivery()
        self._queued = _Work(self, delivery)
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

    def work(self) -> None:
        """Do the work, in a pool thread; what it refers to is let go of on the GUI thread only."""
        try:
            if self._call is not None and not self.is_cancelled:
                self._result = (self._call(),)
        except Exception as error:  # noqa: BLE001 - the outermost loop of this task: the error goes to `failure`
            self._error = error
        self.is_over = True

    def deliver(self) -> None:
        """Give the result or the error to whom it is for, on the GUI thread."""
        self.is_running = False
        Operation._running.discard(self)
        if self._queued is not None:
            self._queued.forget()
        owner, success, failure, result, error = self._owner, self._success, self._failure, self._result, self._error
        self._owner = self._call = self._interrupt = self._success = self._failure = None
        self._queued = self._result = self._error = None
        if self.is_cancelled:
            return
        wanted = owner is not None and isValid(owner)
        if error is None:
            if wanted and success is not None and result is not None:
                success(result[0])
        elif wanted and failure is not None:
            failure(error)
        else:
            log.error("operation.failed", exc_info=error)


def wait_for_all(*, timeout_ms: int = 5_000) -> bool:
    """Wait until no work runs any more, at the end of the window's process; return whether that was reached."""
    return QThreadPool.globalInstance().waitForDone(timeout_ms)
