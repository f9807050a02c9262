"""A report in one language: sections with tables and remarks, which pages and sheets are made of."""

from __future__ import annotations

from dataclasses import dataclass

from app.model.shift import ShiftCalendar
from app.report.cell import Cell


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, whether its cells are numbers, and its part of the width.

    `how`: how its cells are calculated, for who asks on the screen, "" where the heading says it.
    """

    head: str
    is_number: bool = False
    width: float = 1.0
    how: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; `title`: where a section has several. `marked`: rows that ask for attention.

    `tags`: the tag that each row is calculated from, "" for none; () where none is. `good`: the share of its data that
    was good, 0..1, None where that is not known.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    marked: frozenset[int] = frozenset()
    tags: tuple[str, ...] = ()
    good: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """How a value ran: its extremes in equal parts of the time, None where it was not known, and its limits.

    `lowest`, `highest`, `begins`, `ends`: what stands at its edges; `nothing`: what is said where nothing is known.
    """

    title: str
    lows: tuple[float | None, ...]
    highs: tuple[float | None, ...]
    limits: tuple[float, ...]
    lowest: str
    highest: str
    begins: str
    ends: str
    nothing: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report; `empty`: what is said where its tables have no rows."""

    title: str
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    empty: str = ""

    @property
    def is_empty(self) -> bool:
        """Return whether no table has a row."""
        return not any(table.rows for table in self.tables)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. `facts`: what it is about, by label. `signatures`: what stands below the lines to be signed.

    `appendix`: what comes behind these, on a page of its own; `charts`: what is drawn behind that, under a title.
    """

    title: str
    plant: str
    period: str
    language: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    signatures: tuple[str, ...]
    footer: str
    page_of: str
    calendar: ShiftCalendar
    appendix: tuple[Section, ...] = ()
    charts: tuple[Chart, ...] = ()
    charts_title: str = ""
