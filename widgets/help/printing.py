"""The help on paper: chapters laid out in the bright look on A4, one after the other, each on a page of its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QDialog, QWidget

from widgets.help.chapter import Chapter
from widgets.help.page_text import PageText
from widgets.theme import load, theme, wearing
from widgets.translation import tr

MARGINS_MM = QMarginsF(15, 14, 15, 14)
_WIDTH_PX = 740.0
"""180 mm are 680 px of the look: letters on paper are read from nearer, so they are a little smaller."""
FOOT_PX = 26.0


def print_chapters(chapters: Sequence[Chapter], device: QPagedPaintDevice) -> None:
    """Print chapters on whatever prints: a printer, or a PDF."""
    device.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            MARGINS_MM,
            QPageLayout.Unit.Millimeter,
        )
    )
    room = device.pageLayout().paintRect(QPageLayout.Unit.Millimeter)
    with wearing(load("light")):
        sheet = QSizeF(_WIDTH_PX, _WIDTH_PX * room.height() / room.width())
        text = paged(chapters, sheet)
        with QPainter(device) as painter:
            scale = painter.viewport().width() / sheet.width()
            painter.scale(scale, scale)
            for place, number in enumerate(_chosen(text.pageCount(), device)):
                if place:
                    device.newPage()
                paint_page(painter, text, number, sheet)


def paged(chapters: Sequence[Chapter], sheet: QSizeF) -> PageText:
    """Lay out chapters in the present look on sheets of this size, above their feet, each from a new page on."""
    text = PageText("\n\n".join(chapter.markdown for chapter in chapters))
    for block in text.headings():
        if block.blockFormat().headingLevel() == 1 and block.position():
            form = block.blockFormat()
            form.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
            QTextCursor(block).setBlockFormat(form)
    text.setPageSize(QSizeF(sheet.width(), sheet.height() - FOOT_PX))
    return text


def _chosen(count: int, device: QPagedPaintDevice) -> Sequence[int]:
    """Return the numbers of the pages that are wanted of so many, from 1."""
    ranges = device.pageRanges()
    return [number for number in range(1, count + 1) if ranges.isEmpty() or ranges.contains(number)]


def paint_page(painter: QPainter, text: PageText, number: int, sheet: QSizeF) -> None:
    """Paint one page, and below it what it is of and its number, so that fallen sheets are put in order again."""
    look, height = theme(), text.pageSize().height()
    shown = QRectF(0, (number - 1) * height, sheet.width(), height)
    context = QAbstractTextDocumentLayout.PaintContext()
    context.palette.setColor(QPalette.ColorRole.Text, look.color("text"))
    context.clip = shown
    painter.save()
    painter.translate(0, -shown.top())
    painter.setClipRect(shown)
    text.documentLayout().draw(painter, context)
    painter.restore()
    foot = QRectF(0, height, sheet.width(), FOOT_PX)
    painter.setFont(look.font("small"))
    painter.setPen(look.color("dim"))
    painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, f"Foreshift  ·  {tr('Help')}")
    of_all = tr("Page {n} of {all}", n=number, all=text.pageCount())
    painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, of_all)


def ask_and_print(chapters: Sequence[Chapter], parent: QWidget) -> QDialog:
    """Let somebody choose a printer, or a file, and print once that is done; the dialog deletes itself."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # noqa: PLC0415 - it asks the system for its printers

    printer = QPrinter()
    printer.setDocName(chapters[0].title)
    dialog = QPrintDialog(printer, parent)
    dialog.accepted.connect(lambda: print_chapters(chapters, printer))
    dialog.finished.connect(dialog.deleteLater)
    dialog.setModal(True)
    dialog.show()  # `open` of a print dialog wants a slot by its name
    return dialog
