"""The dry run of an addition: the lines that the plant file would get, and what is wrong with them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.plant.addition import AdditionPlan
from widgets.engineering.layout import line_of
from widgets.theme import theme
from widgets.translation import tr

_MOST_PROBLEMS = 8
_FILE = "plant.toml"


class Review(QWidget):
    """`written` asks for the plan to be written, `again` for another one."""

    written = Signal()
    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: AdditionPlan | None = None
        self._is_busy = False
        self.told = QLabel()
        self.problems = QLabel()
        self.lines = QPlainTextEdit()
        self.back_button = QPushButton()
        self.write_button = QPushButton()
        self._lay_out()
        self.back_button.clicked.connect(self.again)
        self.write_button.clicked.connect(self.written)
        self.retranslate()

    @property
    def plan(self) -> AdditionPlan | None:
        """Return what is shown."""
        return self._plan

    def show_plan(self, plan: AdditionPlan) -> None:
        """Show what would be written."""
        self._plan = plan
        width = len(str(plan.lines[-1][0])) if plan.lines else 1
        self.lines.setPlainText("\n".join(f"{number:>{width}}  + {line}" for number, line in plan.lines))
        self.retranslate()
        (self.write_button if plan.is_usable else self.back_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_busy(self, *, is_busy: bool) -> None:
        """Let nothing be pressed while it is being written."""
        self._is_busy = is_busy
        self.retranslate()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.back_button.setText(tr("Back to the names"))
        self.lines.setAccessibleName(tr("Lines that would be written"))
        plan = self._plan
        if plan is None:
            return
        self.write_button.setText(tr("Write {n} lines to plant.toml", n=len(plan.lines)))
        self.write_button.setEnabled(plan.is_usable and not self._is_busy)
        self.back_button.setEnabled(not self._is_busy)
        self.told.setText(
            tr(
                "plant.toml would get {n} lines; nothing else in it changes, and nothing is written yet. The former "
                "file is kept. Devices that are collected already miss no sample.",
                n=len(plan.lines),
            )
            if plan.is_usable
            else tr("This cannot be written. Correct the names, or plant.toml, at these lines:")
        )
        shown = [problem.at(_FILE) for problem in plan.problems[:_MOST_PROBLEMS]]
        rest = len(plan.problems) - len(shown)
        self.problems.setText("\n".join([*shown, *([tr("and {n} more", n=rest)] if rest else [])]))
        self.problems.setVisible(bool(shown))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        self.told.setWordWrap(True)
        self.problems.setWordWrap(True)
        self.problems.setProperty("weight", "strong")
        self.problems.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.lines.setReadOnly(True)
        self.lines.setFrameShape(QFrame.Shape.NoFrame)
        self.lines.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.lines.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.write_button.setProperty("kind", "primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(12))
        column.addWidget(self.told)
        column.addWidget(self.problems)
        column.addWidget(self.lines, 1)
        column.addLayout(line_of(self.back_button, None, self.write_button))
