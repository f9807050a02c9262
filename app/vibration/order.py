"""Orders: frequencies as multiples of the shaft's, and the lines that stand at known ones."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.model.vibration import MeasuringPoint

SLIP = 0.02
"""By so much of it a bearing's frequency may differ from what its geometry says."""


class LineKind(StrEnum):
    """What makes a line."""

    SHAFT = "shaft"
    BPFO = "bpfo"
    BPFI = "bpfi"
    BSF = "bsf"
    FTF = "ftf"
    BLADE = "blade"
    GEAR = "gear"
    MATE = "mate"
    """The shaft of the gear that meshes with the one on this shaft."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A known line: the `harmonic`-th of `kind`, at `order` times the shaft's frequency."""

    kind: LineKind
    harmonic: int
    order: float


def order_lines(point: MeasuringPoint, *, harmonics: int = 4) -> list[OrderLine]:
    """Return the lines that are known of a measuring point, by kind and then by harmonic."""
    bases: list[tuple[LineKind, float]] = [(LineKind.SHAFT, 1.0)]
    bearing = point.bearing
    if bearing is not None:
        bases += [
            (LineKind.BPFO, bearing.bpfo),
            (LineKind.BPFI, bearing.bpfi),
            (LineKind.BSF, bearing.bsf),
            (LineKind.FTF, bearing.ftf),
        ]
    if point.blades:
        bases.append((LineKind.BLADE, float(point.blades)))
    if point.teeth:
        bases.append((LineKind.GEAR, float(point.teeth)))
    if point.teeth and point.mating_teeth:
        bases.append((LineKind.MATE, point.teeth / point.mating_teeth))
    return [OrderLine(kind, k, k * order) for kind, order in bases for k in range(1, harmonics + 1)]
