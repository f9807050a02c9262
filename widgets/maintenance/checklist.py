"""The checklist of a work order: what is done, what was measured, and a remark; filled in while it is in work."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from app.model.maintenance import CheckItem
from app.model.unit_symbol import unit_symbol
from app.model.work_order import CheckEntry, CheckResult
from widgets import number
from widgets.choice import TickBox
from widgets.theme import theme
from widgets.translation import local, tr


class _Line:
    """The fields of one line."""

    def __init__(self, result: CheckResult) -> None:
        self.result = result
        self.tick = TickBox(local(result.item.text))
        self.value, self.remark = QLineEdit(), QLineEdit()
        self.limits = QLabel(limits_text(result.item))
        self.tick.setChecked(result.is_done)
        self.value.setText("" if result.value is None else f"{result.value:g}")
        self.remark.setText(result.remark)
        self.value.setAccessibleName(tr("Measured value"))
        self.remark.setAccessibleName(tr("Remark"))
        self.remark.setPlaceholderText(tr("Remark"))
        self.limits.setProperty("tone", "dim")

    def measured(self) -> float | None:
        """Return the value that was written, None where it is none."""
        try:
            return float(self.value.text().replace(",", ".").replace(number.MINUS, "-"))
        except ValueError:
            return None


class Checklist(QWidget):
    """`entries` returns the lines that were changed; `changed` comes with each."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: list[_Line] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(0, 1)

    def show_checks(self, checks: Sequence[CheckResult], *, is_editable: bool) -> None:
        """Show a checklist."""
        look = theme()
        for line in self.lines:
            for widget in (line.tick, line.value, line.limits, line.remark):
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self.lines = [_Line(result) for result in checks]
        self._grid.setHorizontalSpacing(look.px(8))
        self._grid.setVerticalSpacing(look.px(4))
        for place, line in enumerate(self.lines):
            top = 2 * place
            is_measured = line.result.item.is_measured
            self._grid.addWidget(line.tick, top, 0, 1, 1 if is_measured else 3)
            if is_measured:
                line.value.setFixedWidth(look.px(84))
                line.value.setAlignment(Qt.AlignmentFlag.AlignRight)
                self._grid.addWidget(line.value, top, 1)
                self._grid.addWidget(line.limits, top, 2)
            self._grid.addWidget(line.remark, top + 1, 0, 1, 3)
            for widget in (line.value, line.limits):
                widget.setVisible(is_measured)
            line.tick.setEnabled(is_editable)
            line.value.setReadOnly(not is_editable)
            line.remark.setReadOnly(not is_editable)
            line.remark.setVisible(is_editable or bool(line.result.remark))
            line.tick.toggled.connect(lambda _, line=line: self._note(line))
            line.value.textEdited.connect(lambda _, line=line: self._measured(line))
            line.remark.textEdited.connect(lambda _, line=line: self._note(line))
            self._mark(line)
        self.setVisible(bool(checks))

    def entries(self) -> list[CheckEntry]:
        """Return what was filled in and is not stored yet."""
        found = []
        for index, line in enumerate(self.lines):
            entry = CheckEntry(index, line.tick.isChecked(), line.measured(), line.remark.text().strip())
            before = line.result
            if (entry.is_done, entry.value, entry.remark) != (before.is_done, before.value, before.remark):
                found.append(entry)
        return found

    def _measured(self, line: _Line) -> None:
        """A value that is written is done."""
        line.tick.setChecked(line.measured() is not None)
        self._note(line)

    def _note(self, line: _Line) -> None:
        self._mark(line)
        self.changed.emit()

    def _mark(self, line: _Line) -> None:
        """Ask for a remark where a value is beyond its limits."""
        now = CheckResult(line.result.item, line.tick.isChecked(), line.measured(), line.remark.text())
        line.limits.setProperty("tone", "dim" if now.is_within else "accent")
        line.limits.style().polish(line.limits)
        if not now.is_within:
            line.remark.setPlaceholderText(tr("Beyond the limits: what was done about it?"))


def limits_text(item: CheckItem) -> str:
    """Return unit and limits of a measured line."""
    unit = unit_symbol(item.unit)
    low = "" if item.low is None else f"{item.low:g}"
    high = "" if item.high is None else f"{item.high:g}"
    if low and high:
        return f"{low} – {high} {unit}".strip()
    if low:
        return f"≥ {low} {unit}".strip()
    return f"≤ {high} {unit}".strip() if high else unit
