"""What an empty page of trends offers: the signals that somebody most likely wants to see now, in one press."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from widgets.alarm.wording import order_of_urgency
from widgets.feed import Feed
from widgets.theme import theme
from widgets.translation import local, tr
from widgets.trend.tag_choice import ranked_tags

MOST = 8
"""Signals of one offer: two pages of panes."""


class Suggestions(QWidget):
    """Three offers: what is in alarm, what is foreseen, the equipment that is selected; none that is empty."""

    chosen = Signal(object)  # list[str]: names of tags

    def __init__(self, feed: Feed, equipment: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed, self._equipment = feed, equipment
        self.in_alarm, self.foreseen, self.selected = QPushButton(), QPushButton(), QPushButton()
        self._offers: dict[QPushButton, list[str]] = {}
        column = QVBoxLayout(self)
        column.setSpacing(theme().px(8))
        for button in (self.in_alarm, self.foreseen, self.selected):
            button.setMinimumHeight(theme().px(40))  # a finger in a glove
            button.clicked.connect(lambda _=False, button=button: self.chosen.emit(self._offers[button]))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        feed.alarms_changed.connect(self._renew_in_view)
        feed.forecasts_changed.connect(self._renew_in_view)

    def renew(self) -> None:
        """Offer what is worth seeing now."""
        plant = self._feed.plant
        known = {tag.name for tag in plant.tags if not tag.is_text}
        alarms = [record.tag for record in order_of_urgency(self._feed.alarms.values())]
        ahead = sorted((each for each in self._feed.forecasts.values() if each.p50), key=lambda each: each.p50)
        equipment = self._feed.equipment.get(self._equipment())
        own = ranked_tags(plant, equipment.id, active=set(alarms)) if equipment else []
        self._offer(self.in_alarm, [each for each in alarms if each in known], tr("What is in alarm"))
        self._offer(self.foreseen, [each.tag for each in ahead if each.tag in known], tr("What is foreseen"))
        self._offer(
            self.selected, [tag.name for tag in own if not tag.is_text], local(equipment.name) if equipment else ""
        )

    def showEvent(self, event: QShowEvent) -> None:
        self.renew()
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.renew()
        super().changeEvent(event)

    def _renew_in_view(self) -> None:
        if self.isVisible():
            self.renew()

    def _offer(self, button: QPushButton, names: list[str], title: str) -> None:
        shown = list(dict.fromkeys(names))[:MOST]
        self._offers[button] = shown
        button.setText(f"{title} ({len(shown)})")
        button.setVisible(bool(shown))
