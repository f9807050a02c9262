"""How units are printed: UCUM codes, such as kW.h, as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

# UCUM codes (ucum.org) whose printed symbol is another
_SYMBOLS: Mapping[str, str] = {
    "Cel": "°C",
    "[degF]": "°F",
    "deg": "°",
    "Ohm": "Ω",
    "[pH]": "pH",
    "[ppm]": "ppm",
    "[ppb]": "ppb",
    "mm[H2O]": "mmH₂O",
    "mm[Hg]": "mmHg",
    "[psi]": "psi",
    "[gal_us]": "gal",
    "[rpm]": "r/min",
    "{rpm}": "r/min",
    "W.h": "Wh",
    "kW.h": "kWh",
    "MW.h": "MWh",
    "A.h": "Ah",
    "V.A": "VA",
    "kV.A": "kVA",
    "1": "",
}
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@cache
def unit_symbol(code: str) -> str:
    """Return the printed symbol of a UCUM unit code: "Cel" is °C, "m3/h" m³/h, "kW.h/m3" kWh/m³; unknown codes stay."""
    if code in _SYMBOLS:
        return _SYMBOLS[code]
    above, *below = code.split("/")
    parts = [_product(above), *(_product(part) for part in below)]
    return "/".join(parts)


def _product(code: str) -> str:
    return _SYMBOLS.get(code) or "·".join(_factor(part) for part in code.split("."))


def _factor(code: str) -> str:
    if code in _SYMBOLS:
        return _SYMBOLS[code]
    if code.startswith("{") and code.endswith("}"):
        return code[1:-1]
    root = code.rstrip("0123456789")
    power = code[len(root) :]
    if power and root.endswith("-"):
        root, power = root[:-1], f"-{power}"
    if root.startswith("u") and root[1:] in {"m", "s", "A", "V", "g", "S", "L", "l"}:
        root = f"µ{root[1:]}"
    return _SYMBOLS.get(root, root) + power.translate(_SUPERSCRIPT) if root else code
