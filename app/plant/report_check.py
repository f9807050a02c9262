"""Checks what a plant file says about shifts and reports: a zone that is known, shifts that do not overlap."""

from __future__ import annotations

from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.plant.problem import Findings
from app.plant.report_grammar import ShiftTable
from app.plant.table import Located
from app.plant.tables import PlantTables

_DAY = 24 * 60


def check_reports(tables: PlantTables, findings: Findings) -> None:
    """Note what cannot be meant."""
    report = tables.report
    if report.table.zone and not _is_zone(report.table.zone):
        findings.error(
            report.key("zone"),
            f'"{report.table.zone}" is no time zone known here: write it as zone = "Asia/Shanghai", '
            "or leave it out for that of this PC",
        )
    for shift in tables.shifts:
        if "/" in shift.table.id:
            findings.error(shift.key("id"), f'"{shift.table.id}" holds a slash: write it without')
        if shift.table.hours > 24:
            findings.error(shift.key("hours"), "a shift lasts at most 24 hours: write fewer")
    _check_order([shift for shift in tables.shifts if shift.table.start], findings)


def _check_order(shifts: list[Located[ShiftTable]], findings: Findings) -> None:
    ordered = sorted(shifts, key=lambda shift: _minutes(shift.table))
    for before, behind in pairwise(ordered):
        if _minutes(before.table) == _minutes(behind.table):
            findings.error(
                behind.key("start"),
                f"{before.table.id} and {behind.table.id} both begin at {behind.table.start}: give one another start",
            )
    if len(ordered) < 2:
        return
    first = _minutes(ordered[0].table) + _DAY
    ends = [*(_minutes(shift.table) for shift in ordered[1:]), first]
    for shift, end in zip(ordered, ends, strict=True):
        if _minutes(shift.table) + shift.table.hours * 60 > end:
            findings.error(
                shift.key("hours"),
                f"{shift.table.id} goes on after the next shift has begun: write fewer hours, or leave them out",
            )


def _minutes(shift: ShiftTable) -> int:
    hours, minutes = map(int, shift.start.split(":"))
    return hours * 60 + minutes


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
