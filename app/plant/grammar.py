"""The tables of a plant file and what may stand at each of their keys.

Every key has a default that no check objects to, so that one wrong key hides nothing that is wrong elsewhere; the
keys that must be given are named in `required`. A key's error message is the description and the example of its type.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from app.model.alarm import ConditionKind, Priority
from app.model.alarm_command import AlarmRules
from app.model.alarm_sheet import Severity
from app.model.collector_settings import CollectorSettings
from app.model.equipment import EquipmentLevel
from app.model.rationalisation import PriorityMatrix
from app.model.retention import Retention
from app.model.role import Role
from app.model.tag import TagKind


class ValueType(StrEnum):
    """The words for the data type of a tag."""

    FLOAT64 = "float64"
    INT64 = "int64"
    BOOL = "bool"
    TEXT = "text"


_UNPRINTABLE = r"\x00-\x1f\x7f"

Name = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        pattern=rf"^[^\s{_UNPRINTABLE}]([^{_UNPRINTABLE}]*[^\s{_UNPRINTABLE}])?\Z",
        description="a name of 1 to 200 printable characters without blanks around it",
        examples=['"AC01"'],
    ),
]
Link = Annotated[str, Meta(description="the name of something else in this file, in quotes", examples=['"AC01"'])]
Word = Annotated[str, Meta(description="a text in quotes", examples=['"bar"'])]
Phrase = Annotated[str, Meta(description="a text in quotes", examples=['"Compressor AC01"'])]
Number = Annotated[float, Meta(description="a number", examples=["100.0"])]
Factor = Annotated[float, Meta(description="a number other than 0", examples=["0.1"])]
Positive = Annotated[float, Meta(gt=0, description="a number above 0", examples=["60.0"])]
NotNegative = Annotated[float, Meta(ge=0, description="a number, 0 or more", examples=["1.0"])]
Days = Annotated[float, Meta(ge=0, description="a number of days, or 0 for ever", examples=["90"])]
Decimals = Annotated[int, Meta(ge=0, le=9, description="a whole number from 0 to 9", examples=["1"])]
ScanTime = Annotated[
    int, Meta(ge=10, le=86_400_000, description="a whole number of milliseconds from 10 to 86400000", examples=["500"])
]
Bits = Annotated[int, Meta(ge=0, le=64, description="a whole number from 0 to 64", examples=["32"])]
Megabytes = Annotated[
    int, Meta(ge=128, le=65_536, description="a whole number of megabytes from 128 to 65536", examples=["512"])
]
Switch = Annotated[bool, Meta(description="true or false", examples=["true"])]
Interval = Annotated[
    tuple[float, float], Meta(description="two numbers, the low and the high one", examples=["[0.0, 150.0]"])
]
Point = Annotated[tuple[float, float], Meta(description="two numbers, x and y", examples=["[200, 150]"])]
Points = Annotated[
    list[tuple[float, float]],
    Meta(min_length=2, description="a list of two or more points", examples=["[[0, 150], [155, 150]]"]),
]
Links = Annotated[list[str], Meta(description="a list of tag names", examples=['["AC01.P_D"]'])]
Span = Annotated[
    tuple[float, float],
    Meta(description="two numbers, the lowest and the highest that may be written", examples=["[880.0, 950.0]"]),
]
Numbers = Annotated[list[float], Meta(min_length=1, description="a list of numbers", examples=["[1, 2]"])]
AlarmLinks = Annotated[list[str], Meta(description="a list of ids of alarms", examples=['["PU01.TRIP.H"]'])]
States = Annotated[list[float], Meta(description="a list of numbers", examples=["[3, 5]"])]
Formula = Annotated[str, Meta(description="an expression in quotes", examples=['"PU01.RUN == 1 and CW01.FLOW < 70"'])]
Comparisons = Annotated[list[str], Meta(description="a list of comparisons in quotes", examples=['["PU01.RUN == 0"]'])]
Seconds = Annotated[float, Meta(gt=0, le=60, description="a number of seconds above 0, at most 60", examples=["5.0"])]
Holding = Annotated[
    float, Meta(gt=0, le=600, description="a number of seconds above 0, at most 600", examples=["30.0"])
]
Rights = Annotated[Role, Meta(description="one of " + ", ".join(f'"{role}"' for role in Role), examples=['"operator"'])]
Setpoint = Annotated[str | float, Meta(description="a tag's name or a number", examples=["75.0"])]
Level = Annotated[
    EquipmentLevel,
    Meta(description="one of " + ", ".join(f'"{level}"' for level in EquipmentLevel), examples=['"work_unit"']),
]
Kind = Annotated[
    TagKind, Meta(description="one of " + ", ".join(f'"{kind}"' for kind in TagKind), examples=['"analog"'])
]
Type = Annotated[
    ValueType, Meta(description="one of " + ", ".join(f'"{kind}"' for kind in ValueType), examples=['"int64"'])
]
CONDITIONS = tuple(kind for kind in ConditionKind if kind is not ConditionKind.FAULT)
"""What a plant file may let be watched."""
Condition = Annotated[
    ConditionKind,
    Meta(description="one of " + ", ".join(f'"{kind}"' for kind in CONDITIONS), examples=['"high"']),
]
Urgency = Annotated[
    Priority,
    Meta(description="1 (critical), 2 (high), 3 (medium) or 4 (diagnostic)", examples=["2"]),
]

ClassCondition = Annotated[
    ConditionKind | None,
    Meta(description="one of " + ", ".join(f'"{kind}"' for kind in CONDITIONS), examples=['"high"']),
]
Gravity = Annotated[
    Severity | None,
    Meta(description="one of " + ", ".join(f'"{severity}"' for severity in Severity), examples=['"major"']),
]
Version = Annotated[int, Meta(ge=0, description="a whole number, 0 or more", examples=["1"])]
Minutes = Annotated[
    tuple[Annotated[float, Meta(gt=0)], ...],
    Meta(min_length=1, description="a list of rising numbers above 0", examples=["[5, 15, 60]"]),
]
Priorities = Annotated[
    tuple[Annotated[int, Meta(ge=1, le=4)], ...],
    Meta(min_length=2, description="a list of priorities, 1 to 4", examples=["[1, 2, 3, 3]"]),
]


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


class EquipmentTable(Table, frozen=True):
    """`[[equipment]]`: one node of the hierarchy."""

    required = ("id", "name")
    id: Name = ""
    name: Text = ""
    level: Level = EquipmentLevel.WORK_UNIT
    parent: Link = ""
    kind: Word = ""


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

    required = ("range",)
    span: Span = (math.nan, math.nan)
    step: NotNegative = math.nan
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
    scan_ms: ScanTime = 500
    gain: Factor = 1.0
    offset: Number = 0.0
    raw: Interval = (math.nan, math.nan)
    scaled: Interval = (math.nan, math.nan)
    width_bits: Bits = 0
    clean: Cleaning = CleaningTable()
    keep_days: Days = math.nan
    write: Write = None


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
    owner: Word = ""
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
    states: States = []
    expression: Formula = ""
    equipment: Link = ""
    forecast: Link = ""
    causes: AlarmLinks = []
    suppress_by_cause: Switch = False
    suppress_when: Formula = ""
    suppress_after_s: NotNegative = 0.0
    group: Word = ""
    latch: Switch = False
    longest_shelf_min: NotNegative = math.nan
    alarm_class: Word = ""
    sheet: Sheet = SheetTable()


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


class SymbolTable(Table, frozen=True):
    """`[[picture.symbol]]`: an item of plant in a picture."""

    required = ("kind", "at", "size")
    kind: Name = ""
    at: Point = (0.0, 0.0)
    size: Point = (1.0, 1.0)
    equipment: Link = ""
    running: Link = ""
    level: Link = ""
    value: Link = ""
    label: Text = ""


class PipeTable(Table, frozen=True):
    """`[[picture.pipe]]`: a line through points of a picture."""

    required = ("points",)
    points: Points = []
    medium: Text = ""
    arrow: Switch = False


class ReadoutTable(Table, frozen=True):
    """`[[picture.readout]]`: a live value at a place of a picture."""

    required = ("tag", "at")
    tag: Link = ""
    at: Point = (0.0, 0.0)
    label: Text = ""


class PictureTable(Table, frozen=True):
    """`[[picture]]`: a process picture; its symbols, pipes and readouts are tables of their own."""

    required = ("id", "title", "equipment", "size")
    id: Name = ""
    title: Text = ""
    equipment: Link = ""
    size: Point = (1.0, 1.0)
    sparklines: Links = []
