"""What the heading of a recorded column says: the signal's title and its unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEADING = re.compile(r"(?P<title>.*?)\s*(?:\[(?P<square>[^\]]*)\]|[(（](?P<round>[^)）]*)[)）])\s*")
_UNITS = {
    "°c": "Cel", "℃": "Cel", "degc": "Cel", "deg c": "Cel", "cel": "Cel", "k": "K",
    "bar": "bar", "mbar": "mbar", "pa": "Pa", "kpa": "kPa", "mpa": "MPa",
    "a": "A", "ma": "mA", "v": "V", "mv": "mV", "kv": "kV", "w": "W", "kw": "kW", "kwh": "kW.h", "hz": "Hz",
    "rpm": "{rpm}", "r/min": "{rpm}", "1/min": "{rpm}",
    "l/min": "L/min", "m3/h": "m3/h", "m³/h": "m3/h", "m3/min": "m3/min", "kg/h": "kg/h", "kg/s": "kg/s", "t/h": "t/h",
    "mm/s": "mm/s", "m/s": "m/s", "m/s2": "m/s2", "m/s²": "m/s2", "mm": "mm", "um": "um", "µm": "um", "m": "m",
    "n": "N", "nm": "N.m", "%": "%", "s": "s", "min": "min", "h": "h", "kg": "kg", "t": "t", "l": "L", "m3": "m3",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A column's heading taken apart; `unit` is a UCUM code, "" where none is named that is known."""

    title: str
    unit: str = ""


def column_name(heading: str) -> ColumnName:
    """Return title and unit of a heading such as "Oil temperature [°C]"; it is all title where no unit is known."""
    match = _HEADING.fullmatch(heading)
    if match is None or not match["title"]:
        return ColumnName(heading)
    unit = _UNITS.get((match["square"] or match["round"] or "").strip().lower())
    return ColumnName(heading) if unit is None else ColumnName(match["title"], unit)
