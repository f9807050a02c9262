"""Checks rationalisation sheets: that they can be meant, and that each alarm has a response and its priority."""

from __future__ import annotations

from datetime import date

from app.model.alarm_sheet import AlarmSheet
from app.plant.alarm_assembly import alarm_definition
from app.plant.alarm_grammar import AlarmClassTable, AlarmTable, MatrixTable, SheetTable
from app.plant.problem import Findings, KeyPath
from app.plant.sheet_assembly import alarm_class, priority_matrix, sheet_from
from app.plant.table import Located
from app.plant.tables import PlantTables
from app.plant.word import CONDITIONS


def check_sheets(tables: PlantTables, findings: Findings) -> None:
    """Note what is wrong with sheets, classes and matrix.

    Once a plant has any of them, it is rationalised: then each alarm should have a response, and the priority that the
    matrix gives it.
    """
    is_sound = _is_sound(tables.alarm_matrix, findings)
    for each in tables.alarm_classes:
        _check_class(each, findings)
        _check_dates(each.table.sheet, each.key("sheet"), findings)
    names = {each.table.id for each in tables.alarm_classes}
    for alarm in tables.alarms:
        _check_dates(alarm.table.sheet, alarm.key("sheet"), findings)
        wanted = alarm.table.alarm_class
        if wanted and wanted not in names:
            findings.error(
                alarm.key("alarm_class"),
                f'there is no alarm class "{wanted}": add it under [[alarm_class]], or name one that is there',
            )
    is_rationalised = (
        bool(tables.alarm_classes)
        or tables.alarm_matrix.table != MatrixTable()
        or any(alarm.table.sheet != SheetTable() for alarm in tables.alarms)
    )
    if is_rationalised and is_sound:
        _check_answers(tables, findings)


def _is_sound(matrix: Located[MatrixTable], findings: Findings) -> bool:
    table = matrix.table
    is_sound = True
    if tuple(sorted(set(table.minutes))) != table.minutes:
        findings.error(matrix.key("minutes"), "the minutes do not rise: write the shortest first, each once")
        is_sound = False
    for name in ("minor", "major", "severe"):
        row = getattr(table, name)
        if len(row) != len(table.minutes) + 1:
            findings.error(
                matrix.key(name),
                f"`{name}` has {len(row)} priorities: write {len(table.minutes) + 1}, one for each of the minutes and "
                "one for more time",
            )
            is_sound = False
        elif tuple(sorted(row)) != row:
            findings.warning(matrix.key(name), f"`{name}` becomes more urgent with more time: write rising numbers")
    return is_sound


def _check_class(each: Located[AlarmClassTable], findings: Findings) -> None:
    condition = each.table.condition
    if condition is not None and condition not in CONDITIONS:
        findings.error(each.key("condition"), f'"{condition}" is told by the station itself: write another, or none')


def _check_dates(sheet: SheetTable, path: KeyPath, findings: Findings) -> None:
    if sheet.approved_on and not is_date(sheet.approved_on):
        findings.error(
            (*path, "approved_on"), f'"{sheet.approved_on}" is no date: write it as approved_on = "2026-03-09"'
        )
    if sheet.approved_by and not sheet.approved_on:
        findings.warning((*path, "approved_by"), "approved, but nobody knows when: add approved_on")


def is_date(text: str) -> bool:
    """Return whether a text is a date as ISO 8601 writes it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_answers(tables: PlantTables, findings: Findings) -> None:
    matrix = priority_matrix(tables.alarm_matrix.table)
    for alarm in tables.alarms:
        sheet = _whole_sheet(tables, alarm.table)
        if not sheet.response.en:
            findings.warning(
                alarm.path,
                f"alarm {alarm.table.id} says no response: an alarm that needs none is an event; write `response` into "
                "its [alarm.sheet] or its class",
            )
        wanted = matrix.priority(sheet)
        if wanted is not None and wanted != alarm.table.priority:
            findings.warning(
                alarm.key("priority"),
                f"alarm {alarm.table.id} has priority {alarm.table.priority:d}, but a {sheet.severity} consequence "
                f"within {sheet.respond_within_min:g} min has {wanted:d}: correct one of them",
            )


def _whole_sheet(tables: PlantTables, alarm: AlarmTable) -> AlarmSheet:
    definition = alarm_definition(alarm, {each.table.id: each.table for each in tables.forecasts})
    owner = definition.equipment or next(
        (tag.table.equipment for tag in tables.tags if tag.table.name == definition.tag), ""
    )
    kind = next((each.table.kind for each in tables.equipment if each.table.id == owner), "")
    inherited = sheet_from([alarm_class(each.table) for each in tables.alarm_classes], definition, kind)
    return definition.sheet.over(inherited)
