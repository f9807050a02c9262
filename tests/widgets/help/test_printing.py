"""Chapters of the help on paper: dark letters, a page for each chapter, numbers at the foot, only the wanted pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage, QPageRanges, QPainter, QPdfWriter
from PySide6.QtWidgets import QApplication

from widgets import theme
from widgets.help.book import chapter
from widgets.help.printing import FOOT_PX, paged, paint_page, print_chapters


@pytest.mark.usefixtures("dark")
def test_that_it_is_printed_in_dark_letters_with_a_page_for_each_chapter(tmp_path: Path) -> None:
    file = tmp_path / "help.pdf"
    writer = QPdfWriter(str(file))
    print_chapters([chapter("overview"), chapter("audit")], writer)
    del writer
    pdf = file.read_bytes()
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") == 2
    assert theme.theme().name == "dark", "the screens keep their look"


def test_that_each_printed_page_tells_its_number_at_its_foot(qapp: QApplication) -> None:
    sheet = QSizeF(740, 1100)
    text = paged([chapter("overview"), chapter("audit")], sheet)
    assert text.pageCount() == 2
    feet = []
    for number in (1, 2):
        image = QImage(sheet.toSize(), QImage.Format.Format_RGB32)
        image.fill(0)
        with QPainter(image) as painter:
            paint_page(painter, text, number, sheet)
        feet.append(image.copy(0, int(sheet.height() - FOOT_PX), image.width(), int(FOOT_PX)))
    middle = [foot.copy(250, 0, 240, foot.height()) for foot in feet]
    blank = middle[0].copy()
    blank.fill(0)
    assert middle == [blank, blank], "nothing of the chapter comes down to it"
    assert feet[0] != feet[1]
    assert feet[0].copy(0, 0, 250, 26) == feet[1].copy(0, 0, 250, 26), "and they tell of the same print"
    assert feet[0].copy(490, 0, 250, 26) != blank.copy(0, 0, 250, 26)


def test_that_only_the_wanted_pages_are_printed(tmp_path: Path) -> None:
    file = tmp_path / "help.pdf"
    writer = QPdfWriter(str(file))
    ranges = QPageRanges()
    ranges.addPage(2)
    writer.setPageRanges(ranges)
    print_chapters([chapter("overview"), chapter("audit")], writer)
    del writer
    assert file.read_bytes().count(b"/Type /Page\n") == 1
