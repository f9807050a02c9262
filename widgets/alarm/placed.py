"""The alarms of one tag or one equipment, found without going through all that stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from app.model.alarm import AlarmRecord
from widgets.feed import Feed


class PlacedAlarms:
    """Alarms that are not normal, also hidden ones, by where they stand; made anew when asked first after a change."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._of_tag: dict[str, list[AlarmRecord]] = {}
        self._of_equipment: dict[str, list[AlarmRecord]] = {}
        self._is_current = False
        feed.alarms_changed.connect(self._forget)

    def of_tag(self, tag: str) -> Sequence[AlarmRecord]:
        """Return the alarms of a tag by its name."""
        self._renew()
        return self._of_tag.get(tag, ())

    def of_equipment(self, equipment: str) -> Sequence[AlarmRecord]:
        """Return the alarms of an equipment by its id, not of those below it."""
        self._renew()
        return self._of_equipment.get(equipment, ())

    def _forget(self, _: object) -> None:
        self._is_current = False

    def _renew(self) -> None:
        if self._is_current:
            return
        self._is_current = True
        of_tag, of_equipment = defaultdict(list), defaultdict(list)
        for records in (self._feed.alarms, self._feed.hidden_alarms):
            for record in records.values():
                of_tag[record.tag].append(record)
                of_equipment[record.equipment].append(record)
        self._of_tag, self._of_equipment = dict(of_tag), dict(of_equipment)
