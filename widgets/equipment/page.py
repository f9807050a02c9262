"""The equipment page: trends of the present equipment, its area's picture, its health and the plant's forecasts."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.model import clock
from widgets.equipment.breadcrumb import Breadcrumb
from widgets.equipment.commands import Commands
from widgets.feed import Feed
from widgets.help.link import HelpLink
from widgets.navigation import Navigation
from widgets.picture.panel import PicturePanel
from widgets.prediction.forecast_panel import ForecastPanel
from widgets.prediction.health_panel import HealthPanel
from widgets.theme import theme
from widgets.trend.live_samples import LiveSamples
from widgets.trend.page_picker import PagePicker
from widgets.trend.pane_grid import PaneGrid
from widgets.trend.range_bar import RangeBar
from widgets.trend.statistics_panel import StatisticsPanel
from widgets.trend.time_window import TimeWindow

SIDE_WIDTH = 452
SIDE_SHARE = 30
LEAST_SIDE = 300
GAP = 8
INSTANT_SHARE = 0.6  # what led to it takes more room than what came of it
SHORT = 680
"""A page lower than this keeps its height for the picture and the forecasts."""


class EquipmentPage(QWidget):
    """Follows the navigation; importing it brings the plots in, so a window builds it when it is first shown."""

    def __init__(self, feed: Feed, navigation: Navigation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._navigation = navigation
        self._has_pictures = bool(feed.plant.pictures)
        self.window_of_time = TimeWindow(parent=self)
        live = LiveSamples(feed, self)
        self.breadcrumb = Breadcrumb(feed.plant)
        self.pages = PagePicker()
        self.commands = Commands(feed)
        self.range = RangeBar(self.window_of_time)
        self.range.replay_asked.connect(navigation.replay_asked)
        self.grid = PaneGrid(feed, self.window_of_time, live)
        self.statistics = StatisticsPanel(feed, self.window_of_time, self.grid.tags_in_view)
        self.picture = PicturePanel(feed, live)
        HelpLink(self.grid.empty, "equipment#empty", navigation)
        HelpLink(self.picture.empty, "pictures#empty", navigation)
        self.health = HealthPanel(feed)
        self.forecasts = ForecastPanel(feed)
        self._lay_out()
        self._connect()
        self.show_equipment(navigation.equipment or first_equipment(feed))

    def main_part(self) -> QWidget:
        """Return what the keyboard begins with."""
        return self.grid.main_part()

    def show_equipment(self, equipment: str) -> None:
        """Show an equipment everywhere on the page."""
        self.breadcrumb.show_equipment(equipment)
        self.commands.show_equipment(equipment)
        self.grid.show_equipment(equipment)
        self.picture.show_equipment(equipment)
        self.health.show_equipment(equipment)
        self.forecasts.show_equipment(equipment)

    def show_instant(self, instant: int) -> None:
        """Bring an instant (int64 ns UTC) into view with the cursor on it; live stays live where it is in view."""
        start, end = self.window_of_time.edges(clock.now_ns())
        if not (self.window_of_time.is_live and start < instant <= end):
            self.window_of_time.place(instant, share=INSTANT_SHARE)
        self.window_of_time.move_cursor(instant)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.health.make_room(is_short=self.height() < theme().px(SHORT))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._arrange()
        if event.type() is QEvent.Type.LanguageChange:
            self.breadcrumb.refresh()
            self.commands.refresh()
            self.pages.retranslate()
            self.grid.retranslate()
            self.picture.retranslate()
            self.health.refresh()
            self.forecasts.refresh()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(GAP)
        bar.addWidget(self.breadcrumb, 1)
        bar.addWidget(self.commands)
        bar.addWidget(self.pages)
        bar.addWidget(self.range)
        centre = QVBoxLayout()
        centre.setSpacing(6)
        centre.addLayout(bar)
        centre.addWidget(self.grid, 1)
        centre.addWidget(self.statistics)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(GAP)
        side.addWidget(self.picture, 48)
        self.picture.setVisible(self._has_pictures)
        side.addWidget(self.health)
        side.addWidget(self.forecasts, 52)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addLayout(centre, 100 - SIDE_SHARE)
        row.addWidget(self._side, SIDE_SHARE)
        self._arrange()

    def _arrange(self) -> None:
        self._side.setMinimumWidth(theme().px(LEAST_SIDE))
        self._side.setMaximumWidth(theme().px(SIDE_WIDTH))

    def _connect(self) -> None:
        self.grid.pages_changed.connect(self.pages.show_pages)
        self.grid.pages_changed.connect(lambda *_: self.statistics.renew())
        self.pages.page_asked.connect(self.grid.open_page)
        self.commands.call_asked.connect(self._navigation.call_asked)
        self.breadcrumb.equipment_asked.connect(self._navigation.select_equipment)
        self.picture.equipment_asked.connect(self._navigation.select_equipment)
        self.picture.tag_asked.connect(self._navigation.open_tag)
        self.picture.write_asked.connect(self._navigation.write_asked)
        self.forecasts.tag_asked.connect(self._navigation.open_tag)
        self.forecasts.work_asked.connect(self._navigation.work_asked)
        self.forecasts.order_asked.connect(self._navigation.open_order)
        self.grid.write_asked.connect(self._navigation.write_asked)
        self._navigation.equipment_changed.connect(self.show_equipment)
        self._navigation.tag_changed.connect(self.grid.open_tag)
        self._navigation.instant_asked.connect(self.show_instant)


def first_equipment(feed: Feed) -> str:
    """Return what is shown before anyone has chosen: the equipment of the first tag."""
    return feed.plant.tags[0].equipment if feed.plant.tags else ""
