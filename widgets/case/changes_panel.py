"""Why limits are as they are: every change that a verdict made, and one press to take it back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.model import clock
from app.model.case import CaseEffect
from widgets import number
from widgets.case.wording import effect_text
from widgets.feed import Feed
from widgets.station_text import station_text
from widgets.text_table import TextRow, TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import tr


class ChangesPanel(QWidget):
    """Newest first; what stands is written heavier than what was undone."""

    undo_asked = Signal(object)  # CaseEffect

    def __init__(self, feed: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._effects: dict[str, CaseEffect] = {}
        self.note = QLabel()
        self.undo = QPushButton()
        self.table = TextTable(right=(0,))
        self.view = TextTableView(self.table, elastic=2)
        look = theme()
        self.note.setProperty("tone", "dim")
        bar = QHBoxLayout()
        bar.addWidget(self.note, 1)
        bar.addWidget(self.undo)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(bar)
        column.addWidget(self.view, 1)
        self.undo.clicked.connect(self._ask)
        self.view.activated.connect(lambda _: self._ask())
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._allow())
        self.retranslate()

    @property
    def effects(self) -> list[CaseEffect]:
        """Return what is listed, from top to bottom."""
        return list(self._effects.values())

    def show_effects(self, effects: Sequence[CaseEffect]) -> None:
        """Show changes, newest first."""
        self._effects = {str(effect.number): effect for effect in effects}
        self._show()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.undo.setText(tr("Undo…"))
        self.view.setAccessibleName(tr("What verdicts have changed"))
        self._show()

    def _show(self) -> None:
        standing = sum(effect.stands for effect in self._effects.values())
        self.note.setText(
            tr("{n} changes stand. Without them every limit is the one of its indicator.", n=standing)
            if self._effects
            else tr("No verdict has changed anything: every limit is the one of its indicator.")
        )
        heads = (tr("No."), tr("Equipment"), tr("Change"), tr("By"), tr("When"), tr("Why"), tr("Case"), tr("State"))
        self.table.show_rows(heads, [self._row(effect) for effect in self._effects.values()])
        self.view.fit()
        self._allow()

    def _row(self, effect: CaseEffect) -> TextRow:
        now = clock.now_ns()
        state = tr("in force")
        tip = ""
        if not effect.stands:
            state = tr("undone by {by}", by=effect.undone_by)
            tip = f"{number.day_and_time(effect.undone)}  {effect.undone_reason}"
        cells = (
            str(effect.number),
            effect.equipment,
            effect_text(effect, self._feed),
            effect.by,
            number.moment(effect.made, now=now),
            station_text(effect.reason),
            str(effect.case),
            state,
        )
        return TextRow(str(effect.number), cells, tip=tip, is_strong=effect.stands)

    def _chosen(self) -> CaseEffect | None:
        effect = self._effects.get(self.view.chosen())
        return effect if effect is not None and effect.stands else None

    def _allow(self) -> None:
        self.undo.setEnabled(self._chosen() is not None)

    def _ask(self) -> None:
        effect = self._chosen()
        if effect is not None:
            self.undo_asked.emit(effect)
