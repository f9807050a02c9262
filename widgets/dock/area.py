"""The place of the pages, and of the panels beside and below them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from widgets.dock.arrangement import LEAST_SHARE, MOST_SHARE, USUAL_SHARE, Place
from widgets.dock.panel import Panel
from widgets.theme import theme

HANDLE = 8
STEP = 0.06
"""By how much of the window a key makes panels larger."""


class PageBed(QWidget):
    """Gives the pages its whole size. It has no layout, which would ask for the height of the tallest of all pages."""

    def __init__(self, pages: QStackedWidget) -> None:
        super().__init__()
        self._pages = pages
        pages.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._pages.resize(event.size())


class PageRoom(QScrollArea):
    """Holds the pages. A page that panels leave too little room scrolls; it is never cut, nor squeezed for them.

    Without panels a page has the whole room, and scrolls only where its own texts, broken into lines, are higher.
    """

    def __init__(self, pages: QStackedWidget) -> None:
        super().__init__()
        self._pages = pages
        self._bed = PageBed(pages)
        self._has_panels = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(self._bed)
        self._bed.setAutoFillBackground(False)
        pages.setAutoFillBackground(False)
        pages.currentChanged.connect(lambda _: self.fit(has_panels=self._has_panels))

    def fit(self, *, has_panels: bool) -> None:
        """Let the page in view have all that it wants where there are panels; it scrolls then."""
        self._has_panels = has_panels
        shown = self._pages.currentWidget()
        needed = QSize(1, 1)
        if shown is not None:
            if has_panels:
                needed = shown.minimumSizeHint().expandedTo(shown.minimumSize())
            needed = needed.expandedTo(QSize(1, self._height_of_texts(shown)))
        self._bed.setMinimumSize(needed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit(has_panels=self._has_panels)

    def _height_of_texts(self, page: QWidget) -> int:
        """Return the least height of a page whose texts are broken into lines, 1 where none is."""
        layout = page.layout()
        if layout is None or not layout.hasHeightForWidth():
            return 1
        return layout.minimumHeightForWidth(max(1, self.maximumViewportSize().width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, 1)


class DockArea(QWidget):
    """The pages with a column of panels to their right and a row below them; `settled`: somebody has moved a border."""

    settled = Signal()

    def __init__(self, pages: QStackedWidget) -> None:
        super().__init__()
        self.room = PageRoom(pages)
        self.below, self.beside = QSplitter(Qt.Orientation.Horizontal), QSplitter(Qt.Orientation.Vertical)
        self._rows, self._columns = QSplitter(Qt.Orientation.Vertical), QSplitter(Qt.Orientation.Horizontal)
        self._shares = {Place.BESIDE: USUAL_SHARE, Place.BELOW: USUAL_SHARE}
        for outer, first, second in ((self._rows, self.room, self.below), (self._columns, self._rows, self.beside)):
            outer.addWidget(first)
            outer.addWidget(second)
            outer.setStretchFactor(0, 1)
            outer.setStretchFactor(1, 0)
        for splitter in (self._rows, self._columns, self.below, self.beside):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(theme().px(HANDLE))
            splitter.splitterMoved.connect(self._take_shares)
        self.below.hide()
        self.beside.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._columns)
        pages.installEventFilter(self)

    def panels(self, place: Place) -> list[Panel]:
        """Return the panels that stand at a place, in their order."""
        splitter = self._splitter(place)
        found = [splitter.widget(number) for number in range(splitter.count())]
        return [each for each in found if isinstance(each, Panel)]

    def room_along(self, place: Place) -> int:
        """Return how long the column or row of panels at a place is, px."""
        return self.height() if place is Place.BESIDE else self._rows.width()

    def share(self, place: Place) -> float:
        """Return which share of the room panels at a place have."""
        return self._shares[place]

    def add(self, panel: Panel, place: Place) -> None:
        """Put a panel last at a place."""
        splitter = self._splitter(place)
        splitter.addWidget(panel)
        panel.bounded.connect(self._fit, Qt.ConnectionType.UniqueConnection)
        panel.show()
        splitter.show()
        splitter.setSizes([1_000] * splitter.count())
        self.set_share(place, self._shares[place])

    def renew(self) -> None:
        """Take back the room of panels that have gone."""
        for place in (Place.BESIDE, Place.BELOW):
            self._splitter(place).setVisible(bool(self.panels(place)))
        self._fit()

    def set_share(self, place: Place, share: float) -> None:
        """Give the panels at a place that share of the width or height."""
        self._shares[place] = share = min(max(share, LEAST_SHARE), MOST_SHARE)
        outer = self._columns if place is Place.BESIDE else self._rows
        whole = outer.width() if place is Place.BESIDE else outer.height()
        outer.setSizes([round(whole * (1 - share)), round(whole * share)])
        self._fit()
        self.settled.emit()

    def step(self, place: Place, steps: int) -> None:
        """Make the panels at a place larger by so many steps."""
        self.set_share(place, self._shares[place] + steps * STEP)

    def sizes(self, place: Place) -> Sequence[int]:
        """Return how large the panels at a place are, px, in their order."""
        return self._splitter(place).sizes()

    def set_sizes(self, place: Place, sizes: Sequence[int]) -> None:
        """Make the panels at a place as large as they were; where one is not known, all alike."""
        if sizes and all(sizes):
            self._splitter(place).setSizes(list(sizes))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for place in (Place.BESIDE, Place.BELOW):
            if self.panels(place):
                outer = self._columns if place is Place.BESIDE else self._rows
                whole = self.width() if place is Place.BESIDE else self.height()
                outer.setSizes([round(whole * (1 - self._shares[place])), round(whole * self._shares[place])])
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _share_room(self) -> None:
        """Let panels have what they want, or, where the window has become too small for that, as much as there is."""
        for place, is_beside in ((Place.BESIDE, True), (Place.BELOW, False)):
            panels, handle = self.panels(place), theme().px(HANDLE)
            beside = self.beside.minimumSizeHint().width() + handle if self.panels(Place.BESIDE) else 0
            taken = max(beside, round(self.width() * self._shares[Place.BESIDE])) if beside else 0
            whole = self.height() if is_beside else self.width() - taken
            most = max(1, whole // max(1, len(panels)) - handle)
            for panel in panels:
                wanted = panel.wanted
                height, width = wanted.height(), wanted.width()
                panel.setMinimumSize(
                    width if is_beside else min(width, most), min(height, most) if is_beside else height
                )

    def _fit(self) -> None:
        if self.width() and self.height():
            self._share_room()
        has_panels = bool(self.panels(Place.BESIDE) or self.panels(Place.BELOW))
        self.room.fit(has_panels=has_panels)

    def _take_shares(self) -> None:
        if self.panels(Place.BESIDE) and self.width():
            self._shares[Place.BESIDE] = _bounded(self.beside.width() / self.width())
        if self.panels(Place.BELOW) and self.height():
            self._shares[Place.BELOW] = _bounded(self.below.height() / self.height())
        self.settled.emit()

    def _splitter(self, place: Place) -> QSplitter:
        return self.beside if place is Place.BESIDE else self.below


def _bounded(share: float) -> float:
    return min(max(share, LEAST_SHARE), MOST_SHARE)
