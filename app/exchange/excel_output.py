"""Writes rows as an Excel workbook, row by row through XlsxWriter; the one module that uses it.

A sheet of Excel has 1 048 576 rows and 16 384 columns, so long tables go on in further sheets. Excel computes with 15
digits and with times of whole milliseconds; therefore each time stands there twice, as a date of Excel's own and as
exact text. Numbers lose what is beyond 16 digits.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from sys import float_info
from types import TracebackType
from typing import Any, Self

import numpy as np
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from app.exchange.failure import ExchangeError
from app.exchange.output import Style
from app.exchange.table import Cells, Column, Kind, Rows, Texts
from app.exchange.time_text import iso_texts, offsets
from app.model.clock import NS_PER_S

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
_DAY_NS = 86_400 * NS_PER_S
_EPOCH_DAY = 25_569
"""1970-01-01 as Excel counts days."""
_TIME_FORMAT = "yyyy-mm-dd hh:mm:ss.000"
_WIDTHS = {Kind.TIME: 23, Kind.TEXT: 20}
_LARGEST = {Kind.VALUE: 1 << 53, Kind.NUMBER: float_info.max}
"""Beyond these a number stands there as text: whole ones would lose digits, and Excel knows no infinity."""
LIMITS = (
    "Excel computes with 15 digits and shows whole milliseconds: the column time_exact has all nine digits.",
    f"A sheet has {MOST_ROWS} rows; longer tables go on in the next sheet. CSV and Parquet have neither limit.",
)


class ExcelOutput:
    """One workbook: sheets "Samples", "Samples 2", ... and a last one that says what they hold."""

    def __init__(self, path: Path, columns: Sequence[Column], style: Style) -> None:
        """Prepare the workbook at `path`; raise ExchangeError for more columns than a sheet has."""
        headings = [heading for column in columns for heading in _headings(column)]
        if len(headings) > MOST_COLUMNS:
            raise ExchangeError(
                f"a sheet of Excel has {MOST_COLUMNS} columns and this table {len(headings)}: "
                "choose fewer --tags, or --layout long"
            )
        self._headings = headings
        self._columns = tuple(columns)
        self._style = style
        # the rows wait in files until the workbook is put together: they belong on the disk that has room for it
        self._folder = tempfile.mkdtemp(prefix=".foreshift-", dir=path.parent)
        options = {"constant_memory": True, "tmpdir": self._folder}
        self._book = xlsxwriter.Workbook(path, options)
        self._book.use_zip64()
        self._date = self._book.add_format({"num_format": _TIME_FORMAT})
        self._bold = self._book.add_format({"bold": True})
        self._sheets: list[Any] = []
        self._row = MOST_ROWS
        self._begin_sheet()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the workbook together, or drop it after an error; raise OSError."""
        try:
            if error is None:
                self._write_notes()
                self._book.close()
            else:
                self._drop()
        except FileCreateError as reason:
            raise OSError(str(reason)) from reason
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def write(self, rows: Rows) -> None:
        """Append rows; raise OSError."""
        columns = [
            column
            for description, cells in zip(self._columns, rows.cells, strict=True)
            for column in self._put(description, cells)
        ]
        for number in range(rows.count):
            if self._row == MOST_ROWS:
                self._begin_sheet()
            sheet, row = self._sheets[-1], self._row
            for place, (kind, values) in enumerate(columns):
                value = values[number]
                if value is None:
                    continue
                if kind is Kind.TIME:
                    sheet.write_number(row, place, value, self._date)
                elif isinstance(value, bool):
                    sheet.write_boolean(row, place, value)
                elif isinstance(value, str) or abs(value) > _LARGEST[kind]:
                    sheet.write_string(row, place, _safe(str(value)))
                else:
                    sheet.write_number(row, place, value)
            self._row += 1

    def _put(self, column: Column, cells: Cells) -> list[tuple[Kind, list[Any]]]:
        """Return the one or two columns of cells that a column becomes; None is an empty cell."""
        if isinstance(cells, Texts):
            words = np.array([*cells.words, None], object)
            return [(Kind.TEXT, words[cells.index].tolist())]
        if column.kind is Kind.TIME:
            times = cells.astype(np.int64, copy=False)
            days = (times + offsets(times, self._style.zone)) / _DAY_NS + _EPOCH_DAY
            return [(Kind.TIME, days.tolist()), (Kind.TEXT, iso_texts(times, self._style.zone))]
        if column.kind is Kind.VALUE:
            return [(Kind.VALUE, cells.tolist())]
        values = cells.astype(object)
        values[np.isnan(cells)] = None
        return [(Kind.NUMBER, values.tolist())]

    def _begin_sheet(self) -> None:
        name = "Samples" if not self._sheets else f"Samples {len(self._sheets) + 1}"
        sheet = self._book.add_worksheet(name)
        place = 0
        for column in self._columns:
            for _ in _headings(column):
                sheet.set_column(place, place, _WIDTHS.get(column.kind, 14))
                place += 1
        for place, heading in enumerate(self._headings):
            sheet.write_string(0, place, _safe(heading), self._bold)
        sheet.freeze_panes(1, 0)
        self._sheets.append(sheet)
        self._row = 1

    def _write_notes(self) -> None:
        sheet = self._book.add_worksheet("About")
        sheet.set_column(0, 0, 100)
        for row, note in enumerate((*self._style.notes, *LIMITS)):
            sheet.write_string(row, 0, _safe(note))
        self._sheets.append(sheet)

    def _drop(self) -> None:
        """Close the files of the rows: the workbook itself has not been begun."""
        self._book.fileclosed = True
        for sheet in self._sheets:
            sheet._opt_close()  # noqa: SLF001 - XlsxWriter knows no other way not to write a workbook


def _headings(column: Column) -> tuple[str, ...]:
    return (column.heading, f"{column.heading}_exact") if column.kind is Kind.TIME else (column.heading,)


def _safe(text: str) -> str:
    """Return a text that XlsxWriter does not take for markup of its own."""
    return " " + text if text.startswith("<r>") else text
