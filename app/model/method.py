"""A method of a device that operators may call, as an engineer has declared it in the plant file."""

from __future__ import annotations

from dataclasses import dataclass

from app.model.comparison import Comparison
from app.model.content import StateNames
from app.model.exact import DataType
from app.model.role import Role
from app.model.tag import TagKind
from app.model.text import LocalText
from app.model.value_rule import ValueRule
from app.model.write_rule import StateRule


@dataclass(frozen=True, slots=True)
class MethodArgument:
    """One input of a method; `rule`: which values may be given, in `unit` (a UCUM code).

    `states`: what its values are called, where they have names. `decimals`: with how many it is shown.
    """

    name: str
    title: LocalText
    rule: ValueRule
    data_type: DataType = DataType.FLOAT64
    unit: str = ""
    decimals: int = 1
    states: StateNames = ()

    @property
    def kind(self) -> TagKind:
        """Return how its values are shown."""
        return TagKind.DISCRETE if self.states or self.data_type is DataType.BOOLEAN else TagKind.ANALOG

    @property
    def is_text(self) -> bool:
        """Return whether its values are texts."""
        return self.data_type is DataType.STRING


@dataclass(frozen=True, slots=True)
class MethodOutput:
    """One output of a method, in `unit` (a UCUM code)."""

    title: LocalText
    unit: str = ""


@dataclass(frozen=True, slots=True)
class MethodDefinition:
    """One method of the plant: `name` is its unique identifier ("PU01.RESET").

    `owner`: the address of its object in the device; `method`: its own address, or its name below the object.
    `is_enabled`: False until an engineer has enabled it. `timeout_s`: for how long its answer is waited for.
    The other conditions are those of a write: see WriteRule.
    """

    name: str
    equipment: str
    title: LocalText
    connection: str
    owner: str
    method: str
    arguments: tuple[MethodArgument, ...] = ()
    outputs: tuple[MethodOutput, ...] = ()
    is_enabled: bool = False
    confirm: LocalText = LocalText("")
    role: Role = Role.OPERATOR
    interlocks: tuple[Comparison, ...] = ()
    state: StateRule | None = None
    timeout_s: float = 10.0
    expiry_s: float = 5.0
    select_s: float = 30.0
