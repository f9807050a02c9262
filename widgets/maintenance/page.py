"""The page "Maintenance": orders by urgency, recurring work and the register, with the chosen order beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.maintenance.desk import request_work
from app.maintenance.store import WorkLine
from app.model import clock
from app.model.provision import ProvisionDeed
from app.model.work_order import WorkOrder, WorkRequest, WorkSource, WorkState, WorkStep
from widgets import number
from widgets.alarm.area_choice import AreaChoice
from widgets.choice import ChoiceBox
from widgets.explain.subject import Subject, of_figure, of_tag
from widgets.feed import Feed
from widgets.help.link import HelpLink
from widgets.keyboard.shortcut import bind
from widgets.maintenance.detail_panel import DetailPanel
from widgets.maintenance.figure import part_figure, stop_figure
from widgets.maintenance.lists import (
    MaintenanceList,
    due_heads,
    due_rows,
    filtered,
    is_overdue,
    nothing_text,
    order_heads,
    order_rows,
    register_heads,
    register_rows,
    urgency,
)
from widgets.maintenance.orders import WorkOrders
from widgets.maintenance.provision_lists import part_heads, part_rows, parts_title, stop_heads, stop_rows
from widgets.maintenance.reading import Agenda, MaintenanceReading
from widgets.navigation import Navigation
from widgets.operation import Operation
from widgets.renewed_page import RenewedPage
from widgets.station_text import station_text
from widgets.text_table import TextRow, TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import tr

RENEW_MS = 5_000
DETAIL_WIDTH = 470
_OPENS = {MaintenanceList.STOPS: ProvisionDeed.SET_STOP, MaintenanceList.PARTS: ProvisionDeed.COUNT}
_PROVIDED = {MaintenanceList.STOPS, MaintenanceList.PARTS}
_OF_ORDERS = {MaintenanceList.OPEN, MaintenanceList.TO_JUDGE, MaintenanceList.CLOSED}


class MaintenancePage(RenewedPage):
    """`orders`: makes, for the page, what sends commands.

    Open orders come live; what is due and what is closed is read every five seconds while the page is seen.
    """

    def __init__(
        self,
        feed: Feed,
        navigation: Navigation,
        *,
        orders: Callable[[QWidget], WorkOrders],
        reading: MaintenanceReading,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(RENEW_MS, parent)
        self.setProperty("surface", "panel")
        self._feed, self._navigation, self._orders, self._reading = feed, navigation, orders(self), reading
        self._former = navigation.former
        self._agenda = Agenda()
        self._closed: list[WorkOrder] = []
        self._chosen = self._wanted = 0
        self._lines: Sequence[WorkLine] = ()
        self.list, self.text, self.area = ChoiceBox(), QLineEdit(), AreaChoice(feed.plant)
        self.request, self.export = QPushButton(), QPushButton()
        self.provision = self._orders.provision_bar()
        self.table = TextTable((), self)
        self.view = TextTableView(self.table, elastic=2)
        self.detail = DetailPanel(feed.plant)
        self.nothing, self.note = QLabel(), QLabel()
        HelpLink(self.nothing, "maintenance#empty", navigation)
        self._lay_out()
        self._connect()
        self.retranslate()
        if navigation.order:
            self.choose(navigation.order)

    def shown_list(self) -> MaintenanceList:
        """Return which list is shown."""
        return MaintenanceList(self.list.currentData() or MaintenanceList.OPEN)

    def choose(self, number_: int) -> None:
        """Show an order in the list and beside it."""
        is_open = number_ in self._feed.work_orders
        self._wanted = self._chosen = number_
        self.text.clear()
        if self.shown_list() not in _OF_ORDERS or is_open is (self.shown_list() is MaintenanceList.CLOSED):
            self.list.setCurrentIndex(self.list.findData(MaintenanceList.OPEN if is_open else MaintenanceList.CLOSED))
        if not is_open:
            self.renew()
        self.refresh()
        self._read_steps()

    def renew(self) -> None:
        """Read what is due and what is closed."""
        now = clock.now_ns()
        Operation(self, lambda: (self._reading.agenda(now), self._reading.closed())).success(self._take).failure(
            self._tell
        ).start()
        if clock.is_replaying():  # live, they come with the order
            self._read_steps()

    def refresh(self) -> None:
        """Bring list and detail up to date."""
        heads, rows = self._content()
        self.table.show_rows(heads, rows)
        self.view.fit()
        self._select()
        is_filtered = bool(self.text.text() or self.area.members())
        self.nothing.setText(tr("The filter hides all of it") if is_filtered else nothing_text(self.shown_list()))
        self.nothing.setVisible(not rows)
        self.view.setVisible(bool(rows))
        self._count()
        self.detail.setVisible(self.shown_list() in _OF_ORDERS)
        self._offer()
        self._show_detail()

    def write(self, target: Path) -> None:
        """Write all orders as CSV or Excel, in the background."""
        self.export.setEnabled(False)
        work = Operation(self, lambda: self._reading.write(target))
        work.success(lambda count: self._end_export(tr("{n} orders written to {file}", n=count, file=target.name)))
        work.failure(lambda error: self._end_export(station_text(error))).start()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.text.setPlaceholderText(tr("Search: equipment, work, reason, person…"))
        self.text.setToolTip(self.text.placeholderText())
        self.text.setAccessibleName(tr("Search the orders"))
        self.list.setAccessibleName(tr("Which list"))
        self.view.setAccessibleName(tr("Work orders"))
        self.request.setText(tr("Request work…"))
        self.export.setText(tr("Export…"))
        self.area.show_names({})
        self.provision.retranslate()
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.detail.setFixedWidth(min(theme().px(DETAIL_WIDTH), round(0.42 * self.width())))

    def _content(self) -> tuple[tuple[str, ...], list[TextRow]]:
        plant, now = self._feed.plant, clock.now_ns()
        text, members = self.text.text(), self.area.members()
        live = self._feed.work_orders.values()
        match self.shown_list():
            case MaintenanceList.RECURRING:
                return due_heads(), due_rows(self._agenda.dues, plant, live, members=members, text=text)
            case MaintenanceList.REGISTER:
                return register_heads(), register_rows(
                    plant, self._agenda, live, members=members, text=text, former=self._former
                )
            case MaintenanceList.STOPS:
                return stop_heads(), stop_rows(self._feed, now, text=text)
            case MaintenanceList.PARTS:
                return part_heads(), part_rows(self._feed, text=text)
            case MaintenanceList.CLOSED:
                orders: Sequence[WorkOrder] = self._closed
            case MaintenanceList.TO_JUDGE:
                orders = [order for order in live if order.state is WorkState.DONE]
            case _:
                orders = sorted(live, key=lambda order: urgency(order, now, plant.time_scale))
        found = filtered(orders, text=text, members=members, plant=plant, former=self._former)
        return order_heads(), order_rows(found, plant, now, self._former)

    def _count(self) -> None:
        now = clock.now_ns()
        live = self._feed.work_orders.values()
        late = sum(is_overdue(order, now) for order in live)
        texts = {
            MaintenanceList.OPEN: tr("Open orders: {n}", n=len(live)),
            MaintenanceList.TO_JUDGE: tr("Did it help? {n}", n=sum(each.state is WorkState.DONE for each in live)),
            MaintenanceList.RECURRING: tr("Recurring work: {n}", n=len(self._feed.plant.maintenance)),
            MaintenanceList.CLOSED: tr("Closed orders: {n}", n=number.count(len(self._closed))),
            MaintenanceList.REGISTER: tr("Register of equipment"),
            MaintenanceList.STOPS: tr("Planned stops: {n}", n=len(self._feed.stops)),
            MaintenanceList.PARTS: parts_title(self._feed),
        }
        for place, name in enumerate(MaintenanceList):
            self.list.setItemText(place, texts[name])
        if not self.note.property("said"):
            self.note.setText(tr("{n} overdue", n=late) if late else "")

    def _select(self) -> None:
        """Keep the chosen order selected, or the first one where nothing is."""
        keys = [row.key for row in self.table.rows]
        key = str(self._wanted or self._chosen)
        if self.shown_list() in _OF_ORDERS and key in keys:
            self._wanted = 0
            if self.view.chosen() != key:
                self.view.selectRow(keys.index(key))
        elif self.shown_list() in _OF_ORDERS and keys and not self._wanted:
            self.view.selectRow(0)

    def _offer(self) -> None:
        shown = self.shown_list()
        self.provision.setVisible(shown in _PROVIDED)
        for widget in (self.area, self.export):  # which are about orders, and leave room for what is offered here
            widget.setVisible(shown not in _PROVIDED)
        self.provision.show_choice(self.view.chosen(), is_stop=shown is MaintenanceList.STOPS)

    def _meter_of(self, key: str) -> Subject | None:
        """Return the meter by which work is due or an equipment has run, or how the figures of stops and parts are."""
        plant, shown = self._feed.plant, self.shown_list()
        if shown is MaintenanceList.RECURRING:
            return of_tag(next((each.meter for each in plant.maintenance if each.id == key), ""))
        if shown is MaintenanceList.REGISTER:
            return of_tag(next((each.nameplate.meter for each in plant.equipment if each.id == key), ""))
        row = next((each for each in self.table.rows if each.key == key), None)
        if row is None:
            return None
        if shown is MaintenanceList.STOPS:
            return of_figure(stop_figure(row.cells))
        return of_figure(part_figure(row.cells)) if shown is MaintenanceList.PARTS else None

    def _row_chosen(self) -> None:
        key = self.view.chosen()
        self._offer()
        if not key:
            return
        if self.shown_list() in _OF_ORDERS:
            self._wanted = 0
            if int(key) != self._chosen:
                self._chosen = int(key)
                self._show_detail()
                self._read_steps()
        elif self.shown_list() is MaintenanceList.REGISTER:
            self._navigation.select_equipment(key)

    def _open_row(self) -> None:
        """Follow a row: recurring work to its open order, equipment to its page."""
        key = self.view.chosen()
        if self.shown_list() is MaintenanceList.REGISTER and key:
            self._navigation.open_equipment(key)
        elif self.shown_list() in _PROVIDED and key:
            self.provision.ask(_OPENS[self.shown_list()])
        elif self.shown_list() is MaintenanceList.RECURRING and key:
            order = next((each.id for each in self._feed.work_orders.values() if each.reference == key), 0)
            if order:
                self.choose(order)
            else:
                self._ask_recurring(key)

    def _ask_recurring(self, key: str) -> None:
        """Ask for recurring work before it is due."""
        definition = next(each for each in self._feed.plant.maintenance if each.id == key)
        source = WorkSource.METER if definition.every else WorkSource.CALENDAR
        self._orders.ask(
            WorkRequest(
                definition.equipment, source, tr("before it is due"), key, definition.title, definition=definition.id
            )
        )

    def _order(self) -> WorkOrder | None:
        live = self._feed.work_orders.get(self._chosen)
        return live or next((order for order in self._closed if order.id == self._chosen), None)

    def _show_detail(self) -> None:
        order = self._order()
        is_known = bool(self._lines) and order is not None and self._lines[-1].order.id == order.id
        self.detail.show_order(order, self._lines if is_known else ())

    def _read_steps(self) -> None:
        chosen = self._chosen
        if chosen:
            work = Operation(self, lambda: self._reading.steps(chosen))
            work.success(self._take_steps).failure(self._tell).start()

    def _take_steps(self, lines: Sequence[WorkLine]) -> None:
        self._lines = lines
        self._show_detail()

    def _take(self, read: tuple[Agenda, list[WorkOrder]]) -> None:
        self._agenda, self._closed = read
        self.refresh()

    def _changed(self, orders: Sequence[WorkOrder]) -> None:
        if not self.isVisible():
            return
        if any(order.state.is_final for order in orders):
            self.renew()
        self.refresh()
        if any(order.id == self._chosen for order in orders):
            self._read_steps()

    def _provided(self) -> None:
        if self.isVisible():
            self.refresh()

    def _step(self, step: WorkStep) -> None:
        order = self._order()
        if order is not None:
            self._orders.step(order, step, self.detail.checks.entries())

    def _show_source(self) -> None:
        """Show what has asked for the work."""
        order = self._order()
        if order is None:
            return
        if order.source is WorkSource.ALARM:
            tag = next((each.tag for each in self._feed.plant.alarms if each.id == order.reference), "")
            self._navigation.open_tag(tag, instant=order.requested)
        elif order.source is WorkSource.FORECAST:
            tag = next((each.tag for each in self._feed.plant.forecasts if each.id == order.reference), "")
            self._navigation.open_tag(tag)
        else:
            self._navigation.open_equipment(order.equipment)

    def _ask(self) -> None:
        equipment = self._navigation.equipment or next((each.id for each in self._feed.plant.equipment), "")
        self._orders.ask(request_work(equipment, WorkSource.HAND, ""))

    def _ask_target(self) -> None:
        kinds = "Excel (*.xlsx);;CSV (*.csv)"
        name, _ = QFileDialog.getSaveFileName(self, tr("Export…"), "work-orders.xlsx", kinds)
        if name:
            self.write(Path(name))

    def _end_export(self, text: str) -> None:
        self.export.setEnabled(True)
        self._tell(text)

    def _tell(self, said: str | Exception) -> None:
        self.note.setProperty("said", True)
        self.note.setText(str(said))

    def _lay_out(self) -> None:
        look = theme()
        for name in MaintenanceList:
            self.list.addItem("", name)
        self.text.setClearButtonEnabled(True)
        self.text.setMinimumWidth(look.px(180))
        self.text.setMaximumWidth(look.px(380))
        self.export.setProperty("kind", "flat")
        self.request.setProperty("kind", "primary")
        bar = QHBoxLayout()
        bar.setSpacing(look.px(8))
        for widget in (self.list, self.text, self.area):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(self.note)
        bar.addWidget(self.provision)
        bar.addWidget(self.export)
        bar.addWidget(self.request)
        for label in (self.nothing, self.note):
            label.setProperty("tone", "dim")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        lists = QHBoxLayout()
        lists.setSpacing(look.px(10))
        lists.addWidget(self.view, 1)
        lists.addWidget(self.nothing, 1)
        lists.addWidget(self.detail)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(10))
        column.setSpacing(look.px(8))
        column.addLayout(bar)
        column.addLayout(lists, 1)

    def _connect(self) -> None:
        self.view.explains = self._meter_of
        self.list.currentIndexChanged.connect(lambda _: self.refresh())
        self.text.textChanged.connect(lambda _: self.refresh())
        self.area.currentIndexChanged.connect(lambda _: self.refresh())
        self.request.clicked.connect(lambda _=False: self._ask())
        self.export.clicked.connect(lambda _=False: self._ask_target())
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._row_chosen())
        self.view.doubleClicked.connect(lambda _: self._open_row())
        self.view.activated.connect(lambda _: self._open_row())
        self.detail.step_asked.connect(self._step)
        self.detail.source_asked.connect(self._show_source)
        self._orders.requested.connect(self._follow)
        self._orders.told.connect(self._tell)
        self.provision.told.connect(self._tell)
        self._feed.provision_changed.connect(self._provided)
        self._feed.work_changed.connect(self._changed)
        self._navigation.order_changed.connect(self.choose)
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        bind("maintenance.search", self, self.text.setFocus, context=scope)
        bind("maintenance.request", self, self._ask, context=scope)

    def _follow(self, order: int) -> None:
        """Show the order that was just requested."""
        if self.isVisible():
            self.choose(order)
