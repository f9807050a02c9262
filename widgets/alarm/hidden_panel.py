"""The list of what is kept from the operators: how much longer, why, by whom, and one button that brings it back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.model.alarm import AlarmRecord, AlarmState
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.alarm.column_menu import ColumnMenu
from widgets.alarm.deeds import AlarmDeeds
from widgets.alarm.filter_bar import FilterText
from widgets.alarm.list_view import AlarmListView
from widgets.alarm.wording import short_state_text, state_text
from widgets.feed import Feed
from widgets.help.link import HelpLink
from widgets.keyboard.shortcut import bind
from widgets.model.alarm_filter import AlarmFilter
from widgets.model.hidden_table import ALWAYS, ELASTIC, NUMERIC, HiddenColumn, HiddenTable
from widgets.navigation import Navigation
from widgets.theme import theme
from widgets.translation import local, tr

SECOND_MS = 1_000
AT_FIRST = tuple(column for column in HiddenColumn if column is not HiddenColumn.TAG)


class HiddenPanel(QWidget):
    """Shelved alarms, suppressed ones and those out of service in one list."""

    def __init__(
        self, feed: Feed, navigation: Navigation, acknowledgement: Acknowledgement, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._feed = feed
        self._navigation = navigation
        self.deeds = AlarmDeeds(feed, acknowledgement, self)
        self.table = HiddenTable(feed, self)
        self.view = AlarmListView(self.table, right=NUMERIC, elastic=ELASTIC)
        self.columns = ColumnMenu(
            self.view, acknowledgement.preferences, "hidden", columns=HiddenColumn, at_first=AT_FIRST, always=ALWAYS
        )
        self.text = FilterText()
        self.bring_back = QPushButton()
        self.choose_columns = QPushButton()
        self.nothing = QLabel()
        HelpLink(self.nothing, "alarms#hidden", navigation)
        self._clock = QTimer(self)
        self._lay_out()
        self._connect()
        self.retranslate()

    def selected(self) -> list[AlarmRecord]:
        """Return the selected alarms."""
        return [index.data(Qt.ItemDataRole.UserRole) for index in self.view.selectionModel().selectedRows()]

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.text.setPlaceholderText(tr("Filter by message, tag or equipment"))
        self.text.setToolTip(self.text.placeholderText())
        self.text.setAccessibleName(tr("Filter the alarms"))
        self.choose_columns.setText(tr("Columns"))
        self.view.setAccessibleName(tr("Shelved, suppressed and out of service"))
        self.table.retranslate()
        self._fit()
        self.refresh()

    def refresh(self) -> None:
        """Show what can be brought back, and that nothing is hidden where that is so."""
        number = len(self._with_an_end())
        self.bring_back.setText(tr("Bring back  U") if number < 2 else tr("Bring back: {n}  U", n=number))
        self.bring_back.setEnabled(number > 0)
        is_empty = self.table.rowCount() == 0
        is_any = bool(self._feed.hidden_alarms)
        self.nothing.setText(
            tr("The filter hides all alarms")
            if is_any
            else tr(
                "No alarm is hidden. What is shelved, suppressed or out of service stands here until it comes back."
            )
        )
        self.nothing.setVisible(is_empty)
        self.view.setVisible(not is_empty)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.table.count_down()
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def _with_an_end(self) -> list[AlarmRecord]:
        """Return those selected alarms that somebody has hidden, and that somebody can bring back."""
        return [
            record
            for record in self.selected()
            if record.state is not AlarmState.SUPPRESSED or record.suppression is not None
        ]

    def _lay_out(self) -> None:
        look = theme()
        self.text.setClearButtonEnabled(True)
        self.text.setMaximumWidth(look.px(320))
        self.choose_columns.setProperty("kind", "flat")
        self.bring_back.setProperty("kind", "primary")
        self.nothing.setProperty("tone", "dim")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        bar, foot = QHBoxLayout(), QHBoxLayout()
        bar.setSpacing(look.px(8))
        bar.addWidget(self.text, 1)
        bar.addStretch(1)
        bar.addWidget(self.choose_columns)
        foot.addWidget(self.bring_back)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(bar)
        column.addWidget(self.view, 1)
        column.addWidget(self.nothing, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.text.textChanged.connect(self._apply)
        self.text.left.connect(lambda: self.view.setFocus(Qt.FocusReason.OtherFocusReason))
        self.bring_back.clicked.connect(self._bring_back)
        self.choose_columns.clicked.connect(self._ask_columns)
        self.view.selectionModel().selectionChanged.connect(self.refresh)
        self.view.doubleClicked.connect(lambda _: self._open())
        self.view.keys = {
            int(Qt.Key.Key_U): self._bring_back,
            int(Qt.Key.Key_Return): self._open,
            int(Qt.Key.Key_Enter): self._open,
            int(Qt.Key.Key_Escape): self.text.clear,
        }
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        bind("hidden.filter", self, self.text.setFocus, context=scope)
        self._feed.alarms_changed.connect(self.refresh)
        self._clock.setInterval(SECOND_MS)
        self._clock.timeout.connect(self.table.count_down)

    def _apply(self) -> None:
        self.table.set_filter(AlarmFilter(self.text.text()))
        self.refresh()

    def _bring_back(self) -> None:
        self.deeds.bring_back(self._with_an_end())

    def _ask_columns(self) -> None:
        below = self.choose_columns.mapToGlobal(QPoint(0, self.choose_columns.height()))
        self.columns.menu({HiddenColumn.PRIORITY: tr("Priority")}).popup(below)

    def _open(self) -> None:
        record = self.view.currentIndex().data(Qt.ItemDataRole.UserRole)
        if isinstance(record, AlarmRecord):
            self._navigation.open_tag(record.tag, instant=record.raised)

    def _fit(self) -> None:
        plant = self._feed.plant
        samples: dict[int, Sequence[str]] = {
            HiddenColumn.STATE: [state_text(state) for state in AlarmState if state.is_hidden],
            HiddenColumn.LEFT: ["00 h 00 min"],
            HiddenColumn.UNTIL: ["00-00 00:00:00"],
            HiddenColumn.EQUIPMENT: [local(equipment.name) for equipment in plant.equipment],
            HiddenColumn.TAG: [tag.name for tag in plant.tags],
            HiddenColumn.MESSAGE: [local(alarm.message) for alarm in plant.alarms],
            HiddenColumn.BENEATH: [short_state_text(state) for state in AlarmState if not state.is_hidden],
            HiddenColumn.BY: ["0" * 11],
            HiddenColumn.REASON: ["0" * 30],
        }
        self.view.fit(samples)
