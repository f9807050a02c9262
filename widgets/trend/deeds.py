"""What people did to the plant while a trend ran: writes, calls, comments, work and changes of the configuration."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from app.model.plant import Plant
from widgets.operation import Operation

if TYPE_CHECKING:
    from app.audit.journal import AuditLine

MOST = 1_000
WIDE = 1
RETRY_NS = 5 * clock.NS_PER_S
RENEWAL_NS = 2 * clock.NS_PER_S
"""So often the newest deeds are looked for while a trend is live."""


class DeedKind(StrEnum):
    """What kind of deed; its value is the letter that stands on the time axis."""

    WRITE = "W"
    CALL = "M"
    COMMENT = "C"
    SERVICE = "S"
    ENGINEERING = "E"


_KINDS = {
    AuditAction.WRITE_RESULT: DeedKind.WRITE,
    AuditAction.METHOD_RESULT: DeedKind.CALL,
    AuditAction.ALARM_OPERATED: DeedKind.COMMENT,
    AuditAction.WORK_STEPPED: DeedKind.SERVICE,
    AuditAction.CONFIGURATION_CHANGED: DeedKind.ENGINEERING,
}


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed: `time` int64 ns UTC; `tag`, `equipment`: what it was done to, "" both for the whole plant."""

    time: int
    kind: DeedKind
    record: AuditRecord
    tag: str = ""
    equipment: str = ""

    def concerns(self, tags: Collection[str], equipment: Collection[str]) -> bool:
        """Return whether it was done to one of the tags, to their equipment, or to the whole plant."""
        return self.tag in tags if self.tag else self.equipment in equipment if self.equipment else True


def deed_of(record: AuditRecord, methods: dict[str, str]) -> Deed | None:
    """Return the deed of a record, None where it is none that a trend marks; `methods`: their equipment by name."""
    kind = _KINDS.get(record.action)
    if kind is None or (kind is DeedKind.COMMENT and not record.reason):
        return None
    equipment = ""
    if kind is DeedKind.SERVICE:
        equipment = record.subject.partition(" ")[2]  # after the number of the order
    elif kind is DeedKind.CALL:
        equipment = methods.get(record.subject, record.subject)
    return Deed(record.time, kind, record, record.tag, equipment)


def read_deeds(path: Path, methods: dict[str, str], start: int, end: int) -> tuple[Deed, ...]:
    """Return the deeds between two instants, oldest first; raise DatabaseError for an unreadable file."""
    # SQLite's libraries take a third of a second to import: the window does not wait for them
    from contextlib import closing  # noqa: PLC0415

    from app.audit.search import between  # noqa: PLC0415
    from app.database import DatabaseMissing, open_reader  # noqa: PLC0415

    try:
        with closing(open_reader(path)) as connection:
            lines: tuple[AuditLine, ...] = between(connection, tuple(_KINDS), start, end, limit=MOST)
    except DatabaseMissing:
        return ()
    found = [deed_of(line.record, methods) for line in lines if line.record is not None]
    return tuple(deed for deed in found if deed is not None)


class Deeds(QObject):
    """The deeds of the time in view, read in the background once for all panes; `changed` when others are known."""

    changed = Signal()

    def __init__(self, path: Path, plant: Plant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._methods = {method.name: method.equipment for method in plant.methods}
        self._range = (0, 0)
        self._read_at = 0
        self._not_before = 0
        self._running: Operation[tuple[Deed, ...]] | None = None
        self.known: tuple[Deed, ...] = ()

    def show(self, start: int, end: int) -> None:
        """See that what was done between two instants (int64 ns UTC) is known; cheap where it is."""
        now = clock.monotonic_ns()
        if self._running is not None or now < self._not_before or self._covers(start, end, now):
            return
        first, last = start - WIDE * (end - start), end + clock.NS_PER_S
        work = Operation(self, lambda: read_deeds(self._path, self._methods, first, last))
        self._running = work.success(lambda found: self._take(found, first, last)).failure(self._fail).start()

    def _covers(self, start: int, end: int, now: int) -> bool:
        """What is past does not change; at the present there may be news."""
        is_live = end >= clock.now_ns() - RENEWAL_NS
        is_fresh = now - self._read_at < RENEWAL_NS
        return (
            self._range[0] <= start
            and (end <= self._range[1] or (is_live and self._read_at != 0))
            and (not is_live or is_fresh)
        )

    def _take(self, found: tuple[Deed, ...], first: int, last: int) -> None:
        self._running = None
        self._range, self._read_at = (first, last), clock.monotonic_ns()
        if found != self.known:
            self.known = found
            self.changed.emit()

    def _fail(self, error: Exception) -> None:
        """What is wrong with the file is told where the curve is read; here it is only asked again later."""
        del error
        self._running = None
        self._not_before = clock.monotonic_ns() + RETRY_NS
