"""What is shown of the trends as a sheet for paper or a report: title, plant, time, marks, the panes, the numbers.

Curves, axes and texts are drawn as lines and letters, so a PDF stays sharp at any size; paper has the light theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QRegion,
)
from PySide6.QtWidgets import QWidget

from widgets.theme import BOLD, SEMIBOLD, Theme, load, theme, wearing
from widgets.translation import tr
from widgets.trend.pane import TrendPane

WIDTH = 1120
"""The width of a sheet in lengths of the design; its height follows A4, landscape."""
MARGIN, HEAD, LINE, GAP = 8, 54, 18, 12
RATIO = 2
DPI = 300


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on a sheet. `grid` holds `panes`; `rows`: the lines of the table, its heads first."""

    title: str
    plant: str
    span: str
    made: str
    grid: QWidget
    panes: tuple[TrendPane, ...]
    marks: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def write_pdf(sheet: Sheet, target: Path) -> None:
    """Write a sheet as one page of PDF; raise OSError where that cannot be done."""
    writer = QPdfWriter(str(target))
    writer.setResolution(DPI)
    page = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Landscape, QMarginsF(10, 10, 10, 10)))
    writer.setTitle(f"{sheet.plant}: {sheet.title}")
    writer.setCreator("Foreshift")
    painter = QPainter()
    if not painter.begin(writer):
        raise OSError(tr("{file} cannot be written: is it open elsewhere, or the folder protected?", file=str(target)))
    factor = writer.width() / WIDTH
    painter.scale(factor, factor)
    _paint(painter, QSizeF(WIDTH, writer.height() / factor), sheet)
    if not painter.end():
        raise OSError(tr("{file} cannot be written: is the disk full?", file=str(target)))


def write_png(sheet: Sheet, target: Path) -> None:
    """Write the same sheet as a picture; raise OSError where that cannot be done."""
    height = round(WIDTH / 2**0.5)
    image = QImage(WIDTH * RATIO, height * RATIO, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(RATIO)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint(painter, QSizeF(WIDTH, height), sheet)
    if not image.save(str(target)):
        raise OSError(tr("{file} cannot be written: is it open elsewhere, or the folder protected?", file=str(target)))


def _paint(painter: QPainter, size: QSizeF, sheet: Sheet) -> None:
    """Paint with the look of paper, and let the panes have that of the screen again."""
    try:
        with wearing(_paper()):
            width = size.width() - 2 * MARGIN
            _paint_head(painter, QRectF(MARGIN, 0, width, HEAD), sheet)
            below = _paint_table(painter, QRectF(MARGIN, HEAD, width, size.height() - HEAD), sheet.rows)
            _paint_panes(painter, QRectF(MARGIN, HEAD, width, below - HEAD - GAP), sheet)
    finally:
        for pane in sheet.panes:
            pane.plot.print_sharply(is_printed=False)
            pane.refresh()


def _paper() -> Theme:
    look = load("light", scale=theme().scale)
    white = QColor(Qt.GlobalColor.white)
    return replace(look, colors={**look.colors, "panel": white, "plot": white})


def _paint_head(painter: QPainter, room: QRectF, sheet: Sheet) -> None:
    look = theme()
    painter.setPen(look.color("text"))
    painter.setFont(sized(look.font("title", weight=BOLD), 17))
    painter.drawText(room.topLeft() + QPointF(0, 18), f"{sheet.plant}  \N{MIDDLE DOT}  {sheet.title}")
    painter.setFont(sized(look.font("body"), 12))
    painter.drawText(room.topLeft() + QPointF(0, 38), "      ".join(filter(None, (sheet.span, sheet.marks))))
    painter.setFont(sized(look.font("tiny"), 10))
    painter.setPen(look.color("dim"))
    right = QFontMetricsF(painter.font()).horizontalAdvance(sheet.made)
    painter.drawText(QPointF(room.right() - right, room.top() + 18), sheet.made)


def _paint_table(painter: QPainter, room: QRectF, rows: Sequence[Sequence[str]]) -> float:
    """Write the table at the foot; return where it begins."""
    top = room.bottom() - LINE * len(rows)
    look = theme()
    plain = sized(look.font("body"), 10.5)
    heavy = sized(look.font("body", weight=SEMIBOLD), 10.5)
    metrics = QFontMetricsF(heavy)
    widths = [max(metrics.horizontalAdvance(cell) for cell in column) + 14 for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        y, x = top + number * LINE, room.right() - sum(widths[1:])
        painter.setFont(plain if number else heavy)
        painter.setPen(look.color("text" if number else "dim"))
        for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
            first = QRectF(room.left(), y, x - room.left() + width - width, LINE)
            place = first if not column else QRectF(x, y, width, LINE)
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, cell)
            x += width if column else 0
        painter.setPen(QPen(look.color("line"), 0.6))
        painter.drawLine(QPointF(room.left(), y + LINE), QPointF(room.right(), y + LINE))
    return top


def _paint_panes(painter: QPainter, room: QRectF, sheet: Sheet) -> None:
    """Paint the panes beside one another as they stand, as high as the sheet has room for."""
    factor = room.width() / sheet.grid.width()
    stretch = room.height() / factor / sheet.grid.height()
    painter.save()
    painter.translate(room.left(), room.top())
    painter.scale(factor, factor)
    for pane in sheet.panes:
        place = pane.geometry()
        painter.save()
        painter.translate(place.x(), place.y() * stretch)
        pane.plot.print_sharply(is_printed=True)
        pane.resize(place.width(), round(place.height() * stretch))
        pane.refresh()
        painter.setClipRect(pane.rect())
        pane.render(painter, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
        pane.setGeometry(place)
        painter.restore()
    painter.restore()


def sized(font: QFont, pixels: float) -> QFont:
    """Return a font of that size in lengths of the sheet, whatever the scale of the screen."""
    result = QFont(font)
    result.setPixelSize(round(pixels))
    return result
