"""Fields whose value can be stepped by keys and wheel: numbers, days, instants, written in as far as other fields."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractSpinBox, QDateEdit, QDateTimeEdit, QDoubleSpinBox, QWidget

INSET_PX = 7


class NumberField(QDoubleSpinBox):
    """A number with its unit; a glove hits no arrows, so there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        _inset(self)


class DayField(QDateEdit):
    """A day of the calendar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _inset(self)


class InstantField(QDateTimeEdit):
    """A day and a time of day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _inset(self)


def _inset(field: QAbstractSpinBox) -> None:
    # The padding of a style sheet does not reach the line within such a field.
    field.lineEdit().setTextMargins(INSET_PX, 0, INSET_PX, 0)
