"""The alarms page: what stands now, to be acknowledged with a comment, and the journal of everything that was."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.model.alarm import AlarmEvent, AlarmRecord, AlarmState, Priority
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.alarm.list_view import AlarmListView
from widgets.alarm.wording import state_text
from widgets.choice import ChoiceBox, TickBox
from widgets.feed import Feed
from widgets.model import alarm_table, journal_table
from widgets.model.alarm_table import AlarmFilter, AlarmTable, Column
from widgets.model.journal_table import JournalColumn, JournalTable, ReadPage
from widgets.navigation import Navigation
from widgets.theme import theme
from widgets.translation import local, tr

RENEW_MS = 1500


class AlarmPage(QFrame):
    """Two lists with one filter; `read_journal` gives a page of the journal and is called in a background thread."""

    def __init__(
        self,
        feed: Feed,
        navigation: Navigation,
        *,
        acknowledgement: Acknowledgement,
        read_journal: ReadPage,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("surface", "panel")
        self._feed = feed
        self._navigation = navigation
        self._acknowledgement = acknowledgement
        self.table = AlarmTable(feed, self)
        self.journal = JournalTable(feed, read_journal, self)
        self.tabs = (QPushButton(), QPushButton())
        self.filter = QLineEdit()
        self.priority = ChoiceBox()
        self.only_waiting = TickBox()
        self.acknowledge = QPushButton()
        self.problem = QLabel()
        self.nothing = QLabel()
        self.active_view = AlarmListView(
            self.table, right=alarm_table.NUMERIC, elastic=(Column.EQUIPMENT, Column.MESSAGE, Column.COMMENT)
        )
        self.journal_view = AlarmListView(
            self.journal,
            right=journal_table.NUMERIC,
            elastic=(JournalColumn.EQUIPMENT, JournalColumn.MESSAGE, JournalColumn.COMMENT),
            is_journal=True,
        )
        self.views = QStackedWidget()
        self._renewal = QTimer(self)
        self._lay_out()
        self._connect()
        self.retranslate()
        self._choose_journal()
        self.show_tab(0)

    def show_tab(self, tab: int) -> None:
        """Bring the active list (0) or the journal (1) into view."""
        self.views.setCurrentIndex(tab)
        self.tabs[tab].setChecked(True)
        self.only_waiting.setVisible(tab == 0)
        self.acknowledge.setVisible(tab == 0)
        if tab == 1:
            self.journal.renew()

    def selected(self) -> list[AlarmRecord]:
        """Return the selected standing alarms."""
        rows = self.active_view.selectionModel().selectedRows()
        return [row.data(alarm_table.RECORD) for row in rows]

    def acknowledge_selected(self) -> None:
        """Acknowledge the selected alarms, with a comment."""
        self._acknowledgement.acknowledge(self.selected(), with_comment=True)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.tabs[1].setText(tr("Journal"))
        self.filter.setPlaceholderText(tr("Filter by message, tag or equipment"))
        self.filter.setAccessibleName(tr("Filter the alarms"))
        self.only_waiting.setText(tr("Only unacknowledged"))
        self.acknowledge.setText(tr("Acknowledge selected…"))
        self.priority.setAccessibleName(tr("Priority"))
        names = (tr("Only critical"), tr("Critical and high"), tr("Critical to medium"), tr("All priorities"))
        for place, name in enumerate(names):
            self.priority.setItemText(place, name)
        self.active_view.setAccessibleName(tr("Active alarms"))
        self.journal_view.setAccessibleName(tr("Journal"))
        self.table.retranslate()
        self.journal.retranslate()
        self._fit()
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def refresh(self) -> None:
        """Show how many alarms there are, and whether something can be acknowledged."""
        self.tabs[0].setText(tr("Active alarms: {n}", n=len(self._feed.alarms)))
        self.acknowledge.setEnabled(any(record.state.needs_acknowledge for record in self.selected()))
        is_empty = self.table.rowCount() == 0
        self.nothing.setText(tr("No alarm stands") if not self._feed.alarms else tr("The filter hides all alarms"))
        self.nothing.setVisible(is_empty)
        self.active_view.setVisible(not is_empty)

    def _lay_out(self) -> None:
        look = theme()
        group = QButtonGroup(self)
        bar = QHBoxLayout()
        bar.setSpacing(look.px(8))
        for tab in self.tabs:
            tab.setCheckable(True)
            tab.setProperty("kind", "flat")
            group.addButton(tab)
            bar.addWidget(tab)
        bar.addSpacing(look.px(8))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(look.px(340))
        for priority in Priority:
            self.priority.addItem("", priority)
        self.priority.setCurrentIndex(self.priority.count() - 1)
        self.acknowledge.setProperty("kind", "primary")
        bar.addWidget(self.filter, 1)
        bar.addWidget(self.priority)
        bar.addWidget(self.only_waiting)
        bar.addStretch(1)
        bar.addWidget(self.problem)
        bar.addWidget(self.acknowledge)
        self.problem.setProperty("tone", "dim")
        self.nothing.setProperty("tone", "dim")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        active = QWidget()
        rows = QVBoxLayout(active)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.active_view)
        rows.addWidget(self.nothing, 1)
        self.views.addWidget(active)
        self.views.addWidget(self.journal_view)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(12))
        column.setSpacing(look.px(10))
        column.addLayout(bar)
        column.addWidget(self.views, 1)

    def _connect(self) -> None:
        for place, tab in enumerate(self.tabs):
            tab.clicked.connect(lambda _=False, place=place: self.show_tab(place))
        self.filter.textChanged.connect(self._apply_filter)
        self.priority.currentIndexChanged.connect(self._apply_filter)
        self.only_waiting.toggled.connect(self._apply_filter)
        self.acknowledge.clicked.connect(self.acknowledge_selected)
        self.active_view.setSortingEnabled(True)
        self.active_view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.active_view.selectionModel().selectionChanged.connect(self.refresh)
        self.active_view.doubleClicked.connect(self._open)
        self.journal_view.doubleClicked.connect(self._open)
        self._feed.alarms_changed.connect(self._changed)
        self._feed.blinked.connect(self.active_view.blink)
        self.journal.failed.connect(self.problem.setText)
        self._renewal.setSingleShot(True)
        self._renewal.setInterval(RENEW_MS)
        self._renewal.timeout.connect(self.journal.renew)

    def _changed(self) -> None:
        """The journal is written a moment after the alarm is told."""
        self.refresh()
        if not self._renewal.isActive():
            self._renewal.start()

    def _apply_filter(self) -> None:
        wanted = AlarmFilter(self.filter.text(), self._priority(), self.only_waiting.isChecked())
        self.table.set_filter(wanted)
        self._choose_journal()
        self.refresh()

    def _choose_journal(self) -> None:
        self.problem.setText("")
        self.journal.choose(alarms=self._alarms_with(self.filter.text()), priority=self._priority())

    def _priority(self) -> Priority:
        return Priority(self.priority.currentData())

    def _alarms_with(self, text: str) -> Sequence[str]:
        """Return the ids of the alarms that hold `text`: empty for all of them, one that does not exist for none."""
        wanted = text.strip().casefold()
        if not wanted:
            return ()
        hits = []
        for definition in self._feed.plant.alarms:
            tag = self._feed.tags.get(definition.tag)
            equipment = self._feed.equipment.get(tag.equipment) if tag is not None else None
            names = [definition.message, *([equipment.name] if equipment is not None else [])]
            texts = [definition.id, definition.tag, *(part for name in names for part in (name.en, name.zh))]
            if any(wanted in part.casefold() for part in texts):
                hits.append(definition.id)
        return hits or ("",)

    def _open(self, index: QModelIndex) -> None:
        self._navigation.open_tag(index.data(alarm_table.RECORD).tag)

    def _fit(self) -> None:
        names = [local(equipment.name) for equipment in self._feed.plant.equipment]
        messages = [local(alarm.message) for alarm in self._feed.plant.alarms]
        values = ["000.0 mm/s (000 min)"]
        comments = ["0" * 24]
        self.active_view.fit(
            {
                Column.STATE: [state_text(state) for state in AlarmState],
                Column.RAISED: ["00-00 00:00:00"],
                Column.EQUIPMENT: names,
                Column.MESSAGE: messages,
                Column.VALUE: values,
                Column.LIMIT: ["> 0000.0 mm/s"],
                Column.OPERATOR: ["00000000000"],
                Column.COMMENT: comments,
            }
        )
        self.journal_view.fit(
            {
                JournalColumn.TIME: ["0000-00-00 00:00:00"],
                JournalColumn.EVENT: [journal_table.event_text(event, AlarmState.NORMAL) for event in AlarmEvent],
                JournalColumn.EQUIPMENT: names,
                JournalColumn.MESSAGE: messages,
                JournalColumn.VALUE: values,
                JournalColumn.LIMIT: ["> 0000.0 mm/s"],
                JournalColumn.OPERATOR: ["00000000000"],
                JournalColumn.COMMENT: comments,
            }
        )
