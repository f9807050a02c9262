"""The panels of one window: opened, moved, closed, and kept with every change so that a crash does not lose them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtWidgets import QMenu, QWidget

from widgets.dock.area import DockArea
from widgets.dock.arrangement import Arrangement, Place, PlacedPanel, arrangement_of
from widgets.dock.content import Surroundings
from widgets.dock.kinds import ALARMS, KINDS, SINGLE
from widgets.dock.panel import Panel
from widgets.dock.parts import Parts
from widgets.dock.shade import PullShade
from widgets.dock.window import PanelWindow
from widgets.keyboard.shortcut import bind
from widgets.theme import theme
from widgets.translation import tr
from widgets.window_place import SETTLE_MS, screen_set

if TYPE_CHECKING:
    from widgets.main_window import MainWindow

log = logging.getLogger(__name__)
MOST = 3
"""Panels that stand beside, or below, a page at once."""
LEAST = {Place.BESIDE: 216, Place.BELOW: 300}
"""What each needs to be read, along its column or row, px at scale 1; those that come back may have less."""
MOST_WINDOWS = 8


class Docks(QObject):
    """Of one window; `area` holds its pages. In a replay no panel leaves the window, whose frame says: this is past."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._kinds = {kind.key: kind for kind in KINDS}
        self.area = DockArea(window.stack)
        self.panels: list[Panel] = []
        self._windows: dict[Panel, PanelWindow] = {}
        self._parts = Parts(self)
        self._shade = PullShade(self.area)
        self._is_restored = False
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLE_MS)
        self._settled.timeout.connect(self.save)
        self.area.settled.connect(self._settle)
        window.closed.connect(self._end)
        window.navigation.panel_asked.connect(self.open)
        window.status.panels.clicked.connect(lambda _=False: self._ask())
        for name, call in (
            ("panels.next", partial(self._parts.go, 1)),
            ("panels.former", partial(self._parts.go, -1)),
            ("panels.ask", self._ask),
        ):
            bind(name, window, call)
        window.installEventFilter(self)

    @property
    def pages(self) -> QWidget:
        """Return the page in view."""
        return self._window.stack.currentWidget() or self._window.stack

    def present(self) -> Panel | None:
        """Return the panel that has the keyboard, None where the page has it."""
        return self._parts.look()

    def open(self, kind: str, tags: Sequence[str] = ()) -> Panel | None:
        """Open a panel of a kind, showing these tags where it shows tags; None where there is no room for one more.

        There is one list of alarms, and one help: asked for again, it gets the keyboard.
        """
        there = next((each for each in self.panels if each.kind == kind and kind in SINGLE), None)
        if there is not None:
            self._parts.enter(there)
            return there
        place = self._free_place(Place.BELOW if kind == ALARMS else Place.BESIDE)
        if place is None:
            self._window.status.show_notice(tr("There is no room for one more panel: close one first."))
            return None
        panel = self._add(PlacedPanel(kind, place))
        if tags:
            panel.content.restore({})
            panel.content.show_tags(list(tags))
        self._parts.enter(panel)
        self._settle()
        return panel

    def move(self, panel: Panel, place: Place, *, at: QPoint | None = None) -> None:
        """Let a panel stand elsewhere, with a window of its own at `at` (global px); where it is full, it stays."""
        if not self._has_room(place) or (place is panel.place and place is not Place.WINDOW):
            if place is not panel.place:
                self._window.status.show_notice(tr("There is no room for one more panel: close one first."))
            return
        self._stand(panel, place, at=at)
        self._parts.enter(panel)
        self._settle()

    def close(self, panel: Panel) -> None:
        """Take a panel away; the keyboard returns to the page."""
        if panel not in self.panels:
            return
        self.panels.remove(panel)
        panel.setParent(None)
        panel.deleteLater()
        if panel in self._windows:
            self._windows.pop(panel).end()
        self.area.renew()
        self._parts.enter(None)
        self._settle()

    def clear(self) -> None:
        """Close all panels."""
        for panel in tuple(self.panels):
            self.close(panel)

    def menu(self) -> QMenu:
        """Return what can be opened; the menu deletes itself."""
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        for key, kind in self._kinds.items():
            menu.addAction(kind.name()).triggered.connect(partial(self._open_chosen, key))
        menu.addSeparator()
        gone = menu.addAction(tr("Close all panels"))
        gone.setEnabled(bool(self.panels))
        gone.triggered.connect(lambda _=False: self.clear())
        return menu

    def actions(self) -> list[tuple[str, Callable[[], object]]]:
        """Return what the search offers."""
        return [
            (tr("Panel: {name}", name=kind.name()), partial(self.open, key)) for key, kind in self._kinds.items()
        ] + [(tr("Close all panels"), self.clear)]

    def arrangement(self) -> Arrangement:
        """Return which panels stand where now."""
        rows: list[PlacedPanel] = []
        for place in (Place.BESIDE, Place.BELOW):
            sizes = self.area.sizes(place)
            rows += [panel.kept(size=size) for panel, size in zip(self.area.panels(place), sizes, strict=True)]
        rows += [panel.kept(size=0) for panel in self._windows]
        return Arrangement(rows, self.area.share(Place.BESIDE), self.area.share(Place.BELOW))

    def save(self) -> None:
        """Remember which panels stand where."""
        self._settled.stop()
        if self._is_restored:
            preferences = self._window.preferences
            preferences.set_panels(self._window.feed.plant.id, screen_set(), self.arrangement().to_text())
            preferences.save()

    def restore(self) -> None:
        """Let the panels stand as they stood last on these screens."""
        if self._is_restored:
            return
        text = self._window.preferences.panels(self._window.feed.plant.id, screen_set())
        found, problems = arrangement_of(text)
        for problem in problems:
            log.warning("panels.unusable reason=%s", problem)
        for place, share in ((Place.BESIDE, found.beside), (Place.BELOW, found.below)):
            self.area.set_share(place, share)
        for kept in found.panels:
            is_free = kept.place is not Place.WINDOW and len(self.area.panels(kept.place)) < MOST
            free = kept.place if is_free else self._free_place(kept.place)
            if kept.kind in self._kinds and free is not None:
                self._add(replace(kept, place=free))
        for place in (Place.BESIDE, Place.BELOW):
            self.area.set_sizes(place, [each.size for each in found.panels if each.place is place])
        self._settled.stop()
        self._is_restored = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and not self._is_restored:
            QTimer.singleShot(0, self, self.restore)  # the alarm banner is painted before any panel is built
        return super().eventFilter(watched, event)

    @property
    def _may_leave(self) -> bool:
        return not self._window.feed.is_replay

    def _has_room(self, place: Place) -> bool:
        if place is Place.WINDOW:
            return self._may_leave and len(self._windows) < MOST_WINDOWS
        number, whole = len(self.area.panels(place)), self.area.room_along(place)
        return number < MOST and (number + 1) * theme().px(LEAST[place]) <= max(whole, theme().px(LEAST[place]))

    def _free_place(self, wanted: Place) -> Place | None:
        order = (wanted, *(place for place in Place if place is not wanted))
        return next((place for place in order if self._has_room(place)), None)

    def _add(self, kept: PlacedPanel) -> Panel:
        around = Surroundings(self._window.feed, self._window.navigation, self._window.acknowledgement)
        panel = Panel(kept.kind, self._kinds[kept.kind].build(around))
        if kept.marks:
            panel.content.restore(kept.marks)
        panel.geometry_text = kept.geometry
        panel.place_asked.connect(partial(self.move, panel))
        panel.close_asked.connect(partial(QTimer.singleShot, 0, panel, partial(self.close, panel)))
        panel.size_asked.connect(lambda steps: self._resize(panel, steps))
        panel.changed.connect(self._settle)
        panel.head.pulled.connect(self._shade.show_at)
        panel.head.let_go.connect(partial(self._let_go, panel))
        panel.head.pull_ended.connect(self._shade.hide)
        self.panels.append(panel)
        self._stand(panel, kept.place)
        return panel

    def _stand(self, panel: Panel, place: Place, *, at: QPoint | None = None) -> None:
        """Put a panel where it is to stand, and take what held it before away."""
        former = self._windows.pop(panel, None)
        if former is not None and place is Place.WINDOW:
            self._windows[panel] = former
            if at is not None:
                former.move(at)
            return
        panel.stand(place, may_leave=self._may_leave)
        if place is Place.WINDOW:
            window = PanelWindow(panel, self._window, self._window.explaining)
            self._windows[panel] = window
            window.stand(at)
            window.closed.connect(partial(self.close, panel))
            window.settled.connect(self._settle)
            window.show()
        else:
            self.area.add(panel, place)
        if former is not None:
            former.end()
        self.area.renew()

    def _resize(self, panel: Panel, steps: int) -> None:
        if panel.place is not Place.WINDOW:
            self.area.step(panel.place, steps)

    def _let_go(self, panel: Panel, pointer: QPoint) -> None:
        """Dock a panel where the pointer is, or give it a window there."""
        self._shade.hide()
        head = QPoint(theme().px(60), theme().px(20))
        self.move(panel, self._shade.place, at=pointer - head)

    def _open_chosen(self, kind: str, _: bool = False) -> None:  # noqa: FBT001, FBT002 - a slot of QAction.triggered
        self.open(kind)

    def _ask(self) -> None:
        menu, button = self.menu(), self._window.status.panels
        menu.popup(button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _settle(self) -> None:
        if self._is_restored:
            self._settled.start()

    def _end(self) -> None:
        """Remember everything, and close the windows of panels with the plant's window."""
        self.save()
        for window in self._windows.values():
            window.end()
        self._windows.clear()
