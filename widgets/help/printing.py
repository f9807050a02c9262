"""The help on paper: chapters laid out in the bright look on A4, one after the other, each on a page of its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QTextCursor, QTextFormat
from PySide6.QtWidgets import QDialog, QWidget

from widgets.help.chapter import Chapter
from widgets.help.page_text import PageText
from widgets.theme import load, wearing

MARGINS_MM = QMarginsF(15, 14, 15, 14)
_WIDTH_PX = 740.0
"""180 mm are 680 px of the look: letters on paper are read from nearer, so they are a little smaller."""


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
        text = PageText("\n\n".join(chapter.markdown for chapter in chapters))
        for block in text.headings():
            if block.blockFormat().headingLevel() == 1 and block.position():
                form = block.blockFormat()
                form.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
                QTextCursor(block).setBlockFormat(form)
        text.setPageSize(QSizeF(_WIDTH_PX, _WIDTH_PX * room.height() / room.width()))
        text.print_(device)


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
