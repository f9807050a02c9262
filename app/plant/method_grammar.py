"""The tables of a plant file that declare the methods of devices which operators may call."""

from __future__ import annotations

import math
from typing import Annotated

from msgspec import Meta

from app.model.role import Role
from app.plant.grammar import State, StateNames, Table, Text
from app.plant.word import (
    Allowed,
    Comparisons,
    Decimals,
    Holding,
    Link,
    Longest,
    Name,
    NotNegative,
    Rights,
    Seconds,
    Span,
    Switch,
    Type,
    ValueType,
    Word,
)

NodeAddress = Annotated[
    str, Meta(min_length=1, description="the address of an object in quotes", examples=['"nsu=urn:plc;s=Pump"'])
]
MethodAddress = Annotated[
    str, Meta(min_length=1, description="the address or the name of a method in quotes", examples=['"Reset"'])
]


class ArgumentTable(Table, frozen=True, rename={"span": "range", "value_type": "type"}):
    """`[[method.argument]]`: one input of the method above, in the order in which the device takes them."""

    required = ("name",)
    name: Name = ""
    title: Text = ""
    value_type: Type = ValueType.FLOAT64
    unit: Word = ""
    decimals: Decimals = 1
    span: Span = (math.nan, math.nan)
    step: NotNegative = math.nan
    allowed: Allowed = []  # noqa: RUF012 - msgspec copies it
    longest: Longest = 0
    states: StateNames = []  # noqa: RUF012


class OutputTable(Table, frozen=True):
    """`[[method.output]]`: one output of the method above, in the order in which the device gives them."""

    required = ("title",)
    title: Text = ""
    unit: Word = ""


class MethodTable(Table, frozen=True, rename={"owner": "object"}):
    """`[[method]]`: a method of a device that operators may call."""

    required = ("name", "equipment", "connection", "object", "method")
    name: Name = ""
    equipment: Link = ""
    title: Text = ""
    connection: Link = ""
    owner: NodeAddress = ""
    method: MethodAddress = ""
    enabled: Switch = False
    confirm: Text = ""
    role: Rights = Role.OPERATOR
    interlocks: Comparisons = []  # noqa: RUF012
    state: State = None
    timeout_s: Holding = 10.0
    expiry_s: Seconds = 5.0
    select_s: Holding = 30.0
