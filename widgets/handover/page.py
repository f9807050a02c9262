"""The page "Handover": open points and shifts on the left, the report of the chosen shift on the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.handover.desk import SIGNED
from app.handover.store import packed
from app.model import clock
from app.model.handover import Handover, HandoverAction, HandoverCommand
from app.model.shift import Period
from app.report.progress import ReportProgress
from app.report.record import record_of
from widgets.elided_label import ElidedLabel
from widgets.feed import Feed
from widgets.handover.deeds import HandoverDeeds
from widgets.handover.dialog import HandoverDialog
from widgets.handover.lists import drafts, point_heads, point_rows, shift_heads, shift_rows, unread
from widgets.handover.period_dialog import PeriodDialog
from widgets.handover.reading import HandoverReading, Shown, Standing
from widgets.handover.report_view import ReportView
from widgets.handover.report_work import ReportWork
from widgets.handover.wording import action_text, shift_text
from widgets.help.link import HelpLink
from widgets.keyboard.shortcut import bind
from widgets.navigation import Navigation
from widgets.operation import Operation
from widgets.renewed_page import RenewedPage
from widgets.station_text import station_text
from widgets.text_table import TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import language, tr

RENEW_MS = 5_000
LEFT_SHARE = 0.44
_KINDS = "PDF (*.pdf);;Excel (*.xlsx);;HTML (*.html);;JSON (*.json)"


class HandoverPage(RenewedPage):
    """`deeds`: makes, for the page, what sends commands; `has_users`: whether handovers are signed with a PIN.

    Points and handovers are read every five seconds while the page is seen, a report when its shift is chosen.
    """

    def __init__(
        self,
        feed: Feed,
        navigation: Navigation,
        *,
        deeds: Callable[[QWidget], HandoverDeeds],
        reading: HandoverReading,
        has_users: Callable[[], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(RENEW_MS, parent)
        self.setProperty("surface", "panel")
        self._plant, self._navigation, self._reading, self._has_users = feed.plant, navigation, reading, has_users
        self._former = navigation.former
        self._deeds = deeds(self)
        self._standing = Standing()
        self._periods: list[Period] = []
        self._chosen = ""
        self._is_read = False
        self._other: Period | None = None
        self._work = ReportWork(self)
        self.points, self.shifts = TextTable((0,), self), TextTable((3,), self)
        self.point_view, self.shift_view = TextTableView(self.points, elastic=2), TextTableView(self.shifts, elastic=0)
        self.points_head, self.shifts_head, self.nothing = QLabel(), QLabel(), QLabel()
        HelpLink(self.nothing, "handover#note", navigation)
        self.search = QLineEdit()
        self.buttons = {action: QPushButton() for action in HandoverAction}
        self.save, self.again, self.stop, self.other = QPushButton(), QPushButton(), QPushButton(), QPushButton()
        self.note = ElidedLabel(tone="dim")
        self.report = ReportView(feed.plant)
        self._lay_out()
        self._connect()
        self.retranslate()
        if navigation.shift:
            self.show_named(navigation.shift)

    def rewind(self) -> None:
        self._chosen, self._other = "", None
        self.report.clear()

    def renew(self) -> None:
        """Read how handovers stand."""
        Operation(self, self._reading.standing).success(self._take).failure(self._tell).start()

    def choose(self, key: str) -> None:
        """Show the report of a shift by its key."""
        self._chosen = key
        handover = self._handover(key)
        known = [*self._periods, *([self._other] if self._other is not None else [])]
        period = next((each for each in known if each.key == key), None)
        if handover is not None:
            self._compute(key, lambda _: self._reading.signed(handover))
        elif period is not None:
            self.report.say(key, tr("The report is being computed…"))
            self._compute(key, lambda progress: self._reading.draft(period, clock.now_ns(), progress))

    def give_up(self) -> None:
        """Let the report that is computed be."""
        self._work.cancel()
        self.report.say(self._chosen, tr("Cancelled: the report was not computed"))
        self._allow()

    def ask(self, action: HandoverAction) -> HandoverDialog | None:
        """Ask for what has to be known, then do it; return the dialog, None where there is nothing to do it to."""
        begin = self._beginning(action)
        if begin is None or not self._deeds.may_act():
            return None
        dialog = HandoverDialog(
            self._plant,
            replace(begin[0], text=self._deeds.drafts.text(begin[0])),
            about=begin[1],
            operator="" if action is HandoverAction.TAKE_OVER else self._deeds.operator,
            needs_pin=action in SIGNED and self._has_users(),
            parent=self,
        )
        drafts, operator = self._deeds.drafts, self._deeds.operator
        dialog.text.textChanged.connect(lambda: drafts.keep(begin[0], dialog.text.toPlainText()))
        dialog.accepted.connect(lambda: self._do(dialog, operator))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def ask_time(self) -> PeriodDialog:
        """Ask of which time a report is wanted, then show it."""
        today = self._plant.calendar.on_wall(clock.now_ns()).date()
        dialog = PeriodDialog(self._plant, today, self)
        dialog.accepted.connect(lambda: self.show_period(dialog.period()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def show_period(self, period: Period | None) -> None:
        """Show the report of any shift, day or month; what was signed, where that was handed over."""
        if period is not None:
            self._other = period
            self.shift_view.clearSelection()
            self.choose(period.key)
            self._select()

    def show_named(self, key: str) -> None:
        """Show the report of a shift, day or month by its key."""
        self.show_period(self._plant.calendar.named(key))

    def write(self, target: Path) -> None:
        """Write the shown report as the name of the file says, in the background."""
        shown, told = self.report.shown, language()
        if shown is None:
            return
        self.save.setEnabled(False)
        work = Operation(self, lambda: self._reading.write(shown, target, told))
        work.success(lambda _: self._end_writing(tr("Written to {file}", file=target.name)))
        work.failure(lambda error: self._end_writing(station_text(error))).start()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.search.setPlaceholderText(tr("Search: shift, person, point, remark…"))
        self.search.setToolTip(self.search.placeholderText())
        self.search.setAccessibleName(tr("Search the handovers"))
        self.point_view.setAccessibleName(tr("Open points"))
        self.shift_view.setAccessibleName(tr("Shifts"))
        self.nothing.setText(tr("No point is open. Note what the next shift has to know."))
        for action, button in self.buttons.items():
            button.setText(action_text(action))
        self.save.setText(tr("Save as…"))
        self.again.setText(tr("Compute anew"))
        self.stop.setText(tr("Cancel"))
        self.other.setText(tr("Another time…"))
        self.other.setToolTip(tr("The report of any past shift, day, week or month"))
        self.report.retranslate()
        self.refresh()

    def refresh(self) -> None:
        """Bring both lists up to date."""
        now = clock.now_ns()
        standing, operator = self._standing, self._deeds.operator
        self._periods = drafts(self._plant, standing.handovers, now)
        self.points.show_rows(point_heads(), point_rows(standing.open, self._plant, self._former))
        rows = shift_rows(
            self._periods,
            standing.handovers,
            self._plant,
            now=now,
            operator=operator,
            text=self.search.text(),
            former=self._former,
        )
        self.shifts.show_rows(shift_heads(), rows)
        self.point_view.fit()
        self.shift_view.fit()
        self.points_head.setText(tr("Open points: {n}", n=len(standing.open)))
        new = len(unread(standing.handovers, operator))
        self.shifts_head.setText(tr("Shifts, {n} of them unread", n=new) if new else tr("Shifts"))
        self.nothing.setVisible(not standing.open)
        self.point_view.setVisible(bool(standing.open))
        self._select()
        self._allow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.report.setFixedWidth(round((1.0 - LEFT_SHARE) * self.width()))

    def _do(self, dialog: HandoverDialog, operator: str) -> None:
        """Send what a dialog asks for, unless somebody else has begun to operate here since it was opened."""
        command = dialog.command()
        if self._deeds.operator != operator and command.action not in SIGNED:
            self._tell(tr("Somebody else operates here now: look at the text again"))
            self.ask(command.action)
            return
        self._deeds.send(command, operator=dialog.name.text(), secret=dialog.pin.text())

    def _beginning(self, action: HandoverAction) -> tuple[HandoverCommand, str] | None:
        """Return the deed that a dialog begins with, and what it is about."""
        shown = self.report.shown
        match action:
            case HandoverAction.NOTE:
                return HandoverCommand(action, equipment=self._navigation.equipment or ""), ""
            case HandoverAction.CLOSE:
                key = self.point_view.chosen()
                point = next((each for each in self._standing.open if str(each.number) == key), None)
                return None if point is None else (HandoverCommand(action, point.number), point.text)
            case HandoverAction.HAND_OVER:
                if shown is None or shown.content is None or shown.handover is not None:
                    return None
                report = packed(record_of(replace(shown.content, made=clock.now_ns())))
                return HandoverCommand(action, key=shown.key, report=report), shift_text(shown.key, self._plant)
            case HandoverAction.TAKE_OVER | HandoverAction.AMEND:
                handover = None if shown is None else shown.handover
                if handover is None or (action is HandoverAction.TAKE_OVER and handover.incoming is not None):
                    return None
                return HandoverCommand(action, handover.number), shift_text(handover.key, self._plant)

    def _compute(self, key: str, read: Callable[[ReportProgress], Shown]) -> None:
        self._work.begin(read, self._show, lambda error: self.report.say(key, station_text(error)))
        self._allow()

    def _tell_progress(self, share: float) -> None:
        if self.report.shown is None:
            text = tr("The report is being computed… {n} %", n=round(share * 100))
            self.report.say(self._chosen, text)

    def _handover(self, key: str) -> Handover | None:
        return next((each for each in self._standing.handovers if each.key == key), None)

    def _select(self) -> None:
        """Keep the chosen shift selected, or choose what waits, else the newest."""
        if not self._is_read:
            return
        keys = [row.key for row in self.shifts.rows]
        waiting = next((each.key for each in self._standing.handovers if each.incoming is None), "")
        key = self._chosen or waiting or (keys[0] if keys else "")
        if key in keys and self.shift_view.chosen() != key:
            self.shift_view.selectRow(keys.index(key))

    def _row_chosen(self) -> None:
        key = self.shift_view.chosen()
        if key and key != self._chosen:
            self.choose(key)

    def _sign(self) -> None:
        """Hand over or take over what is shown, whichever is next."""
        for action in (HandoverAction.HAND_OVER, HandoverAction.TAKE_OVER):
            if self.buttons[action].isVisible() and self.buttons[action].isEnabled():
                self.ask(action)

    def _allow(self) -> None:
        """Offer what can be done now."""
        shown = self.report.shown
        is_draft = shown is not None and shown.content is not None and shown.handover is None and "/" in shown.key
        handover = None if shown is None else shown.handover
        self.buttons[HandoverAction.CLOSE].setEnabled(bool(self.point_view.chosen()))
        self.buttons[HandoverAction.HAND_OVER].setVisible(handover is None)
        self.buttons[HandoverAction.HAND_OVER].setEnabled(is_draft)
        self.buttons[HandoverAction.TAKE_OVER].setVisible(handover is not None and handover.incoming is None)
        self.buttons[HandoverAction.AMEND].setVisible(handover is not None)
        self.stop.setVisible(self._work.is_running and shown is None)
        self.again.setVisible(handover is None and not self._work.is_running)
        self.save.setEnabled(shown is not None and shown.content is not None)

    def _show(self, shown: Shown) -> None:
        if shown.key == self._chosen:
            self.report.show_report(shown)
            self._allow()

    def _take(self, standing: Standing) -> None:
        before, self._standing, self._is_read = self._standing, standing, True
        self.refresh()
        if self._chosen and before.handovers != standing.handovers:
            self.choose(self._chosen)
        elif before.open != standing.open and self.report.shown is not None and self.report.shown.handover is None:
            self.report.show_report(replace(self.report.shown, points=standing.open))

    def _tell(self, said: str | Exception) -> None:
        self.note.set_text(str(said))

    def _end_writing(self, text: str) -> None:
        self._tell(text)
        self._allow()

    def _ask_target(self) -> None:
        name = f"{self._chosen.replace('/', '-')}.pdf"
        target, _ = QFileDialog.getSaveFileName(self, tr("Save as…"), name, _KINDS)
        if target:
            self.write(Path(target))

    def _lay_out(self) -> None:
        look = theme()
        for label in (self.points_head, self.shifts_head):
            label.setProperty("lettering", "title")
        self.nothing.setProperty("tone", "dim")
        self.nothing.setWordWrap(True)
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(look.px(150))
        self.search.setMaximumWidth(look.px(320))
        for action in (HandoverAction.HAND_OVER, HandoverAction.TAKE_OVER):
            self.buttons[action].setProperty("kind", "primary")
        for button in (
            self.buttons[HandoverAction.CLOSE],
            self.buttons[HandoverAction.AMEND],
            self.save,
            self.again,
            self.stop,
            self.other,
        ):
            button.setProperty("kind", "flat")
        left = QVBoxLayout()
        left.setSpacing(look.px(8))
        left.addLayout(self._bar(self.points_head, HandoverAction.CLOSE, HandoverAction.NOTE))
        left.addWidget(self.nothing, 0, Qt.AlignmentFlag.AlignTop)
        self.point_view.setMinimumHeight(look.px(90))
        left.addWidget(self.point_view, 2)
        bar = self._bar(self.shifts_head)
        bar.addWidget(self.other)
        bar.addWidget(self.search)
        left.addLayout(bar)
        left.addWidget(self.shift_view, 3)
        right = QVBoxLayout()
        right.setSpacing(look.px(8))
        deeds = QHBoxLayout()
        deeds.setSpacing(look.px(8))
        deeds.addWidget(self.note, 1)
        over, take = self.buttons[HandoverAction.HAND_OVER], self.buttons[HandoverAction.TAKE_OVER]
        for button in (self.stop, self.again, self.save, self.buttons[HandoverAction.AMEND], over, take):
            deeds.addWidget(button)
        right.addLayout(deeds)
        right.addWidget(self.report, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(10))
        row.setSpacing(look.px(12))
        row.addLayout(left, 1)
        row.addLayout(right)

    def _bar(self, head: QLabel, *actions: HandoverAction) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setSpacing(theme().px(8))
        bar.addWidget(head)
        bar.addStretch(1)
        for action in actions:
            bar.addWidget(self.buttons[action])
        return bar

    def _connect(self) -> None:
        for action, button in self.buttons.items():
            button.clicked.connect(lambda _=False, action=action: self.ask(action))
        self.save.clicked.connect(lambda _=False: self._ask_target())
        self.stop.clicked.connect(lambda _=False: self.give_up())
        self._work.progressed.connect(self._tell_progress)
        self._work.ended.connect(self._allow)
        self.other.clicked.connect(lambda _=False: self.ask_time())
        self.again.clicked.connect(lambda _=False: self.choose(self._chosen))
        self.search.textChanged.connect(lambda _: self.refresh())
        self.shift_view.selectionModel().selectionChanged.connect(lambda *_: self._row_chosen())
        self.point_view.selectionModel().selectionChanged.connect(lambda *_: self._allow())
        bind("handover.sign", self.shift_view, self._sign, context=Qt.ShortcutContext.WidgetShortcut)
        self.point_view.doubleClicked.connect(lambda _: self.ask(HandoverAction.CLOSE))
        self.point_view.activated.connect(lambda _: self.ask(HandoverAction.CLOSE))
        self._navigation.shift_asked.connect(self.show_named)
        self._deeds.told.connect(self._tell)
        self._deeds.done.connect(self.renew)
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        bind("handover.search", self, self.search.setFocus, context=scope)
        bind("handover.note", self, lambda: self.ask(HandoverAction.NOTE), context=scope)
