"""What another dead band and other delays would have made of an alarm: the choices, and what they would change."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app.alarm.what_if.effect import Effect
from app.alarm.what_if.proposal import Proposal
from app.model.unit_symbol import unit_symbol
from widgets import number
from widgets.alarm_performance.take_over import Change, TakeOver
from widgets.explain.figure import Derivation, Figure
from widgets.explain.subject import Subject, of_figure
from widgets.operation import Operation
from widgets.station_text import station_text
from widgets.text_table import TextRow, TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import tr

MOST_CHOICES = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """A proposal, the unit of the dead band, and what taking it would change in the plant file ("": nothing).

    `change`: what the collector can be asked for; None where nothing better was found, or the file is laid out in a way
    that is changed by hand only.
    """

    proposal: Proposal
    unit: str
    difference: str
    command: str
    change: Change | None = None


AskWhatIf: TypeAlias = Callable[[str], Answer]
"""Gives the answer for an alarm, by its id; called in a background thread. Raises what the dialog tells."""


class WhatIfDialog(QDialog):
    """Shows one alarm's choices as soon as its history has been evaluated; `take_over` changes what it proposes."""

    def __init__(
        self,
        alarm: str,
        message: str,
        ask: AskWhatIf,
        *,
        take_over: TakeOver | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("What if: {alarm}", alarm=message))
        self.summary = QLabel(tr("Evaluating the recorded history…"))
        self.choices = TextTable(right=(1, 2, 3, 4, 5, 6, 7))
        self.view = TextTableView(self.choices, elastic=0)
        self.view.explains = self._figure_of
        self.note = QLabel()
        self.difference = QPlainTextEdit()
        self.take_over = take_over
        self._lay_out()
        self._operation = Operation(self, lambda: ask(alarm)).success(self._show).failure(self._tell).start()

    def done(self, result: int) -> None:
        self._operation.cancel()
        super().done(result)

    def _lay_out(self) -> None:
        look = theme()
        for label in (self.summary, self.note):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.note.setProperty("tone", "dim")
        self.difference.setReadOnly(True)
        self.difference.setMinimumHeight(look.px(150))
        self.difference.setVisible(False)
        self.difference.setAccessibleName(tr("Change of the plant file"))
        self.view.setVisible(False)
        self.view.setAccessibleName(tr("Choices"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setSpacing(look.px(10))
        column.addWidget(self.summary)
        column.addWidget(self.view)
        column.addWidget(self.note)
        column.addWidget(self.difference, 1)
        if self.take_over is not None:
            column.addWidget(self.take_over)
        column.addWidget(buttons)
        self.resize(look.px(860), look.px(200))

    def _tell(self, error: Exception) -> None:
        self.summary.setText(station_text(error))

    def _show(self, answer: Answer) -> None:
        proposal = answer.proposal
        events = len(proposal.events.start)
        told = tr(
            "In 30 days: {n} samples, {events} events, {true} of which asked for a response. Noise {noise} {unit}.",
            n=number.count(proposal.samples),
            events=number.count(events),
            true=number.count(proposal.events.true_ones),
            noise=f"{proposal.noise:.2g}",
            unit=unit_symbol(answer.unit),
        )
        self.summary.setText(told)
        heads = (
            "", tr("Dead band"), tr("On-delay"), tr("Off-delay"), tr("Alarms"), tr("Missed"), tr("Latest by"),
            tr("Active"),
        )  # fmt: skip
        self.choices.show_rows(heads, [self._row(effect, proposal) for effect in shown_choices(proposal)])
        self.view.setVisible(True)
        self.view.fit()
        rows = self.view.verticalHeader().length() + self.view.horizontalHeader().height()
        self.view.setFixedHeight(rows + theme().px(4))  # ten choices or a few more
        if proposal.best is None:
            self.note.setText(tr("Nothing better was found: these settings suit what was recorded."))
            self._grow()
            return
        if self.take_over is not None and answer.change is not None:
            self.note.setText(tr("This is what changes in the plant file. Nothing is changed before you take it over."))
            self.take_over.offer(answer.change)
        else:
            self.note.setText(tr("Nothing is changed here. To take the proposal: {command}", command=answer.command))
        self.difference.setPlainText(answer.difference)
        self.difference.setVisible(bool(answer.difference))
        self._grow()

    def _grow(self) -> None:
        """Become as high as what is told now needs, or its parts would stand over one another."""
        self.ensurePolished()
        self.resize(self.width(), max(self.height(), self.sizeHint().height()))

    def _figure_of(self, key: str) -> Subject | None:
        """Return how the numbers of a choice came about."""
        row = next((each for each in self.choices.rows if each.key == key), None)
        if row is None:
            return None
        mark, *settings, came, missed, late, active = row.cells
        numbers = (
            Derivation(tr("Alarms"), came, tr("activations with these settings, evaluated sample by sample")),
            Derivation(tr("Missed"), missed, tr("events that asked for a response and would not have been told")),
            Derivation(tr("Latest by"), late, tr("the longest that one would have come later than it did")),
            Derivation(tr("Active"), active, tr("for how long it would have been active")),
        )
        inputs = (tr("the recorded samples of its tag in the last 30 days"),)
        return of_figure(Figure(" / ".join(part for part in (mark, *settings) if part), numbers, inputs=inputs))

    def _row(self, effect: Effect, proposal: Proposal) -> TextRow:
        settings = effect.settings
        mark = ""
        if effect == proposal.present:
            mark = tr("As it is")
        elif effect == proposal.best:
            mark = tr("Proposed")
        late = number.NO_VALUE if math.isnan(effect.longest_delay_s) else number.duration(effect.longest_delay_s)
        cells = (
            mark,
            f"{settings.deadband:g}",
            number.duration(settings.on_delay_s),
            number.duration(settings.off_delay_s),
            number.count(effect.activations),
            number.count(effect.missed),
            late,
            number.duration(effect.active_s),
        )
        return TextRow(" ".join(cells[1:4]), cells, is_strong=effect == proposal.best)


def shown_choices(proposal: Proposal) -> list[Effect]:
    """Return some of the choices, among them the settings as they are and the proposed ones, the noisiest first."""
    choices = list(proposal.choices)
    step = max(1, -(-len(choices) // MOST_CHOICES))
    shown = choices[::step]
    shown += [each for each in (proposal.present, proposal.best) if each is not None and each not in shown]
    return sorted(shown, key=lambda effect: -effect.activations)
