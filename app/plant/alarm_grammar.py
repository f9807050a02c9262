"""The tables of a plant file that say when there is an alarm, what it means and who may hide it."""

from __future__ import annotations

import math
from typing import Annotated

from msgspec import Meta

from app.model.alarm import ConditionKind, Priority
from app.model.alarm_command import AlarmRules
from app.model.rationalisation import PriorityMatrix
from app.plant.grammar import Table, Text
from app.plant.word import (
    AlarmLinks,
    ClassCondition,
    Condition,
    Formula,
    Gravity,
    Link,
    Minutes,
    Name,
    NotNegative,
    Number,
    Positive,
    Priorities,
    Rights,
    Setpoint,
    States,
    Switch,
    Urgency,
    Version,
    Word,
)


class AlarmRulesTable(Table, frozen=True):
    """`[alarms]`: for how long and by whom alarms may be hidden."""

    longest_shelf_min: Positive = AlarmRules().longest_shelf_min
    longest_suppression_h: Positive = AlarmRules().longest_suppression_h
    longest_out_of_service_d: Positive = AlarmRules().longest_out_of_service_d
    shelve_role: Rights = AlarmRules().shelve_role
    suppress_role: Rights = AlarmRules().suppress_role
    service_role: Rights = AlarmRules().service_role


class SheetTable(Table, frozen=True):
    """`[alarm.sheet]`, `[alarm_class.sheet]`: why an alarm exists and what its operator does."""

    cause: Text = ""
    consequence: Text = ""
    response: Text = ""
    severity: Gravity = None
    respond_within_min: Positive = math.nan
    owner: Text = ""
    approved_by: Word = ""
    approved_on: Word = ""
    version: Version = 0


Sheet = Annotated[
    SheetTable,
    Meta(
        description="a table of cause, consequence, response and further keys",
        examples=['{ response = "Open the bypass" }'],
    ),
]


class AlarmClassTable(Table, frozen=True):
    """`[[alarm_class]]`: what alarms of a kind of equipment have in common."""

    required = ("id",)
    id: Name = ""
    kind: Word = ""
    tag: Word = ""
    condition: ClassCondition = None
    sheet: Sheet = SheetTable()


class MatrixTable(Table, frozen=True):
    """`[alarm_matrix]`: the priority by the severity of the consequence and the time to respond."""

    minutes: Minutes = PriorityMatrix().minutes
    minor: Priorities = PriorityMatrix().minor
    major: Priorities = PriorityMatrix().major
    severe: Priorities = PriorityMatrix().severe


class AlarmTable(Table, frozen=True):
    """`[[alarm]]`: one watched condition."""

    required = ("id", "condition", "priority", "message")
    id: Name = ""
    tag: Link = ""
    condition: Condition = ConditionKind.HIGH
    limit: Number = math.nan
    deadband: NotNegative = 0.0
    on_delay_s: NotNegative = 0.0
    off_delay_s: NotNegative = 0.0
    priority: Urgency = Priority.MEDIUM
    message: Text = ""
    setpoint: Setpoint = ""
    states: States = []  # noqa: RUF012 - msgspec copies it
    expression: Formula = ""
    equipment: Link = ""
    forecast: Link = ""
    causes: AlarmLinks = []  # noqa: RUF012
    suppress_by_cause: Switch = False
    suppress_when: Formula = ""
    suppress_after_s: NotNegative = 0.0
    group: Word = ""
    latch: Switch = False
    longest_shelf_min: NotNegative = math.nan
    alarm_class: Word = ""
    sheet: Sheet = SheetTable()
