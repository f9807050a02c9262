"""The tables of a plant file that say when its shifts are, and what is reported of them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from app.model.report import ReportFormat, ReportRules
from app.model.shift import PeriodKind
from app.plant.grammar import Table, Text
from app.plant.word import Links, Name, NotNegative, Word

Clock = Annotated[
    str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d\Z", description="a time of the day in quotes", examples=['"06:00"'])
]
Weekdays = Annotated[
    list[Annotated[int, Meta(ge=1, le=7)]],
    Meta(description="a list of weekdays, 1 (Monday) to 7", examples=["[1, 2, 3, 4, 5]"]),
]
Periods = Annotated[
    list[PeriodKind],
    Meta(description="a list of " + ", ".join(f'"{kind}"' for kind in PeriodKind), examples=['["shift", "day"]']),
]
Formats = Annotated[
    tuple[ReportFormat, ...],
    Meta(
        min_length=1,
        description="a list of " + ", ".join(f'"{each}"' for each in ReportFormat),
        examples=['["pdf", "xlsx"]'],
    ),
]
Language = Annotated[str, Meta(pattern=r"^(en|zh)\Z", description='"en" or "zh"', examples=['"zh"'])]


class ReportTable(Table, frozen=True):
    """`[report]`: in which zone the shifts are, which values are told, and what is written by itself."""

    zone: Word = ""
    tags: Links = []  # noqa: RUF012 - msgspec copies it
    every: Periods = []  # noqa: RUF012
    formats: Formats = ReportRules().formats
    language: Language = ReportRules().language
    folder: Word = ""


class ShiftTable(Table, frozen=True):
    """`[[shift]]`: one shift of the day, by the clock on the wall."""

    required = ("id", "name", "start")
    id: Name = ""
    name: Text = ""
    start: Clock = ""
    hours: NotNegative = 0.0
    weekdays: Weekdays = []  # noqa: RUF012
