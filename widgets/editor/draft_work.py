"""Work on the draft, one piece after the other, off the GUI thread: what is slow can be given up before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from widgets.operation import Operation

Result = TypeVar("Result")
Item = TypeVar("Item")


class GivenUp(Exception):
    """Somebody has given the work up before it was kept."""


class Stop:
    """Asks a piece of work to end, which may be done until the work says that it is being kept."""

    def __init__(self) -> None:
        """Ask nothing yet."""
        self._lock = Lock()
        self._is_asked = self._is_kept = False

    def ask(self) -> bool:
        """Ask the work to end; return whether it will."""
        with self._lock:
            self._is_asked = not self._is_kept
            return self._is_asked

    def check(self) -> None:
        """Raise GivenUp where the work is to end."""
        if self._is_asked:
            raise GivenUp

    def keep(self) -> None:
        """Say that what comes now is done in any case; raise GivenUp where it is too late for that."""
        with self._lock:
            if self._is_asked:
                raise GivenUp
            self._is_kept = True


def checked(items: Iterable[Item], stop: Stop) -> Iterator[Item]:
    """Yield items as long as the work with them is not given up; raise GivenUp."""
    for item in items:
        stop.check()
        yield item


class Job(Generic[Result]):
    """One piece of work. `begin` is called on the GUI thread when its turn has come and returns what the thread does.

    It returns None where nothing is to be done any more. `done` gets the result, `failed` an exception. Of jobs with
    one `key` that wait, only the newest is done.
    """

    def __init__(
        self,
        begin: Callable[[], Callable[[Stop], Result] | None],
        done: Callable[[Result], None],
        failed: Callable[[Exception], None],
        *,
        key: str = "",
    ) -> None:
        """Do nothing yet."""
        self.begin, self.done, self.failed, self.key = begin, done, failed, key


class DraftWork(QObject):
    """Does jobs in the order in which they were added. `busy_changed`: whether there is any is otherwise now."""

    busy_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[Job[Any]] = []
        self._stop: Stop | None = None

    @property
    def is_busy(self) -> bool:
        """Return whether a job is being done or waits."""
        return self._stop is not None

    def add(self, job: Job[Any]) -> None:
        """Do a job when those before it are done."""
        self._waiting = [each for each in self._waiting if not job.key or each.key != job.key]
        self._waiting.append(job)
        if self._stop is None:
            self._next()
            if self._stop is not None:
                self.busy_changed.emit()

    def give_up(self) -> None:
        """End the job that is being done, as far as it is not kept already, and leave out those that wait for it."""
        if self._stop is not None and self._stop.ask():
            self._waiting = [each for each in self._waiting if each.key]

    def _next(self) -> None:
        while self._waiting:
            job = self._waiting.pop(0)
            call = job.begin()
            if call is not None:
                self._start(job, call, Stop())
                return

    def _start(self, job: Job[Any], call: Callable[[Stop], Any], stop: Stop) -> None:
        self._stop = stop

        def ended(tell: Callable[[], None]) -> None:
            self._stop = None
            try:
                tell()
            finally:
                if self._stop is None:
                    self._next()
                if self._stop is None:
                    self.busy_changed.emit()

        work = Operation(self, lambda: call(stop))
        work.success(lambda found: ended(lambda: job.done(found)))
        work.failure(lambda error: ended(lambda: job.failed(error))).start()
