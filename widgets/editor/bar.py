"""The head of the editor: which kind of thing the sheet shows, what is done to it, and how the draft stands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.plant.draft.check import DraftProblem
from widgets.editor.wording import kind_text
from widgets.theme import theme
from widgets.translation import tr

KINDS = (
    "tag",
    "alarm",
    "equipment",
    "equipment_class",
    "connection",
    "method",
    "measuring_point",
    "forecast",
    "maintenance_definition",
    "spare_part",
    "planned_stop",
)
RULES = (
    "plant",
    "shift",
    "report",
    "alarms",
    "alarm_class",
    "alarm_matrix",
    "vibration_zones",
    "maintenance",
    "history",
    "collector",
)
"""What is settled once for the whole plant."""


class EditorBar(QFrame):
    """`kind_chosen`: another kind; `panel_chosen(number)`: the sheets or the versions."""

    kind_chosen = Signal()
    panel_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kinds = {kind: _flat() for kind in (*KINDS, *RULES)}
        self.panels = [_flat(), _flat()]
        self.filter = QLineEdit()
        self.only_problems = _flat()
        self.undo, self.redo, self.add, self.remove = QPushButton(), QPushButton(), QPushButton(), QPushButton()
        self.fill, self.replace, self.copy, self.paste = QPushButton(), QPushButton(), QPushButton(), QPushButton()
        self.discard, self.review = QPushButton(), QPushButton()
        self.standing, self.rules = QLabel(), QLabel()
        self._steps, self._grave = 0, 0
        self._is_stale = False
        self._lay_out()
        self._group(list(self.kinds.values())).buttonClicked.connect(lambda _: self.kind_chosen.emit())
        panels = self._group(self.panels)
        panels.idClicked.connect(self._show_parts)
        panels.idClicked.connect(self.panel_chosen)

    @property
    def kind(self) -> str:
        """Return what the sheet shows."""
        return next(kind for kind, button in self.kinds.items() if button.isChecked())

    def choose_kind(self, kind: str) -> None:
        """Let the sheet show another kind; nobody is told."""
        self.kinds[kind].setChecked(True)

    def show_panel(self, number: int) -> None:
        """Mark which panel is in view; nobody is told."""
        self.panels[number].setChecked(True)
        self._show_parts(number)

    def show_draft(self, *, undo: str, redo: str, steps: int, is_stale: bool) -> None:
        """Say how the draft stands; `undo`, `redo`: what would be taken back or done again, "" for nothing."""
        self._steps, self._is_stale = steps, is_stale
        self.undo.setEnabled(bool(undo))
        self.redo.setEnabled(bool(redo))
        self.undo.setToolTip(tr("Take back: {step}  (Ctrl+Z)", step=undo) if undo else "")
        self.redo.setToolTip(tr("Do again: {step}  (Ctrl+Y)", step=redo) if redo else "")
        self._show_standing()

    def show_problems(self, problems: Sequence[DraftProblem]) -> None:
        """Say how many problems keep the draft from being taken over."""
        self._grave = sum(not problem.is_warning for problem in problems)
        self._show_standing()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        texts = {
            self.kinds["tag"]: tr("Tags"),
            self.kinds["alarm"]: tr("Alarms"),
            self.kinds["equipment"]: tr("Equipment"),
            self.kinds["equipment_class"]: tr("Classes"),
            self.kinds["connection"]: tr("Connections"),
            self.kinds["method"]: tr("Methods"),
            self.kinds["measuring_point"]: tr("Measuring points"),
            self.kinds["forecast"]: tr("Forecasts"),
            self.kinds["maintenance_definition"]: tr("Maintenance"),
            self.kinds["spare_part"]: tr("Spare parts"),
            self.kinds["planned_stop"]: tr("Planned stops"),
            self.kinds["shift"]: tr("Shifts"),
            self.kinds["alarm_class"]: tr("Alarm classes"),
            **{self.kinds[kind]: kind_text(kind) for kind in RULES if kind not in {"shift", "alarm_class"}},
            self.panels[0]: tr("Draft"),
            self.panels[1]: tr("Versions"),
            self.only_problems: tr("Only problems"),
            self.undo: tr("Undo"),
            self.redo: tr("Redo"),
            self.add: tr("New row"),
            self.remove: tr("Remove rows"),
            self.fill: tr("Fill…"),
            self.replace: tr("Replace…"),
            self.copy: tr("Copy"),
            self.paste: tr("Paste"),
            self.discard: tr("Discard the draft"),
            self.review: tr("Review and take over…"),
        }
        for button, text in texts.items():
            button.setText(text)
        self.rules.setText(tr("Rules:"))
        self.filter.setPlaceholderText(tr("Filter"))
        self.filter.setAccessibleName(tr("Filter"))
        self.copy.setToolTip(tr("The chosen cells, or with at most one chosen all that are shown, for a spreadsheet"))
        self._show_standing()

    def _show_standing(self) -> None:
        text = tr("No changes") if not self._steps else tr("Draft of {n} steps, kept on disk", n=self._steps)
        self.standing.setText(text)
        self.discard.setEnabled(bool(self._steps))
        self.review.setEnabled(bool(self._steps) and not self._grave and not self._is_stale)
        reason = tr("Mend the problems first") if self._grave and self._steps else ""
        self.review.setToolTip(reason)

    def _show_parts(self, number: int) -> None:
        """Show what is done to a sheet only where one is in view."""
        for part in self._of_sheets:
            part.setVisible(number == 0)

    def _group(self, buttons: Sequence[QPushButton]) -> QButtonGroup:
        group = QButtonGroup(self)
        for number, button in enumerate(buttons):
            group.addButton(button, number)
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab comes to the chosen one, arrows lead to the others
        buttons[0].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        buttons[0].setChecked(True)
        return group

    def _lay_out(self) -> None:
        look = theme()
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(look.px(220))
        self.review.setProperty("kind", "primary")
        self.standing.setProperty("tone", "dim")
        self.rules.setProperty("tone", "dim")
        first, second, rules, third = QHBoxLayout(), QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (first, second, rules, third):
            row.setSpacing(look.px(6))
        for button in self.panels:
            first.addWidget(button)
        first.addSpacing(look.px(16))
        first.addStretch(1)
        for widget in (self.standing, self.discard, self.review):
            first.addWidget(widget)
        rules.addWidget(self.rules)
        for kind, button in self.kinds.items():
            (second if kind in KINDS else rules).addWidget(button)
        second.addStretch(1)
        rules.addStretch(1)
        edits = (self.undo, self.redo, self.add, self.remove, self.fill, self.replace, self.copy, self.paste)
        for widget in edits:
            third.addWidget(widget)
        third.addStretch(1)
        third.addWidget(self.only_problems)
        third.addWidget(self.filter)
        self._of_sheets = (*self.kinds.values(), self.rules, self.filter, self.only_problems, *edits)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(6))
        for row in (first, second, rules, third):
            column.addLayout(row)


def _flat() -> QPushButton:
    button = QPushButton()
    button.setProperty("kind", "flat")
    button.setCheckable(True)
    return button
