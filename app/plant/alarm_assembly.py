"""Makes the definitions of alarms out of their tables."""

from __future__ import annotations

import math
from collections.abc import Mapping

from app.model.alarm import AlarmDefinition, ConditionKind
from app.model.alarm_command import AlarmRules
from app.plant.alarm_grammar import AlarmRulesTable, AlarmTable
from app.plant.grammar import ForecastTable
from app.plant.local_text import local_text
from app.plant.sheet_assembly import alarm_sheet

USUAL_LIMITS = {
    ConditionKind.MISMATCH: 0.5,
    ConditionKind.STUCK: 0.0,
    ConditionKind.BAD_QUALITY: 0.0,
    ConditionKind.EXPRESSION: 0.5,
}
"""Where a limit may be left out; that of STATE is its first state, to have one that can be shown."""


def alarm_rules(table: AlarmRulesTable) -> AlarmRules:
    """Return the rules that a plant file gives."""
    return AlarmRules(
        longest_shelf_min=table.longest_shelf_min,
        longest_suppression_h=table.longest_suppression_h,
        longest_out_of_service_d=table.longest_out_of_service_d,
        shelve_role=table.shelve_role,
        suppress_role=table.suppress_role,
        service_role=table.service_role,
    )


def alarm_definition(table: AlarmTable, forecasts: Mapping[str, ForecastTable]) -> AlarmDefinition:
    """Return the definition of a table; an alarm on a forecast is about the tag and the equipment of that."""
    forecast = forecasts.get(table.forecast)
    return AlarmDefinition(
        id=table.id,
        tag=table.tag if forecast is None else forecast.tag,
        condition=table.condition,
        limit=_limit(table),
        priority=table.priority,
        message=local_text(table.message),
        deadband=table.deadband,
        on_delay_s=table.on_delay_s,
        off_delay_s=table.off_delay_s,
        setpoint=table.setpoint,
        states=tuple(table.states),
        expression=table.expression,
        equipment=table.equipment if forecast is None else forecast.equipment,
        forecast=table.forecast,
        causes=tuple(table.causes),
        suppress_by_cause=table.suppress_by_cause,
        suppress_when=table.suppress_when,
        suppress_after_s=table.suppress_after_s,
        group=table.group,
        latch=table.latch,
        longest_shelf_min=None if math.isnan(table.longest_shelf_min) else table.longest_shelf_min,
        alarm_class=table.alarm_class,
        sheet=alarm_sheet(table.sheet),
    )


def _limit(table: AlarmTable) -> float:
    if table.condition is ConditionKind.STATE:
        return table.states[0]
    return USUAL_LIMITS.get(table.condition, math.nan) if math.isnan(table.limit) else table.limit
