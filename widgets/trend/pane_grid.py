"""The trend panes of an equipment, two by two: which tags they show, page by page, as the operator wants them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QWidget

from app.model import clock
from app.model.tag import TagDefinition
from widgets.feed import Feed
from widgets.theme import theme
from widgets.translation import local, tr
from widgets.trend.deeds import Deeds
from widgets.trend.fixed_scales import FixedScales
from widgets.trend.frame_clock import FrameClock
from widgets.trend.live_samples import LiveSamples
from widgets.trend.pane import TrendPane
from widgets.trend.tag_choice import ranked_tags
from widgets.trend.time_window import TimeWindow
from widgets.trend.value_axis import axis_key

PANES = 4
MOST_PENS = 8


class PaneGrid(QWidget):
    """Four panes. The choice of the operator is kept per equipment as long as the window lives."""

    pages_changed = Signal(int, int)  # page (from 0), number of pages
    write_asked = Signal(str)

    def __init__(self, feed: Feed, window: TimeWindow, live: LiveSamples, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed, self._window = feed, window
        self._equipment = ""
        self._page = 0
        self._is_suggesting = False
        self._choices: dict[str, list[list[TagDefinition]]] = {}
        self._deeds = Deeds(feed.folder.history, feed.plant, self)
        self.scales = FixedScales(self)
        self.panes = [TrendPane(feed, window, live, self, deeds=self._deeds, scales=self.scales) for _ in range(PANES)]
        self.empty = QLabel()
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setProperty("tone", "dim")
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.empty, 2, 0)
        self._clock = FrameClock(self)
        self._clock.set_refreshers([*(pane.refresh for pane in self.panes), self._suggest_span])
        for place, pane in enumerate(self.panes):
            pane.menu_asked.connect(partial(self._ask, place))
            pane.tags_dropped.connect(partial(self.take, place))
        window.changed.connect(self._refresh)
        window.cursor_moved.connect(self._refresh)
        window.marks_changed.connect(self._refresh)
        self._deeds.changed.connect(self._refresh)
        feed.collector_link_changed.connect(self._refresh)
        self.retranslate()

    @property
    def pages(self) -> int:
        """Return how many pages of four the equipment has."""
        return max(1, -(-len(self._choice()) // PANES))

    def main_part(self) -> QWidget:
        """Return what the keyboard begins with: the first plot, else what is offered where there is none."""
        shown = (pane.plot for pane in self.panes if pane.isVisibleTo(self))
        return next(shown, self)

    def tags_in_view(self) -> list[TagDefinition]:
        """Return the tags that have a curve in one of the panes now, each once."""
        names = dict.fromkeys(name for pane in self.panes for name in pane.tags)
        return [tag for tag in map(self._feed.plant.tag, names) if not tag.is_text]

    def show_equipment(self, equipment: str) -> None:
        """Show the most telling tags of an equipment, or what the operator had chosen there."""
        self._equipment = equipment
        if equipment not in self._choices:
            active = {record.tag for record in self._feed.alarms.values() if record.state.is_active}
            self._choices[equipment] = [[tag] for tag in ranked_tags(self._feed.plant, equipment, active=active)]
        self.open_page(0)

    def open_page(self, page: int) -> None:
        """Show the page of that number, from 0."""
        self._page = min(max(page, 0), self.pages - 1)
        shown = self._choice()[self._page * PANES : (self._page + 1) * PANES]
        forecasts = {forecast.tag for forecast in self._feed.plant.forecasts}
        has_ahead = any(tags[0].name in forecasts for tags in shown)
        for place, pane in enumerate(self.panes):
            axes = _axes_in_column(shown, place)
            pane.show_tags(shown[place] if place < len(shown) else [], has_ahead=has_ahead, axes=axes)
        self._arrange(len(shown))
        self.pages_changed.emit(self._page, self.pages)

    def open_tag(self, name: str) -> None:
        """Bring the page with that tag of the present equipment into view."""
        for place, tags in enumerate(self._choice()):
            if name in {tag.name for tag in tags}:
                self.open_page(place // PANES)
                return

    def choose(self, place: int, tag: TagDefinition) -> None:
        """Show another tag in a pane; where it already has a pane, the two change places."""
        choice, index = self._choice(), self._page * PANES + place
        other = next((at for at, tags in enumerate(choice) if tags[0] == tag), None)
        if other is None:
            choice[index] = [tag]
        else:
            choice[index], choice[other] = choice[other], choice[index]
        self.open_page(self._page)

    def toggle(self, place: int, tag: TagDefinition) -> None:
        """Draw a further tag into a pane, or take it out."""
        tags = self._choice()[self._page * PANES + place]
        if tag in tags[1:]:
            tags.remove(tag)
        elif len(tags) < MOST_PENS and tag != tags[0]:
            tags.append(tag)
        self.open_page(self._page)

    def take(self, place: int, names: Sequence[str]) -> None:
        """Draw the tags of these names into a pane too."""
        shown = self._choice()[self._page * PANES + place]
        for tag in self._feed.plant.tags:
            if tag.name in names and tag not in shown and not tag.is_text:
                self.toggle(place, tag)

    def menu(self, place: int) -> QMenu:
        """Return the menu of a pane: which tag it shows, and which others with it."""
        menu = QMenu(self)
        tags = self._choice()[self._page * PANES + place]
        for tag in self._of_equipment():
            self._entry(menu, tag, is_on=tag == tags[0]).triggered.connect(
                lambda _=False, tag=tag: self.choose(place, tag)
            )
        alike = self._comparable(tags[0])
        menu.addSeparator()
        self._offer_scale(menu, tags[0])
        if alike:
            more = menu.addMenu(tr("Compare with"))
            for tag in alike:
                self._entry(more, tag, is_on=tag in tags).triggered.connect(
                    lambda _=False, tag=tag: self.toggle(place, tag)
                )
        self._offer_writes(menu, self._of_equipment())
        return menu

    def retranslate(self) -> None:
        """Renew the texts after a change of language."""
        self.empty.setText(tr("No signals are set up here. Choose another equipment, or add tags in Engineering."))
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def _suggest_span(self) -> None:
        """Let a plant that has been running for minutes fill its panes, until the operator chooses a range."""
        begun = [pane.oldest for pane in self.panes if pane.oldest]
        if begun:
            self._is_suggesting = True  # nobody waits for it: each pane follows with its own frame, not all in one turn
            self._window.suggest(clock.now_ns() - min(begun))
            self._is_suggesting = False

    def _choice(self) -> list[list[TagDefinition]]:
        return self._choices.get(self._equipment, [])

    def _of_equipment(self) -> list[TagDefinition]:
        return ranked_tags(self._feed.plant, self._equipment)

    def _comparable(self, main: TagDefinition) -> list[TagDefinition]:
        """Return the tags to compare with `main`: those of its unit in the plant, then all others of the equipment."""
        alike = [tag for tag in self._feed.plant.tags if axis_key(tag) == axis_key(main) and tag.unit]
        found = dict.fromkeys([*alike, *self._of_equipment()])
        return [tag for tag in found if tag != main and not tag.is_text] if not main.is_text else []

    def _offer_scale(self, menu: QMenu, main: TagDefinition) -> None:
        """Let the value axes follow the curves again, where somebody has set one."""
        free = menu.addAction(tr("Scale by itself again (0)"))
        free.setEnabled(self.scales.has_any(main.name))
        free.triggered.connect(lambda: self.scales.free(main.name))

    def _offer_writes(self, menu: QMenu, tags: Sequence[TagDefinition]) -> None:
        """Let the writable ones of some tags be written from here."""
        writable = [tag for tag in tags if tag.write is not None]
        if not writable or self._feed.plant.is_read_only:
            return
        menu.addSeparator()
        for tag in writable:
            action = QAction(tr("Write {tag}…", tag=f"{local(tag.title)}  ({tag.name})"), menu)
            action.triggered.connect(lambda _=False, tag=tag: self.write_asked.emit(tag.name))
            menu.addAction(action)

    def _entry(self, menu: QMenu, tag: TagDefinition, *, is_on: bool) -> QAction:
        action = QAction(f"{local(tag.title)}  ({tag.name})", menu)
        action.setCheckable(True)
        action.setChecked(is_on)
        menu.addAction(action)
        return action

    def _ask(self, place: int) -> None:
        pane = self.panes[place]
        menu = self.menu(place)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(pane.header.mapToGlobal(QPoint(theme().px(12), pane.header.height())))

    def _arrange(self, number: int) -> None:
        """Put so many panes into the grid: one fills it, two stand one above the other, more two by two."""
        self._layout.setSpacing(theme().px(8))
        self.empty.setVisible(not number)
        for place, pane in enumerate(self.panes):
            self._layout.removeWidget(pane)
            columns = _columns(number)
            self._layout.addWidget(pane, place // columns, place % columns)
        for line in range(2):
            self._layout.setRowStretch(line, 1 if line < min(number, 2) else 0)
            self._layout.setColumnStretch(line, 1 if line == 0 or number > 2 else 0)

    def _refresh(self) -> None:
        if self._is_suggesting:
            return
        for pane in self.panes:
            pane.refresh()


def _columns(panes: int) -> int:
    """Return in how many columns so many panes stand."""
    return 1 if panes <= 2 else 2


def _axes_in_column(shown: Sequence[Sequence[TagDefinition]], place: int) -> int:
    """Return how many further value axes one of the panes above or below a place has at most."""
    columns = _columns(len(shown))
    numbers = [len({axis_key(tag) for tag in tags}) for tags in shown[place % columns :: columns]]
    return max(numbers, default=1) - 1
