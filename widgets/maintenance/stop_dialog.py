"""Asks for a planned stop, and shows meanwhile what is foretold before it."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.model import clock
from app.model.maintenance import PlannedStop
from app.model.provision import ProvisionCommand, ProvisionDeed
from app.model.text import LocalText
from widgets.choice import ChoiceBox
from widgets.feed import Feed
from widgets.maintenance.stops import margins_to
from widgets.maintenance.wording import margin_text
from widgets.stepped_field import InstantField, NumberField
from widgets.theme import theme
from widgets.translation import local, tr

_PER_MS = 1_000_000
MOST_TOLD = 5


class StopDialog(QDialog):
    """`seen`: the stop that is changed, None for a new one. What is foretold follows date and equipment at once."""

    def __init__(self, feed: Feed, seen: PlannedStop | None, *, operator: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed, self._seen = feed, seen
        self.title = QLineEdit(local(seen.name) if seen is not None else "")
        self.start, self.hours, self.days = InstantField(), NumberField(), NumberField()
        self.equipment = ChoiceBox()
        self.reason, self.name = QLineEdit(), QLineEdit(operator)
        self.told = QLabel()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._lay_out()
        self._show_seen()
        self.start.dateTimeChanged.connect(self._tell)
        for field in (self.hours, self.days):
            field.valueChanged.connect(self._tell)
        self.equipment.currentIndexChanged.connect(self._tell)
        for line in (self.title, self.name):
            line.textChanged.connect(self._allow)
        feed.forecasts_changed.connect(self._tell)
        self._tell()
        self._allow()

    @property
    def stop(self) -> PlannedStop:
        """Return the stop as it was filled in."""
        title, seen = self.title.text().strip(), self._seen
        is_same = seen is not None and title == local(seen.name)
        name = seen.name if seen is not None and is_same else LocalText(title)
        return PlannedStop(
            seen.id if seen is not None else new_id(self._feed, title),
            name,
            self.start.dateTime().toMSecsSinceEpoch() * _PER_MS,
            self.hours.value(),
            self.days.value(),
            self.equipment.currentData() or (),
        )

    @property
    def command(self) -> ProvisionCommand:
        """Return what is to be done."""
        return ProvisionCommand(ProvisionDeed.SET_STOP, self.stop, self._seen, reason=self.reason.text().strip())

    def _show_seen(self) -> None:
        seen = self._seen
        begin = seen.start if seen is not None else clock.now_ns() + 7 * 86_400 * clock.NS_PER_S
        self.start.setDateTime(QDateTime.fromMSecsSinceEpoch(begin // _PER_MS))
        self.hours.setValue(seen.hours if seen is not None else 8.0)
        self.days.setValue(seen.every_days if seen is not None else 0.0)
        self.equipment.addItem(tr("the whole plant"), ())
        for each in self._feed.plant.equipment:
            self.equipment.addItem(f"{each.id}  {local(each.name)}", (each.id,))
        chosen = seen.equipment if seen is not None else ()
        if len(chosen) > 1:
            self.equipment.addItem(", ".join(chosen), chosen)
        places = [place for place in range(self.equipment.count()) if tuple(self.equipment.itemData(place)) == chosen]
        self.equipment.setCurrentIndex(places[0] if places else 0)

    def _lay_out(self) -> None:
        look = theme()
        self.setWindowTitle(tr("Add a planned stop") if self._seen is None else tr("Change a planned stop"))
        self.setMinimumWidth(look.px(540))
        self.start.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.start.setCalendarPopup(True)
        for field, most, unit in ((self.hours, 8_784.0, " h"), (self.days, 3_660.0, " d")):
            field.setDecimals(1)
            field.setMaximum(most)
            field.setSuffix(unit)
        self.days.setSpecialValueText(tr("never"))
        self.told.setWordWrap(True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        form = QFormLayout()
        form.setVerticalSpacing(look.px(8))
        for name, widget in (
            (tr("Name"), self.title),
            (tr("Begins"), self.start),
            (tr("Lasts"), self.hours),
            (tr("Comes again after"), self.days),
            (tr("What stands still"), self.equipment),
            (tr("Why"), self.reason),
            (tr("Your name"), self.name),
        ):
            widget.setAccessibleName(name)
            form.addRow(name, widget)
        column = QVBoxLayout(self)
        column.setSpacing(look.px(12))
        column.addLayout(form)
        column.addWidget(self.told)
        column.addWidget(self.buttons)
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setText(tr("Add") if self._seen is None else tr("Change"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self) -> None:
        """Show how what is foretold stands to the stop as it is filled in now."""
        margins = margins_to(self._feed, self.stop, clock.now_ns())
        lines = [f"{name}: {margin_text(margin)}" for name, margin in margins[:MOST_TOLD]]
        self.told.setText("\n".join(lines) or tr("Nothing is foretold of what stands still then."))

    def _allow(self) -> None:
        is_told = bool(self.name.text().strip() and self.title.text().strip())
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_told)


def new_id(feed: Feed, title: str) -> str:
    """Return an id for a new stop that none has yet."""
    known = {stop.id for stop in feed.stops} | {stop.id for stop in feed.plant.stops}
    word = "-".join("".join(sign if sign.isascii() and sign.isalnum() else " " for sign in title.lower()).split())
    word = word or "stop"
    number = 1
    while (word if number == 1 else f"{word}-{number}") in known:
        number += 1
    return word if number == 1 else f"{word}-{number}"
