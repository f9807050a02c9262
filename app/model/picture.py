"""A process picture (ISA-101) as data: symbols, pipes and readouts on a plane."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.model.text import LocalText


class DisplayLevel(StrEnum):
    """Where a picture stands in the hierarchy of ISA-101: the whole plant, a unit, one machine, or what ails it."""

    OVERVIEW = "overview"
    UNIT = "unit"
    DETAIL = "detail"
    DIAGNOSTIC = "diagnostic"

    @property
    def rank(self) -> int:
        """Return 1 for the overview to 4 for diagnostics."""
        return list(DisplayLevel).index(self) + 1


class Side(StrEnum):
    """The sides of a symbol, as they stand on the screen, where a pipe may be attached."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True)
class Symbol:
    """An item of plant.

    `kind` names its drawing: "compressor", "pump", "tank", "tower", "furnace", "filter", "meter", "valve" ...
    `at`: centre, `size`: width and height as they stand on the screen, in picture units. `running`: a discrete tag that
    says whether it runs, or ""; `level`: an analog tag that fills it (0..100 % of its EURange), or ""; `value`: a tag
    written on it, or "". `id`: what pipes call it, unique in its picture, or "". `turn`: 0, 90, 180 or 270 degrees
    clockwise. `layer`, `group`: for the editor alone; "" is the layer of its kind, and no group of those that are taken
    in hand as one. `part`: of the kind "part" the id of the picture of a class that is drawn here for its equipment
    (app.model.picture_parts), else "".
    """

    kind: str
    at: tuple[float, float]
    size: tuple[float, float]
    equipment: str = ""
    running: str = ""
    level: str = ""
    value: str = ""
    label: LocalText = LocalText("")
    id: str = ""
    turn: int = 0
    layer: str = ""
    part: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Pipe:
    """A line through `points` (picture units); `medium` is only named in its tool tip.

    `start`, `end`: the symbol and side that its first and last point are attached to, as "AC01.right", or "". `color`:
    "#RRGGBB" where a works standard asks for one, "" for the grey of all lines.
    """

    points: tuple[tuple[float, float], ...]
    medium: LocalText = LocalText("")
    arrow: bool = False
    start: str = ""
    end: str = ""
    color: str = ""
    layer: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Readout:
    """A live value with its unit at a place, with an optional short label.

    `indicator`: below it a bar shows where it stands between its limits (ISA-101's moving analogue indicator).
    """

    tag: str
    at: tuple[float, float]
    label: LocalText = LocalText("")
    layer: str = ""
    indicator: bool = False
    group: str = ""


Element = Symbol | Pipe | Readout


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of an area; `size`: its extent in picture units; `sparklines`: tags drawn small below.

    `above`: the id of the picture that an operator comes from, "" where the equipment alone says so. `equipment_class`:
    where it is not "", this is the faceplate of every equipment of that class, and "{id}" in its names of tags and
    equipment stands for the equipment's id. `is_part`: it is to be drawn within other pictures, and is no faceplate
    of its own.
    """

    id: str
    title: LocalText
    equipment: str
    size: tuple[float, float]
    symbols: tuple[Symbol, ...] = ()
    pipes: tuple[Pipe, ...] = ()
    readouts: tuple[Readout, ...] = ()
    sparklines: tuple[str, ...] = ()
    level: DisplayLevel = DisplayLevel.UNIT
    above: str = ""
    equipment_class: str = ""
    is_part: bool = False
