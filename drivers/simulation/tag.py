"""A tag of the demo plant as its instrument and its PLC make it: title, range, noise, resolution, data type, defect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.model.tag import TagKind
from app.model.text import LocalText
from app.model.write_rule import WriteRule

NAMESPACE = "urn:foreshift:huangdao"


class Defect(StrEnum):
    """How an instrument can be wrong by itself."""

    NONE = ""
    SPIKE = "spike"
    STUCK = "stuck"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class PlantTag:
    """One tag. `low`, `high`, `normal`: in `unit` (UCUM); `noise`: standard deviation; `resolution`: its smallest step.

    `data_type`: of OPC UA where the tag stands on that server; `width_bits`, `start`: of a counter, which shows
    `start` plus what the plant has counted. `spike` and `stuck_s` are the CleaningRule that suits it.
    `write`: under which conditions the PLC takes another value.
    """

    name: str
    equipment: str
    title: LocalText
    kind: TagKind
    unit: str = ""
    low: float = 0.0
    high: float = 1.0
    normal: tuple[float, float] | None = None
    decimals: int = 0
    noise: float = 0.0
    resolution: float = 1.0
    data_type: str = "Double"
    width_bits: int = 0
    start: float = 0.0
    scan_ms: int = 500
    spike: float = 0.0
    stuck_s: float = 0.0
    defect: Defect = Defect.NONE
    write: WriteRule | None = None

    def of(self, equipment: str, prefix: str = "") -> PlantTag:
        """Return the same tag at an item of equipment, its name put together: equipment, dot, prefix, suffix."""
        return replace(self, name=f"{equipment}.{prefix}{self.name}", equipment=equipment)


def analog(
    suffix: str,
    title: tuple[str, str],
    *,
    unit: str,
    span: tuple[float, float],
    normal: tuple[float, float] | None = None,
    decimals: int = 1,
    noise: float = 0.0,
    spike: float = 0.0,
    defect: Defect = Defect.NONE,
    scan_ms: int = 500,
) -> PlantTag:
    """Return a measured quantity; one with noise counts as stuck after 30 s without any change."""
    return PlantTag(
        name=suffix,
        equipment="",
        title=LocalText(*title),
        kind=TagKind.ANALOG,
        unit=unit,
        low=float(span[0]),
        high=float(span[1]),
        normal=normal and (float(normal[0]), float(normal[1])),
        decimals=decimals,
        noise=noise,
        resolution=10.0 ** -(decimals + 1),
        data_type="Float" if unit == "Cel" else "Double",
        scan_ms=scan_ms,
        spike=float(spike),
        stuck_s=30.0 if noise else 0.0,
        defect=defect,
    )


def discrete(suffix: str, title: tuple[str, str]) -> PlantTag:
    """Return a state that is 0 or 1."""
    return PlantTag(
        name=suffix, equipment="", title=LocalText(*title), kind=TagKind.DISCRETE, data_type="Boolean", high=1.0
    )


def number(suffix: str, title: tuple[str, str], *, most: float) -> PlantTag:
    """Return a whole number that names a state."""
    return PlantTag(
        name=suffix,
        equipment="",
        title=LocalText(*title),
        kind=TagKind.DISCRETE,
        data_type="Int32",
        unit="1",
        high=float(most),
    )


def counter(
    suffix: str,
    title: tuple[str, str],
    *,
    unit: str,
    start: float,
    width_bits: int = 0,
    resolution: float = 1.0,
) -> PlantTag:
    """Return a register that only rises, and begins again at 0 after 2**width_bits steps of its resolution."""
    return PlantTag(
        name=suffix,
        equipment="",
        title=LocalText(*title),
        kind=TagKind.COUNTER,
        unit=unit,
        high=2.0 ** (width_bits or 31) * resolution,
        resolution=resolution,
        data_type="Int32",
        width_bits=width_bits,
        start=start,
        scan_ms=1000,
    )
