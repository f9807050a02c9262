"""The tables of a plant file that say what is maintained how often, with which parts, and when the plant stands."""

from __future__ import annotations

import math
from typing import Annotated

from msgspec import Meta

from app.model.maintenance import MaintenanceRules
from app.plant.grammar import Table, Text
from app.plant.word import (
    EquipmentLinks,
    Link,
    Name,
    NotNegative,
    Number,
    PartLinks,
    Positive,
    Rights,
    Switch,
    Word,
)


class MaintenanceRulesTable(Table, frozen=True):
    """`[maintenance]`: who releases work, and for how long its effect is watched."""

    release_role: Rights = MaintenanceRules().release_role
    watch_h: Positive = MaintenanceRules().watch_h


class SparePartTable(Table, frozen=True):
    """`[[spare_part]]`: a part that is kept for repairs."""

    required = ("id", "name")
    id: Name = ""
    name: Text = ""
    place: Word = ""


class CheckTable(Table, frozen=True):
    """One line of `checks`: what is looked at or measured."""

    required = ("text",)
    text: Text = ""
    unit: Word = ""
    low: Number = math.nan
    high: Number = math.nan


Checks = Annotated[
    list[CheckTable],
    Meta(
        description="a list of tables with text and, for what is measured, unit, low and high",
        examples=['[{ text = "Oil pressure", unit = "bar", low = 2.0, high = 4.0 }]'],
    ),
]


class MaintenanceDefinitionTable(Table, frozen=True):
    """`[[maintenance_definition]]`: work that is done again and again."""

    required = ("id", "equipment", "title")
    id: Name = ""
    equipment: Link = ""
    title: Text = ""
    every: NotNegative = 0.0
    meter: Link = ""
    last_at: NotNegative = math.nan
    every_days: NotNegative = 0.0
    first_due: Word = ""
    fixed: Switch = False
    lead_days: NotNegative = 7.0
    tolerance_days: NotNegative = 0.0
    estimated_h: NotNegative = 0.0
    parts: PartLinks = []  # noqa: RUF012 - msgspec copies it
    checks: Checks = []  # noqa: RUF012
    renews: Switch = False


class PlannedStopTable(Table, frozen=True):
    """`[[planned_stop]]`: a stretch in which the plant or some of it stands still anyway."""

    required = ("id", "name", "start", "hours")
    id: Name = ""
    name: Text = ""
    start: Word = ""
    hours: Positive = 8.0
    every_days: NotNegative = 0.0
    equipment: EquipmentLinks = []  # noqa: RUF012
