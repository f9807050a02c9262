"""A CSV file as rows by the names of its columns, each with its line; delimiter and decimal sign are found."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from app.plant.tag_list.entry import TagListError, Untranslatable

DELIMITERS = (",", ";", "\t", "|")
MOST_ROWS = 200_000
LONGEST_LINE = 64 << 10


@dataclass(frozen=True, slots=True)
class Row:
    """A row at a line of its file; cells by the folded names of their columns, "" where there is none."""

    line: int
    cells: Mapping[str, str]
    has_decimal_comma: bool = False

    def text(self, *columns: str) -> str:
        """Return the first of these cells that is not empty."""
        return next((self.cells[column] for column in columns if self.cells.get(column)), "")

    def number(self, *columns: str) -> float | None:
        """Return the number in the first of these cells that is not empty, None where all are; raise Untranslatable."""
        text = self.text(*columns)
        if not text:
            return None
        plain = text.replace(" ", "").replace("\u00a0", "")
        if self.has_decimal_comma and plain.count(",") == 1:
            plain = plain.replace(".", "").replace(",", ".")
        try:
            return float(plain)
        except ValueError as error:
            raise Untranslatable(f'"{text}" in the column {columns[0]} is not a number: correct it') from error

    def whole(self, *columns: str) -> int | None:
        """Return the whole number in one of these cells; raise Untranslatable."""
        value = self.number(*columns)
        if value is not None and not value.is_integer():
            raise Untranslatable(
                f'"{self.text(*columns)}" in the column {columns[0]} is not a whole number: correct it'
            )
        return None if value is None else int(value)


def folded(name: str) -> str:
    """Return the name of a column without what differs from program to program: case, blanks and punctuation."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file and the names of its columns, as they stand there."""

    path: Path
    header: tuple[str, ...]
    delimiter: str
    text: str

    @property
    def columns(self) -> frozenset[str]:
        """Return the folded names."""
        return frozenset(map(folded, self.header))

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not empty; raise TagListError where quotes do not fit, or there are too many."""
        columns = [folded(name) for name in self.header]
        lines = _Lines(self.text)
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        has_comma = self.delimiter != ","
        is_header = True
        count = 0
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise TagListError(
                    self.path, f"the quotes do not fit ({error}): correct the line", line=line
                ) from error
            if not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith("#"):
                continue
            if is_header:
                is_header = False
                continue
            count += 1
            if count > MOST_ROWS:
                raise TagListError(self.path, f"more than {MOST_ROWS:,} rows: divide the file", line=line)
            stripped = [cell.strip() for cell in cells]
            named = dict(zip(columns, stripped, strict=False))
            yield Row(line, named, has_decimal_comma=has_comma)


def sheet_of(path: Path, text: str) -> Sheet:
    """Return a text as a sheet; raise TagListError where its lines do not fall into columns."""
    head = [line for line in islice(text.splitlines(), 200) if line.strip() and not line.lstrip().startswith("#")]
    if not head:
        raise TagListError(path, "the file is empty: give a list with a header and rows")
    if len(max(head, key=len)) > LONGEST_LINE:
        raise TagListError(path, "a line is far too long: this is no list of tags")
    delimiter = max(DELIMITERS, key=lambda each: len(_cells(head[0], each)))
    header = _cells(head[0], delimiter)
    if len(header) < 2:
        raise TagListError(
            path, "the lines do not fall into columns: separate them by comma, semicolon or tab, below a header", line=1
        )
    return Sheet(path, tuple(name.strip() for name in header), delimiter, text)


def _cells(line: str, delimiter: str) -> Sequence[str]:
    try:
        return next(iter(csv.reader([line], delimiter=delimiter)), [])
    except csv.Error:
        return []


class _Lines:
    """The lines of a text with their ends, which csv needs to see for cells of several lines."""

    def __init__(self, text: str) -> None:
        self._lines = iter(text.splitlines(keepends=True))

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        return next(self._lines)
