"""The page "Audit trail": who did what to the plant, found by text, person, kind and time, and how it is bound."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.audit.search import AuditQuery
from app.model import clock
from app.model.former_name import FormerNames
from widgets import number
from widgets.audit.reading import About, AuditReading
from widgets.audit.table import AuditTable
from widgets.audit.view import AuditView
from widgets.audit.wording import KINDS, kind_text, standing_text
from widgets.choice import ChoiceBox
from widgets.elided_label import ElidedLabel
from widgets.explain.subject import Subject, of_tag, row_at, row_places
from widgets.feed import Feed
from widgets.help.link import HelpLink
from widgets.keyboard.shortcut import bind
from widgets.navigation import Navigation
from widgets.operation import Operation
from widgets.renewed_page import RenewedPage
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import tr

RENEW_MS = 5_000
TYPED_MS = 300
DAY_S = 86_400
PERIODS_S = (0, 3_600, 12 * 3_600, DAY_S, 7 * DAY_S, 30 * DAY_S, 365 * DAY_S)


class AuditTrailPage(RenewedPage):
    """Renewed every five seconds while it is seen; `reading` is used in background threads."""

    def __init__(
        self, feed: Feed, navigation: Navigation, *, reading: AuditReading, parent: QWidget | None = None
    ) -> None:
        super().__init__(RENEW_MS, parent)
        self.setProperty("surface", "panel")
        self._navigation, self._reading = navigation, reading
        self._former = FormerNames(feed.plant)
        self._about: About | None = None  # not read yet: nothing is said of the log
        self.text = QLineEdit()
        self.person, self.kind, self.period = ChoiceBox(), ChoiceBox(), ChoiceBox()
        self.export = QPushButton()
        self.table = AuditTable(feed, reading.page, self)
        self.view = AuditView()
        self.note, self.bound, self.nothing = QLabel(), QLabel(), QLabel()
        HelpLink(self.nothing, "audit#empty", navigation)
        self.told = ElidedLabel(tone="dim")
        self._typed = QTimer(self)
        self._lay_out()
        self._connect()
        self.retranslate()

    def query(self) -> AuditQuery:
        """Return what the fields ask for."""
        seconds = int(self.period.currentData() or 0)
        return AuditQuery(
            text=self.text.text().strip(),
            person=str(self.person.currentData() or ""),
            kind=str(self.kind.currentData() or ""),
            start=clock.now_ns() - seconds * clock.NS_PER_S if seconds else 0,
            former=self._former,
        )

    def choose(self) -> None:
        """Search by what the fields say now."""
        self.note.setText(tr("Searching…"))
        self.table.choose(self.query())

    def write(self, target: Path) -> None:
        """Write what is asked for as CSV, in the background."""
        query = self.query()
        self.export.setEnabled(False)
        self.told.set_text("")
        work = Operation(self, lambda: self._reading.write(target, query))
        work.success(lambda count: self._end_export(tr("{n} records written to {file}", n=count, file=target.name)))
        work.failure(lambda error: self._end_export(station_text(error))).start()

    def open_row(self, index: QModelIndex) -> None:
        """Show what a record speaks of: its tag at that time, or the alarms."""
        line = self.table.line(index.row())
        if line.record is None:
            return
        if line.record.tag:
            now = self._former.present(line.record.tag) or line.record.tag
            self._navigation.open_tag(now, instant=line.time)
        elif line.record.alarm:
            self._navigation.open_page("alarms")

    def rewind(self) -> None:
        if self.isVisible():
            self.choose()

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the value that the record at a place tells of, or that of the present row."""
        row = row_at(self.view, None if place is None else QPointF(self.view.mapFrom(self, place.toPoint())))
        record = self.table.line(row.row()).record if row.isValid() else None
        return None if record is None else of_tag(record.tag)

    def shown_places(self) -> list[tuple[QRect, Subject]]:
        """Return where the rows of records about a tag stand."""
        rows = [QRect(self.view.mapTo(self, at.topLeft()), at.size()) for at in row_places(self.view)]
        told = ((at, self.shown_at(QPointF(at.center()))) for at in rows)
        return [(at, subject) for at, subject in told if subject is not None]

    def renew(self) -> None:
        """Read what came since, and how the log stands."""
        self.table.renew()
        Operation(self, self._reading.about).success(self._show_about).failure(self._tell).start()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.text.setPlaceholderText(tr("Search: tag, alarm, file, reason…"))
        self.text.setToolTip(self.text.placeholderText())
        self.text.setAccessibleName(tr("Search the audit trail"))
        self.person.setAccessibleName(tr("Who"))
        self.kind.setAccessibleName(tr("What was done"))
        self.period.setAccessibleName(tr("Period"))
        self.view.setAccessibleName(tr("Audit trail"))
        self.export.setText(tr("Export as CSV…"))
        self.export.setToolTip(tr("For proofs that others can verify: foreshift audit export"))
        self.kind.setItemText(0, tr("All kinds"))
        for place, kind in enumerate(KINDS, 1):
            self.kind.setItemText(place, kind_text(kind))
        self.period.setItemText(0, tr("All times"))
        for place, seconds in enumerate(PERIODS_S[1:], 1):
            self.period.setItemText(place, tr("Last {duration}", duration=number.plain_duration(seconds)))
        if self.person.count():
            self.person.setItemText(0, tr("Everybody"))
        self.table.retranslate()
        if self._about is not None:
            self._show_about(self._about)
        self._show_search()

    def showEvent(self, event: QShowEvent) -> None:
        self.choose()
        super().showEvent(event)

    def _lay_out(self) -> None:
        look = theme()
        self.person.addItem("", "")
        for kind in ("", *KINDS):
            self.kind.addItem("", kind)
        for seconds in PERIODS_S:
            self.period.addItem("", seconds)
        self.text.setClearButtonEnabled(True)
        self.text.setMinimumWidth(look.px(220))
        self.text.setMaximumWidth(look.px(420))
        self.export.setProperty("kind", "flat")
        bar = QHBoxLayout()
        bar.setSpacing(look.px(8))
        bar.addWidget(self.text, 1)
        for box in (self.person, self.kind, self.period):
            bar.addWidget(box)
        bar.addStretch(1)
        bar.addWidget(self.export)
        foot = QHBoxLayout()
        foot.setSpacing(look.px(16))
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.nothing.hide()
        for label in (self.note, self.bound, self.nothing):
            label.setProperty("tone", "dim")
        foot.addWidget(self.note)
        foot.addWidget(self.told, 1)
        foot.addWidget(self.bound)
        self.view.setModel(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(10))
        column.setSpacing(look.px(8))
        column.addLayout(bar)
        column.addWidget(self.view, 1)
        column.addWidget(self.nothing, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self._typed.setSingleShot(True)
        self._typed.setInterval(TYPED_MS)
        self._typed.timeout.connect(self.choose)
        self.text.textChanged.connect(lambda _: self._typed.start())
        for box in (self.person, self.kind, self.period):
            box.currentIndexChanged.connect(lambda _: self.choose())
        self.export.clicked.connect(self._ask_target)
        self.table.searched.connect(self._show_search)
        self.table.failed.connect(self.note.setText)
        self.view.activated.connect(self.open_row)
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        bind("audit.search", self, self.text.setFocus, context=scope)

    def _ask_target(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, tr("Export as CSV…"), "audit.csv", "CSV (*.csv)")
        if name:
            self.write(Path(name))

    def _end_export(self, text: str) -> None:
        self.export.setEnabled(True)
        self._tell(text)

    def _tell(self, said: str | Exception) -> None:
        """Tell what came of an export, or why the log cannot be read, beside what the search has to say."""
        self.told.set_text(str(said))

    def _show_about(self, about: About) -> None:
        self._about = about
        self.bound.setText(standing_text(about.standing, clock.now_ns()))
        self.bound.setToolTip(about.standing.outside)
        known = [self.person.itemData(place) for place in range(1, self.person.count())]
        if known != list(about.persons):
            chosen = self.person.currentData()
            self.person.blockSignals(True)
            self.person.clear()
            self.person.addItem(tr("Everybody"), "")
            for name in about.persons:
                self.person.addItem(name, name)
            self.person.setCurrentIndex(max(0, self.person.findData(chosen)))
            self.person.blockSignals(False)

    def _show_search(self) -> None:
        is_empty = self.table.is_complete and not self.table.rowCount()
        self.nothing.setVisible(is_empty)
        self.view.setVisible(not is_empty)
        if is_empty:
            self.note.clear()
            self.nothing.setText(self._nothing_text())
        elif self.table.is_complete:
            self.note.setText(tr("{n} records", n=number.count(self.table.rowCount())))
        elif self.table.reached:
            self.note.setText(tr("Searched back to record {n}", n=number.count(self.table.reached)))

    def _nothing_text(self) -> str:
        boxes = (self.person, self.kind, self.period)
        if self.text.text() or any(box.currentIndex() > 0 for box in boxes):
            return tr("Nothing of that kind is in the log")
        return tr("Nothing is in the log yet: who writes, acknowledges, signs in or changes the plant is told here.")
