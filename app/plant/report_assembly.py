"""Makes the shifts of a plant, and what is reported of them, out of their tables, and rows of a file out of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.model.report import ReportRules
from app.model.shift import DEFAULT_SHIFTS, ShiftCalendar, ShiftDefinition
from app.plant.local_text import local_text
from app.plant.report_grammar import ReportTable, ShiftTable
from app.plant.row import Row, differing


def shift_calendar(shifts: Sequence[ShiftTable], report: ReportTable) -> ShiftCalendar:
    """Return the shifts in the order of their starts; those that are usual where none are given."""
    given = sorted((_shift(table) for table in shifts), key=lambda shift: shift.start)
    return ShiftCalendar(tuple(given) or DEFAULT_SHIFTS, report.zone)


def report_rules(table: ReportTable) -> ReportRules:
    """Return the rules of a table."""
    return ReportRules(tuple(table.tags), tuple(table.every), tuple(table.formats), table.language, table.folder)


def report_tables(rules: ReportRules, calendar: ShiftCalendar) -> Iterator[tuple[str, list[Row]]]:
    """Yield the header and the rows of each table; keys that stand at their defaults are left out."""
    rows: list[Row] = [("zone", calendar.zone)] if calendar.zone else []
    rows += [
        (name, list(value) if isinstance(value, tuple) else value) for name, value in differing(ReportRules(), rules)
    ]
    if rows:
        yield "[report]", rows
    for shift in calendar.shifts if calendar.shifts != DEFAULT_SHIFTS else ():
        yield "[[shift]]", list(_shift_rows(shift))


def _shift(table: ShiftTable) -> ShiftDefinition:
    hours, minutes = map(int, table.start.split(":"))
    return ShiftDefinition(
        table.id, local_text(table.name), hours * 60 + minutes, table.hours, tuple(sorted(set(table.weekdays)))
    )


def _shift_rows(shift: ShiftDefinition) -> Iterator[Row]:
    yield "id", shift.id
    yield "name", shift.name
    yield "start", f"{shift.start // 60:02d}:{shift.start % 60:02d}"
    if shift.hours:
        yield "hours", shift.hours
    if shift.weekdays:
        yield "weekdays", list(shift.weekdays)
