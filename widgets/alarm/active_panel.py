"""The list of what stands now: filtered, in groups, worked by the keyboard alone if one likes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from app.model.alarm import AlarmRecord, AlarmState
from app.model.alarm_command import AlarmAction
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.alarm.column_menu import ColumnMenu
from widgets.alarm.deeds import AlarmDeeds, work_for
from widgets.alarm.filter_bar import FilterBar
from widgets.alarm.list_view import AlarmListView
from widgets.alarm.sheet_panel import SheetPanel
from widgets.alarm.wording import rate_samples, short_state_text, why_no_alarm
from widgets.explain.subject import Subject, of_tag
from widgets.feed import Feed
from widgets.help.link import HelpLink
from widgets.help.topics import trouble_of_alarm
from widgets.keyboard.shortcut import bind
from widgets.model.alarm_column import ALWAYS, AT_FIRST, ELASTIC, LAST, NUMERIC, Column
from widgets.model.alarm_table import RECORD, AlarmTable
from widgets.navigation import Navigation
from widgets.theme import theme
from widgets.translation import local, tr

HOLD_MS = 2_000
COUNT_MS = 500
SHEET_WIDTH = 330
NARROW_SHEET_WIDTH = 260
NARROW_PANEL = 1400
SLIM = (Column.PRIORITY, Column.MESSAGE, Column.STATE, Column.VALUE, Column.RAISED, Column.EQUIPMENT)


class ActivePanel(QWidget):
    """Filter, list, and the buttons for what can be done; each button names its key."""

    def __init__(
        self,
        feed: Feed,
        navigation: Navigation,
        acknowledgement: Acknowledgement,
        *,
        is_slim: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`is_slim`: in little room, in few columns and without what could hide an alarm."""
        super().__init__(parent)
        self._is_slim = is_slim
        self._feed = feed
        self._navigation = navigation
        self.acknowledgement = acknowledgement
        self.deeds = AlarmDeeds(feed, acknowledgement, self)
        self.table = AlarmTable(feed, self)
        self.view = AlarmListView(self.table, right=NUMERIC, elastic=ELASTIC, last=LAST, yielding={Column.VALUE})
        self.table.visible = self.view.visible_rows
        self.filter = FilterBar(feed)
        self.columns = ColumnMenu(
            self.view,
            acknowledgement.preferences,
            "alarms-slim" if is_slim else "alarms",
            columns=Column,
            at_first=SLIM if is_slim else AT_FIRST,
            always=ALWAYS,
        )
        self.choose_columns, self.more = QPushButton(), QPushButton()
        self.buttons = {
            action: QPushButton()
            for action in (AlarmAction.ACKNOWLEDGE, AlarmAction.SHELVE, AlarmAction.COMMENT, AlarmAction.RESET)
        }
        self.work = QPushButton()
        self.nothing = QLabel()
        HelpLink(self.nothing, "alarms#empty", navigation)
        self.sheet = SheetPanel(feed.plant)
        self.sheet.help_asked.connect(navigation.help_asked)
        self._held = QTimer(self)
        self._counting = QTimer(self)
        self._lay_out()
        self._connect()
        self._add_keys()
        self.retranslate()

    def selected(self) -> list[AlarmRecord]:
        """Return the selected alarms; of a selected head, those of its group."""
        found: dict[str, AlarmRecord] = {}
        for index in self.view.selectionModel().selectedRows():
            row = index.data(RECORD)
            records = [row] if isinstance(row, AlarmRecord) else self.table.members(row.key)
            found.update((record.alarm, record) for record in records)
        return list(found.values())

    def select(self, alarm: str) -> None:
        """Select one alarm and bring its row into view; what hides it, a filter or a closed group, is given up."""
        row = self.table.row_of(alarm)
        if row is None and alarm in self._feed.alarms:
            self.filter.reset()
            self.table.group_by(self.table.grouping)
            row = self.table.row_of(alarm)
        if row is not None:
            index = self.table.index(row, 0)
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index, self.view.ScrollHint.PositionAtCenter)

    def act(self, action: AlarmAction) -> None:
        """Do something to the selected alarms."""
        if action is AlarmAction.ACKNOWLEDGE:
            self.acknowledgement.acknowledge(self.selected(), with_comment=True)
        else:
            self.deeds.act(action, self.selected())

    def open(self, index: QModelIndex) -> None:
        """Show the alarm in a row on the trend at the instant at which it was raised; open or close a group."""
        record = index.data(RECORD)
        if isinstance(record, AlarmRecord):
            self._navigation.open_tag(record.tag, instant=record.raised)
        elif record is not None:
            self._open_group(is_open=not record.is_open)

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the value of the chosen alarm's tag."""
        del place
        chosen = self.selected()
        return of_tag(chosen[0].tag) if len(chosen) == 1 else None

    def shown_places(self) -> list[tuple[QRect, Subject]]:
        """Return nothing: where the values stand, the list knows."""
        return []

    def _explain(self) -> None:
        subject = self.shown_at(None)
        if subject is not None:
            self._navigation.explanation_asked.emit(subject)

    def _show_trends(self) -> None:
        """Show the signals of all chosen alarms together."""
        self._navigation.open_trend(list(dict.fromkeys(each.tag for each in self.selected() if each.tag)))

    def menu(self) -> QMenu:
        """Return what can be done with the selected alarms; the menu deletes itself."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action, button in self.buttons.items():
            self._offer(menu, button.text(), partial(self.act, action), is_on=button.isEnabled())
        menu.addSeparator()
        one = self.selected()
        for action, title in (
            (AlarmAction.SUPPRESS, tr("Suppress…")),
            (AlarmAction.REMOVE_FROM_SERVICE, tr("Take out of service…")),
        ):
            self._offer(menu, title, partial(self.act, action), is_on=bool(one))
        menu.addSeparator()
        self._offer(menu, self.work.text(), self._ask_work, is_on=len(one) == 1)
        self._offer(menu, tr("Show on the trend (Enter)"), self._open, is_on=bool(one))
        self._offer(menu, tr("Add to the trends"), self._show_trends, is_on=bool(one))
        self._offer(menu, tr("Explain this number (Alt+Enter)"), self._explain, is_on=len(one) == 1)
        link = trouble_of_alarm(one[0]) if len(one) == 1 else ""
        self._offer(menu, tr("Help on this"), partial(self._navigation.help_asked.emit, link), is_on=bool(link))
        if not self._is_slim:
            self._offer(menu, tr("Only this equipment (E)"), self._only_this_equipment, is_on=bool(one))
        return menu

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.choose_columns.setText(tr("Columns"))
        self.more.setText(tr("More"))
        self.work.setText(f"{tr('Work order…')}  W")
        self.view.setAccessibleName(tr("Active alarms"))
        self.table.retranslate()
        self.filter.retranslate(self.table.counts())
        self._fit()
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress}:
            self.table.hold(True)
            self._held.start()
        elif event.type() == QEvent.Type.Leave:
            self._held.stop()
            self.table.hold(False)
        return super().eventFilter(watched, event)

    def refresh(self) -> None:
        """Show what can be done, and why nothing is listed where that is so."""
        chosen = self.selected()
        fit = {
            AlarmAction.ACKNOWLEDGE: [record for record in chosen if record.state.needs_acknowledge],
            AlarmAction.RESET: [record for record in chosen if record.state is AlarmState.LATCHED],
        }
        texts = _button_texts()
        for action, button in self.buttons.items():
            number = len(fit.get(action, chosen))
            button.setEnabled(number > 0)
            name, key = texts[action]
            button.setText(f"{name}  {key}" if number < 2 else f"{name}: {number}  {key}")
        is_empty = self.table.rowCount() == 0
        self.work.setEnabled(len(chosen) == 1 and chosen[0].equipment in self._feed.equipment)
        self.sheet.show_alarm(chosen[0] if len(chosen) == 1 else None)
        self.nothing.setText(why_no_alarm(self._feed.plant, is_filtered=bool(self._feed.alarms)))
        self.nothing.setVisible(is_empty)
        if is_empty and self.view.hasFocus() and not self._is_slim:
            self.filter.text.setFocus(Qt.FocusReason.OtherFocusReason)  # a hidden list would take the keys with it
        self.view.setVisible(not is_empty)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        look = theme()
        is_narrow = self.width() < look.px(NARROW_PANEL)
        self.sheet.setFixedWidth(look.px(NARROW_SHEET_WIDTH if is_narrow else SHEET_WIDTH))

    def _ask_work(self) -> None:
        """Ask for work because of the selected alarm."""
        chosen = self.selected()
        if len(chosen) == 1 and chosen[0].equipment in self._feed.equipment:
            self._navigation.work_asked.emit(work_for(chosen[0]))

    def _leave_filter(self) -> None:
        """Go on in the list; a filter that hides everything is given up first."""
        if self.table.rowCount() == 0:
            self.filter.reset()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _count(self) -> None:
        self.filter.show_counts(self.table.counts())
        self.refresh()

    def _lay_out(self) -> None:
        look = theme()
        self.nothing.setProperty("tone", "dim")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.choose_columns.setProperty("kind", "flat")
        self.buttons[AlarmAction.ACKNOWLEDGE].setProperty("kind", "primary")
        bar = QHBoxLayout()
        bar.setSpacing(look.px(8))
        bar.addWidget(self.filter, 1)
        bar.addWidget(self.choose_columns)
        foot = QHBoxLayout()
        foot.setSpacing(look.px(8))
        for button in self.buttons.values():
            foot.addWidget(button)
        foot.addWidget(self.more)
        foot.addStretch(1)
        foot.addWidget(self.work)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        lists = QHBoxLayout()
        lists.setSpacing(look.px(8))
        lists.addWidget(self.view, 1)
        lists.addWidget(self.nothing, 1)
        lists.addWidget(self.sheet)
        column.addLayout(bar)
        column.addLayout(lists, 1)
        self.sheet.setVisible(self.sheet.is_rationalised)  # always or never: rows must not move when one is selected
        column.addLayout(foot)
        self.more.setVisible(self._is_slim)
        if self._is_slim:
            others = [button for action, button in self.buttons.items() if action is not AlarmAction.ACKNOWLEDGE]
            for part in (self.filter, self.choose_columns, self.sheet, self.work, *others):
                part.hide()

    def _connect(self) -> None:
        self.filter.changed.connect(self._apply)
        self.filter.grouped.connect(self.table.group_by)
        self.filter.text.left.connect(self._leave_filter)
        self.choose_columns.clicked.connect(self._ask_columns)
        self.more.clicked.connect(lambda _=False: self._ask())
        self.work.clicked.connect(lambda _=False: self._ask_work())
        for action, button in self.buttons.items():
            button.clicked.connect(lambda _=False, action=action: self.act(action))
        self.view.setSortingEnabled(True)
        self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.view.horizontalHeader().setSortIndicatorClearable(True)
        self.view.selectionModel().selectionChanged.connect(self.refresh)
        self.view.doubleClicked.connect(self.open)
        self.view.setMouseTracking(True)
        self.view.viewport().installEventFilter(self)
        self._feed.blinked.connect(self.view.blink)
        self._feed.blinked.connect(self.sheet.renew)
        self._feed.alarms_changed.connect(self._changed)
        for timer, span, call in (
            (self._held, HOLD_MS, lambda: self.table.hold(False)),
            (self._counting, COUNT_MS, self._count),
        ):
            timer.setSingleShot(True)
            timer.setInterval(span)
            timer.timeout.connect(call)

    def _changed(self) -> None:
        """Counting ten thousand alarms takes longer than listing one: it is done twice a second at most."""
        if (self.table.rowCount() == 0) == self.view.isVisible():
            self.refresh()
        if not self._counting.isActive():
            self._counting.start()

    def _add_keys(self) -> None:
        keys: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_A: lambda: self.act(AlarmAction.ACKNOWLEDGE),
            Qt.Key.Key_S: lambda: self.act(AlarmAction.SHELVE),
            Qt.Key.Key_C: lambda: self.act(AlarmAction.COMMENT),
            Qt.Key.Key_R: lambda: self.act(AlarmAction.RESET),
            Qt.Key.Key_W: self._ask_work,
            Qt.Key.Key_Return: self._open,
            Qt.Key.Key_Enter: self._open,
            Qt.Key.Key_G: self._next_grouping,
            Qt.Key.Key_Left: lambda: self._open_group(is_open=False),
            Qt.Key.Key_Right: lambda: self._open_group(is_open=True),
            Qt.Key.Key_Escape: self.filter.reset,
            Qt.Key.Key_Menu: self._ask,
        }
        self.view.keys = {int(key): call for key, call in keys.items()}
        if self._is_slim:
            return
        self.view.keys[int(Qt.Key.Key_E)] = self._only_this_equipment
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        bind("alarms.filter", self, self.filter.text.setFocus, context=scope)
        bind("alarms.waiting", self, self._only_waiting, context=scope)
        for chip in self.filter.chips:
            bind(f"alarms.priority-{int(chip.priority)}", self, chip.toggle, context=scope)

    def _apply(self) -> None:
        self.table.set_filter(self.filter.wanted())
        self._count()

    def _ask(self) -> None:
        place = self.view.visualRect(self.view.currentIndex()).bottomLeft()
        self.menu().popup(self.view.viewport().mapToGlobal(place + QPoint(theme().px(40), 0)))

    def _ask_columns(self) -> None:
        below = self.choose_columns.mapToGlobal(QPoint(0, self.choose_columns.height()))
        self.columns.menu({Column.PRIORITY: tr("Priority")}).popup(below)

    def _open(self) -> None:
        self.open(self.view.currentIndex())

    def _open_group(self, *, is_open: bool) -> None:
        row = self.table.open_group(self.view.currentIndex().row(), is_open=is_open)
        if row >= 0:
            self.view.selectRow(row)

    def _next_grouping(self) -> None:
        box = self.filter.grouping
        box.setCurrentIndex((box.currentIndex() + 1) % box.count())

    def _only_this_equipment(self) -> None:
        record = self.view.currentIndex().data(RECORD)
        if isinstance(record, AlarmRecord):
            self.filter.area.choose("" if self.filter.area.currentData() else record.equipment)

    def _only_waiting(self) -> None:
        self.filter.state.setCurrentIndex(0 if self.filter.state.currentIndex() else 1)

    @staticmethod
    def _offer(menu: QMenu, title: str, call: Callable[[], object], *, is_on: bool) -> None:
        entry = menu.addAction(title)
        entry.setEnabled(is_on)
        entry.triggered.connect(lambda _=False: call())

    def _fit(self) -> None:
        plant = self._feed.plant
        samples: dict[int, Sequence[str]] = {
            Column.STATE: [short_state_text(state) for state in AlarmState if not state.is_hidden],
            Column.RAISED: ["00-00 00:00:00"],
            Column.TAG: [tag.name for tag in plant.tags],
            Column.EQUIPMENT: [local(equipment.name) for equipment in plant.equipment],
            Column.MESSAGE: [local(alarm.message) for alarm in plant.alarms],
            Column.VALUE: ["000.0 mm/s (000 min)"],
            Column.LIMIT: ["> 0000.0 mm/s", *rate_samples(plant.alarms)],
            Column.OPERATOR: ["00000000000"],
            Column.COMMENT: ["0" * 24],
            Column.CAUSE: ["0" * 24],
        }
        self.view.fit(samples)


def _button_texts() -> dict[AlarmAction, tuple[str, str]]:
    return {
        AlarmAction.ACKNOWLEDGE: (tr("Acknowledge"), "A"),
        AlarmAction.SHELVE: (tr("Shelve"), "S"),
        AlarmAction.COMMENT: (tr("Comment"), "C"),
        AlarmAction.RESET: (tr("Reset"), "R"),
    }
