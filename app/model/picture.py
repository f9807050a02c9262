"""A process picture (ISA-101 display level 2) as data: symbols, pipes and readouts on a plane."""

from __future__ import annotations

from dataclasses import dataclass

from app.model.text import LocalText


@dataclass(frozen=True, slots=True)
class Symbol:
    """An item of plant.

    `kind` names its drawing: "compressor", "pump", "tank", "tower", "furnace", "filter", "meter", "valve".
    `at`: centre, `size`: width and height, in picture units. `running`: a discrete tag that says whether it runs, or
    ""; `level`: an analog tag that fills it (0..100 % of its EURange), or ""; `value`: a tag written on it, or "".
    """

    kind: str
    at: tuple[float, float]
    size: tuple[float, float]
    equipment: str = ""
    running: str = ""
    level: str = ""
    value: str = ""
    label: LocalText = LocalText("")


@dataclass(frozen=True, slots=True)
class Pipe:
    """A line through `points` (picture units); `medium` is only named in its tool tip."""

    points: tuple[tuple[float, float], ...]
    medium: LocalText = LocalText("")
    arrow: bool = False


@dataclass(frozen=True, slots=True)
class Readout:
    """A live value with its unit at a place, with an optional short label."""

    tag: str
    at: tuple[float, float]
    label: LocalText = LocalText("")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of an area; `size`: its extent in picture units; `sparklines`: tags drawn small below."""

    id: str
    title: LocalText
    equipment: str
    size: tuple[float, float]
    symbols: tuple[Symbol, ...] = ()
    pipes: tuple[Pipe, ...] = ()
    readouts: tuple[Readout, ...] = ()
    sparklines: tuple[str, ...] = ()
