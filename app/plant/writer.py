"""Writes a Plant as the plant file that an engineer would have written for it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from datetime import date, datetime, time
from pathlib import Path

from app.model.alarm import AlarmDefinition, ConditionKind
from app.model.alarm_command import AlarmRules
from app.model.alarm_sheet import AlarmSheet
from app.model.collector_settings import CollectorSettings
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.forecast import ForecastDefinition
from app.model.picture import Picture, Pipe, Readout, Symbol
from app.model.plant import Plant
from app.model.rationalisation import AlarmClass, PriorityMatrix
from app.model.retention import Retention
from app.model.tag import CleaningRule, TagDefinition
from app.model.text import LocalText
from app.plant.alarm_assembly import USUAL_LIMITS
from app.plant.atomic import replace_text
from app.plant.command_rows import method_tables, state_rows, write_rows
from app.plant.data_type_word import TYPE_WORDS
from app.plant.maintenance_rows import maintenance_tables, nameplate_table
from app.plant.report_assembly import report_tables
from app.plant.vibration_rows import vibration_tables

Row = tuple[str, object]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_UNPRINTABLE = re.compile(r'[\x00-\x1f\x7f"\\]')
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def write_plant(path: Path, plant: Plant) -> None:
    """Replace the file at `path` by the plant file of `plant`; raise OSError with the old file left as it was."""
    replace_text(path, plant_text(plant))


def plant_text(plant: Plant) -> str:
    """Return the plant file of `plant`; keys that stand at their defaults are left out."""
    sections = ["# The grammar of this file: docs/reference/plant-file.md\n", *_sections(plant)]
    return "\n".join(sections)


def _sections(plant: Plant) -> Iterator[str]:
    yield toml_section("[plant]", _plant_rows(plant))
    if plant.retention != Retention():
        yield toml_section("[history]", _history_rows(plant.retention))
    if plant.collector != CollectorSettings():
        yield toml_section("[collector]", [("worker_memory_mb", plant.collector.worker_memory_mb)])
    if plant.alarm_rules != AlarmRules():
        yield toml_section("[alarms]", _rule_rows(plant.alarm_rules))
    for equipment in plant.equipment:
        yield toml_section("[[equipment]]", _equipment_rows(equipment))
    for connection in plant.connections:
        yield toml_section(f"[connection.{toml_key(connection.id)}]", _connection_rows(connection))
    for tag in plant.tags:
        yield toml_section("[[tag]]", _tag_rows(tag))
    yield from _alarm_sections(plant)
    for forecast in plant.forecasts:
        yield toml_section("[[forecast]]", _forecast_rows(forecast))
    for picture in plant.pictures:
        yield from _picture_sections(picture)
    upkeep = maintenance_tables(plant.maintenance_rules, plant.spare_parts, plant.maintenance, plant.stops)
    reports = report_tables(plant.report, plant.calendar)
    for header, rows in (*upkeep, *method_tables(plant.methods), *vibration_tables(plant), *reports):
        yield toml_section(header, rows)


def _alarm_sections(plant: Plant) -> Iterator[str]:
    if plant.alarm_matrix != PriorityMatrix():
        yield toml_section("[alarm_matrix]", _matrix_rows(plant.alarm_matrix))
    for each in plant.alarm_classes:
        yield toml_section("[[alarm_class]]", _class_rows(each))
        yield from _sheet_sections("[alarm_class.sheet]", each.sheet)
    for alarm in plant.alarms:
        yield toml_section("[[alarm]]", _alarm_rows(alarm))
        yield from _sheet_sections("[alarm.sheet]", alarm.sheet)


def _picture_sections(picture: Picture) -> Iterator[str]:
    yield toml_section("[[picture]]", _picture_rows(picture))
    for symbol in picture.symbols:
        yield toml_section("[[picture.symbol]]", _symbol_rows(symbol))
    for pipe in picture.pipes:
        yield toml_section("[[picture.pipe]]", _pipe_rows(pipe))
    for readout in picture.readouts:
        yield toml_section("[[picture.readout]]", _readout_rows(readout))


def toml_section(header: str, rows: Iterable[Row]) -> str:
    """Return a table of TOML with its header."""
    return "".join([f"{header}\n", *(f"{toml_key(key)} = {toml_value(value)}\n" for key, value in rows)])


def _plant_rows(plant: Plant) -> Iterator[Row]:
    yield "id", plant.id
    yield "name", plant.name
    yield from _unless(1.0, "time_scale", plant.time_scale)
    yield from _unless(True, "read_only", plant.is_read_only)  # noqa: FBT003 - the default value, no switch


def _history_rows(retention: Retention) -> Iterator[Row]:
    default = Retention()
    yield from _unless(default.raw_days, "raw_days", retention.raw_days)
    yield from _unless(default.minute_days, "minute_days", retention.minute_days)
    yield from _unless(default.hour_days, "hour_days", retention.hour_days)


def _rule_rows(rules: AlarmRules) -> Iterator[Row]:
    for name, value in asdict(rules).items():
        yield from _unless(getattr(AlarmRules(), name), name, value)


def _equipment_rows(equipment: Equipment) -> Iterator[Row]:
    yield "id", equipment.id
    yield from _unless("", "parent", equipment.parent)
    yield "level", equipment.level
    yield from _unless("", "kind", equipment.kind)
    yield "name", equipment.name
    yield from _unless({}, "nameplate", nameplate_table(equipment.nameplate))


def _connection_rows(connection: ConnectionDefinition) -> Iterator[Row]:
    yield "driver", connection.driver
    yield "url", connection.url
    yield from _unless("", "group", connection.group)
    yield from _unless(False, "backfill", connection.backfill)  # noqa: FBT003 - the default of a key
    yield from _unless(False, "alarms", connection.alarms)  # noqa: FBT003
    yield from connection.options.items()


def _tag_rows(tag: TagDefinition) -> Iterator[Row]:
    yield "name", tag.name
    yield "equipment", tag.equipment
    yield "title", tag.title
    yield "connection", tag.connection
    yield "address", tag.address
    yield from _unless("", "unit", tag.unit)
    yield from _unless("float64", "type", TYPE_WORDS[tag.data_type])
    yield "kind", tag.kind
    yield from _unless((-math.inf, math.inf), "range", (tag.low, tag.high))
    if not math.isnan(tag.normal_low) and not math.isnan(tag.normal_high):
        yield "normal", (tag.normal_low, tag.normal_high)
    yield "decimals", tag.decimals
    yield from _unless([], "states", state_rows(tag.states))
    yield "scan_ms", tag.scan_ms
    yield from _unless(1.0, "gain", tag.gain)
    yield from _unless(0.0, "offset", tag.offset)
    yield from _unless(0, "width_bits", tag.width_bits)
    yield from _unless({}, "clean", dict(_cleaning_rows(tag.cleaning)))
    yield from _unless(None, "keep_days", tag.keep_days)
    if tag.write is not None:
        yield "write", dict(write_rows(tag.write, tag.data_type))


def _cleaning_rows(rule: CleaningRule) -> Iterator[Row]:
    yield from _unless(0.0, "spike", rule.spike)
    yield from _unless(0.0, "stuck_s", rule.stuck_s)
    yield from _unless(0.0, "stale_s", rule.stale_s)


def _alarm_rows(alarm: AlarmDefinition) -> Iterator[Row]:
    yield "id", alarm.id
    yield from _unless("", "tag", "" if alarm.forecast else alarm.tag)
    yield from _unless("", "equipment", "" if alarm.forecast else alarm.equipment)
    yield from _unless("", "forecast", alarm.forecast)
    yield "condition", alarm.condition
    yield from _unless("", "setpoint", alarm.setpoint)
    yield from _unless((), "states", alarm.states)
    yield from _unless("", "expression", alarm.expression)
    if alarm.condition is not ConditionKind.STATE:
        yield from _unless(USUAL_LIMITS.get(alarm.condition), "limit", alarm.limit)
    yield from _unless(0.0, "deadband", alarm.deadband)
    yield from _unless(0.0, "on_delay_s", alarm.on_delay_s)
    yield from _unless(0.0, "off_delay_s", alarm.off_delay_s)
    yield from _unless((), "causes", alarm.causes)
    yield from _unless(False, "suppress_by_cause", alarm.suppress_by_cause)  # noqa: FBT003 - the default, no switch
    yield from _unless("", "suppress_when", alarm.suppress_when)
    yield from _unless(0.0, "suppress_after_s", alarm.suppress_after_s)
    yield from _unless("", "group", alarm.group)
    yield from _unless(False, "latch", alarm.latch)  # noqa: FBT003 - the default value, no switch
    yield from _unless(None, "longest_shelf_min", alarm.longest_shelf_min)
    yield "priority", alarm.priority
    yield "message", alarm.message
    yield from _unless("", "alarm_class", alarm.alarm_class)


def _matrix_rows(matrix: PriorityMatrix) -> Iterator[Row]:
    for key in ("minutes", "minor", "major", "severe"):
        yield key, getattr(matrix, key)


def _class_rows(each: AlarmClass) -> Iterator[Row]:
    yield "id", each.id
    for key in ("kind", "tag", "condition"):
        yield from _unless("", key, getattr(each, key))


def _sheet_sections(header: str, sheet: AlarmSheet) -> Iterator[str]:
    default = AlarmSheet()
    rows = [
        row
        for field in fields(sheet)
        for row in _unless(getattr(default, field.name), field.name, getattr(sheet, field.name))
    ]
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


def _picture_rows(picture: Picture) -> Iterator[Row]:
    yield "id", picture.id
    yield "title", picture.title
    yield "equipment", picture.equipment
    yield "size", picture.size
    yield from _unless((), "sparklines", picture.sparklines)


def _symbol_rows(symbol: Symbol) -> Iterator[Row]:
    yield "kind", symbol.kind
    yield "at", symbol.at
    yield "size", symbol.size
    for key in ("equipment", "running", "level", "value"):
        yield from _unless("", key, getattr(symbol, key))
    yield from _unless(LocalText(""), "label", symbol.label)


def _pipe_rows(pipe: Pipe) -> Iterator[Row]:
    yield "points", pipe.points
    yield from _unless(LocalText(""), "medium", pipe.medium)
    yield from _unless(False, "arrow", pipe.arrow)  # noqa: FBT003 - the default value, no switch


def _readout_rows(readout: Readout) -> Iterator[Row]:
    yield "tag", readout.tag
    yield "at", readout.at
    yield from _unless(LocalText(""), "label", readout.label)


def _unless(default: object, key: str, value: object) -> Iterator[Row]:
    """Yield a row only where its value is not what is meant without it; -0.0 equals 0.0 but reads back as itself."""
    if value != default or repr(value) == "-0.0":
        yield key, value


def toml_value(value: object) -> str:
    """Return a value in TOML."""
    match value:
        case LocalText(en, zh):
            return _inline({"en": en, "zh": zh}) if zh else _string(en)
        case Mapping():
            return _inline(value)
        case list() | tuple():
            return f"[{', '.join(toml_value(part) for part in value)}]"
        case _:
            return _scalar(value)


def _scalar(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _string(value)
        case int() | float():
            return format(value) if isinstance(value, int) else repr(float(value))
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            raise TypeError(f"TOML has no {type(value).__name__}: {value!r}")


def _inline(table: Mapping[str, object]) -> str:
    rows = ", ".join(f"{toml_key(key)} = {toml_value(value)}" for key, value in table.items())
    return f"{{ {rows} }}" if rows else "{}"


def toml_key(key: str) -> str:
    """Return a key in TOML, in quotes where it needs them."""
    return key if _BARE_KEY.fullmatch(key) else _string(key)


def _string(text: str) -> str:
    return f'"{_UNPRINTABLE.sub(lambda match: _escape(match.group()), text)}"'


def _escape(character: str) -> str:
    return _SHORT.get(character, f"\\u{ord(character):04X}")
