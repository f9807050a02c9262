"""The tables of equipment classes: their own keys, and which tables below them each instance gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from app.plant.alarm_grammar import AlarmTable
from app.plant.grammar import ForecastTable, Table, TagTable, Text, Values
from app.plant.maintenance_grammar import MaintenanceDefinitionTable
from app.plant.method_grammar import MethodTable
from app.plant.vibration_grammar import MeasuringPointTable
from app.plant.word import Name, Word

ParameterNames = Annotated[
    list[Annotated[str, Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*\Z", max_length=60)]],
    Meta(description="a list of names of letters, digits and _", examples=['["connection", "base"]']),
]


class EquipmentClassTable(Table, frozen=True):
    """`[[equipment_class]]`: what all equipment of a class has in common."""

    required = ("id", "name")
    id: Name = ""
    name: Text = ""
    kind: Word = ""
    parameters: ParameterNames = []  # noqa: RUF012 - msgspec copies it
    defaults: Values = {}  # noqa: RUF012


@dataclass(frozen=True, slots=True)
class MemberKind:
    """One kind of table below a class; `key`: its name, `parts`: tables below it that are read apart.

    `has_owner`: whether it names its equipment, which is the instance where the class says nothing. `is_recorded`:
    whether something is recorded under its name, so that it tells its former ones.
    """

    table: type[Table]
    key: str
    has_owner: bool = True
    parts: tuple[str, ...] = ()
    is_recorded: bool = False

    @property
    def known(self) -> tuple[str, ...]:
        """Return every key that it may have."""
        return (*(field.encode_name for field in msgspec.structs.fields(self.table)), *self.parts)


MEMBERS: Mapping[str, MemberKind] = {
    "tag": MemberKind(TagTable, "name", is_recorded=True),
    "alarm": MemberKind(AlarmTable, "id", has_owner=False),
    "forecast": MemberKind(ForecastTable, "id"),
    "method": MemberKind(MethodTable, "name", parts=("argument", "output")),
    "measuring_point": MemberKind(MeasuringPointTable, "id"),
    "maintenance_definition": MemberKind(MaintenanceDefinitionTable, "id"),
}
BUILT_IN = ("id", "name", "parent")
"""Parameters that each instance has: what its own keys say."""
