"""Forms of a page: a name and its field side by side, rows that come and go with what was chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from widgets.theme import theme

FIELD_WIDTH = 380


class Form(QWidget):
    """Rows of a name, a field and a remark; `name` is asked anew for the present language."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme().px(12))
        self._grid.setVerticalSpacing(theme().px(8))
        self._grid.setColumnStretch(2, 1)
        self._rows: dict[QWidget, tuple[QLabel, QLabel, Callable[[], str]]] = {}

    def add(self, name: Callable[[], str], field: QWidget) -> QLabel:
        """Add a row and return the label of its remark."""
        label, remark = QLabel(), QLabel()
        label.setBuddy(field)
        remark.setProperty("tone", "dim")
        remark.setWordWrap(True)
        remark.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        field.setFixedWidth(theme().px(FIELD_WIDTH))
        row = len(self._rows)
        for column, widget in enumerate((label, field, remark)):
            self._grid.addWidget(widget, row, column)
        self._rows[field] = label, remark, name
        return remark

    def show_row(self, field: QWidget, *, is_shown: bool) -> None:
        """Show or hide the row of a field."""
        label, remark, _ = self._rows[field]
        for widget in (label, field, remark):
            widget.setVisible(is_shown)

    def retranslate(self) -> None:
        """Renew the names of the rows."""
        for field, (label, _, name) in self._rows.items():
            label.setText(name())
            field.setAccessibleName(name())


def secret_field() -> QLineEdit:
    """Return a field whose text nobody reads over a shoulder."""
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field


def fill(box: QComboBox, choices: list[tuple[str, str]], chosen: str) -> None:
    """Offer (text, data) in a box and choose `chosen`, the first where that is not among them; nobody is told."""
    was_blocked = box.blockSignals(True)
    box.clear()
    for text, data in choices:
        box.addItem(text, data)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    box.blockSignals(was_blocked)
