"""Trends of any signals, as a panel."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout

from app.model.clock import NS_PER_S
from widgets.dock.content import Content, Surroundings
from widgets.finder import Finder
from widgets.keyboard.shortcut import bind
from widgets.theme import theme
from widgets.translation import local, tr
from widgets.trend.free_grid import FreeGrid
from widgets.trend.live_samples import LiveSamples
from widgets.trend.page_picker import PagePicker
from widgets.trend.range_bar import RangeBar
from widgets.trend.signal_finder import find_signal
from widgets.trend.time_window import TimeWindow

LEAST_PANE = 124
"""A lower pane cannot be read: several of them scroll, px at scale 1."""


class TrendContent(Content):
    """Begins with the signals that are dropped on it or added by name; keeps them and the time that they show."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._feed, navigation = around.feed, around.navigation
        self.window_of_time = TimeWindow(parent=self)
        self.range = RangeBar(self.window_of_time)
        self.range.replay_asked.connect(navigation.replay_asked)
        live = LiveSamples(around.feed, self)
        self.grid = FreeGrid(around.feed, self.window_of_time, live, equipment=lambda: navigation.equipment)
        self.pages, self.add = PagePicker(), QPushButton("+")
        self._scroll = QScrollArea()
        self._lay_out()
        self.grid.changed.connect(self.changed)
        self.grid.signal_asked.connect(self.ask_signal)
        self.grid.write_asked.connect(navigation.write_asked)
        self.grid.pages_changed.connect(self._show_pages)
        self.pages.page_asked.connect(self.grid.open_page)
        self.window_of_time.changed.connect(self.changed)
        self.add.clicked.connect(lambda _=False: self.ask_signal())
        bind("trends.add", self, self.ask_signal)
        self._show_pages(0, self.grid.pages)
        self.retranslate()

    def title(self) -> str:
        titles = {tag.name: local(tag.title) for tag in self._feed.plant.tags}
        shown = dict.fromkeys(name for pane in self.grid.shown for name in pane)
        return ", ".join(titles[name] for name in shown) or tr("Trend")

    def marks(self) -> Mapping[str, object]:
        panes = [list(pane) for pane in self.grid.shown]
        return {"panes": panes, "span_s": self.window_of_time.span // NS_PER_S}

    def restore(self, marks: Mapping[str, object]) -> None:
        panes, span = marks.get("panes", []), marks.get("span_s", 0)
        found = [[name for name in pane if isinstance(name, str)] for pane in _lists(panes)]
        self.grid.show_panes(found)
        if isinstance(span, int) and span > 0:
            self.window_of_time.set_span(span * NS_PER_S)
        self.changed.emit()

    def show_tags(self, names: list[str]) -> None:
        self.grid.add(names)

    def take_focus(self) -> None:
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.add.setAccessibleName(tr("Add a signal"))
        self.add.setToolTip(tr("Add a signal by name (Insert)"))
        self.pages.retranslate()
        self.grid.retranslate()

    def ask_signal(self, place: int = -1) -> Finder:
        """Ask for a signal by name, for the pane at `place`, or for a new one."""
        return find_signal(self._feed, self.grid, self, place=place)

    def _show_pages(self, page: int, pages: int) -> None:
        self.pages.show_pages(page, pages)
        rows = min(2, sum(bool(pane.tags) for pane in self.grid.panes))
        self.grid.setMinimumHeight(theme().px(LEAST_PANE) * rows)

    def _lay_out(self) -> None:
        self.add.setProperty("kind", "flat")
        self.add.setMinimumWidth(theme().hit(28))
        self._scroll.setWidget(self.grid)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = QHBoxLayout()
        bar.addWidget(self.add)
        bar.addWidget(self.pages)
        bar.addStretch(1)
        bar.addWidget(self.range)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(6))
        column.addLayout(bar)
        column.addWidget(self._scroll, 1)


def _lists(value: object) -> list[list[object]]:
    return [each for each in value if isinstance(each, list)] if isinstance(value, list) else []
