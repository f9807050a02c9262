"""What is wrong with the draft, gravest first; a press on a line leads to its cell."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.plant.draft.check import DraftProblem
from widgets.editor.wording import kind_text
from widgets.station_text import station_text
from widgets.text_table import TextRow, TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import tr

MOST = 500


class ProblemList(QFrame):
    """`chosen(number)`: the problem of that number in the list is to be looked at."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problems: Sequence[DraftProblem] | None = None
        self.title = QLabel()
        self.table = TextTable(right=())
        self.view = TextTableView(self.table, elastic=2)
        self.view.clicked.connect(lambda index: self.chosen.emit(index.row()))
        self.view.activated.connect(lambda index: self.chosen.emit(index.row()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme().px(4), 0, 0)
        column.addWidget(self.title)
        column.addWidget(self.view, 1)

    def show_problems(self, problems: Sequence[DraftProblem]) -> None:
        """Show problems."""
        self._problems = problems
        grave = sum(not problem.is_warning for problem in problems)
        self.title.setText(
            tr("To be mended: {n}   Warnings: {m}", n=grave, m=len(problems) - grave) if problems else tr("In order")
        )
        rows = [
            TextRow(
                f"{problem.path} {station_text(problem.message)}",
                (
                    tr("Warning") if problem.is_warning else tr("To be mended"),
                    _where(problem),
                    station_text(problem.message),
                ),
            )
            for problem in problems[:MOST]
        ]
        self.table.show_rows((tr("What"), tr("Where"), tr("Problem")), rows)
        self.view.setVisible(bool(rows))
        self.view.fit()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.view.setAccessibleName(tr("Problems"))
        if self._problems is None:
            self.title.setText(tr("Being checked…"))
        else:
            self.show_problems(self._problems)


def _where(problem: DraftProblem) -> str:
    """Return what a problem is about: the thing, and the keys below it."""
    places = [place for place, part in enumerate(problem.path) if isinstance(part, int)]
    below = problem.path[places[-1] + 1 :] if places else problem.path[1:]
    kind = kind_text(str(problem.path[places[-1] - 1] if places else problem.path[0])) if problem.path else tr("Plant")
    keys = ".".join(str(part) for part in below)
    return "  ".join(part for part in (kind, problem.name, keys) if part)
