"""Another name in what was drawn: the same picture for another machine."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.model.picture import Element, Symbol
from app.model.plant import Plant
from app.picture.renaming import hits
from widgets.theme import theme
from widgets.translation import tr


class ReplaceDialog(QDialog):
    """`sought` and `by` are what was written; it tells at once how much of it there is in `elements`."""

    def __init__(
        self, elements: Sequence[Element], plant: Plant, *, is_whole: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._elements = elements
        self.setWindowTitle(tr("Replace names in the picture") if is_whole else tr("Replace names in what is selected"))
        self.sought, self.by = QLineEdit(_first_equipment(elements)), QLineEdit()
        self.told = QLabel()
        self.told.setProperty("tone", "dim")
        completer = QCompleter([each.id for each in plant.equipment], self.by)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.by.setCompleter(completer)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setSpacing(theme().px(10))
        for label, field in ((tr("Find"), self.sought), (tr("Replace by"), self.by)):
            field.setAccessibleName(label)
            field.setMinimumWidth(theme().px(260))
            field.textChanged.connect(self._tell)
            form.addRow(label, field)
        form.addRow("", self.told)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self._tell()

    def _tell(self, *_: object) -> None:
        count = hits(self._elements, self.sought.text())
        self.told.setText(tr("{n} places: tags, equipment, labels, pipes", n=count))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(count and self.by.text()))


def _first_equipment(elements: Sequence[Element]) -> str:
    return next((each.equipment for each in elements if isinstance(each, Symbol) and each.equipment), "")
