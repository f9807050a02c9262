"""The names of everything in a plant file, ready to be searched: gathered in the background, once for a window."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.model.plant import Plant
from widgets.feed import Feed
from widgets.name_index import NameIndex
from widgets.operation import Operation

FEW = 1_000
"""So many names are gathered within a few milliseconds: there and then."""


@dataclass(frozen=True, slots=True)
class Names:
    """Equipment, tags and alarms in the order of the plant file; `..._numbers`: their places in it by id or name."""

    equipment: NameIndex
    tags: NameIndex
    alarms: NameIndex
    equipment_numbers: dict[str, int]
    tag_numbers: dict[str, int]
    alarm_numbers: dict[str, int]


class PlantNames(QObject):
    """Belongs to a feed; `gathered` tells once that `names` are there."""

    gathered = Signal()

    def __init__(self, feed: Feed) -> None:
        super().__init__(feed)
        self._plant = feed.plant
        self._is_asked = False
        self.names: Names | None = None

    def ask(self) -> Names | None:
        """Return the names; of a large plant None until they have been gathered."""
        if self.names is None and len(self._plant.tags) + len(self._plant.alarms) <= FEW:
            self.names = names_of(self._plant)
        if self.names is None and not self._is_asked:
            self._is_asked = True
            plant = self._plant
            Operation(self, lambda: names_of(plant)).success(self._take).start()
        return self.names

    def _take(self, names: Names) -> None:
        self.names = names
        self.gathered.emit()


def plant_names(feed: Feed) -> PlantNames:
    """Return the names that belong to a feed."""
    there = feed.findChild(PlantNames)
    return there if isinstance(there, PlantNames) else PlantNames(feed)


def names_of(plant: Plant) -> Names:
    """Gather the names of a plant; takes some 10 us each."""
    return Names(
        NameIndex((each.id, each.name.en, each.name.zh, *each.former) for each in plant.equipment),
        NameIndex((tag.name, tag.title.en, tag.title.zh, *tag.former) for tag in plant.tags),
        NameIndex((alarm.id, alarm.message.en, alarm.message.zh) for alarm in plant.alarms),
        {each.id: number for number, each in enumerate(plant.equipment)},
        {tag.name: number for number, tag in enumerate(plant.tags)},
        {alarm.id: number for number, alarm in enumerate(plant.alarms)},
    )
