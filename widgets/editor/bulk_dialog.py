"""Many cells at once: filled by a pattern, or one text replaced by another; what becomes of them is seen before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.plant.draft.bulk import filled, replaced
from app.plant.draft.cell import cell_text
from app.plant.draft.sheet import Change
from app.plant.parameter_text import ParameterError
from widgets import number
from widgets.editor.chosen_cells import ChosenCells
from widgets.operation import Operation
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import tr

SHOWN = 6
AT_ONCE = 500
"""So many cells are looked at without a thread."""


class BulkDialog(QDialog):
    """Asks for texts and shows what they make of the chosen cells; `changes` is what was agreed to."""

    def __init__(
        self,
        title: str,
        labels: Sequence[str],
        make: Callable[[Sequence[str]], list[Change]],
        *,
        count: int,
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._make, self._count = make, count
        self._operation: Operation[list[Change]] | None = None
        self.changes: list[Change] = []
        self.fields = [QLineEdit() for _ in labels]
        self.shown, self.hint = QLabel(), QLabel(hint)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.setWindowTitle(title)
        look = theme()
        form = QFormLayout()
        for label, field in zip(labels, self.fields, strict=True):
            form.addRow(label, field)
            field.setAccessibleName(label)
            field.textChanged.connect(self._preview)
        self.hint.setWordWrap(True)
        self.hint.setProperty("tone", "dim")
        self.hint.setVisible(bool(hint))
        self.shown.setWordWrap(True)
        self.shown.setMinimumHeight(look.px(150))
        column = QVBoxLayout(self)
        column.setSpacing(look.px(10))
        column.addLayout(form)
        column.addWidget(self.hint)
        column.addWidget(self.shown, 1)
        column.addWidget(self.buttons)
        self.setMinimumWidth(look.px(560))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._preview()

    def done(self, result: int) -> None:
        if self._operation is not None:
            self._operation.cancel()
        super().done(result)

    def _preview(self) -> None:
        """Show what becomes of the cells: of few at once, of many as soon as that is known."""
        make, texts = self._make, [field.text() for field in self.fields]
        if self._operation is not None:
            self._operation.cancel()
            self._operation = None
        if self._count > AT_ONCE:
            self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(False)
            work = Operation(self, lambda: make(texts))
            self._operation = work.success(self._show).failure(self._tell).start()
            return
        try:
            self._show(make(texts))
        except ParameterError as error:
            self._tell(error)

    def _tell(self, error: Exception) -> None:
        if not isinstance(error, ParameterError):
            raise error
        self.changes = []
        self.shown.setText(station_text(error))
        self._allow()

    def _show(self, changes: list[Change]) -> None:
        self.changes = changes
        lines = [
            f"{row.name}: {cell_text(row.table, column) or '–'} → {text or '–'}"
            for row, column, text in self.changes[:SHOWN]
        ]
        rest = len(self.changes) - len(lines)
        if rest > 0:
            lines.append(tr("and {n} cells more", n=number.count(rest)))
        self.shown.setText("\n".join(lines))
        self._allow()

    def _allow(self) -> None:
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(self.changes))


def fill_dialog(cells: ChosenCells, parent: QWidget) -> BulkDialog:
    """Return what fills cells by a pattern."""

    def make(texts: Sequence[str]) -> list[Change]:
        return filled(cells.cells(), texts[0])

    hint = tr(
        "A text, or with {n} the number of the row from 0, {value} the cell as it is, {name} and {equipment}: "
        "HR{100 + 2 * n}:F32, {value * 10}, P{n:03}"
    )
    title = tr("Fill {n} cells", n=number.count(len(cells)))
    return BulkDialog(title, [tr("Pattern")], make, count=len(cells), hint=hint, parent=parent)


def replace_dialog(cells: ChosenCells, parent: QWidget) -> BulkDialog:
    """Return what replaces one text by another in cells."""

    def make(texts: Sequence[str]) -> list[Change]:
        return replaced(cells.cells(), texts[0], texts[1])

    title = tr("Replace in {n} cells", n=number.count(len(cells)))
    return BulkDialog(title, [tr("Find"), tr("Replace with")], make, count=len(cells), parent=parent)
