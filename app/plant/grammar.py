"""The tables of a plant file and what may stand at each of their keys.

Every key has a default that no check objects to, so that one wrong key hides nothing that is wrong elsewhere; the
keys that must be given are named in `required`. The tables of alarms are in `alarm_grammar`, those of pictures in
`picture_grammar`.
"""

from __future__ import annotations

import math
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from app.model.alarm import ConditionKind
from app.model.collector_settings import CollectorSettings
from app.model.equipment import EquipmentLevel
from app.model.retention import Retention
from app.model.role import Role
from app.model.tag import TagKind
from app.plant.word import (
    Allowed,
    Bits,
    Comparisons,
    Condition,
    Days,
    Decimals,
    Factor,
    Holding,
    Interval,
    Kind,
    Level,
    Link,
    Longest,
    Megabytes,
    Name,
    NotNegative,
    Number,
    Numbers,
    PartLinks,
    Phrase,
    Positive,
    Rights,
    ScanTime,
    Seconds,
    Span,
    Switch,
    Type,
    ValueType,
    Word,
)


class Table(Struct, frozen=True):
    """A table of the file; `required` names the keys without which it says nothing."""

    required: ClassVar[tuple[str, ...]] = ()


class TextTable(Table, frozen=True):
    """A text in both languages of the screens."""

    required = ("en",)
    en: Phrase = ""
    zh: Phrase = ""


Text = Annotated[
    str | TextTable,
    Meta(description="a text, or a table with en and zh", examples=['{ en = "Compressor AC01", zh = "空压机 AC01" }']),
]


class PlantTable(Table, frozen=True):
    """`[plant]`: what the plant is called, and how fast its time passes."""

    required = ("id", "name")
    id: Name = ""
    name: Text = ""
    time_scale: Positive = 1.0
    read_only: Switch = True


class HistoryTable(Table, frozen=True):
    """`[history]`: for how long samples, minutes and hours are kept."""

    raw_days: Days = Retention().raw_days
    minute_days: Days = Retention().minute_days
    hour_days: Days = Retention().hour_days


class CollectorTable(Table, frozen=True):
    """`[collector]`: how the collector works."""

    worker_memory_mb: Megabytes = CollectorSettings().worker_memory_mb


class NameplateTable(Table, frozen=True):
    """`nameplate = { ... }` of equipment: what a register knows of it."""

    maker: Word = ""
    model: Word = ""
    serial: Word = ""
    rating: Word = ""
    commissioned: Word = ""
    overhauled: Word = ""
    meter: Link = ""
    spares: PartLinks = []


Plate = Annotated[
    NameplateTable,
    Meta(
        description="a table of maker, model, serial and further keys",
        examples=['{ maker = "SKF", serial = "4711", commissioned = "2019-05-02", meter = "AC01.H_RUN" }'],
    ),
]


Values = Annotated[
    dict[str, object], Meta(description="a table of values", examples=['{ connection = "utilities", base = 100 }'])
]
Overrides = Annotated[
    dict[str, object],
    Meta(description="a table of tables", examples=['{ tag = { "AC01.T_D" = { range = [0.0, 120.0] } } }']),
]
Formers = Annotated[list[str], Meta(description="a list of former names", examples=['["AC01.T_D"]'])]
Members = Annotated[list[str], Meta(description="a list of names", examples=['["AC01.T_D"]'])]


class EquipmentTable(Table, frozen=True, rename={"equipment_class": "class"}):
    """`[[equipment]]`: one node of the hierarchy; as an instance of a class it has what `expansion` makes for it."""

    required = ("id", "name")
    id: Name = ""
    name: Text = ""
    level: Level = EquipmentLevel.WORK_UNIT
    parent: Link = ""
    kind: Word = ""
    nameplate: Plate = NameplateTable()
    equipment_class: Link = ""
    parameters: Values = {}
    override: Overrides = {}
    omit: Members = []
    former: Formers = []


class ConnectionTable(Table, frozen=True):
    """`[connection.NAME]`: one device; keys beside these are options of its driver."""

    required = ("driver", "url")
    driver: Name = ""
    url: Annotated[
        str, Meta(min_length=1, description="a URL in quotes", examples=['"opc.tcp://192.168.0.10:4840"'])
    ] = ""
    group: Word = ""
    backfill: Switch = False
    alarms: Switch = False


class CleaningTable(Table, frozen=True):
    """`clean = { ... }` of a tag: what may be doubted of it."""

    spike: NotNegative = 0.0
    stuck_s: NotNegative = 0.0
    stale_s: NotNegative = 0.0


Cleaning = Annotated[
    CleaningTable,
    Meta(
        description="a table of spike, stuck_s and stale_s",
        examples=["{ spike = 20.0, stuck_s = 60.0, stale_s = 5.0 }"],
    ),
]


class StateTable(Table, frozen=True):
    """`state = { ... }` of a write: the states of equipment in which it is allowed."""

    required = ("tag", "allowed")
    tag: Link = ""
    allowed: Numbers = []


State = Annotated[
    StateTable | None,
    Meta(description="a table of tag and allowed", examples=['{ tag = "SQ01.STEP", allowed = [1, 2] }']),
]


class WriteTable(Table, frozen=True, rename={"span": "range"}):
    """`write = { ... }` of a tag: under which conditions it may be written."""

    span: Span = (math.nan, math.nan)
    step: NotNegative = math.nan
    allowed: Allowed = []
    longest: Longest = 0
    confirm: Text = ""
    role: Rights = Role.OPERATOR
    interlocks: Comparisons = []
    state: State = None
    tolerance: NotNegative = math.nan
    read_back_s: Seconds = 2.0
    expiry_s: Seconds = 5.0
    select_s: Holding = 30.0


Write = Annotated[
    WriteTable | None,
    Meta(description="a table of range and further keys", examples=["{ range = [880.0, 950.0], step = 1.0 }"]),
]


class StateNameTable(Table, frozen=True):
    """One line of `states` of a tag: what a number means."""

    required = ("value", "name")
    value: Annotated[int, Meta(description="a whole number", examples=["1"])] = 0
    name: Text = ""


StateNames = Annotated[
    list[StateNameTable],
    Meta(
        description="a list of tables of value and name",
        examples=['[{ value = 0, name = "Stopped" }, { value = 1, name = "Running" }]'],
    ),
]


class TagTable(Table, frozen=True, rename={"eu_range": "range", "value_type": "type"}):
    """`[[tag]]`: one measured, commanded or counted quantity."""

    required = ("name", "equipment", "connection", "address")
    name: Name = ""
    equipment: Link = ""
    title: Text = ""
    connection: Link = ""
    address: Annotated[
        str, Meta(min_length=1, description="the driver's address in quotes", examples=['"HR100:F32"'])
    ] = ""
    unit: Word = ""
    value_type: Type = ValueType.FLOAT64
    kind: Kind = TagKind.ANALOG
    eu_range: Interval = (-math.inf, math.inf)
    normal: Interval = (math.nan, math.nan)
    decimals: Decimals = 1
    states: StateNames = []
    scan_ms: ScanTime = 500
    gain: Factor = 1.0
    offset: Number = 0.0
    raw: Interval = (math.nan, math.nan)
    scaled: Interval = (math.nan, math.nan)
    width_bits: Bits = 0
    clean: Cleaning = CleaningTable()
    keep_days: Days = math.nan
    write: Write = None
    former: Formers = []


class ForecastTable(Table, frozen=True):
    """`[[forecast]]`: a degradation that shows in one tag and ends at a limit."""

    required = ("id", "equipment", "tag", "limit", "direction", "cause", "action")
    id: Name = ""
    equipment: Link = ""
    tag: Link = ""
    limit: Number = math.nan
    direction: Condition = ConditionKind.HIGH
    window_h: Positive = 8.0
    horizon_h: Positive = 240.0
    cause: Text = ""
    action: Text = ""
