"""What was recorded of a plant and can be found by name: cases, work orders, handovers; read in the background."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.database import DatabaseError, DatabaseMissing
from app.model.case import CaseRecord
from app.model.former_name import FormerNames
from app.model.handover import Handover
from app.model.plant import Plant
from app.model.work_order import WorkOrder
from app.past import open_as_known
from widgets.feed import Feed
from widgets.name_index import NameIndex
from widgets.operation import Operation

if TYPE_CHECKING:
    from app.database import PlantConnection

log = logging.getLogger(__name__)

MOST = 500
"""Of each kind so many of the newest are found; older ones on their pages."""
LONGEST = 160
"""So many letters of a remark are looked through."""
Record = CaseRecord | WorkOrder | Handover


@dataclass(frozen=True, slots=True)
class Records:
    """Closed cases and orders, and handovers, newest first each; `index`: their names in this order."""

    records: tuple[Record, ...]
    index: NameIndex
    numbers: dict[str, int]


class RecordNames(QObject):
    """Belongs to a feed; what is found is as it was when somebody last began to search, and `gathered` tells of it."""

    gathered = Signal()

    def __init__(self, feed: Feed) -> None:
        super().__init__(feed)
        self._feed = feed
        self._former = FormerNames(feed.plant)
        self._work: Operation[Records] | None = None
        self.records: Records | None = None

    def read(self) -> None:
        """Read what was recorded anew, where that is not being done."""
        if self._work is not None:
            return
        path, plant, former = self._feed.folder.history, self._feed.plant, self._former

        def take(records: Records) -> None:
            self._work, self.records = None, records
            self.gathered.emit()

        def fail(error: Exception) -> None:
            self._work = None
            log.warning("finder.without_records %s", error)

        def work() -> Records:
            from app.case.store import PAST as PAST_CASES  # noqa: PLC0415 - what only a search reads
            from app.handover.store import PAST as PAST_HANDOVERS  # noqa: PLC0415
            from app.maintenance.store import PAST_WORK  # noqa: PLC0415

            try:
                with closing(open_as_known(path, PAST_CASES, PAST_WORK, PAST_HANDOVERS)) as connection:
                    return records_of(newest(connection, plant), plant, former)
            except DatabaseMissing:
                return records_of((), plant, former)

        self._work = Operation(self, work).success(take).failure(fail).start()

    def keys(self, record: Record) -> tuple[str, ...]:
        """Return under what a record is found."""
        return keys_of(record, self._feed.plant, self._former)


def record_names(feed: Feed) -> RecordNames:
    """Return the names of records that belong to a feed."""
    there = feed.findChild(RecordNames)
    return there if isinstance(there, RecordNames) else RecordNames(feed)


def newest(connection: PlantConnection, plant: Plant) -> Iterator[Record]:
    """Yield closed cases, closed orders and handovers; a kind that cannot be read is left out and logged."""
    from app.case.store import cases  # noqa: PLC0415 - what only a search reads, in a thread of the background
    from app.handover.desk import HandoverDesk  # noqa: PLC0415
    from app.handover.store import steps  # noqa: PLC0415
    from app.maintenance.store import closed_orders  # noqa: PLC0415

    def handovers() -> list[Handover]:
        return list(HandoverDesk(plant.calendar, (), steps(connection)).handovers.values())[: -MOST - 1 : -1]

    readers: tuple[Callable[[], Iterable[Record]], ...] = (
        lambda: cases(connection, is_open=False, limit=MOST),
        lambda: closed_orders(connection, limit=MOST),
        handovers,
    )
    for read in readers:
        try:
            yield from list(read())
        except DatabaseError as error:
            log.warning("finder.without_records %s", error)


def records_of(records: Iterable[Record], plant: Plant, former: FormerNames) -> Records:
    """Make records ready to be searched; takes some 20 us each."""
    there = tuple(records)
    keys = [keys_of(record, plant, former) for record in there]
    return Records(there, NameIndex(keys), {each[0]: number for number, each in enumerate(keys)})


def keys_of(record: Record, plant: Plant, former: FormerNames) -> tuple[str, ...]:
    """Return under what a record is found: its number, its texts in both languages, every name of its equipment."""
    match record:
        case CaseRecord():
            causes = [record.cause] if record.cause.en else [each.cause for each in record.causes[:1]]
            texts = [*(text for each in causes for text in (each.en, each.zh)), record.reason]
            own = (f"case/{record.number}", str(record.number))
            about: Sequence[str] = (record.equipment,)
        case WorkOrder():
            texts = [record.title.en, record.title.zh, record.reason, record.reference, record.assignee]
            own = (f"order/{record.id}", f"WO-{record.id:05d}")
            about = (record.equipment,)
        case Handover():
            shift = plant.calendar.shift(record.key.partition("/")[2])
            names = () if shift is None else (shift.name.en, shift.name.zh)
            signed = [each.name for each in (record.outgoing, record.incoming) if each is not None]
            texts = [*names, *signed, record.remark, record.answer, *(point.text for point in record.points)]
            own = (f"handover/{record.key}", record.key)
            about = tuple(dict.fromkeys(point.equipment for point in record.points if point.equipment))
    told = (text[:LONGEST] for text in texts if text)
    return (*own, *(name for each in about for name in _names(each, plant, former)), *told)


def _names(equipment: str, plant: Plant, former: FormerNames) -> Iterator[str]:
    names = former.every(equipment)
    yield from names
    known = next((each for each in plant.equipment if each.id == names[0]), None)
    if known is not None:
        yield from (known.name.en, known.name.zh)
