"""Makes equipment classes and what equipment says of its class out of their tables."""

from __future__ import annotations

from app.model.equipment_class import EquipmentClass, Instance
from app.plant.expansion import Expansion
from app.plant.grammar import EquipmentTable
from app.plant.local_text import local_text


def equipment_classes(expansion: Expansion) -> tuple[EquipmentClass, ...]:
    """Return the classes of a plant file in which no errors were found."""
    return tuple(
        EquipmentClass(
            located.table.id,
            local_text(located.table.name),
            kind=located.table.kind,
            parameters=tuple(located.table.parameters),
            defaults=located.table.defaults,
            members=members,
        )
        for located, members in zip(expansion.classes, expansion.members, strict=True)
    )


def instance(table: EquipmentTable) -> Instance | None:
    """Return what equipment says of its class, None where it is of none."""
    if not table.equipment_class:
        return None
    overrides = {kind: members for kind, members in table.override.items() if isinstance(members, dict)}
    return Instance(table.equipment_class, table.parameters, overrides, tuple(table.omit))
