"""The models of SunSpec that tags are proposed from: their points, in the order of the registers.

After the SunSpec Device Information Model Specification: common model 1, inverters 101 to 103 (integers with scale
factors) and 111 to 113 (floats), meters 201 to 204. A place counts from the model's id, so that its points begin at 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from drivers.modbus.data_type import DataType


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a model; `scale`: the point that holds its power of ten, "" for none; `unit` is a UCUM code."""

    name: str
    title: str
    place: int
    data_type: DataType
    unit: str = ""
    scale: str = ""
    length: int = 0
    is_counter: bool = False
    is_discrete: bool = False
    is_scale: bool = False

    @property
    def words(self) -> int:
        """Return how many registers it takes."""
        return self.length // 2 if self.data_type is DataType.STR else self.data_type.words


_PHASES = ("A", "B", "C")
_SIGNED, _UNSIGNED, _FLOAT = DataType.I16N, DataType.U16N, DataType.F32N
_TITLES = {
    "A": "AC current",
    "PPV": "Voltage between phases",
    "PhV": "Voltage of a phase against neutral",
    "W": "Power",
    "Hz": "Frequency",
    "VA": "Apparent power",
    "VAr": "Reactive power",
    "PF": "Power factor",
    "WH": "Energy",
    "DCA": "DC current",
    "DCV": "DC voltage",
    "DCW": "DC power",
    "TmpCab": "Temperature of the cabinet",
    "TmpSnk": "Temperature of the heat sink",
    "TmpTrns": "Temperature of the transformer",
    "TmpOt": "Another temperature",
    "St": "State (1 off, 2 sleeping, 3 starting, 4 running, 5 throttled, 6 shutting down, 7 fault, 8 standby)",
    "StVnd": "Operating state of the vendor",
    "TotWhExp": "Energy exported",
    "TotWhImp": "Energy imported",
    "TotVAhExp": "Apparent energy exported",
    "TotVAhImp": "Apparent energy imported",
    "TotVArhImpQ1": "Reactive energy imported, quadrant 1",
    "TotVArhImpQ2": "Reactive energy imported, quadrant 2",
    "TotVArhExpQ3": "Reactive energy exported, quadrant 3",
    "TotVArhExpQ4": "Reactive energy exported, quadrant 4",
}
_COUNTERS = ("WH", "Tot")


def _title(name: str) -> str:
    for phase in ("AB", "BC", "CA", *_PHASES):
        for mark in ("ph", "Ph"):
            root = name.removesuffix(f"{mark}{phase}")
            if root != name and root in _TITLES:
                return f"{_TITLES[root]}, {phase}"
            if root != name and root == "PP":
                return f"{_TITLES['PPV']}, {phase}"
    return _TITLES.get(name, name)


def _laid_out(rows: Iterator[tuple[str, DataType, str, str]]) -> tuple[Point, ...]:
    points, place = [], 2
    for name, data_type, unit, scale in rows:
        is_scale = name.endswith("_SF")
        points.append(
            Point(
                name,
                _title(name),
                place,
                data_type,
                unit,
                scale,
                is_counter=name.startswith(_COUNTERS) and not is_scale,
                is_discrete=name in {"St", "StVnd"},
                is_scale=is_scale,
            )
        )
        place += data_type.words
    return tuple(points)


def _phases(root: str, data_type: DataType, unit: str, scale: str) -> Iterator[tuple[str, DataType, str, str]]:
    for phase in _PHASES:
        yield f"{root}ph{phase}", data_type, unit, scale


def _scale(name: str) -> tuple[str, DataType, str, str]:
    return name, _SIGNED, "", ""


def _inverter() -> Iterator[tuple[str, DataType, str, str]]:
    yield "A", _UNSIGNED, "A", "A_SF"
    yield from _phases("A", _UNSIGNED, "A", "A_SF")
    yield _scale("A_SF")
    for name in ("PPVphAB", "PPVphBC", "PPVphCA", "PhVphA", "PhVphB", "PhVphC"):
        yield name, _UNSIGNED, "V", "V_SF"
    yield _scale("V_SF")
    for name, data_type, unit in (
        ("W", _SIGNED, "W"),
        ("Hz", _UNSIGNED, "Hz"),
        ("VA", _SIGNED, "V.A"),
        ("VAr", _SIGNED, "var"),
        ("PF", _SIGNED, "%"),
        ("WH", DataType.U32, "W.h"),
        ("DCA", _UNSIGNED, "A"),
        ("DCV", _UNSIGNED, "V"),
        ("DCW", _SIGNED, "W"),
    ):
        yield name, data_type, unit, f"{name}_SF"
        yield _scale(f"{name}_SF")
    for name in ("TmpCab", "TmpSnk", "TmpTrns", "TmpOt"):
        yield name, _SIGNED, "Cel", "Tmp_SF"
    yield _scale("Tmp_SF")
    yield "St", _UNSIGNED, "", ""
    yield "StVnd", _UNSIGNED, "", ""


def _inverter_of_floats() -> Iterator[tuple[str, DataType, str, str]]:
    yield "A", _FLOAT, "A", ""
    yield from _phases("A", _FLOAT, "A", "")
    for name in ("PPVphAB", "PPVphBC", "PPVphCA", "PhVphA", "PhVphB", "PhVphC"):
        yield name, _FLOAT, "V", ""
    for name, unit in (
        ("W", "W"),
        ("Hz", "Hz"),
        ("VA", "V.A"),
        ("VAr", "var"),
        ("PF", "%"),
        ("WH", "W.h"),
        ("DCA", "A"),
        ("DCV", "V"),
        ("DCW", "W"),
        ("TmpCab", "Cel"),
        ("TmpSnk", "Cel"),
        ("TmpTrns", "Cel"),
        ("TmpOt", "Cel"),
    ):
        yield name, _FLOAT, unit, ""
    yield "St", _UNSIGNED, "", ""
    yield "StVnd", _UNSIGNED, "", ""


def _meter() -> Iterator[tuple[str, DataType, str, str]]:
    yield "A", _SIGNED, "A", "A_SF"
    yield from _phases("A", _SIGNED, "A", "A_SF")
    yield _scale("A_SF")
    for name in ("PhV", "PhVphA", "PhVphB", "PhVphC", "PPV", "PPVphAB", "PPVphBC", "PPVphCA"):
        yield name, _SIGNED, "V", "V_SF"
    yield _scale("V_SF")
    yield "Hz", _SIGNED, "Hz", "Hz_SF"
    yield _scale("Hz_SF")
    for name, unit in (("W", "W"), ("VA", "V.A"), ("VAr", "var"), ("PF", "%")):
        yield name, _SIGNED, unit, f"{name}_SF"
        yield from _phases(name, _SIGNED, unit, f"{name}_SF")
        yield _scale(f"{name}_SF")
    for names, unit, scale in (
        (("TotWhExp", "TotWhImp"), "W.h", "TotWh_SF"),
        (("TotVAhExp", "TotVAhImp"), "V.A.h", "TotVAh_SF"),
        (("TotVArhImpQ1", "TotVArhImpQ2", "TotVArhExpQ3", "TotVArhExpQ4"), "var.h", "TotVArh_SF"),
    ):
        for name in names:
            yield name, DataType.U32, unit, scale
            for phase in _PHASES:
                yield f"{name}Ph{phase}", DataType.U32, unit, scale
        yield _scale(scale)


COMMON = (
    Point("Mn", "manufacturer", 2, DataType.STR, length=32),
    Point("Md", "model", 18, DataType.STR, length=32),
    Point("Opt", "options", 34, DataType.STR, length=16),
    Point("Vr", "version", 42, DataType.STR, length=16),
    Point("SN", "serial number", 50, DataType.STR, length=32),
)
_INVERTER, _FLOATS, _METER = _laid_out(_inverter()), _laid_out(_inverter_of_floats()), _laid_out(_meter())
MODELS: dict[int, tuple[str, tuple[Point, ...]]] = {
    101: ("inverter, one phase", _INVERTER),
    102: ("inverter, split phase", _INVERTER),
    103: ("inverter, three phases", _INVERTER),
    111: ("inverter, one phase, floats", _FLOATS),
    112: ("inverter, split phase, floats", _FLOATS),
    113: ("inverter, three phases, floats", _FLOATS),
    201: ("meter, one phase", _METER),
    202: ("meter, split phase", _METER),
    203: ("meter, three phases, star", _METER),
    204: ("meter, three phases, delta", _METER),
}
"""What each model is, and its points."""
