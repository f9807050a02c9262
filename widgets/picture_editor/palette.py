"""The library of symbols: one is dragged onto the sheet, or clicked and then placed there, or put there by Enter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from app.model.picture_symbol import SYMBOL_KINDS
from widgets.guarded_event import guarded_event
from widgets.picture.body import Ink, paint_body
from widgets.picture_editor.kind_name import kind_name
from widgets.theme import theme

FORMAT = "application/x-foreshift-symbol"
SIDE = 40
CELL = (112, 68)


class SymbolPalette(QListWidget):
    """Every symbol as it is drawn, with its name."""

    taken = Signal(str)  # the kind that is to be placed by a press
    wanted = Signal(str)  # the kind that is to be placed in the middle

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = theme()
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setDragDropMode(QListView.DragDropMode.DragOnly)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setWordWrap(True)
        self.setIconSize(QSize(look.px(SIDE), look.px(SIDE)))
        self.setGridSize(QSize(look.px(CELL[0]), look.px(CELL[1])))
        self.setFont(look.font("tiny"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(lambda item: self.taken.emit(str(item.data(Qt.ItemDataRole.UserRole))))
        self.itemActivated.connect(lambda item: self.wanted.emit(str(item.data(Qt.ItemDataRole.UserRole))))
        self._fill()

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        """Return the kind of the symbol that is dragged."""
        mime = QMimeData()
        if items:
            mime.setData(FORMAT, str(items[0].data(Qt.ItemDataRole.UserRole)).encode())
        return mime

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self.count():
            self._fill()

    @guarded_event
    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            for item in (self.item(row) for row in range(self.count())):
                item.setIcon(self._icon(str(item.data(Qt.ItemDataRole.UserRole))))
        return super().event(event)

    def _fill(self) -> None:
        self.clear()
        for kind in SYMBOL_KINDS:
            item = QListWidgetItem(self._icon(kind), kind_name(kind))
            item.setData(Qt.ItemDataRole.UserRole, kind)
            item.setToolTip(kind_name(kind))
            item.setSizeHint(self.gridSize())
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            self.addItem(item)

    @staticmethod
    def kind_of(mime: QMimeData) -> str:
        """Return the kind of symbol that is dragged, "" where it is something else."""
        return mime.data(FORMAT).toStdString() if mime.hasFormat(FORMAT) else ""

    def _icon(self, kind: str) -> QIcon:
        look, ratio = theme(), self.devicePixelRatioF()
        side = look.px(SIDE)
        width, height = SYMBOL_KINDS[kind].size
        factor = (side - 6) / max(width, height)
        pixmap = QPixmap(round(side * ratio), round(side * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        rect = QRectF(0, 0, width * factor, height * factor)
        rect.moveCenter(QRectF(0, 0, side, side).center())
        detail = look.color("running_text")
        ink = Ink(look.color("running"), look.color("stopped"), look.color("process_line"), detail, 1.4)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_body(painter, kind, rect, ink)
            if kind == "text":
                painter.setPen(look.color("text"))
                painter.setFont(look.font("large"))
                painter.drawText(QRectF(0, 0, side, side), Qt.AlignmentFlag.AlignCenter, "Abc")
        return QIcon(pixmap)
