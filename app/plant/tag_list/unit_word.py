"""Engineering units as people and programs write them, as the UCUM codes of a plant file."""

from __future__ import annotations

_WORDS = {
    "Cel": ("°c", "℃", "degc", "deg c", "celsius", "c", "摄氏度", "grad celsius", "grad c"),
    "[degF]": ("°f", "℉", "degf", "deg f", "fahrenheit", "f"),
    "K": ("kelvin",),
    "%": ("percent", "pct", "百分比", "prozent"),
    "[psi]": ("psi",),
    "bar": ("barg", "bara", "巴"),
    "mbar": (),
    "kPa": ("千帕",),
    "MPa": ("兆帕",),
    "Pa": ("帕",),
    "A": ("amp", "amps", "ampere", "安", "安培"),
    "mA": ("毫安",),
    "V": ("volt", "volts", "伏", "伏特"),
    "kV": ("千伏",),
    "W": ("watt", "watts", "瓦"),
    "kW": ("千瓦",),
    "MW": ("兆瓦",),
    "kvar": (),
    "var": (),
    "V.A": ("va",),
    "kV.A": ("kva",),
    "W.h": ("wh",),
    "kW.h": ("kwh", "千瓦时", "度"),
    "MW.h": ("mwh",),
    "A.h": ("ah",),
    "Hz": ("hertz", "赫兹"),
    "{rpm}": ("rpm", "r/min", "u/min", "1/min", "min-1", "转/分", "转/分钟"),
    "m3/h": ("m³/h", "m^3/h", "cbm/h", "立方米/小时", "立方米/时"),
    "m3/min": ("m³/min", "m^3/min"),
    "m3": ("m³", "m^3", "cbm", "立方米"),
    "L/min": ("l/min", "lpm", "升/分"),
    "L/h": ("l/h",),
    "L": ("l", "ltr", "升"),
    "kg/h": ("公斤/小时",),
    "kg": ("公斤", "千克"),
    "t": ("ton", "tonne", "吨"),
    "t/h": ("吨/小时",),
    "mm": ("毫米",),
    "m": ("米",),
    "mm/s": ("毫米/秒",),
    "m/s": ("米/秒",),
    "um": ("µm", "μm", "micron", "微米"),
    "s": ("sec", "秒"),
    "min": ("分", "分钟"),
    "h": ("hr", "hrs", "hour", "hours", "小时", "std", "stunden"),
    "ms": ("毫秒",),
    "[ppm]": ("ppm",),
    "[pH]": ("ph",),
    "Ohm": ("ohm", "ω", "欧"),
    "N": (),
    "N.m": ("nm", "n·m", "牛米"),
    "deg": ("°", "度角"),
    "1": ("-", "none", "n/a", "无"),
}
_CODES = {word: code for code, words in _WORDS.items() for word in (code.casefold(), *words)}
_EXACT = {code: code for code in _WORDS}


def ucum_of(word: str) -> str:
    """Return the UCUM code of a unit; what is not known stays as it is, since any text may be a unit.

    What is a code already is taken as it stands, so that "mW" is no megawatt.
    """
    text = word.strip()
    if text in _EXACT:
        return "" if text == "1" else text
    if len(text) > 1 and text.casefold() != text and f"{text[0]}" == "m" and text[1:2].isupper():
        return text
    code = _CODES.get(text.casefold(), text)
    return "" if code == "1" else code
