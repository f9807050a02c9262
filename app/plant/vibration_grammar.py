"""The tables of a plant file that say where vibration is recorded, what turns there, and how much of it is too much."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from app.model.vibration import ACCELERATIONS, VELOCITIES, MeasuringPoint
from app.plant.grammar import Table, Text, TextTable
from app.plant.word import Factor, Interval, Link, Name, NotNegative, Switch, Word

_Count = Annotated[int, Meta(ge=0, description="a whole number, 0 or more", examples=["8"])]
_Source = Annotated[
    Annotated[str, Meta(pattern=r"\S")] | TextTable,
    Meta(
        description="the standard, contract or measurement, since nobody can check limits without a source",
        examples=['"contract 4711, annex 2"'],
    ),
]
_Limits = Annotated[
    tuple[float, float, float],
    Meta(description="three rising velocities in mm/s rms, A|B, B|C and C|D", examples=["[2.0, 4.0, 8.0]"]),
]


class ZoneLimitsTable(Table, frozen=True):
    """`[[vibration_zones]]`: the boundaries of the zones A to D for one class of machines."""

    required = ("id", "limits", "source")
    id: Name = ""
    machine: Text = ""
    foundation: Text = ""
    limits: _Limits = (1.0, 2.0, 3.0)
    source: _Source = ""
    example: Switch = False


class BearingTable(Table, frozen=True):
    """`bearing = { ... }` of a measuring point: its geometry, or its frequencies in turns of the shaft."""

    designation: Word = ""
    balls: _Count = 0
    ball_mm: NotNegative = 0.0
    pitch_mm: NotNegative = 0.0
    contact_deg: NotNegative = 0.0
    bpfo: NotNegative = 0.0
    bpfi: NotNegative = 0.0
    bsf: NotNegative = 0.0
    ftf: NotNegative = 0.0

    @property
    def has_geometry(self) -> bool:
        """Return whether its balls are described."""
        return bool(self.balls or self.ball_mm or self.pitch_mm)

    @property
    def has_ratios(self) -> bool:
        """Return whether its frequencies are given."""
        return bool(self.bpfo or self.bpfi or self.bsf or self.ftf)


_Rolling = Annotated[
    BearingTable | None,
    Meta(
        description="a table of balls, ball_mm and pitch_mm, or of bpfo, bpfi, bsf and ftf",
        examples=['{ designation = "6205", balls = 9, ball_mm = 7.94, pitch_mm = 39.04 }'],
    ),
]
_Unit = Annotated[
    str,
    Meta(description="one of " + ", ".join(f'"{unit}"' for unit in (*ACCELERATIONS, *VELOCITIES)), examples=['"m/s2"']),
]
_DEFAULT = MeasuringPoint("", "", name=None)  # type: ignore[arg-type]  # only its other defaults are wanted


class MeasuringPointTable(Table, frozen=True):
    """`[[measuring_point]]`: a sensor whose waveforms are recorded."""

    required = ("id", "equipment", "name")
    id: Name = ""
    equipment: Link = ""
    name: Text = ""
    unit: _Unit = _DEFAULT.unit
    rate_hz: NotNegative = _DEFAULT.rate_hz
    gain: Factor = _DEFAULT.gain
    connection: Link = ""
    address: Word = ""
    speed: Link = ""
    rated_rpm: NotNegative = _DEFAULT.rated_rpm
    level: Link = ""
    every_h: NotNegative = _DEFAULT.every_h
    keep_days: NotNegative = _DEFAULT.keep_days
    zones: Link = ""
    band: Interval = _DEFAULT.band
    bearing: _Rolling = None
    blades: _Count = 0
    teeth: _Count = 0
    mating_teeth: _Count = 0
