"""Which of the standing alarms are listed, and by what they stand together; each choice says how many it would list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.model.alarm import AlarmState, Priority
from app.model.equipment import Equipment
from widgets.alarm.chip import PriorityChip
from widgets.alarm.wording import state_text
from widgets.choice import ChoiceBox
from widgets.feed import Feed
from widgets.model.alarm_filter import AlarmFilter, FilterCounts
from widgets.model.alarm_group import Grouping, grouping_text
from widgets.theme import theme
from widgets.translation import local, tr
from widgets.trend.tag_choice import descendants

STATES = (AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED, AlarmState.ACKNOWLEDGED, AlarmState.LATCHED)
WAITING = frozenset({AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED})


class FilterText(QLineEdit):
    """Escape empties it, and leaves it when it is empty; Down and Return lead into the list."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class FilterBar(QWidget):
    """Tells `changed` whenever something else is to be listed, `grouped` when in other groups."""

    changed = Signal()
    grouped = Signal(Grouping)

    def __init__(self, feed: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._places = _in_tree_order(feed.plant.equipment)
        self.text = FilterText()
        self.chips = tuple(PriorityChip(priority) for priority in Priority)
        self.state = ChoiceBox()
        self.area = ChoiceBox()
        self.grouping = ChoiceBox()
        self.clear = QPushButton()
        self._lay_out()
        self._connect()

    def wanted(self) -> AlarmFilter:
        """Return what is to be listed."""
        states: frozenset[AlarmState] = self.state.currentData() or frozenset()
        area: str = self.area.currentData() or ""
        members = frozenset({area, *descendants(self._feed.plant, area)}) if area else frozenset[str]()
        priorities = frozenset(chip.priority for chip in self.chips if chip.isChecked())
        return AlarmFilter(self.text.text(), priorities, states, members)

    def show_counts(self, counts: FilterCounts) -> None:
        """Write behind each choice how many alarms it would list."""
        for chip in self.chips:
            chip.show_number(counts.priorities.get(chip.priority, 0))
        for place in range(self.state.count()):
            states: frozenset[AlarmState] = self.state.itemData(place)
            number = sum(n for state, n in counts.states.items() if not states or state in states)
            self.state.setItemText(place, tr("{choice}: {n}", choice=_states_text(states), n=number))
        for place, (area, depth) in enumerate(self._places, 1):
            number = counts.equipment.get(area.id, 0)
            name = f"{'    ' * depth}{local(area.name)}"
            self.area.setItemText(place, tr("{choice}: {n}", choice=name, n=number) if number else name)

    def choose_area(self, equipment: str) -> None:
        """List only the alarms of an equipment and of those below it; "" for all."""
        self.area.setCurrentIndex(max(0, self.area.findData(equipment)))

    def reset(self) -> None:
        """List all alarms again."""
        self.text.clear()
        for chip in self.chips:
            chip.setChecked(False)
        self.state.setCurrentIndex(0)
        self.area.setCurrentIndex(0)

    def retranslate(self, counts: FilterCounts) -> None:
        """Renew all texts in the present language."""
        self.text.setPlaceholderText(tr("Filter by message, tag or equipment"))
        self.text.setAccessibleName(tr("Filter the alarms"))
        self.text.setToolTip(tr("Filter the alarms (Ctrl+F)"))
        self.area.setItemText(0, tr("All equipment"))
        for box, name in ((self.state, tr("State")), (self.area, tr("Equipment")), (self.grouping, tr("Groups"))):
            box.setAccessibleName(name)
        for place, grouping in enumerate(Grouping):
            self.grouping.setItemText(place, grouping_text(grouping))
        self.grouping.setToolTip(tr("Groups (G)"))
        self.clear.setText(tr("Show all"))
        self.show_counts(counts)

    def _lay_out(self) -> None:
        look = theme()
        self.text.setClearButtonEnabled(True)
        self.text.setMaximumWidth(look.px(320))
        self.text.setMinimumWidth(look.px(160))
        for states in (frozenset[AlarmState](), WAITING, *(frozenset({state}) for state in STATES)):
            self.state.addItem("", states)
        self.area.addItem("", "")
        for area, _ in self._places:
            self.area.addItem("", area.id)
        for grouping in Grouping:
            self.grouping.addItem("", grouping)
        self.area.setMaximumWidth(look.px(260))
        self.clear.setProperty("kind", "flat")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(8))
        row.addWidget(self.text, 1)
        for widget in (*self.chips, self.state, self.area, self.grouping, self.clear):
            row.addWidget(widget)
        row.addStretch(1)

    def _connect(self) -> None:
        self.text.textChanged.connect(lambda _: self._tell())
        for chip in self.chips:
            chip.toggled.connect(lambda _: self._tell())
        self.state.currentIndexChanged.connect(lambda _: self._tell())
        self.area.currentIndexChanged.connect(lambda _: self._tell())
        self.grouping.currentIndexChanged.connect(lambda _: self.grouped.emit(Grouping(self.grouping.currentData())))
        self.clear.clicked.connect(self.reset)
        self._tell()

    def _tell(self) -> None:
        self.clear.setVisible(self.wanted() != AlarmFilter())
        self.changed.emit()


def _states_text(states: frozenset[AlarmState]) -> str:
    if not states:
        return tr("All states")
    if states == WAITING:
        return tr("To be acknowledged")
    return state_text(next(iter(states)))


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
