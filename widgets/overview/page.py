"""The overview page: a tile per area, the picture of the one that needs an operator, and what is foreseen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.model import clock
from widgets.feed import Feed
from widgets.navigation import Navigation
from widgets.overview.area import area_state, areas_of
from widgets.overview.first_steps import FirstSteps
from widgets.overview.scene import Scene
from widgets.overview.tile import AreaTile
from widgets.prediction.countdown import countdown_of
from widgets.prediction.forecast_panel import ForecastPanel
from widgets.theme import theme
from widgets.trend.frame_clock import FrameClock
from widgets.trend.indicator import indicator_scale
from widgets.trend.limit_line import limit_lines

FRAME_MS = 200
TILE_WIDTH = 300
SIDE_WIDTH = 452
SIDE_SHARE = 30
GAP = 8


class OverviewPage(QWidget):
    """Tiles above, as many in a row as there is room for; the scene and the forecasts below.

    The tile of a plant that has only one area stands above the forecasts, so that the scene has the whole height.
    """

    def __init__(self, feed: Feed, navigation: Navigation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed, self._navigation = feed, navigation
        self._countdown = countdown_of(feed)
        names = {each.id: each.name for each in feed.plant.equipment}
        self.tiles: list[AreaTile] = []
        for area in areas_of(feed.plant):
            scales = {tag.name: indicator_scale(tag, limit_lines(feed.plant, tag.name)) for tag in area.tags}
            tile = AreaTile(area, scales, names)
            tile.clicked.connect(lambda _=False, tile=tile: self._open(tile))
            feed.blinked.connect(tile.set_phase)
            self.tiles.append(tile)
        self.scene = Scene(feed)
        self.forecasts = ForecastPanel(feed)
        self.first_steps = FirstSteps()
        self.first_steps.setVisible(not feed.plant.alarms and not feed.is_replay)
        self._columns = 0
        self._lay_out()
        self._clock = FrameClock(self, interval_ms=FRAME_MS)
        self._clock.set_refreshers([self.refresh])
        self._countdown.moved.connect(self._count_down)
        self.scene.equipment_asked.connect(navigation.open_equipment)
        self.scene.tag_asked.connect(navigation.open_tag)
        self.scene.write_asked.connect(navigation.write_asked)
        self.forecasts.tag_asked.connect(navigation.open_tag)
        self.forecasts.work_asked.connect(navigation.work_asked)
        self.forecasts.order_asked.connect(navigation.open_order)
        self.refresh()

    def refresh(self) -> None:
        """Bring all tiles up to date, and what needs an operator into view."""
        self.scene.refresh()
        self._countdown.keep_up()
        self._refresh_tiles()

    def _refresh_tiles(self) -> None:
        now, told = clock.now_ns(), self._countdown.now
        for tile in self.tiles:
            tile.show_state(area_state(self._feed, tile.area, now=now, told=told))

    def _count_down(self) -> None:
        """Tell with the cards beside them what is ahead, not with the next frame."""
        if self.isVisible():
            self._refresh_tiles()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self.scene.retranslate()
            self.forecasts.refresh()
            self.first_steps.retranslate()
            for tile in self.tiles:
                tile.retranslate()

    def _lay_out(self) -> None:
        self._ground = QWidget()
        self._grid = QGridLayout(self._ground)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._ground)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(GAP)
        (side if len(self.tiles) == 1 else column).addWidget(self._scroll)
        side.addWidget(self.first_steps)
        side.addWidget(self.forecasts, 1)
        below = QHBoxLayout()
        below.setSpacing(GAP)
        below.addWidget(self.scene, 100 - SIDE_SHARE)
        below.addWidget(self._side, SIDE_SHARE)
        column.addLayout(below, 1)
        self._arrange()

    def _arrange(self) -> None:
        self._side.setMaximumWidth(theme().px(SIDE_WIDTH))
        columns = max(1, min(len(self.tiles), self.width() // theme().px(TILE_WIDTH)))
        if columns != self._columns:
            self._columns = columns
            for place, tile in enumerate(self.tiles):
                self._grid.addWidget(tile, place // columns, place % columns)
            for column in range(len(self.tiles)):
                self._grid.setColumnStretch(column, 1 if column < columns else 0)
        rows = -(-len(self.tiles) // columns)
        tallest = max((tile.sizeHint().height() for tile in self.tiles), default=0)
        self._scroll.setFixedHeight(min(rows * (tallest + GAP), max(self.height() * 6 // 10, tallest + GAP)))

    def _open(self, tile: AreaTile) -> None:
        """Open what was hit: a tag's row, else the equipment that needs attention most."""
        if tile.pressed_tag:
            self._navigation.open_tag(tile.pressed_tag)
            tile.pressed_tag = ""
        elif tile.state is not None:
            self._navigation.open_equipment(tile.state.weakest or tile.area.equipment.id)
