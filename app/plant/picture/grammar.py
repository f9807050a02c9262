"""The tables of process pictures, in files of their own (`pictures/NAME.toml`) and in the plant file."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from app.model.picture import DisplayLevel
from app.plant.grammar import Table, Text
from app.plant.word import Bends, Link, Links, Name, Point, Switch, Word

Display = Annotated[
    DisplayLevel,
    Meta(description="one of " + ", ".join(f'"{level}"' for level in DisplayLevel), examples=['"unit"']),
]
Turn = Annotated[Literal[0, 90, 180, 270], Meta(description="0, 90, 180 or 270", examples=["90"])]
End = Annotated[
    str,
    Meta(description="a symbol's id and one of left, right, top, bottom, in quotes", examples=['"AC01.right"']),
]
Colour = Annotated[
    str,
    Meta(pattern=r"^(#[0-9A-Fa-f]{6})?\Z", description="a colour as six hexadecimal digits", examples=['"#8090A0"']),
]


class SymbolTable(Table, frozen=True):
    """`[[picture.symbol]]`: an item of plant in a picture."""

    required = ("kind", "at", "size")
    id: Word = ""
    kind: Name = ""
    at: Point = (0.0, 0.0)
    size: Point = (1.0, 1.0)
    turn: Turn = 0
    equipment: Link = ""
    running: Link = ""
    level: Link = ""
    value: Link = ""
    label: Text = ""
    layer: Word = ""
    group: Word = ""
    part: Link = ""


class PipeTable(Table, frozen=True, rename={"start": "from", "end": "to"}):
    """`[[picture.pipe]]`: a line from one end through its points to the other; an attached end is no point."""

    start: End = ""
    points: Bends = []  # noqa: RUF012 - msgspec copies it
    end: End = ""
    medium: Text = ""
    arrow: Switch = False
    color: Colour = ""
    layer: Word = ""
    group: Word = ""


class ReadoutTable(Table, frozen=True):
    """`[[picture.readout]]`: a live value at a place of a picture."""

    required = ("tag", "at")
    tag: Link = ""
    at: Point = (0.0, 0.0)
    label: Text = ""
    indicator: Switch = False
    layer: Word = ""
    group: Word = ""


class PictureTable(Table, frozen=True):
    """`[[picture]]`: a process picture; its symbols, pipes and readouts are tables of their own."""

    required: ClassVar[tuple[str, ...]] = ("id", "title", "equipment", "size")
    id: Name = ""
    title: Text = ""
    level: Display = DisplayLevel.UNIT
    equipment: Link = ""
    above: Link = ""
    size: Point = (1.0, 1.0)
    sparklines: Links = []  # noqa: RUF012


class PictureFileTable(PictureTable, frozen=True, rename={"equipment_class": "class"}):
    """The head of a picture in a file of its own, whose name is its id; with a `class` it is a faceplate."""

    required = ("title", "size")
    equipment_class: Link = ""
    part: Switch = False
