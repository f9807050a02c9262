"""Tries a suppression or a shelving of an alarm on the recorded history: what it would have hidden, and how gravely."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.alarm.statistics.definitions import DAY_NS
from app.alarm.trial import SHELVING, Danger, Trial
from app.model import clock
from app.model.alarm import AlarmDefinition
from widgets import number
from widgets.alarm_performance.trial_reading import AskTrial, HiddenOccurrence, TrialAnswer
from widgets.choice import ChoiceBox
from widgets.editor.draft_work import GivenUp, Stop
from widgets.editor.file_change import FileChange
from widgets.editor.review_dialog import review_of
from widgets.help.button import HelpButton
from widgets.operation import Operation
from widgets.stepped_field import NumberField
from widgets.text_table import TextRow, TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import tr

EXPRESSION, CAUSE, SHELF = 0, 1, 2
SPANS = (DAY_NS, 7 * DAY_NS, 30 * DAY_NS)
MOST_ROWS = 500
RENEW_MS = 100
_STEPS = 100


class SuppressionDialog(QDialog):
    """`alarms`: those of the plant; `change`: takes a rule over, None where nothing may be changed from here.

    It begins with the rule that the alarm has already, if any.
    """

    def __init__(
        self,
        alarm: str,
        alarms: Sequence[AlarmDefinition],
        ask: AskTrial,
        *,
        change: FileChange | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ask, self._change = ask, change
        self._stop: Stop | None = None
        self._share = 0.0
        self.answer: TrialAnswer | None = None
        self.alarm, self.rule, self.cause = QLineEdit(alarm), QLineEdit(), QLineEdit()
        self.kind, self.span = ChoiceBox(), ChoiceBox()
        self.after, self.shelf = NumberField(), NumberField()
        self.run, self.cancel, self.take, self.leave = QPushButton(), QPushButton(), QPushButton(), QPushButton()
        self.bar = QProgressBar()
        self.summary, self.danger = QLabel(), QLabel()
        self.hidden = TextTable(right=())
        self.view = TextTableView(self.hidden, elastic=3)
        self._form = QFormLayout()
        self._renewal = QTimer(self)
        self._renewal.setInterval(RENEW_MS)
        for field in (self.alarm, self.cause):
            field.setCompleter(_completer([each.id for each in alarms], field))
        self._lay_out()
        self._connect()
        self._begin(next((each for each in alarms if each.id == alarm), None))
        self._follow_kind()

    @property
    def trial(self) -> Trial:
        """Return what is asked for."""
        kind = self.kind.currentIndex()
        causes = tuple(each for each in self.cause.text().replace(",", " ").split() if each)
        return Trial(
            self.alarm.text().strip(),
            when=self.rule.text().strip() if kind == EXPRESSION else "",
            causes=causes if kind == CAUSE else (),
            after_s=0.0 if kind == SHELF else self.after.value(),
            shelve_min=self.shelf.value() if kind == SHELF else 0.0,
        )

    def try_it(self) -> None:
        """Go through the history, in the background."""
        if self._stop is not None:
            return
        ask, trial, span, stop = self._ask, self.trial, SPANS[self.span.currentIndex()], Stop()

        def told(share: float) -> None:
            stop.check()
            self._share = share

        self._stop, self._share, self.answer = stop, 0.0, None
        self._tell(tr("Going through the recorded history…"))
        self._renewal.start()
        work = Operation(self, lambda: ask(trial, span, told))
        work.success(self._show).failure(self._fail).start()
        self._allow()

    def give_up(self) -> None:
        """End the trial that is going on."""
        if self._stop is not None:
            self._stop.ask()

    def done(self, result: int) -> None:
        self.give_up()
        super().done(result)

    def apply(self) -> None:
        """Show what the rule changes in the plant file, to be taken over."""
        answer = self.answer
        if self._change is not None and answer is not None and answer.after:
            what = answer.trial.when or ", ".join(answer.trial.causes)
            told = tr("Suppress {alarm} by {what}: ", alarm=answer.trial.alarm, what=what)
            before, after, folder = answer.before, answer.after, answer.folder
            self._change.ask(tr("Take over the suppression"), lambda: review_of(before, after, folder), reason=told)

    def _begin(self, definition: AlarmDefinition | None) -> None:
        if definition is not None:
            self.rule.setText(definition.suppress_when)
            self.cause.setText(" ".join(definition.causes) if definition.suppress_by_cause else "")
            self.after.setValue(definition.suppress_after_s)
            self.kind.setCurrentIndex(CAUSE if definition.suppress_by_cause and not definition.suppress_when else 0)

    def _fail(self, error: Exception) -> None:
        self._end()
        self._tell(tr("Given up; nothing was changed.") if isinstance(error, GivenUp) else str(error))

    def _end(self) -> None:
        self._stop = None
        self._renewal.stop()
        self._allow()

    def _tell(self, text: str) -> None:
        self.summary.setText(text)
        self.danger.setVisible(False)
        self.view.setVisible(False)

    def _show(self, answer: TrialAnswer) -> None:
        self.answer = answer
        self._end()
        tally = next((each for each in answer.simulation.tallies if each.alarm == answer.trial.alarm), None)
        self._tell(
            tr(
                "From {start} to {end} it came {n} times: {hidden} never shown, {late} shown late.",
                start=number.day_and_time(answer.start),
                end=number.day_and_time(answer.end),
                n=number.count(tally.raised if tally is not None else 0),
                hidden=number.count(tally.never_shown if tally is not None else 0),
                late=number.count(tally.shown_late if tally is not None else 0),
            )
            + (f"\n{answer.unwritten}" if answer.unwritten else "")
        )
        if answer.dangerous:
            self.danger.setText(tr("▲ Dangerous to hide: {n}. Look at them first.", n=number.count(answer.dangerous)))
        else:
            self.danger.setText(tr("None of them was dangerous to hide, by what is recorded and rationalised."))
        self.danger.setProperty("tone", "" if answer.dangerous else "dim")
        self.danger.style().polish(self.danger)
        self.danger.setVisible(bool(answer.hidden))
        heads = (tr("Came"), tr("What became of it"), tr("Hidden by"), tr("Why dangerous"))
        self.hidden.show_rows(heads, [_row(place, each) for place, each in enumerate(answer.hidden[:MOST_ROWS])])
        self.view.setVisible(bool(answer.hidden))
        self.view.fit()

    def _renew(self) -> None:
        self.bar.setValue(round(_STEPS * self._share))

    def _follow_kind(self) -> None:
        kind = self.kind.currentIndex()
        for field, kinds in (
            (self.rule, {EXPRESSION}), (self.cause, {CAUSE}), (self.after, {EXPRESSION, CAUSE}), (self.shelf, {SHELF}),
        ):  # fmt: skip
            self._form.setRowVisible(field, kind in kinds)
        self._forget()

    def _forget(self) -> None:
        """What was tried is not what stands in the fields any more: it must not be taken over."""
        self.answer = None
        self._allow()

    def _allow(self) -> None:
        is_busy, trial, answer = self._stop is not None, self.trial, self.answer
        self.run.setEnabled(not is_busy and bool(trial.alarm and (trial.when or trial.causes or trial.shelve_min)))
        self.bar.setVisible(is_busy)
        self.cancel.setVisible(is_busy)
        self.take.setVisible(self._change is not None and self.kind.currentIndex() != SHELF)
        self.take.setEnabled(answer is not None and bool(answer.after) and answer.after != answer.before)

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(lambda _: self._follow_kind())
        self.span.currentIndexChanged.connect(lambda _: self._forget())
        for line in (self.alarm, self.rule, self.cause):
            line.textChanged.connect(lambda _: self._forget())
        for box in (self.after, self.shelf):
            box.valueChanged.connect(lambda _: self._forget())
        self._renewal.timeout.connect(self._renew)
        self.run.clicked.connect(self.try_it)
        self.cancel.clicked.connect(self.give_up)
        self.take.clicked.connect(self.apply)
        self.leave.clicked.connect(self.reject)
        if self._change is not None:
            self._change.told.connect(self._tell)

    def _lay_out(self) -> None:
        look = theme()
        self.setWindowTitle(tr("Try a suppression"))
        self.kind.addItems(
            [tr("While an expression is true"), tr("While another alarm stands"), tr("Shelved each time it is shown")]
        )
        self.span.addItems([tr("24 h"), tr("7 days"), tr("30 days")])
        self.span.setCurrentIndex(1)
        self.rule.setPlaceholderText(tr("such as {example}", example="PU01.RUN == 0"))
        self.after.setDecimals(0)
        self.shelf.setDecimals(0)
        self.after.setRange(0, 86_400)
        self.after.setSuffix(" s")
        self.shelf.setRange(1, 1_440)
        self.shelf.setValue(30)
        self.shelf.setSuffix(" min")
        for text, field in (
            (tr("Alarm"), self.alarm), (tr("What hides it"), self.kind), (tr("Expression"), self.rule),
            (tr("Alarms that explain it"), self.cause), (tr("For so much longer"), self.after),
            (tr("Shelved for"), self.shelf), (tr("Tried on the last"), self.span),
        ):  # fmt: skip
            self._form.addRow(text, field)
            field.setAccessibleName(text)
        self.run.setText(tr("Try it"))
        self.cancel.setText(tr("Give up"))
        self.take.setText(tr("Review and take over…"))
        self.leave.setText(tr("Close"))
        self.run.setProperty("kind", "primary")
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("How far it is"))
        self.view.setAccessibleName(tr("What would have been hidden"))
        for label in (self.summary, self.danger):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.summary.setText(tr("Nothing is changed by a trial."))
        self.danger.setVisible(False)
        self.view.setVisible(False)
        row, below = QHBoxLayout(), QHBoxLayout()
        for widget in (self.run, self.bar, self.cancel):
            row.addWidget(widget)
        row.addStretch(1)
        below.addWidget(HelpButton())
        below.addStretch(1)
        below.addWidget(self.take)
        below.addWidget(self.leave)
        for button in (self.run, self.cancel, self.take, self.leave):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setSpacing(look.px(10))
        column.addLayout(self._form)
        column.addLayout(row)
        column.addWidget(self.summary)
        column.addWidget(self.danger)
        column.addWidget(self.view, 1)
        column.addStretch(0)
        column.addLayout(below)
        self.resize(look.px(760), look.px(620))


def danger_text(danger: Danger) -> str:
    """Return why an occurrence was dangerous to hide."""
    match danger:
        case Danger.CRITICAL:
            return tr("critical")
        case Danger.SEVERE:
            return tr("severe if nobody responds")
        case Danger.OUTLASTED:
            return tr("hidden longer than there was time to respond")
        case Danger.FOLLOWED:
            return tr("a critical alarm of the same equipment came meanwhile")


def _row(place: int, each: HiddenOccurrence) -> TextRow:
    occurrence = each.occurrence
    until = occurrence.shown or occurrence.cleared
    length = number.duration((until - occurrence.raised) / clock.NS_PER_S) if until else ""
    shown = tr("shown after {time}", time=length) if occurrence.shown else tr("never shown, {time}", time=length)
    by = ", ".join(tr("shelving") if name == SHELVING else name for name in occurrence.by)
    dangers = ", ".join(danger_text(danger) for danger in each.dangers)
    cells = (number.day_and_time(occurrence.raised), shown if until else tr("still so at the end"), by, dangers)
    return TextRow(str(place), cells, is_strong=bool(dangers))


def _completer(alarms: Sequence[str], field: QWidget) -> QCompleter:
    found = QCompleter(list(alarms), field)
    found.setFilterMode(Qt.MatchFlag.MatchContains)
    found.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    return found
