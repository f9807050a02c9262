"""The same once more, in a row: how often, how far apart, and whether the equipment counts up."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from app.model.picture import Element, Symbol
from app.picture.arranging import GRID, around
from app.picture.renaming import counted
from widgets.choice import TickBox
from widgets.stepped_field import NumberField
from widgets.theme import theme
from widgets.translation import tr

MOST = 50


class RepeatDialog(QDialog):
    """`count`, `shift` (picture units) and `counts_up` are what was asked for."""

    def __init__(self, elements: Sequence[Element], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Repeat in a row"))
        box = around(elements)
        self.number, self.across, self.down = NumberField(), NumberField(), NumberField()
        self.up = TickBox(tr("The equipment counts up"))
        self.told = QLabel()
        self.told.setProperty("tone", "dim")
        for field in (self.number, self.across, self.down):
            field.setDecimals(0)
        self.number.setRange(1, MOST)
        for field in (self.across, self.down):
            field.setRange(-10_000, 10_000)
            field.setSingleStep(GRID)
        self.across.setValue(round((box.right - box.left + 2 * GRID) / GRID) * GRID)
        self.up.setChecked(True)
        names = [each.equipment for each in elements if isinstance(each, Symbol) and each.equipment]
        self._first = names[0] if names else ""
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setSpacing(theme().px(10))
        for label, widget in (
            (tr("Copies"), self.number),
            (tr("Each farther to the right by"), self.across),
            (tr("Each farther down by"), self.down),
        ):
            widget.setAccessibleName(label)
            form.addRow(label, widget)
        form.addRow("", self.up)
        form.addRow("", self.told)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.number.valueChanged.connect(self._tell)
        self.up.toggled.connect(self._tell)
        self._tell()

    @property
    def count(self) -> int:
        """Return how many copies are wanted."""
        return int(self.number.value())

    @property
    def shift(self) -> tuple[float, float]:
        """Return how far each copy stands from the one before, picture units."""
        return self.across.value(), self.down.value()

    @property
    def counts_up(self) -> bool:
        """Return whether each copy is of the next equipment."""
        return self.up.isChecked()

    def _tell(self, *_: object) -> None:
        """Show whose the copies will be."""
        last = counted(self._first, self.count if self.counts_up else 0)
        self.told.setText(f"{self._first} → {last}" if last != self._first else self._first)
