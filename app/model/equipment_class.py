"""An equipment class (ISA-95, IEC 62264-1): what all equipment of a kind has in common, written once for all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.model.text import LocalText


@dataclass(frozen=True, slots=True)
class EquipmentClass:
    """One class; `kind`: the kind of its instances, where they give none of their own.

    `parameters`: names of what an instance gives, `defaults`: values of those that it need not give. `members`: by kind
    ("tag", "alarm", ...) the tables of what each instance has, as the plant file gives them, with parameters in braces.
    """

    id: str
    name: LocalText
    kind: str = ""
    parameters: tuple[str, ...] = ()
    defaults: Mapping[str, object] = field(default_factory=dict)
    members: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)

    @property
    def kind_of_instances(self) -> str:
        """Return the kind that an instance has which gives none."""
        return self.kind or self.id


@dataclass(frozen=True, slots=True)
class Instance:
    """What equipment says of the class that it is an instance of.

    `overrides`: by kind of member and by the name that the class gives it, the keys in which it differs here.
    `omitted`: names of members that it has not.
    """

    equipment_class: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    overrides: Mapping[str, Mapping[str, Mapping[str, object]]] = field(default_factory=dict)
    omitted: tuple[str, ...] = ()
