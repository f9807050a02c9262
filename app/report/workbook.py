"""A report as an Excel workbook: a sheet for each section, numbers and times as Excel's own."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from app.report.cell import NOTHING, Cell, Instant, Number, Share, Span, wall_time
from app.report.document import Document, Section, Table
from app.report.failure import ExtraMissing

_FORBIDDEN = str.maketrans("", "", "[]:*?/\\")
_WIDTH = 13.0
_TIME_WIDTH = 20.0


def workbook(document: Document) -> bytes:
    """Return the content of a workbook; raise ExtraMissing without the extra `excel`."""
    try:
        import xlsxwriter  # noqa: PLC0415 - the extra may be absent
    except ImportError as error:
        raise ExtraMissing('an .xlsx needs the extra: pip install "foreshift[excel]", or write a .pdf') from error
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheets = _Sheets(book, document)
        sheets.write_facts()
        for section in (*document.sections, *document.appendix):
            sheets.write_section(section)
    return content.getvalue()


class _Sheets:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Any, document: Document) -> None:  # noqa: ANN401 - XlsxWriter has no types
        self._book = book
        self._document = document
        self._formats: dict[str, Any] = {}
        self._names: set[str] = set()

    def write_facts(self) -> None:
        """Write the first sheet: what it is about, and the lines to be signed."""
        document = self._document
        sheet = self._sheet(document.title)
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 70)
        sheet.write_string(0, 0, f"{document.title}: {document.period}", self._format(bold=True, font_size=14))
        row = 2
        for label, text in document.facts:
            sheet.write_string(row, 0, label)
            sheet.write_string(row, 1, text)
            row += 1
        for line in document.signatures:
            row += 3
            sheet.write_string(row, 0, line, self._format(top=1))
            sheet.write_blank(row, 1, None, self._format(top=1))

    def write_section(self, section: Section) -> None:
        """Write the sheet of a section, its tables below each other."""
        sheet = self._sheet(section.title)
        row = 0
        tables = [table for table in section.tables if table.rows]
        for place, width in enumerate(_widths(tables)):
            sheet.set_column(place, place, width)
        for table in tables:
            row = self._write_table(sheet, table, row)
        for note in (*([section.empty] if section.is_empty and section.empty else []), *section.notes):
            sheet.write_string(row, 0, note)
            row += 1

    def _write_table(self, sheet: Any, table: Table, row: int) -> int:  # noqa: ANN401
        if table.title:
            sheet.write_string(row, 0, table.title, self._format(bold=True))
            row += 1
        for place, column in enumerate(table.columns):
            align = "right" if column.is_number else "left"
            sheet.write_string(row, place, column.head, self._format(bold=True, bottom=1, align=align, text_wrap=True))
        for line, cells in enumerate(table.rows):
            row += 1
            more = {"bg_color": "#F6E9D8"} if line in table.marked else {}
            for place, cell in enumerate(cells):
                self._write_cell(sheet, row, place, cell, more)
        return row + 2

    def _write_cell(self, sheet: Any, row: int, place: int, cell: Cell, more: Mapping[str, Any]) -> None:  # noqa: ANN401
        match cell:
            case str():
                sheet.write_string(row, place, _safe(cell), self._format(text_wrap=True, valign="top", **more))
            case Number(float() | int() as value, decimals):
                pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
                sheet.write_number(row, place, value, self._format(num_format=pattern, valign="top", **more))
            case Share(float() as value):
                sheet.write_number(row, place, value, self._format(num_format="0.0%", valign="top", **more))
            case Span(float() as seconds):
                sheet.write_number(
                    row, place, seconds / 86_400, self._format(num_format="[h]:mm:ss", valign="top", **more)
                )
            case Instant(time) if time:
                wall = wall_time(time, self._document.calendar).replace(tzinfo=None)
                sheet.write_datetime(
                    row, place, wall, self._format(num_format="yyyy-mm-dd hh:mm:ss", valign="top", **more)
                )
            case _:
                sheet.write_string(row, place, NOTHING, self._format(align="right", valign="top", **more))

    def _sheet(self, title: str) -> Any:  # noqa: ANN401
        name = title.translate(_FORBIDDEN)[:31]
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self._document.footer.replace('&', '&&')}&R&P / &N")
        return sheet

    def _format(self, **properties: Any) -> Any:  # noqa: ANN401
        key = repr(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(properties)
        return self._formats[key]


def _widths(tables: Sequence[Table]) -> list[float]:
    """Return how wide each column has to be for all tables of a sheet, in characters."""
    found = [0.0] * max((len(table.columns) for table in tables), default=0)
    for table in tables:
        for place, column in enumerate(table.columns):
            is_time = any(isinstance(row[place], Instant) for row in table.rows)
            width = max(_TIME_WIDTH if is_time else 0.0, _WIDTH * max(1.0, column.width))
            found[place] = max(found[place], width)
    return found


def _safe(text: str) -> str:
    """Return a text that XlsxWriter does not take for markup of its own."""
    return " " + text if text.startswith("<r>") else text
