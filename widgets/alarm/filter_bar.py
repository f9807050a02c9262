"""Which of the standing alarms are listed, and by what they stand together; each choice says how many it would list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.model.alarm import AlarmState, Priority
from widgets.alarm.area_choice import AreaChoice
from widgets.alarm.chip import PriorityChip
from widgets.alarm.wording import state_text
from widgets.choice import ChoiceBox
from widgets.feed import Feed
from widgets.model.alarm_filter import AlarmFilter, FilterCounts
from widgets.model.alarm_group import Grouping, grouping_text
from widgets.theme import theme
from widgets.translation import tr

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
        self.text = FilterText()
        self.chips = tuple(PriorityChip(priority) for priority in Priority)
        self.state = ChoiceBox()
        self.area = AreaChoice(feed.plant)
        self.grouping = ChoiceBox()
        self.clear = QPushButton()
        self._lay_out()
        self._connect()

    def wanted(self) -> AlarmFilter:
        """Return what is to be listed."""
        states: frozenset[AlarmState] = self.state.currentData() or frozenset()
        priorities = frozenset(chip.priority for chip in self.chips if chip.isChecked())
        return AlarmFilter(self.text.text(), priorities, states, self.area.members())

    def show_counts(self, counts: FilterCounts) -> None:
        """Write behind each choice how many alarms it would list."""
        for chip in self.chips:
            chip.show_number(counts.priorities.get(chip.priority, 0))
        for place in range(self.state.count()):
            states: frozenset[AlarmState] = self.state.itemData(place)
            number = sum(n for state, n in counts.states.items() if not states or state in states)
            self.state.setItemText(place, tr("{choice}: {n}", choice=_states_text(states), n=number))
        self.area.show_names(counts.equipment)

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
        self.text.setToolTip(self.text.placeholderText())
        self.text.setAccessibleName(tr("Filter the alarms"))
        self.text.setToolTip(tr("Filter the alarms (Ctrl+F)"))
        for box, name in ((self.state, tr("State")), (self.grouping, tr("Groups"))):
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
        for grouping in Grouping:
            self.grouping.addItem("", grouping)
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
