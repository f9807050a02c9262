"""Prints a report as a PDF: A4, with the typeface that comes with the program in it, and the number of each page."""

from __future__ import annotations

import os
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextTable,
    QTextTableCell,
    QTextTableCellFormat,
)

from app.report.document import Document
from widgets.report.charts import PER_PAGE, draw_charts
from widgets.report.markup import PAPER, STYLE, markup
from widgets.theme import bundled_family

_DPI = 300
_CSS_DPI = 96
"""In which Qt takes lengths of a table, whatever it is drawn on."""
_MARGINS_MM = QMarginsF(15, 13, 15, 13)
_FOOTER_PT = 18.0
_BODY_PT = 7.5
_KEPT_BLOCKS = 4
"""A heading is kept with as many cells, or lines, behind it."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The room for text on a page, in dots."""

    width: float
    height: float
    footer: float


def begin_without_display() -> QGuiApplication | None:
    """Begin Qt without a display where nothing has yet, for a command that only prints; keep what is returned."""
    if QGuiApplication.instance() is not None:
        return None
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QGuiApplication([])


def pdf_of(document: Document) -> bytes:
    """Return the PDF of a report; needs a QGuiApplication."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = _writer(buffer, document)
    sheet = _sheet(writer)
    text = _text(writer, document, sheet)
    painter = QPainter(writer)
    written, charts = text.pageCount(), document.charts
    pages = written + -(-len(charts) // PER_PAGE)
    for number in range(pages):
        if number:
            writer.newPage()
        if number < written:
            _draw_page(painter, text, sheet, number)
        else:
            first = (number - written) * PER_PAGE
            room = QRectF(0, 0, sheet.width, sheet.height)
            draw_charts(painter, charts[first : first + PER_PAGE], room, document.charts_title, _font(_BODY_PT))
        _draw_footer(painter, document, sheet, document.page_of.format(page=number + 1, pages=pages))
    painter.end()
    return bytes(buffer.data().data())


def _writer(buffer: QBuffer, document: Document) -> QPdfWriter:
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            _MARGINS_MM,
            QPageLayout.Unit.Millimeter,
        )
    )
    writer.setTitle(f"{document.plant} – {document.title} – {document.period}")
    writer.setCreator("Foreshift")
    return writer


def _sheet(writer: QPdfWriter) -> _Sheet:
    room = writer.pageLayout().paintRectPixels(_DPI)
    footer = _FOOTER_PT * _DPI / 72
    return _Sheet(room.width(), room.height() - footer, footer)


def _text(writer: QPdfWriter, document: Document, sheet: _Sheet) -> QTextDocument:
    text = QTextDocument()
    text.documentLayout().setPaintDevice(writer)
    text.setDefaultFont(_font(_BODY_PT))
    text.setDocumentMargin(0)
    text.setDefaultStyleSheet(STYLE.substitute(PAPER))
    text.setHtml(markup(document))
    text.setPageSize(QSizeF(sheet.width, sheet.height))
    _keep_together(text, sheet)
    return text


def _keep_together(text: QTextDocument, sheet: _Sheet) -> None:
    """Lay the document out from its beginning: what is moved moves only what is behind it."""
    block = text.begin()
    for frame in text.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            while block.isValid() and block.position() < frame.firstPosition():
                _keep_heading(block, text, sheet)
                block = block.next()
            _keep_rows(frame, text, sheet)
            block = text.findBlock(frame.lastPosition()).next()
    while block.isValid():
        _keep_heading(block, text, sheet)
        block = block.next()


def _keep_rows(table: QTextTable, text: QTextDocument, sheet: _Sheet) -> None:
    """Let no row be parted at the end of a page: the row before it fills the page."""
    first = table.format().toTableFormat().headerRowCount()
    for row in range(first + 1, table.rows()):
        cells = _cells(table, row)
        top = min(_room(cell.firstCursorPosition(), text).top() for cell in cells)
        end = max(_room(cell.lastCursorPosition(), text).bottom() for cell in cells)
        left = (top // sheet.height + 1) * sheet.height - top
        if end - top <= left or end - top > sheet.height / 2:
            continue
        for cell in _cells(table, row - 1):
            form = QTextTableCellFormat(cell.format().toTableCellFormat())
            form.setBottomPadding(form.bottomPadding() + (left - 1) * _CSS_DPI / _DPI)
            cell.setFormat(form)
        _lay_out_anew(text)


def _lay_out_anew(text: QTextDocument) -> None:
    """Let Qt forget where everything was: laid out only from a change on, it loses headings between tables."""
    text.markContentsDirty(0, text.characterCount())


def _cells(table: QTextTable, row: int) -> list[QTextTableCell]:
    return [table.cellAt(row, column) for column in range(table.columns())]


def _room(cursor: QTextCursor, text: QTextDocument) -> QRectF:
    return text.documentLayout().blockBoundingRect(cursor.block())


def _keep_heading(block: QTextBlock, text: QTextDocument, sheet: _Sheet) -> None:
    """Begin a new page before a heading whose table would begin on the next one."""
    if block.blockFormat().headingLevel() and _is_left_alone(block, text, sheet):
        form = block.blockFormat()
        form.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
        QTextCursor(block).setBlockFormat(form)
        _lay_out_anew(text)


def _is_left_alone(block: QTextBlock, text: QTextDocument, sheet: _Sheet) -> bool:
    """Return whether what a heading stands above, up to the second row, is on another page than the heading."""
    page = _page_of(block, text, sheet)
    behind = block
    for _ in range(_KEPT_BLOCKS):
        behind = behind.next()
        if not behind.isValid():
            return False
        if _page_of(behind, text, sheet) > page:
            return True
    return False


def _page_of(block: QTextBlock, text: QTextDocument, sheet: _Sheet) -> int:
    return int(text.documentLayout().blockBoundingRect(block).top() // sheet.height)


def _draw_page(painter: QPainter, text: QTextDocument, sheet: _Sheet, number: int) -> None:
    context = QAbstractTextDocumentLayout.PaintContext()
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, QColor(PAPER["text"]))
    context.palette = palette
    context.clip = QRectF(0, number * sheet.height, sheet.width, sheet.height)
    painter.save()
    painter.translate(0, -number * sheet.height)
    painter.setClipRect(context.clip)
    text.documentLayout().draw(painter, context)
    painter.restore()


def _draw_footer(painter: QPainter, document: Document, sheet: _Sheet, page: str) -> None:
    painter.save()
    painter.setFont(_font(_BODY_PT - 0.5))
    painter.setPen(QColor(PAPER["dim"]))
    room = QRectF(0, sheet.height, sheet.width, sheet.footer)
    painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), document.footer)
    painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom), page)
    painter.restore()


def _font(points: float) -> QFont:
    font = QFont(bundled_family())
    font.setPointSizeF(points)
    return font
