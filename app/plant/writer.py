"""Writes a Plant as the plant file that an engineer would have written for it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.model.alarm import AlarmDefinition, ConditionKind
from app.model.alarm_command import AlarmRules
from app.model.alarm_sheet import AlarmSheet
from app.model.collector_settings import CollectorSettings
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.equipment_class import EquipmentClass
from app.model.forecast import ForecastDefinition
from app.model.plant import Plant
from app.model.rationalisation import AlarmClass, PriorityMatrix
from app.model.retention import Retention
from app.model.tag import CleaningRule, TagDefinition
from app.plant.alarm_assembly import USUAL_LIMITS
from app.plant.atomic import replace_text
from app.plant.class_rows import class_sections, override_sections, own_part
from app.plant.command_rows import method_tables, state_rows, write_rows
from app.plant.data_type_word import TYPE_WORDS
from app.plant.maintenance_rows import maintenance_tables, nameplate_table
from app.plant.picture.path import picture_path
from app.plant.picture.text import picture_text
from app.plant.report_assembly import report_tables
from app.plant.row import Row, differing, unless
from app.plant.toml.text import toml_key, toml_section
from app.plant.vibration_rows import vibration_tables


def write_plant(path: Path, plant: Plant) -> None:
    """Replace the file at `path` by the plant file of `plant`, its pictures in files of their own beside it.

    Raise OSError with the old plant file left as it was.
    """
    text = plant_text(plant)
    for picture in (*plant.pictures, *plant.faceplates):
        replace_text(picture_path(path.parent, picture.id), picture_text(picture))
    replace_text(path, text)


def plant_text(plant: Plant) -> str:
    """Return the plant file of `plant` without its pictures; keys that stand at their defaults are left out.

    What instances have of their classes stands in the classes alone.
    """
    sections = ["# The grammar of this file: docs/reference/plant-file.md\n", *_sections(own_part(plant))]
    return "\n".join(sections)


def _sections(plant: Plant) -> Iterator[str]:
    yield toml_section("[plant]", _plant_rows(plant))
    if plant.retention != Retention():
        yield toml_section("[history]", differing(Retention(), plant.retention))
    if plant.collector != CollectorSettings():
        yield toml_section("[collector]", [("worker_memory_mb", plant.collector.worker_memory_mb)])
    if plant.alarm_rules != AlarmRules():
        yield toml_section("[alarms]", differing(AlarmRules(), plant.alarm_rules))
    yield from _equipment_sections(plant)
    for connection in plant.connections:
        yield toml_section(f"[connection.{toml_key(connection.id)}]", _connection_rows(connection))
    for tag in plant.tags:
        yield toml_section("[[tag]]", _tag_rows(tag))
    yield from _alarm_sections(plant)
    for forecast in plant.forecasts:
        yield toml_section("[[forecast]]", _forecast_rows(forecast))
    upkeep = maintenance_tables(plant.maintenance_rules, plant.spare_parts, plant.maintenance, plant.stops)
    reports = report_tables(plant.report, plant.calendar)
    for header, rows in (*upkeep, *method_tables(plant.methods), *vibration_tables(plant), *reports):
        yield toml_section(header, rows)


def _equipment_sections(plant: Plant) -> Iterator[str]:
    classes = {each.id: each for each in plant.equipment_classes}
    for each in plant.equipment_classes:
        yield from class_sections(each)
    for equipment in plant.equipment:
        yield toml_section("[[equipment]]", _equipment_rows(equipment, classes))
        yield from override_sections(equipment)


def _alarm_sections(plant: Plant) -> Iterator[str]:
    if plant.alarm_matrix != PriorityMatrix():
        yield toml_section("[alarm_matrix]", _matrix_rows(plant.alarm_matrix))
    for each in plant.alarm_classes:
        yield toml_section("[[alarm_class]]", _class_rows(each))
        yield from _sheet_sections("[alarm_class.sheet]", each.sheet)
    for alarm in plant.alarms:
        yield toml_section("[[alarm]]", _alarm_rows(alarm))
        yield from _sheet_sections("[alarm.sheet]", alarm.sheet)


def _plant_rows(plant: Plant) -> Iterator[Row]:
    yield "id", plant.id
    yield "name", plant.name
    yield from unless(1.0, "time_scale", plant.time_scale)
    yield from unless(True, "read_only", plant.is_read_only)  # noqa: FBT003 - the default value, no switch


def _equipment_rows(equipment: Equipment, classes: Mapping[str, EquipmentClass]) -> Iterator[Row]:
    yield "id", equipment.id
    yield from unless("", "parent", equipment.parent)
    yield "level", equipment.level
    found = None if equipment.instance is None else classes.get(equipment.instance.equipment_class)
    yield from unless("" if found is None else found.kind_of_instances, "kind", equipment.kind)
    yield "name", equipment.name
    if equipment.instance is not None:
        yield "class", equipment.instance.equipment_class
        yield from unless({}, "parameters", equipment.instance.parameters)
        yield from unless((), "omit", equipment.instance.omitted)
    yield from unless((), "former", equipment.former)
    yield from unless({}, "nameplate", nameplate_table(equipment.nameplate))


def _connection_rows(connection: ConnectionDefinition) -> Iterator[Row]:
    yield "driver", connection.driver
    yield "url", connection.url
    yield from unless("", "group", connection.group)
    yield from unless(False, "backfill", connection.backfill)  # noqa: FBT003 - the default of a key
    yield from unless(False, "alarms", connection.alarms)  # noqa: FBT003
    yield from connection.options.items()


def _tag_rows(tag: TagDefinition) -> Iterator[Row]:
    yield "name", tag.name
    yield "equipment", tag.equipment
    yield "title", tag.title
    yield "connection", tag.connection
    yield "address", tag.address
    yield from unless("", "unit", tag.unit)
    yield from unless("float64", "type", TYPE_WORDS[tag.data_type])
    yield "kind", tag.kind
    yield from unless((-math.inf, math.inf), "range", (tag.low, tag.high))
    if not math.isnan(tag.normal_low) and not math.isnan(tag.normal_high):
        yield "normal", (tag.normal_low, tag.normal_high)
    yield "decimals", tag.decimals
    yield from unless([], "states", state_rows(tag.states))
    yield "scan_ms", tag.scan_ms
    yield from unless(1.0, "gain", tag.gain)
    yield from unless(0.0, "offset", tag.offset)
    yield from unless(0, "width_bits", tag.width_bits)
    yield from unless({}, "clean", dict(_cleaning_rows(tag.cleaning)))
    yield from unless(None, "keep_days", tag.keep_days)
    if tag.write is not None:
        yield "write", dict(write_rows(tag.write, tag.data_type))
    yield from unless((), "former", tag.former)


def _cleaning_rows(rule: CleaningRule) -> Iterator[Row]:
    yield from unless(0.0, "spike", rule.spike)
    yield from unless(0.0, "stuck_s", rule.stuck_s)
    yield from unless(0.0, "stale_s", rule.stale_s)


def _alarm_rows(alarm: AlarmDefinition) -> Iterator[Row]:
    yield "id", alarm.id
    yield from unless("", "tag", "" if alarm.forecast else alarm.tag)
    yield from unless("", "equipment", "" if alarm.forecast else alarm.equipment)
    yield from unless("", "forecast", alarm.forecast)
    yield "condition", alarm.condition
    yield from unless("", "setpoint", alarm.setpoint)
    yield from unless((), "states", alarm.states)
    yield from unless("", "expression", alarm.expression)
    if alarm.condition is not ConditionKind.STATE:
        yield from unless(USUAL_LIMITS.get(alarm.condition), "limit", alarm.limit)
    yield from unless(0.0, "deadband", alarm.deadband)
    yield from unless(0.0, "on_delay_s", alarm.on_delay_s)
    yield from unless(0.0, "off_delay_s", alarm.off_delay_s)
    yield from unless((), "causes", alarm.causes)
    yield from unless(False, "suppress_by_cause", alarm.suppress_by_cause)  # noqa: FBT003 - the default, no switch
    yield from unless("", "suppress_when", alarm.suppress_when)
    yield from unless(0.0, "suppress_after_s", alarm.suppress_after_s)
    yield from unless("", "group", alarm.group)
    yield from unless(False, "latch", alarm.latch)  # noqa: FBT003 - the default value, no switch
    yield from unless(None, "longest_shelf_min", alarm.longest_shelf_min)
    yield "priority", alarm.priority
    yield "message", alarm.message
    yield from unless("", "alarm_class", alarm.alarm_class)


def _matrix_rows(matrix: PriorityMatrix) -> Iterator[Row]:
    for key in ("minutes", "minor", "major", "severe"):
        yield key, getattr(matrix, key)


def _class_rows(each: AlarmClass) -> Iterator[Row]:
    yield "id", each.id
    for key in ("kind", "tag", "condition"):
        yield from unless("", key, getattr(each, key))


def _sheet_sections(header: str, sheet: AlarmSheet) -> Iterator[str]:
    rows = list(differing(AlarmSheet(), sheet))
    if rows:
        yield toml_section(header, rows)


def _forecast_rows(forecast: ForecastDefinition) -> Iterator[Row]:
    yield "id", forecast.id
    yield "equipment", forecast.equipment
    yield "tag", forecast.tag
    yield "limit", forecast.limit
    yield "direction", forecast.direction
    yield "window_h", forecast.window_h
    yield "horizon_h", forecast.horizon_h
    yield "cause", forecast.cause
    yield "action", forecast.action
