"""Which stretch of the past is looked at: the last hours or days, or from one instant to another."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.model import clock
from app.model.clock import NS_PER_MS, NS_PER_S
from widgets.choice import ChoiceBox
from widgets.number import plain_duration
from widgets.stepped_field import InstantField
from widgets.theme import theme
from widgets.translation import tr

LAST_S = (0, 3_600, 8 * 3_600, 24 * 3_600, 7 * 86_400, 30 * 86_400)
OWN = -1


class PeriodChoice(QWidget):
    """Tells `changed`; what is chosen as "the last 8 h" moves on with the clock.

    `edges_row`: the fields for both instants, to be put where there is room; in view only while they count.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = ChoiceBox()
        self.start, self.end = InstantField(), InstantField()
        self.edges_row = QWidget()
        alone = QHBoxLayout(self)
        alone.setContentsMargins(0, 0, 0, 0)
        alone.addWidget(self.choice)
        row = QHBoxLayout(self.edges_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(8))
        now = QDateTime.fromMSecsSinceEpoch(clock.now_ns() // NS_PER_MS)
        for edit, instant in ((self.start, now.addDays(-1)), (self.end, now)):
            edit.setDisplayFormat("yyyy-MM-dd HH:mm")
            edit.setCalendarPopup(True)
            edit.setDateTime(instant)
            edit.dateTimeChanged.connect(lambda _: self.changed.emit())
            edit.setMinimumWidth(theme().px(170))
            row.addWidget(edit)
        row.addStretch(1)
        for seconds in (*LAST_S, OWN):
            self.choice.addItem("", seconds)
        self.choice.currentIndexChanged.connect(lambda _: self._chosen())
        self._show_edits()
        self.retranslate()

    def edges(self) -> tuple[int, int]:
        """Return start and end, int64 ns UTC, 0 where the period is open."""
        seconds: int = self.choice.currentData()
        if seconds == OWN:
            start, end = (edit.dateTime().toMSecsSinceEpoch() * NS_PER_MS for edit in (self.start, self.end))
            return start, end + 60 * NS_PER_S  # the last minute belongs to it
        return (clock.now_ns() - seconds * NS_PER_S if seconds else 0), 0

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.choice.setAccessibleName(tr("Period"))
        self.start.setAccessibleName(tr("From"))
        self.end.setAccessibleName(tr("To"))
        for place in range(self.choice.count()):
            seconds: int = self.choice.itemData(place)
            if seconds > 0:
                self.choice.setItemText(place, tr("Last {time}", time=plain_duration(seconds)))
            else:
                self.choice.setItemText(place, tr("From … to …") if seconds == OWN else tr("All times"))

    def _chosen(self) -> None:
        self._show_edits()
        self.changed.emit()

    def _show_edits(self) -> None:
        self.edges_row.setVisible(self.choice.currentData() == OWN)
