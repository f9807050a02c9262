"""Engineering units between UCUM, in which tags are defined, and the UNECE common codes of OPC UA.

OPC UA identifies a unit by the characters of its UNECE Recommendation 20 code (OPC 10000-8, 5.6.3).
"""

from __future__ import annotations

UNECE_NAMESPACE = "http://www.opcfoundation.org/UA/units/un/cefact"

_CODES = {
    "%": "P1",
    "1": "C62",
    "A": "AMP",
    "A.h": "AMH",
    "Cel": "CEL",
    "Hz": "HTZ",
    "J": "JOU",
    "K": "KEL",
    "L": "LTR",
    "L/h": "E32",
    "L/min": "L2",
    "MPa": "MPA",
    "N": "NEW",
    "N.m": "NU",
    "Ohm": "OHM",
    "Pa": "PAL",
    "V": "VLT",
    "V.A": "D46",
    "W": "WTT",
    "bar": "BAR",
    "d": "DAY",
    "g": "GRM",
    "h": "HUR",
    "kA": "B22",
    "kPa": "KPA",
    "kV": "KVT",
    "kV.A": "KVA",
    "kW": "KWT",
    "kW.h": "KWH",
    "kg": "KGM",
    "kg/h": "E93",
    "kg/s": "KGS",
    "kvar": "KVR",
    "m": "MTR",
    "m/s": "MTS",
    "m/s2": "MSK",
    "m3": "MTQ",
    "m3/h": "MQH",
    "m3/min": "G53",
    "mA": "4K",
    "mV": "2Z",
    "mbar": "MBR",
    "min": "MIN",
    "mm": "MMT",
    "mm/s": "C16",
    "rad": "C81",
    "s": "SEC",
    "t": "TNE",
    "t/h": "4W",
    "um": "4H",
    "/min": "C94",
    "{rpm}": "RPM",
}
_UCUM = {code: unit for unit, code in reversed(_CODES.items())}


def unit_id(unit: str) -> int:
    """Return the UnitId of a UCUM unit: the characters of its UNECE code as one integer; -1 where it has none."""
    code = _CODES.get(unit)
    return -1 if code is None else int.from_bytes(code.encode("ascii"), "big")


def ucum(identifier: int, display_name: str) -> str:
    """Return the UCUM unit of a UnitId, and what the server displays where the code is not known."""
    size = max(1, (identifier.bit_length() + 7) // 8)
    code = identifier.to_bytes(size, "big").decode("ascii", "replace") if identifier > 0 else ""
    return _UCUM.get(code, display_name)
