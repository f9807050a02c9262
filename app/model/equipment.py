"""The equipment hierarchy of ISA-95 (IEC 62264-1): enterprise, site, area, work center, work unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.model.equipment_class import Instance
from app.model.maintenance import Nameplate
from app.model.text import LocalText


class EquipmentLevel(StrEnum):
    """The levels of ISA-95's role-based equipment hierarchy."""

    ENTERPRISE = "enterprise"
    SITE = "site"
    AREA = "area"
    WORK_CENTER = "work_center"
    WORK_UNIT = "work_unit"


@dataclass(frozen=True, slots=True)
class Equipment:
    """One node of the hierarchy; `parent` is another's id, or "" at the top; `kind` names its equipment class.

    `nameplate`: what the register of equipment knows of it. `instance`: of which class of the plant file it is one,
    None where all that it has is written by itself. `former`: ids that it had before, the oldest first.
    """

    id: str
    name: LocalText
    level: EquipmentLevel = EquipmentLevel.WORK_UNIT
    parent: str = ""
    kind: str = ""
    nameplate: Nameplate = field(default_factory=Nameplate)
    instance: Instance | None = None
    former: tuple[str, ...] = ()
