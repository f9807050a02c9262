"""What may stand at a key of a plant file; a key's error message is the description and the example of its type."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from app.model.alarm import ConditionKind, Priority
from app.model.alarm_sheet import Severity
from app.model.equipment import EquipmentLevel
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
Bends = Annotated[
    list[tuple[float, float]],
    Meta(description="a list of points, each of two numbers", examples=["[[0, 150], [155, 150]]"]),
]
Links = Annotated[list[str], Meta(description="a list of tag names", examples=['["AC01.P_D"]'])]
Span = Annotated[
    tuple[int | float, int | float],
    Meta(description="two numbers, the lowest and the highest that may be written", examples=["[880.0, 950.0]"]),
]
Numbers = Annotated[list[float], Meta(min_length=1, description="a list of numbers", examples=["[1, 2]"])]
Longest = Annotated[int, Meta(ge=1, le=4096, description="a number of characters from 1 to 4096", examples=["20"])]
Allowed = Annotated[
    list[bool | int | float | str],
    Meta(min_length=1, description="a list of texts, numbers or names of states", examples=['["Heating", "Off"]']),
]
AlarmLinks = Annotated[list[str], Meta(description="a list of ids of alarms", examples=['["PU01.TRIP.H"]'])]
States = Annotated[list[float], Meta(description="a list of numbers", examples=["[3, 5]"])]
EquipmentLinks = Annotated[list[str], Meta(description="a list of ids of equipment", examples=['["AC01"]'])]
PartLinks = Annotated[list[str], Meta(description="a list of ids of spare parts", examples=['["6205-C3"]'])]
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
