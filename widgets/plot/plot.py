"""A plot of the window: title and read-out over a view with axes that is zoomed, moved, kept as a file and dressed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QHelpEvent, QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsGridLayout,
    QGraphicsWidget,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QStackedLayout,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from widgets.elided_label import ElidedLabel
from widgets.explain.subject import Subject
from widgets.guarded_event import guarded_event
from widgets.plot.axis import Axis
from widgets.plot.column import Column
from widgets.plot.library import GraphicsView, ViewBox
from widgets.plot.stroke import stroke
from widgets.theme import SEMIBOLD, theme
from widgets.translation import tr

ZOOM = 0.8
PAN = 0.125
FINEST = 1e-3
"""The least share of the whole that can be in view."""
RATIO = 2
"""Device pixels per px of a picture that leaves the window: the same from whatever screen."""
_HEAD = 26
_ZOOMS = {Qt.Key.Key_Plus: ZOOM, Qt.Key.Key_Equal: ZOOM, Qt.Key.Key_Minus: 1 / ZOOM}
_PANS = {
    Qt.Key.Key_Left: (-PAN, 0.0),
    Qt.Key.Key_Right: (PAN, 0.0),
    Qt.Key.Key_Down: (0.0, -PAN),
    Qt.Key.Key_Up: (0.0, PAN),
}


class View(ViewBox):  # type: ignore[misc] # the library carries no types
    """The plane of the curves: moved with the left button, zoomed by the wheel, over an axis along that one only."""

    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:  # noqa: ANN401 - a type of the library
        if ev.button() is Qt.MouseButton.LeftButton:
            super().mouseDragEvent(ev, axis)
        else:
            ev.ignore()


class Plot(QWidget):
    """What all plots have; `_draw` makes what one of them shows, anew for each other look.

    `subject`: what Alt+Enter explains on it. `file_asked`: somebody wants to keep it as a file.
    """

    file_asked = Signal()
    explanation_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.subject: Subject | None = None
        self._title, self._readout = ElidedLabel(size="small", weight=SEMIBOLD), ElidedLabel(size="small")
        self._foot = ElidedLabel(size="tiny", tone="dim", alignment=Qt.AlignmentFlag.AlignRight)
        self._nothing = QLabel()
        self.view = GraphicsView(background=None)
        self.box = View(enableMenu=False, defaultPadding=0.0)
        self.x_axis, self.y_axis = Axis("bottom"), Axis("left")
        self._whole = ((0.0, 1.0), (0.0, 1.0))
        self._items: list[Any] = []
        self._is_empty = True
        self._printed_at: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        self.dress()
        self.view.scene().sigMouseClicked.connect(self._click)
        for changed in (self.box.sigXRangeChanged, self.box.sigYRangeChanged, self.box.sigResized):
            changed.connect(self._follow)

    @property
    def title(self) -> str:
        """What is shown, with the unit of the upright axis."""
        return self._title.text

    @title.setter
    def title(self, text: str) -> None:
        self._title.set_text(text)
        self.setAccessibleName(text)

    @property
    def nothing(self) -> str:
        """What is said while there is nothing to be shown."""
        return self._nothing.text()

    @nothing.setter
    def nothing(self, text: str) -> None:
        self._nothing.setText(text)

    @property
    def foot(self) -> str:
        """What stands below the level axis."""
        return self._foot.text

    @foot.setter
    def foot(self, text: str) -> None:
        self._foot.set_text(text)
        self._foot.setVisible(bool(text))
        self._below.setContentsMargins(theme().px(8), 0, theme().px(14), theme().px(2) if text else 0)

    @property
    def span(self) -> tuple[float, float]:
        """Return the stretch of the level axis that is in view."""
        low, high = self.box.viewRange()[0]
        return float(low), float(high)

    @property
    def is_whole(self) -> bool:
        """Whether all of the level axis is in view."""
        return self.span == self._whole[0]

    def hide_readout(self) -> None:
        """Leave what the cursor reads to another plot."""
        self._readout.hide()

    def columns(self) -> list[Column]:
        """Return what is shown as columns of numbers."""
        return []

    def reset(self) -> None:
        """Show everything again."""
        (left, right), (low, high) = self._whole
        self.box.setXRange(left, right, padding=0)
        self.box.setYRange(low, high, padding=0)

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the value that it shows, wherever."""
        del place
        return self.subject

    def sizeHint(self) -> QSize:
        return QSize(theme().px(420), theme().px(200))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(120), theme().px(90))

    @contextmanager
    def printed_at(self, ratio: float) -> Iterator[None]:
        """Draw for a picture or for paper with `ratio` pixels per px meanwhile, in the look that is worn."""
        self._printed_at = ratio
        self.dress()
        yield
        self._printed_at = None

    def stroke(self, color: QColor, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """Return a pen of `width` px: as many pixels as they are on what the plot is drawn on."""
        return stroke(color, width * (self._printed_at or self.devicePixelRatioF()), style)

    @guarded_event
    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._redraw()
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self.view.mapToScene(self.view.mapFrom(self, event.pos()))
            is_inside = self.box.sceneBoundingRect().contains(place) and not self._is_empty
            text = self.told_at(self.box.mapSceneToView(place)) if is_inside else ""
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme().color("plot"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange} and self._look is not theme():
            self.dress()  # once for all that Qt tells of one change
        elif event.type() is QEvent.Type.LanguageChange:
            self.x_axis.forget()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ZOOMS:
            self.zoom(_ZOOMS[key])
        elif key in _PANS:
            self._pan(*_PANS[key])
        elif key is Qt.Key.Key_Home:
            self.reset()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())
        event.accept()

    def menu(self) -> QMenu:
        """Return what can be done with a plot."""
        menu = QMenu(self)
        menu.addAction(tr("Show everything (Home)")).triggered.connect(self.reset)
        menu.addAction(tr("Copy the picture")).triggered.connect(self.copy)
        menu.addAction(tr("Save as picture or table…")).triggered.connect(self.file_asked)
        if self.subject is not None:
            explain = menu.addAction(tr("Explain this number (Alt+Enter)"))
            explain.triggered.connect(partial(self.explanation_asked.emit, self.subject))
        return menu

    def copy(self) -> None:
        """Put it on the clipboard as a picture."""
        image = QImage(self.size() * RATIO, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(RATIO)
        with self.printed_at(RATIO):
            self.render(image)
        self.dress()
        QApplication.clipboard().setImage(image)

    def zoom(self, factor: float) -> None:
        """Show `factor` times as much, around the middle."""
        self.box.scaleBy((factor, factor))

    def _pan(self, across: float, up: float) -> None:
        (left, right), (low, high) = self.box.viewRange()
        self.box.translateBy(x=across * (right - left), y=up * (high - low))

    def _draw(self) -> None:
        """Make what is shown, by `_add`, in the present look."""

    def _follow(self, *_: object) -> None:
        """Follow another stretch in view, or another size."""
        if not self._is_empty:
            self._fit()
            low, high = self.box.viewRange()[1]
            self.y_axis.make_room(low, high, self.box.height())

    def _fit(self) -> None:
        """Put what depends on what is in view where it belongs."""

    def told_at(self, place: QPointF) -> str:
        """Return what a pointer is told that rests at a place, in values of the axes; "" for nothing."""
        del place
        return ""

    def _press(self, place: QPointF) -> None:
        """Answer a press at a place, in values of the axes."""

    def _redraw(self) -> None:
        """Make everything anew."""
        for item in self._items:
            self.box.removeItem(item)
        self._items.clear()
        self._pages.setCurrentIndex(1 if self._is_empty else 0)
        if not self._is_empty:
            self._draw()
            self._follow()

    def _see(
        self, across: tuple[float, float], up: tuple[float, float] | None = None, *, is_growing: bool = False
    ) -> None:
        """Let this be the whole of the level axis, and of the upright one; the zoom stays where the whole does.

        `is_growing`: the whole moves on with time, and somebody who has zoomed in wants to go on looking.
        """
        was, span = self._whole, self.span
        stays = is_growing and span != was[0] and across[0] <= span[0] and span[1] <= across[1]
        self._whole = (across, up or self._whole[1])
        self.box.setLimits(xMin=across[0], xMax=across[1], minXRange=FINEST * (across[1] - across[0]))
        if up is not None:
            self.box.setLimits(yMin=up[0], yMax=up[1], minYRange=FINEST * (up[1] - up[0]))
        if was != self._whole and not stays:
            self.reset()

    def _add(self, item: Any, *, level: int = 0) -> None:  # noqa: ANN401 - an item of the library
        """Show an item over those of a lower level; what is added does not change what is in view."""
        item.setZValue(level)
        self.box.addItem(item, ignoreBounds=True)
        self._items.append(item)

    def dress(self) -> None:
        """Take the present look."""
        look = self._look = theme()
        self.view.setBackground(look.color("plot"))
        self._grid.setContentsMargins(look.px(6), look.px(2), look.px(14), look.px(2))
        self._head.setFixedHeight(look.px(_HEAD))
        self._head.setContentsMargins(look.px(8), 0, look.px(14), 0)
        self._below.setContentsMargins(look.px(8), 0, look.px(14), look.px(2) if self.foot else 0)
        for axis in (self.x_axis, self.y_axis):
            axis.dress()
        self.box.setBorder(QPen(look.color("grid"), 1))
        self._redraw()

    def _lay_out(self) -> None:
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        plane = QGraphicsWidget()
        self._grid = QGraphicsGridLayout(plane)
        self._grid.setSpacing(0)
        self.view.setCentralItem(plane)
        self._grid.addItem(self.y_axis, 0, 0)
        self._grid.addItem(self.box, 0, 1)
        self._grid.addItem(self.x_axis, 1, 1)
        for axis in (self.x_axis, self.y_axis):
            axis.linkToView(self.box)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._nothing.setProperty("tone", "dim")
        self._head = QWidget()
        row = QHBoxLayout(self._head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._title, 1)
        row.addWidget(self._readout)
        self._pages = QStackedLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addLayout(self._pages, 1)  # before it has pages: without a parent it would show the first as a window
        self._pages.addWidget(self.view)
        self._pages.addWidget(self._nothing)
        self._below = QHBoxLayout()
        self._below.addWidget(self._foot)
        column.addLayout(self._below)
        self._foot.hide()

    def _click(self, event: Any) -> None:  # noqa: ANN401 - a type of the library
        if event.button() is not Qt.MouseButton.LeftButton or not self.box.sceneBoundingRect().contains(
            event.scenePos()
        ):
            return
        if event.double():
            self.reset()
        else:
            self._press(self.box.mapSceneToView(event.scenePos()))
