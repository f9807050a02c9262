"""The panes of the page of trends: any tags of the plant in any pane, as an operator puts them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMenu, QWidget

from app.model.tag import TagDefinition
from widgets.drag.tag_mime import tags_of
from widgets.feed import Feed
from widgets.translation import local, tr
from widgets.trend.live_samples import LiveSamples
from widgets.trend.pane_grid import MOST_PENS, PANES, PaneGrid
from widgets.trend.suggestions import Suggestions
from widgets.trend.time_window import TimeWindow

_FREE = "*"


class FreeGrid(PaneGrid):
    """A grid without an equipment; what is dropped beside the panes gets a new one."""

    changed = Signal()
    signal_asked = Signal(int)  # the place of the pane that is to have a further signal

    def __init__(
        self,
        feed: Feed,
        window: TimeWindow,
        live: LiveSamples,
        *,
        equipment: Callable[[], str] = lambda: "",
        parent: QWidget | None = None,
    ) -> None:
        """`equipment`: returns the one that is selected, whose signals are offered while nothing is shown."""
        super().__init__(feed, window, live, parent)
        self.suggestions = Suggestions(feed, equipment)
        self.suggestions.chosen.connect(self.add)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
        self.empty.setWordWrap(True)
        self._layout.addWidget(self.suggestions, 3, 0, Qt.AlignmentFlag.AlignTop)
        self._equipment = _FREE
        self._choices[_FREE] = []
        self.setAcceptDrops(True)
        self.open_page(0)

    @property
    def shown(self) -> tuple[tuple[str, ...], ...]:
        """Return the names of the tags of all panes."""
        return tuple(tuple(tag.name for tag in tags) for tags in self._choice())

    def show_panes(self, panes: Sequence[Sequence[str]]) -> list[str]:
        """Show panes with tags of these names; return the names that the plant does not have."""
        known = {tag.name: tag for tag in self._feed.plant.tags}
        lost = [name for pane in panes for name in pane if name not in known]
        found = [[known[name] for name in dict.fromkeys(pane) if name in known][:MOST_PENS] for pane in panes]
        self._choices[_FREE] = [pane for pane in found if pane]
        self.open_page(0)
        return lost

    def add(self, names: Sequence[str]) -> None:
        """Give each tag that is not shown a pane of its own; bring the first into view, and the keyboard to it."""
        tags = {tag.name: tag for tag in self._feed.plant.tags}
        there = {name for pane in self.shown for name in pane}
        self._choice().extend([tags[name]] for name in dict.fromkeys(names) if name in tags and name not in there)
        self.open_page(self._page)
        self.open_tag(names[0] if names else "")
        if names and self.isVisible():
            self.enter(names[0])
        self.changed.emit()

    def enter(self, name: str) -> None:
        """Give the pane of a tag the keyboard, so that it is zoomed and moved at once."""
        pane = next((pane for pane in self.panes if name in pane.tags and pane.isVisibleTo(self)), None)
        if pane is not None:
            pane.plot.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle(self, place: int, tag: TagDefinition) -> None:
        super().toggle(place, tag)
        self.changed.emit()

    def remove(self, place: int, tag: TagDefinition) -> None:
        """Take a tag out of a pane; the last one takes the pane along."""
        index = self._page * PANES + place
        self._choice()[index].remove(tag)
        if not self._choice()[index]:
            del self._choice()[index]
        self.open_page(self._page)
        self.changed.emit()

    def lead(self, place: int, tag: TagDefinition) -> None:
        """Let a tag be the first of its pane, whose limits, alarms and forecast are shown."""
        tags = self._choice()[self._page * PANES + place]
        tags.remove(tag)
        tags.insert(0, tag)
        self.open_page(self._page)
        self.changed.emit()

    def menu(self, place: int) -> QMenu:
        """Return the menu of a pane: its signals, and what can be done with them."""
        menu = QMenu(self)
        tags = self._choice()[self._page * PANES + place]
        more = menu.addAction(tr("Add a signal…"))
        more.setEnabled(len(tags) < MOST_PENS)
        more.triggered.connect(lambda: self.signal_asked.emit(place))
        menu.addSeparator()
        for tag in tags[1:]:
            first = menu.addAction(tr("Show the limits of {tag}", tag=_named(tag)))
            first.triggered.connect(lambda _=False, tag=tag: self.lead(place, tag))
        for tag in tags:
            gone = menu.addAction(tr("Take {tag} out", tag=_named(tag)))
            gone.triggered.connect(lambda _=False, tag=tag: self.remove(place, tag))
        self._offer_scale(menu, tags[0])
        self._offer_writes(menu, tags)
        return menu

    def retranslate(self) -> None:
        """Renew the texts after a change of language."""
        super().retranslate()
        self.empty.setText(
            tr("Drag an equipment from the tree or the head of a trend here, or press Insert to add a signal by name.")
        )

    def _arrange(self, number: int) -> None:
        super()._arrange(number)
        self.suggestions.setVisible(not number)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if tags_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.add(tags_of(event.mimeData()))
        event.acceptProposedAction()


def _named(tag: TagDefinition) -> str:
    return f"{local(tag.title)} ({tag.name})"
