"""The journal of everything that alarms did: searched, and each line leads to its instant on the trend."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.model.alarm import AlarmEvent, AlarmState, Priority
from widgets.alarm.column_menu import ColumnMenu
from widgets.alarm.filter_bar import FilterText
from widgets.alarm.list_view import AlarmListView
from widgets.choice import ChoiceBox
from widgets.feed import Feed
from widgets.model import journal_table
from widgets.model.journal_table import JournalColumn, JournalTable, ReadPage
from widgets.navigation import Navigation
from widgets.preference import Preferences
from widgets.theme import theme
from widgets.translation import local, tr

RENEW_MS = 1500
ELASTIC = (JournalColumn.EQUIPMENT, JournalColumn.MESSAGE, JournalColumn.COMMENT)


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
        self.table = JournalTable(feed, read, self)
        self.view = AlarmListView(self.table, right=journal_table.NUMERIC, elastic=ELASTIC, is_journal=True)
        self.columns = ColumnMenu(
            self.view,
            preferences,
            "journal",
            columns=JournalColumn,
            at_first=tuple(JournalColumn),
            always=(JournalColumn.PRIORITY, JournalColumn.TIME, JournalColumn.EVENT, JournalColumn.MESSAGE),
        )
        self.text = FilterText()
        self.priority = ChoiceBox()
        self.problem = QLabel()
        self._renewal = QTimer(self)
        self._lay_out()
        self._connect()
        self.retranslate()
        self.choose()

    def choose(self) -> None:
        """Read the journal anew, as far as the filter asks for it."""
        self.problem.setText("")
        priority = Priority(self.priority.currentData())
        self.table.choose(alarms=self._alarms_with(self.text.text()), priority=priority)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.text.setPlaceholderText(tr("Filter by message, tag or equipment"))
        self.text.setAccessibleName(tr("Filter the journal"))
        self.priority.setAccessibleName(tr("Priority"))
        names = (tr("Only critical"), tr("Critical and high"), tr("Critical to medium"), tr("All priorities"))
        for place, name in enumerate(names):
            self.priority.setItemText(place, name)
        self.view.setAccessibleName(tr("Journal"))
        self.table.retranslate()
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.table.renew()

    def _lay_out(self) -> None:
        look = theme()
        self.text.setClearButtonEnabled(True)
        self.text.setMaximumWidth(look.px(320))
        for priority in Priority:
            self.priority.addItem("", priority)
        self.priority.setCurrentIndex(self.priority.count() - 1)
        self.problem.setProperty("tone", "dim")
        bar = QHBoxLayout()
        bar.setSpacing(look.px(8))
        bar.addWidget(self.text, 1)
        bar.addWidget(self.priority)
        bar.addStretch(1)
        bar.addWidget(self.problem)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(bar)
        column.addWidget(self.view, 1)

    def _connect(self) -> None:
        self.text.textChanged.connect(lambda _: self.choose())
        self.text.left.connect(lambda: self.view.setFocus(Qt.FocusReason.OtherFocusReason))
        self.priority.currentIndexChanged.connect(lambda _: self.choose())
        self.view.doubleClicked.connect(lambda _: self._open())
        self.view.keys = {
            int(Qt.Key.Key_Return): self._open,
            int(Qt.Key.Key_Enter): self._open,
            int(Qt.Key.Key_Escape): self.text.clear,
        }
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence("Ctrl+F"), self, context=scope).activated.connect(self.text.setFocus)
        self.table.failed.connect(self.problem.setText)
        self._feed.alarms_changed.connect(self._changed)
        self._renewal.setSingleShot(True)
        self._renewal.setInterval(RENEW_MS)
        self._renewal.timeout.connect(self.table.renew)

    def _changed(self) -> None:
        """The journal is written a moment after the alarm is told."""
        if not self._renewal.isActive():
            self._renewal.start()

    def _open(self) -> None:
        row = self.view.currentIndex().row()
        if 0 <= row < self.table.rowCount():
            entry = self.table.entry(row)
            self._navigation.open_tag(entry.record.tag, instant=entry.time)

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

    def _fit(self) -> None:
        plant = self._feed.plant
        samples: dict[int, Sequence[str]] = {
            JournalColumn.TIME: ["0000-00-00 00:00:00"],
            JournalColumn.EVENT: [journal_table.event_text(event, AlarmState.NORMAL) for event in AlarmEvent],
            JournalColumn.EQUIPMENT: [local(equipment.name) for equipment in plant.equipment],
            JournalColumn.MESSAGE: [local(alarm.message) for alarm in plant.alarms],
            JournalColumn.VALUE: ["000.0 mm/s (000 min)"],
            JournalColumn.LIMIT: ["> 0000.0 mm/s"],
            JournalColumn.OPERATOR: ["00000000000"],
            JournalColumn.COMMENT: ["0" * 24],
        }
        self.view.fit(samples)
