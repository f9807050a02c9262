"""The journal of everything that alarms did: searched, exported, and each line leads to its instant on the trend."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.model.alarm import AlarmEvent, AlarmState, Priority
from app.model.former_name import FormerNames
from app.model.journal_search import JournalSearch
from widgets.alarm.area_choice import AreaChoice
from widgets.alarm.column_menu import ColumnMenu
from widgets.alarm.filter_bar import FilterText
from widgets.alarm.journal_export import export_journal
from widgets.alarm.list_view import AlarmListView
from widgets.alarm.period_choice import PeriodChoice
from widgets.alarm.wording import rate_samples
from widgets.choice import ChoiceBox
from widgets.feed import Feed
from widgets.keyboard.shortcut import bind
from widgets.model import journal_table
from widgets.model.journal_table import JournalColumn, JournalTable, ReadPage, event_text
from widgets.navigation import Navigation
from widgets.operation import Operation
from widgets.preference import Preferences
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import local, tr

RENEW_MS = 1_500
TYPING_MS = 150
ELASTIC = (JournalColumn.EQUIPMENT, JournalColumn.MESSAGE, JournalColumn.COMMENT)
AT_FIRST = (
    JournalColumn.PRIORITY,
    JournalColumn.TIME,
    JournalColumn.EVENT,
    JournalColumn.MESSAGE,
    JournalColumn.TAG,
    JournalColumn.VALUE,
    JournalColumn.LIMIT,
    JournalColumn.EQUIPMENT,
    JournalColumn.OPERATOR,
    JournalColumn.COMMENT,
)
ALWAYS = (JournalColumn.PRIORITY, JournalColumn.TIME, JournalColumn.EVENT, JournalColumn.MESSAGE)


class JournalPanel(QWidget):
    """`read` gives a page of the journal and is called in a background thread."""

    def __init__(
        self,
        feed: Feed,
        navigation: Navigation,
        preferences: Preferences,
        read: ReadPage,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._feed = feed
        self._navigation = navigation
        self._read = read
        self._former = FormerNames(feed.plant)
        self.table = JournalTable(feed, read, self)
        self.view = AlarmListView(
            self.table,
            right=journal_table.NUMERIC,
            elastic=ELASTIC,
            last={JournalColumn.EQUIPMENT, JournalColumn.OPERATOR, JournalColumn.COMMENT},
            is_journal=True,
        )
        self.columns = ColumnMenu(
            self.view, preferences, "journal", columns=JournalColumn, at_first=AT_FIRST, always=ALWAYS
        )
        self.text, self.person = FilterText(), FilterText()
        self.priority, self.event_kind = ChoiceBox(), ChoiceBox()
        self.area = AreaChoice(feed.plant)
        self.period = PeriodChoice()
        self.export = QPushButton()
        self.choose_columns = QPushButton()
        self.replay = QPushButton()
        self.told = QLabel()
        self._problem = ""
        self._renewal, self._typing = QTimer(self), QTimer(self)
        self._lay_out()
        self._connect()
        self.retranslate()
        self.choose()

    def search(self) -> JournalSearch:
        """Return what is looked for."""
        lowest: int = self.priority.currentData()
        text = self.text.text().strip()
        events: frozenset[AlarmEvent] = self.event_kind.currentData()
        start, end = self.period.edges()
        every = lowest == Priority.DIAGNOSTIC
        return JournalSearch(
            text=text,
            meant=self._former.meant(text),
            person=self.person.text().strip(),
            priorities=frozenset() if every else frozenset(each for each in Priority if each <= lowest),
            events=events,
            equipment=self._former.with_former(self.area.members()),
            start=start,
            end=end,
        )

    def choose(self) -> None:
        """Look for what the filter says."""
        self._problem = ""
        self.table.choose(self.search())

    def export_to(self, path: Path) -> None:
        """Write all lines that the filter lets through to a CSV file, in the background."""
        search, table = self.search(), self.table
        shown = [column for column in self.view.shown_columns() if column != JournalColumn.TIME]
        head = [str(table.headerData(column, Qt.Orientation.Horizontal)) for column in shown]
        self._tell(tr("Exporting…"))
        work = Operation(
            self,
            lambda: export_journal(path, search, self._read, head=head, cells=lambda entry: table.cells(entry, shown)),
        )
        work.success(lambda count: self._tell(tr("{n} lines exported to {file}", n=count, file=path.name)))
        work.failure(lambda error: self._tell(tr("Not exported: {reason}", reason=station_text(error)))).start()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.text.setPlaceholderText(tr("Filter by message, tag or equipment"))
        self.text.setToolTip(self.text.placeholderText())
        self.text.setAccessibleName(tr("Filter the journal"))
        self.person.setPlaceholderText(tr("Operator or comment"))
        self.person.setToolTip(self.person.placeholderText())
        self.person.setAccessibleName(tr("Operator or comment"))
        self.priority.setAccessibleName(tr("Priority"))
        self.event_kind.setAccessibleName(tr("Event"))
        names = (tr("Only critical"), tr("Critical and high"), tr("Critical to medium"), tr("All priorities"))
        for place, name in enumerate(names):
            self.priority.setItemText(place, name)
        self.event_kind.setItemText(0, tr("All events"))
        for place in range(1, self.event_kind.count()):
            (event,) = self.event_kind.itemData(place)
            self.event_kind.setItemText(place, event_text(event, _state_of(event)))
        self.area.show_names({})
        self.period.retranslate()
        self.export.setText(tr("Export…"))
        self.choose_columns.setText(tr("Columns"))
        self.replay.setText(tr("Replay from here"))
        self.replay.setToolTip(tr("Show every screen as it was when the chosen line was written (R)"))
        self.view.setAccessibleName(tr("Journal"))
        self.table.retranslate()
        self._fit()
        self._show_state()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.table.renew()

    def _lay_out(self) -> None:
        look = theme()
        for field in (self.text, self.person):
            field.setClearButtonEnabled(True)
            field.setMinimumWidth(look.px(130))
            field.setMaximumWidth(look.px(280))
        for priority in Priority:
            self.priority.addItem("", int(priority))
        self.priority.setCurrentIndex(self.priority.count() - 1)
        for events in (frozenset[AlarmEvent](), *(frozenset({event}) for event in AlarmEvent)):
            self.event_kind.addItem("", events)
        self.told.setProperty("tone", "dim")
        for button in (self.replay, self.export, self.choose_columns):
            button.setProperty("kind", "flat")
        bar = QHBoxLayout()
        bar.setSpacing(look.px(8))
        bar.addWidget(self.text, 3)
        bar.addWidget(self.person, 2)
        for widget in (self.priority, self.event_kind, self.area, self.period):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(self.replay)
        bar.addWidget(self.export)
        bar.addWidget(self.choose_columns)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(bar)
        column.addWidget(self.period.edges_row)
        column.addWidget(self.view, 1)
        column.addWidget(self.told)

    def _connect(self) -> None:
        for field in (self.text, self.person):
            field.textChanged.connect(lambda _: self._typing.start())
            field.left.connect(lambda: self.view.setFocus(Qt.FocusReason.OtherFocusReason))
        for box in (self.priority, self.event_kind, self.area):
            box.currentIndexChanged.connect(lambda _: self.choose())
        self.period.changed.connect(self._typing.start)
        self.export.clicked.connect(self._ask_file)
        self.choose_columns.clicked.connect(self._ask_columns)
        self.replay.clicked.connect(self._replay)
        self.view.doubleClicked.connect(lambda _: self._open())
        self.view.keys = {
            int(Qt.Key.Key_Return): self._open,
            int(Qt.Key.Key_Enter): self._open,
            int(Qt.Key.Key_Escape): self._reset,
            int(Qt.Key.Key_R): self._replay,
        }
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        bind("journal.filter", self, self.text.setFocus, context=scope)
        self.table.failed.connect(self._tell)
        self.table.searched.connect(self._show_state)
        self._feed.alarms_changed.connect(self._changed)
        self._feed.rewound.connect(self.choose)
        for timer, span, call in ((self._renewal, RENEW_MS, self.table.renew), (self._typing, TYPING_MS, self.choose)):
            timer.setSingleShot(True)
            timer.setInterval(span)
            timer.timeout.connect(call)

    def _changed(self) -> None:
        """The journal is written a moment after the alarm is told; nobody reads it while it is out of sight."""
        if self.isVisible() and not self._renewal.isActive():
            self._renewal.start()

    def _show_state(self) -> None:
        if self._problem:
            self.told.setText(self._problem)
        elif self.table.is_searching:
            self.told.setText(tr("Searching…"))
        elif self.table.rowCount() == 0:
            self.told.setText(tr("Nothing found: Esc shows everything again"))
        else:
            self.told.setText(tr("Enter shows a line on the trend, R replays the station from then on"))

    def _tell(self, text: str) -> None:
        self._problem = text
        self._show_state()

    def _open(self) -> None:
        row = self.view.currentIndex().row()
        if 0 <= row < self.table.rowCount():
            entry = self.table.entry(row)
            tag = entry.record.tag
            self._navigation.open_tag(self._former.present(tag) or tag, instant=entry.time)

    def _replay(self) -> None:
        """Replay the station from the chosen line on, else from the newest one."""
        row = max(0, self.view.currentIndex().row())
        if row < self.table.rowCount():
            self._navigation.replay_asked.emit(self.table.entry(row).time)

    def _reset(self) -> None:
        """Show everything again."""
        for field in (self.text, self.person):
            field.clear()
        self.priority.setCurrentIndex(self.priority.count() - 1)
        for box in (self.event_kind, self.area, self.period.choice):
            box.setCurrentIndex(0)

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, tr("Export the journal"), "alarms.csv", "CSV (*.csv)")
        if name:
            self.export_to(Path(name))

    def _ask_columns(self) -> None:
        below = self.choose_columns.mapToGlobal(QPoint(0, self.choose_columns.height()))
        self.columns.menu({JournalColumn.PRIORITY: tr("Priority")}).popup(below)

    def _fit(self) -> None:
        plant = self._feed.plant
        samples: dict[int, Sequence[str]] = {
            JournalColumn.TIME: ["0000-00-00 00:00:00.000"],
            JournalColumn.EVENT: [event_text(event, _state_of(event)) for event in AlarmEvent],
            JournalColumn.EQUIPMENT: [local(equipment.name) for equipment in plant.equipment],
            JournalColumn.MESSAGE: [local(alarm.message) for alarm in plant.alarms],
            JournalColumn.VALUE: ["−0000.0 mm/s"],
            JournalColumn.LIMIT: ["> 0000.0 mm/s", *rate_samples(plant.alarms)],
            JournalColumn.OPERATOR: ["00000000000"],
            JournalColumn.COMMENT: ["0" * 24],
            JournalColumn.TAG: [tag.name for tag in plant.tags],
        }
        self.view.fit(samples)


def _state_of(event: AlarmEvent) -> AlarmState:
    return AlarmState.UNACKNOWLEDGED if event is AlarmEvent.RAISE else AlarmState.RETURNED
