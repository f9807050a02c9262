"""A printed report: whole in both languages, with its typeface in it, numbered pages, and headings at their tables."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QTextTable
from PySide6.QtWidgets import QApplication

from app.model.shift import ShiftCalendar
from app.model.text import LocalText
from app.report.content import ReportContent
from app.report.document import Chart, Column, Document, Section, Table
from app.report.reading import ReportReading
from app.report.sections import document_of
from tests.app.report.plants import PLANT, SHIFT, hour, write_shift
from widgets.report import printing
from widgets.report.charts import PER_PAGE


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> ReportContent:
    history = write_shift(tmp_path_factory.mktemp("plant"))
    return ReportReading(history, PLANT).read(SHIFT, hour(30))


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_that_a_report_is_a_pdf_with_its_typeface_in_it(content: ReportContent, language: str) -> None:
    printed = printing.pdf_of(document_of(content, PLANT.calendar, language))
    assert printed.startswith(b"%PDF-1.")
    assert b"NotoSans" in printed
    assert b"/FontFile2" in printed or b"/FontFile3" in printed
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) >= 2


@pytest.mark.peer
@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["Shift report: 2026-11-25 Early shift", "Water works", "valve stuck", "Handed over by", "Page 1 of"]),
        ("zh", ["班次报告: 2026-11-25 早班", "水厂", "压力高", "交班人", "接班人", "第 1 页，共"]),
    ],
)
def test_that_another_program_reads_the_texts_of_a_pdf(
    content: ReportContent, tmp_path: Path, language: str, texts: list[str]
) -> None:
    pdftotext = shutil.which("pdftotext")
    if pdftotext is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    path = tmp_path / "report.pdf"
    path.write_bytes(printing.pdf_of(document_of(content, PLANT.calendar, language)))
    read = subprocess.run([pdftotext, "-layout", str(path), "-"], capture_output=True, check=True).stdout.decode()
    assert [text for text in texts if text not in read] == []
    assert "made 2026-11-26 12:00" in read or "生成于 2026-11-26 12:00" in read


def document(rows: int) -> Document:
    """A report with one heading behind so many rows."""
    columns = (Column("A"), Column("B"))
    filler = Section("First", (Table(columns, tuple(("x", str(number)) for number in range(rows))),))
    section = Section("Second", (Table(columns, (("y", "1"), ("y", "2"))),))
    return Document("T", "P", "D", "en", (), (filler, section), ("S",), "F", "{page} of {pages}", ShiftCalendar())


def test_that_no_heading_is_left_alone_at_the_end_of_a_page(qapp: QApplication) -> None:
    moved = 0
    for rows in range(40, 62):
        made = document(rows)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = printing._writer(buffer, made)
        sheet = printing._sheet(writer)
        text = printing._text(writer, made, sheet)
        block = text.begin()
        while block.text() != "Second":
            block = block.next()
        below = block.next()
        while not below.text():
            below = below.next()
        pages = [int(text.documentLayout().blockBoundingRect(each).top() // sheet.height) for each in (block, below)]
        assert pages[0] == pages[1], rows
        moved += block.blockFormat().pageBreakPolicy().value != 0
    assert moved


@pytest.mark.parametrize("copies", [1, 39])
def test_that_every_heading_stands_between_the_tables_that_it_parts(
    qapp: QApplication, content: ReportContent, copies: int
) -> None:
    named = replace(content.values[0], title=LocalText("A title that is long enough to need two lines of its column"))
    made = document_of(replace(content, values=(content.values[0], named) * copies), PLANT.calendar, "en")
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = printing._writer(buffer, made)
    text = printing._text(writer, made, printing._sheet(writer))
    block, bottom, headings = text.begin(), 0.0, []
    while block.isValid():
        room = text.documentLayout().blockBoundingRect(block)
        if block.blockFormat().headingLevel():
            assert room.height() > 20
            assert room.top() >= bottom, block.text()
            headings.append(block.text())
        bottom = max(bottom, room.bottom())
        block = block.next()
    assert [section.title for section in made.sections if section.title not in headings] == []


def test_that_no_row_is_parted_at_the_end_of_a_page_and_none_is_lost(qapp: QApplication) -> None:
    columns = (Column("A"), Column("B", width=0.4))
    rows = tuple((str(number), "word " * (50 if number % 3 == 0 else 1)) for number in range(90))
    made = replace(document(0), sections=(Section("First", (Table(columns, rows),)),))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = printing._writer(buffer, made)
    sheet = printing._sheet(writer)
    text = printing._text(writer, made, sheet)
    (table,) = [
        frame for frame in text.rootFrame().childFrames() if isinstance(frame, QTextTable) and frame.rows() == 91
    ]
    pages = []
    for row in range(1, 91):
        rooms = [
            text.documentLayout().blockBoundingRect(table.cellAt(row, column).firstCursorPosition().block())
            for column in (0, 1)
        ]
        top, end = min(room.top() for room in rooms), max(room.bottom() for room in rooms)
        assert int(top // sheet.height) == int((end - 1) // sheet.height), row
        pages.append(int(top // sheet.height))
    assert pages == sorted(pages)
    assert text.pageCount() == pages[-1] + 1 >= 4


def test_that_the_head_of_a_table_comes_again_on_each_page(qapp: QApplication) -> None:
    made = document(200)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = printing._writer(buffer, made)
    text = printing._text(writer, made, printing._sheet(writer))
    heads = [
        frame.format().toTableFormat().headerRowCount()
        for frame in text.rootFrame().childFrames()
        if isinstance(frame, QTextTable)
    ]
    assert heads.count(1) == 2
    assert text.pageCount() >= 3


@pytest.mark.parametrize(("charts", "pages"), [(0, 0), (1, 1), (PER_PAGE, 1), (PER_PAGE + 1, 2)])
def test_that_courses_are_drawn_on_pages_of_their_own_and_counted(qapp: QApplication, charts: int, pages: int) -> None:
    course = Chart("T, bar", (1.0, None, 2.0), (1.5, None, 2.0), (0.5, 9.0), "1.0", "2.0", "06:00", "14:00", "nothing")
    flat = replace(course, lows=(3.0,) * 3, highs=(3.0,) * 3)
    unknown = replace(course, lows=(None,) * 3, highs=(None,) * 3)
    drawn = tuple((course, flat, unknown)[place % 3] for place in range(charts))
    plain = len(re.findall(rb"/Type\s*/Page\b", printing.pdf_of(document(0))))
    made = printing.pdf_of(replace(document(0), charts=drawn, charts_title="Courses"))
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == plain + pages


def test_that_names_with_markup_in_them_are_printed_as_they_are(qapp: QApplication, content: ReportContent) -> None:
    from app.model.text import LocalText
    from widgets.report.markup import markup

    made = document_of(replace(content, plant=LocalText("<b>A & B</b>")), PLANT.calendar, "en")
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in markup(made)
