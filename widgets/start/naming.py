"""Naming what was found: the chosen signals as a table to be written in, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QTableView, QVBoxLayout, QWidget

from app.model.plant import Plant
from widgets.choice import ChoiceBox
from widgets.engineering.devices import Found
from widgets.engineering.layout import line_of, plain_table
from widgets.model.chosen_table import ChosenColumn, ChosenTable
from widgets.start.new_plant import tags_of
from widgets.theme import theme
from widgets.translation import local, tr

_WIDTHS: Mapping[int, int] = {
    ChosenColumn.NAME: 220,
    ChosenColumn.TITLE: 300,
    ChosenColumn.UNIT: 90,
    ChosenColumn.LOW: 90,
    ChosenColumn.HIGH: 90,
    ChosenColumn.DECIMALS: 90,
}


class Naming(QWidget):
    """`done` asks for what stands there to be made, `again` for others to be chosen; `refused` says why not.

    `plant`: the open one that a device is added to; None where a plant is made.
    """

    done = Signal()
    again = Signal()
    refused = Signal(str)

    def __init__(self, plant: Plant | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plant = plant
        self.chosen = ChosenTable(self)
        self.view = QTableView()
        self.again_button = QPushButton()
        self.name_label = QLabel()
        self.name = QLineEdit()
        self.below_label = QLabel()
        self.below = ChoiceBox()
        self.make_button = QPushButton()
        self._lay_out()
        self.again_button.clicked.connect(self.again)
        self.chosen.changed.connect(self._allow)
        self.chosen.refused.connect(self.refused)
        self.name.textChanged.connect(self._allow)
        self.name.returnPressed.connect(self.make_button.click)
        self.make_button.clicked.connect(self.done)
        self.retranslate()

    def show_found(self, found: Sequence[Found]) -> None:
        """Show signals with names of their own, none of which a tag of the plant has."""
        taken = frozenset(tag.name for tag in self._plant.tags) if self._plant is not None else frozenset[str]()
        self.chosen.show_tags(tags_of(found, taken))
        self.view.setFocus()
        self.view.setCurrentIndex(self.chosen.index(0, ChosenColumn.NAME))

    def propose_name(self, name: str) -> None:
        """Write a name where nobody has written one."""
        if not self.name.text():
            self.name.setText(name)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.view.setAccessibleName(tr("Chosen signals"))
        self.again_button.setText(tr("Choose others"))
        name = tr("Name of the plant") if self._plant is None else tr("Name of the device")
        self.name_label.setText(name)
        self.name.setAccessibleName(name)
        self.below_label.setText(tr("Belongs to"))
        self.below.setAccessibleName(tr("Belongs to"))
        if self._plant is not None:
            for row, equipment in enumerate(self._plant.equipment):
                self.below.setItemText(row, local(equipment.name))
        self._allow()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _allow(self) -> None:
        count = len(self.chosen.tags)
        text: Callable[[], str] = (
            (lambda: tr("Make the plant with {n} signals", n=count))
            if self._plant is None
            else (lambda: tr("Show what would be written ({n} signals)", n=count))
        )
        self.make_button.setText(text())
        self.make_button.setEnabled(bool(self.chosen.tags and self.name.text().strip()))

    def _lay_out(self) -> None:
        self.make_button.setProperty("kind", "primary")
        plain_table(self.view, self.chosen, _WIDTHS)
        parts: list[QWidget | None] = [self.name_label, self.name]
        if self._plant is not None:
            for equipment in self._plant.equipment:
                self.below.addItem(local(equipment.name), equipment.id)
            parts += [self.below_label, self.below]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(12))
        column.addLayout(line_of(self.again_button, None))
        column.addWidget(self.view, 1)
        column.addLayout(line_of(*parts, self.make_button))
