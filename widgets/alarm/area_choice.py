"""Which part of the plant is looked at: a box with its equipment as a tree, parts below what they are parts of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QWidget

from app.model.equipment import Equipment
from app.model.plant import Plant
from widgets.choice import ChoiceBox
from widgets.theme import theme
from widgets.translation import local, tr
from widgets.trend.tag_choice import descendants

INDENT = "    "


class AreaChoice(ChoiceBox):
    """At first all equipment."""

    def __init__(self, plant: Plant, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plant = plant
        self._places = _in_tree_order(plant.equipment)
        self.addItem("", "")
        for area, _ in self._places:
            self.addItem("", area.id)
        self.setMaximumWidth(theme().px(260))

    def members(self) -> frozenset[str]:
        """Return the ids of the equipment chosen and of those below it; empty for all."""
        area: str = self.currentData() or ""
        return frozenset({area, *descendants(self._plant, area)}) if area else frozenset()

    def choose(self, equipment: str) -> None:
        """Choose an equipment, "" for all."""
        self.setCurrentIndex(max(0, self.findData(equipment)))

    def show_names(self, counts: Mapping[str, int]) -> None:
        """Write the names in the present language, with the number of each where it has one."""
        self.setAccessibleName(tr("Equipment"))
        self.setItemText(0, tr("All equipment"))
        for place, (area, depth) in enumerate(self._places, 1):
            name, number = f"{INDENT * depth}{local(area.name)}", counts.get(area.id, 0)
            self.setItemText(place, tr("{choice}: {n}", choice=name, n=number) if number else name)


def _in_tree_order(equipment: Sequence[Equipment]) -> list[tuple[Equipment, int]]:
    """Return each equipment after the one that it is a part of, and how deep it lies."""
    below: dict[str, list[Equipment]] = {}
    known = {item.id for item in equipment}
    for item in equipment:
        below.setdefault(item.parent if item.parent in known else "", []).append(item)
    found: list[tuple[Equipment, int]] = []
    left = [(item, 0) for item in reversed(below.get("", []))]
    while left:
        item, depth = left.pop()
        found.append((item, depth))
        left += [(child, depth + 1) for child in reversed(below.get(item.id, []))]
    return found
