"""Makes the Plant out of the tables of its file."""

from __future__ import annotations

import math

from app.model.collector_settings import CollectorSettings
from app.model.comparison import Comparison
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.forecast import ForecastDefinition
from app.model.plant import Plant
from app.model.retention import Retention
from app.model.tag import CleaningRule, TagDefinition, TagKind
from app.model.write_rule import StateRule, WriteRule
from app.plant.alarm_assembly import alarm_definition, alarm_rules
from app.plant.class_assembly import equipment_classes, instance
from app.plant.data_type_word import DATA_TYPES
from app.plant.expansion import Expansion
from app.plant.grammar import (
    CleaningTable,
    EquipmentTable,
    ForecastTable,
    HistoryTable,
    TagTable,
    WriteTable,
)
from app.plant.local_text import local_text
from app.plant.maintenance_assembly import (
    maintenance_definition,
    maintenance_rules,
    nameplate,
    planned_stop,
    spare_part,
)
from app.plant.method_assembly import method_definition
from app.plant.picture.assembly import picture_of
from app.plant.report_assembly import report_rules, shift_calendar
from app.plant.sheet_assembly import alarm_class, priority_matrix
from app.plant.tables import LocatedConnection, PlantTables
from app.plant.value_rule import state_names, value_rule
from app.plant.vibration_assembly import measuring_point, zone_limits
from app.plant.word import ValueType

_STATES = (ValueType.BOOL, ValueType.TEXT)


def assemble(tables: PlantTables, *, folder: str, expansion: Expansion) -> Plant:
    """Return the Plant of tables in which no errors were found; `folder`: where its file stands.

    `expansion`: where the tables come from that equipment classes have made.
    """
    plant = tables.plant.table
    forecasts = {item.table.id: item.table for item in tables.forecasts}
    owners = {item.table.id: item.table for item in tables.equipment}
    return Plant(
        id=plant.id,
        name=local_text(plant.name),
        equipment=tuple(_equipment(item.table) for item in tables.equipment),
        connections=tuple(_connection(item, folder) for item in tables.connections),
        tags=tuple(_tag(handle, item.table) for handle, item in enumerate(tables.tags)),
        alarms=tuple(alarm_definition(item.table, forecasts) for item in tables.alarms),
        forecasts=tuple(_forecast(item.table) for item in tables.forecasts),
        pictures=tuple(picture_of(item) for item in tables.pictures),
        time_scale=plant.time_scale,
        retention=_retention(tables.history.table),
        is_read_only=plant.read_only,
        collector=CollectorSettings(tables.collector.table.worker_memory_mb),
        alarm_rules=alarm_rules(tables.alarm_rules.table),
        alarm_classes=tuple(alarm_class(item.table) for item in tables.alarm_classes),
        alarm_matrix=priority_matrix(tables.alarm_matrix.table),
        maintenance=tuple(maintenance_definition(item.table, owners) for item in tables.maintenance),
        maintenance_rules=maintenance_rules(tables.maintenance_rules.table),
        spare_parts=tuple(spare_part(item.table) for item in tables.spare_parts),
        stops=tuple(planned_stop(item.table) for item in tables.stops),
        methods=tuple(method_definition(item) for item in tables.methods),
        zone_limits=tuple(zone_limits(item.table) for item in tables.zone_limits),
        measuring_points=tuple(measuring_point(item.table) for item in tables.measuring_points),
        equipment_classes=equipment_classes(expansion),
        calendar=shift_calendar([item.table for item in tables.shifts], tables.report.table),
        report=report_rules(tables.report.table),
    )


def _retention(table: HistoryTable) -> Retention:
    return Retention(table.raw_days, table.minute_days, table.hour_days)


def _equipment(table: EquipmentTable) -> Equipment:
    return Equipment(
        table.id,
        local_text(table.name),
        level=table.level,
        parent=table.parent,
        kind=table.kind,
        nameplate=nameplate(table.nameplate),
        instance=instance(table),
        former=tuple(table.former),
    )


def _connection(connection: LocatedConnection, folder: str) -> ConnectionDefinition:
    table = connection.located.table
    return ConnectionDefinition(
        connection.id,
        table.driver,
        table.url,
        connection.options,
        group=table.group,
        backfill=table.backfill,
        alarms=table.alarms,
        folder=folder,
    )


def _tag(handle: int, table: TagTable) -> TagDefinition:
    low, high = table.eu_range
    normal_low, normal_high = table.normal
    gain, offset = _scale(table)
    return TagDefinition(
        handle=handle,
        name=table.name,
        equipment=table.equipment,
        title=local_text(table.title or table.name),
        connection=table.connection,
        address=table.address,
        unit=table.unit,
        kind=TagKind.DISCRETE if table.value_type in _STATES or table.states else table.kind,
        low=low,
        high=high,
        normal_low=normal_low,
        normal_high=normal_high,
        decimals=table.decimals,
        scan_ms=table.scan_ms,
        gain=gain,
        offset=offset,
        width_bits=table.width_bits,
        cleaning=_cleaning(table.clean),
        keep_days=None if math.isnan(table.keep_days) else table.keep_days,
        data_type=DATA_TYPES[table.value_type],
        write=None if table.write is None else _write(table.write, table),
        states=state_names(table.states),
        former=tuple(table.former),
    )


def _write(table: WriteTable, tag: TagTable) -> WriteRule:
    """Return the rule of a write; where no tolerance is given it is half a step, or of what is shown, none if exact."""
    values = value_rule(table, tag.value_type, tag.decimals, state_names(tag.states))
    is_exact = tag.value_type is not ValueType.FLOAT64
    usual = 0.0 if is_exact else (values.step or 10.0**-tag.decimals) / 2
    state = table.state
    return WriteRule(
        low=values.low,
        high=values.high,
        step=values.step,
        allowed=values.allowed,
        longest=values.longest,
        tolerance=usual if math.isnan(table.tolerance) else table.tolerance,
        confirm=local_text(table.confirm),
        role=table.role,
        interlocks=tuple(Comparison.parse(text) for text in table.interlocks),
        state=None if state is None else StateRule(state.tag, tuple(state.allowed)),
        read_back_s=table.read_back_s,
        expiry_s=table.expiry_s,
        select_s=table.select_s,
    )


def _scale(table: TagTable) -> tuple[float, float]:
    """Return gain and offset, out of what the ends of the raw range mean where these are given."""
    (raw_low, raw_high), (low, high) = table.raw, table.scaled
    if math.isnan(raw_low) or math.isnan(low):
        return table.gain, table.offset
    gain = (high - low) / (raw_high - raw_low)
    return gain, low - gain * raw_low


def _cleaning(table: CleaningTable) -> CleaningRule:
    return CleaningRule(spike=table.spike, stuck_s=table.stuck_s, stale_s=table.stale_s)


def _forecast(table: ForecastTable) -> ForecastDefinition:
    return ForecastDefinition(
        id=table.id,
        equipment=table.equipment,
        tag=table.tag,
        limit=table.limit,
        direction=table.direction,
        cause=local_text(table.cause),
        action=local_text(table.action),
        window_h=table.window_h,
        horizon_h=table.horizon_h,
    )
