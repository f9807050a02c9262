"""Writes rows as CSV (RFC 4180, UTF-8); numbers in the shortest form from which the same bits are read back."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from app.exchange.csv_cell import text_cell
from app.exchange.output import Style
from app.exchange.table import Cells, Column, Kind, Rows, Texts, value_text
from app.exchange.time_text import iso_texts
from app.model.block import ValueArray

LINE_END = "\r\n"


class CsvOutput:
    """One CSV file; an empty cell is no value."""

    def __init__(self, path: Path, columns: Sequence[Column], style: Style) -> None:
        """Open the file at `path` and write its header; raise OSError."""
        self._columns = tuple(columns)
        self._zone = style.zone
        self._file = path.open("wb")
        if style.has_mark:
            self._file.write(codecs.BOM_UTF8)
        self._write_lines([",".join(text_cell(column.heading) for column in columns)])

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self._file.close()

    def write(self, rows: Rows) -> None:
        """Append rows; raise OSError."""
        if not rows.count:
            return
        columns = [self._texts(column, cells) for column, cells in zip(self._columns, rows.cells, strict=True)]
        self._write_lines(list(map(",".join, zip(*columns, strict=True))))

    def _write_lines(self, lines: list[str]) -> None:
        self._file.write((LINE_END.join(lines) + LINE_END).encode())

    def _texts(self, column: Column, cells: Cells) -> list[str]:
        if isinstance(cells, Texts):
            words = np.array([*map(text_cell, cells.words), ""], object)
            texts: list[str] = words[cells.index].tolist()
            return texts
        if column.kind is Kind.TIME:
            return iso_texts(cells.astype(np.int64, copy=False), self._zone)
        if column.kind is Kind.NUMBER:
            return _numbers(cells.astype(np.float64, copy=False))
        if column.kind is Kind.VALUE:
            return [text_cell(value) if isinstance(value, str) else value_text(value) for value in cells.tolist()]
        return list(map(str, cells.tolist()))


def _numbers(values: ValueArray) -> list[str]:
    texts = list(map(repr, values.tolist()))
    for place in np.flatnonzero(np.isnan(values)).tolist():
        texts[place] = ""
    return texts
