"""The page "Cases": open and closed cases with one of them closely, and what verdicts have changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.model import clock
from app.model.case import UNKNOWN_CAUSE, CaseEffect, CaseEvidence, CaseRecord, Verdict
from app.model.text import LocalText
from app.model.work_order import WorkRequest, WorkSource
from app.pubsub.frame import CommandDone
from widgets import number
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.case.changes_panel import ChangesPanel
from widgets.case.detail import CaseDetail
from widgets.case.reading import CaseReading
from widgets.case.score_panel import ScorePanel
from widgets.case.verdict_dialog import UndoDialog, VerdictDialog
from widgets.case.wording import cause_text, indicator_text, refusal_text, state_text
from widgets.explain.subject import Subject, of_health
from widgets.feed import Feed
from widgets.former_text import former_text
from widgets.help.link import HelpLink
from widgets.navigation import Navigation
from widgets.operation import Operation
from widgets.plot.files import PlotFiles
from widgets.station_text import station_text
from widgets.text_table import TextRow, TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import tr

OPEN, CLOSED, CHANGES, SCORES = range(4)
LIST_WIDTH = 520
RENEW_MS = 600
"""After a change is told it is on disk within half a second."""


class CasePage(QFrame):
    """Open cases come with the feed; evidence, closed cases and changes are read from the file."""

    def __init__(
        self,
        feed: Feed,
        navigation: Navigation,
        *,
        reading: CaseReading,
        acknowledgement: Acknowledgement,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("surface", "panel")
        self._feed, self._navigation, self._reading = feed, navigation, reading
        self._acknowledgement = acknowledgement
        self._former = navigation.former
        self._closed: dict[int, CaseRecord] = {}
        self._tab, self._wanted = OPEN, ""
        self._requests: set[int] = set()
        self.tabs = tuple(QPushButton() for _ in range(4))
        self.note = QLabel()
        self.table = TextTable(right=(0,))
        self.view = TextTableView(self.table, elastic=2)
        self.nothing = QLabel()
        HelpLink(self.nothing, "cases#empty", navigation)
        self.detail = CaseDetail(feed, self._former)
        self.files = PlotFiles(self, self.note.setText)
        self.files.serve(self.detail.evidence)
        self.room = QScrollArea()  # a case with much to tell scrolls, the list of cases stays
        self.changes = ChangesPanel(feed)
        self.scores = ScorePanel(feed)
        self.stack = QStackedWidget()
        self._renewal = QTimer(self)
        self._lay_out()
        self._connect()
        self.retranslate()
        if navigation.case:
            self.choose(navigation.case)

    def open_tab(self, tab: int) -> None:
        """Show OPEN or CLOSED cases, the CHANGES or the SCORES."""
        self._tab = tab
        self.tabs[tab].setChecked(True)
        self.stack.setCurrentIndex({CHANGES: 1, SCORES: 2}.get(tab, 0))
        self._show()
        self.renew()

    def choose(self, case: int) -> None:
        """Show a case by its number, among the open ones or the closed."""
        self._wanted = str(case)
        self.open_tab(OPEN if case in self._feed.cases else CLOSED)

    def renew(self) -> None:
        """Read anew what is in view."""
        if self._tab == CHANGES:
            Operation(self, self._reading.effects).success(self._take_effects).failure(self._tell).start()
            return
        if self._tab == SCORES:
            Operation(self, self._reading.claims).success(self.scores.show_claims).failure(self._tell).start()
            return
        if self._tab == CLOSED:
            Operation(self, self._reading.closed).success(self._take_closed).failure(self._tell).start()
        self._read_evidence()

    def judge(self, verdict: Verdict) -> VerdictDialog | None:
        """Ask for what a verdict on the case in view needs, and send it."""
        record = self.detail.record
        if record is None or not record.is_open or not self._feed.may_act():
            return None
        dialog = VerdictDialog(record, verdict, operator=self._acknowledgement.operator, parent=self)
        self._open(dialog)
        return dialog

    def ask_undo(self, effect: CaseEffect) -> UndoDialog | None:
        """Ask why a change is to be taken back, and send it."""
        if not self._feed.may_act():
            return None
        dialog = UndoDialog(effect, self._feed, operator=self._acknowledgement.operator, parent=self)
        self._open(dialog)
        return dialog

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.view.setAccessibleName(tr("Cases"))
        self.detail.retranslate()
        self.changes.retranslate()
        self.scores.retranslate()
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()
        self.renew()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._renewal.stop()

    def _lay_out(self) -> None:
        look = theme()
        bar = QHBoxLayout()
        bar.setSpacing(look.px(8))
        group = QButtonGroup(self)
        for button in self.tabs:
            button.setCheckable(True)
            button.setProperty("kind", "flat")
            group.addButton(button)
            bar.addWidget(button)
        self.tabs[OPEN].setChecked(True)
        bar.addSpacing(look.px(8))
        self.note.setProperty("tone", "dim")
        bar.addWidget(self.note, 1)
        self.nothing.setProperty("tone", "dim")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.view.setFixedWidth(look.px(LIST_WIDTH))
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.view)
        self.room.setWidget(self.detail)
        self.room.setWidgetResizable(True)
        self.room.setFrameShape(QFrame.Shape.NoFrame)
        self.room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for part in (self.room.viewport(), self.detail):
            part.setAutoFillBackground(False)
        row.addWidget(self.room, 1)
        row.addWidget(self.nothing, 1)
        self.stack.addWidget(both)
        self.stack.addWidget(self.changes)
        self.stack.addWidget(self.scores)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(12))
        column.setSpacing(look.px(10))
        column.addLayout(bar)
        column.addWidget(self.stack, 1)

    def _health_of(self, key: str) -> Subject | None:
        """Return the health of the equipment of a case."""
        number = int(key)
        record = self._feed.cases.get(number) or self._closed.get(number)
        return None if record is None else of_health(record.equipment)

    def _ask_work(self) -> None:
        """Ask for work because of the case that is shown, or show the order that there is."""
        record = self.detail.record
        if record is None:
            return
        orders = self._feed.work_orders.values()
        reference = str(record.number)
        known = next((each for each in orders if each.source is WorkSource.CASE and each.reference == reference), None)
        if known is not None:
            self._navigation.open_order(known.id)
            return
        self._navigation.work_asked.emit(work_for(record, self._feed))

    def _connect(self) -> None:
        self.view.explains = self._health_of
        for tab, button in enumerate(self.tabs):
            button.clicked.connect(lambda _=False, tab=tab: self.open_tab(tab))
        self._renewal.setSingleShot(True)
        self._renewal.setInterval(RENEW_MS)
        self._renewal.timeout.connect(self.renew)
        self._feed.cases_changed.connect(self._follow)
        self._feed.scores_changed.connect(self._follow_scores)
        self._feed.requests.answered.connect(self._answered)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        self.detail.verdict_asked.connect(self.judge)
        self.detail.tag_asked.connect(self._navigation.open_tag)
        self.detail.work_asked.connect(self._ask_work)
        self._navigation.case_asked.connect(self.choose)
        self.changes.undo_asked.connect(self.ask_undo)

    def _follow(self) -> None:
        if self.isVisible():
            self._show()
            self._renewal.start()

    def _follow_scores(self) -> None:
        if self.isVisible() and self._tab == SCORES:
            self._renewal.start()

    def _cases(self) -> list[CaseRecord]:
        known = self._closed if self._tab == CLOSED else self._feed.cases
        return [known[key] for key in sorted(known, reverse=True)]

    def _show(self) -> None:
        texts = (tr("Open: {n}", n=len(self._feed.cases)), tr("Closed"), tr("What verdicts changed"), tr("Scoreboard"))
        for button, text in zip(self.tabs, texts, strict=True):
            button.setText(text)
        if self._tab in {CHANGES, SCORES}:
            return
        cases = self._cases()
        heads = (tr("No."), tr("Equipment"), tr("Likely cause"), tr("Since"), tr("State"))
        if self._tab == CLOSED:
            heads = (*heads[:2], tr("Cause"), *heads[3:])
        chosen = self.view.chosen()
        self.table.show_rows(heads, [self._row(record) for record in cases])
        self.view.fit()
        keys = [str(record.number) for record in cases]
        if keys:
            wanted = self._wanted if self._wanted in keys else chosen
            self._wanted = "" if wanted == self._wanted else self._wanted
            self.view.selectRow(keys.index(wanted) if wanted in keys else 0)
        self.view.setVisible(bool(keys))
        self.nothing.setVisible(not keys)
        self.room.setVisible(bool(keys))
        self.nothing.setText(
            tr("No case is open: nothing has been far from its healthy past for long, and no limit is near.")
            if self._tab == OPEN
            else tr("No case has been closed yet.")
        )
        self._choose()

    def _row(self, record: CaseRecord) -> TextRow:
        cells = (
            str(record.number),
            former_text(record.equipment, self._former.present(record.equipment)),
            cause_text(record),
            number.moment(record.opened, now=clock.now_ns()),
            state_text(record),
        )
        return TextRow(str(record.number), cells, tip=record.reason, is_strong=record.is_open and record.is_present)

    def _choose(self) -> None:
        chosen = self.view.chosen()
        record = next((each for each in self._cases() if str(each.number) == chosen), None)
        if record is None:
            return
        is_other = self.detail.record is None or self.detail.record.number != record.number
        self.detail.show_case(record)
        if is_other:
            self._read_evidence()

    def _read_evidence(self) -> None:
        record = self.detail.record
        if record is not None:
            case = record.number
            Operation(self, lambda: self._reading.evidence(case)).success(self._take_evidence).failure(
                self._tell
            ).start()

    def _take_evidence(self, lines: Sequence[CaseEvidence]) -> None:
        self.detail.show_evidence(lines)

    def _take_closed(self, cases: Sequence[CaseRecord]) -> None:
        self._closed = {record.number: record for record in cases}
        self._show()

    def _take_effects(self, effects: Sequence[CaseEffect]) -> None:
        self.changes.show_effects(effects)

    def _open(self, dialog: VerdictDialog | UndoDialog) -> None:
        dialog.accepted.connect(lambda: self._send(dialog))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _send(self, dialog: VerdictDialog | UndoDialog) -> None:
        self._acknowledgement.set_operator(dialog.name.text())
        self._requests.add(self._feed.requests.act_on_case(dialog.command, operator=self._acknowledgement.operator))

    def _answered(self, answer: CommandDone) -> None:
        if answer.request not in self._requests:
            return
        self._requests.discard(answer.request)
        refusal = answer.case_refusal
        if answer.done:
            self.note.setText(tr("Done, and on disk"))
        else:
            why = refusal_text(refusal, now=clock.now_ns()) if refusal is not None else station_text(answer.reason)
            self.note.setText(tr("Not done: {reason}", reason=why))
        self.renew()

    def _tell(self, error: Exception) -> None:
        self.note.setText(station_text(error))


def work_for(record: CaseRecord, feed: Feed) -> WorkRequest:
    """Return the request for work on the equipment of a case: what to do about its likeliest cause, and why."""
    first = record.causes[0] if record.causes else None
    is_known = first is not None and first.id != UNKNOWN_CAUSE
    title = first.action if first is not None and is_known else LocalText("")
    signs = ", ".join(indicator_text(each, feed) for each in record.indicators)
    tags = ", ".join(each.tag for each in record.contributions[:3])
    return WorkRequest(
        record.equipment,
        WorkSource.CASE,
        tr("Case {n}, {cause}: {signs} ({tags})", n=record.number, cause=cause_text(record), signs=signs, tags=tags),
        reference=str(record.number),
        title=title,
    )
