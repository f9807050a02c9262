"""Writes keys, values and tables of TOML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from app.model.text import LocalText
from app.plant.row import Row

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_UNPRINTABLE = re.compile(r'[\x00-\x1f\x7f"\\]')
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def toml_section(header: str, rows: Iterable[Row]) -> str:
    """Return a table of TOML with its header."""
    return "".join([f"{header}\n", *(f"{toml_key(key)} = {toml_value(value)}\n" for key, value in rows)])


def toml_value(value: object) -> str:
    """Return a value in TOML."""
    match value:
        case LocalText(en, zh):
            return _inline({"en": en, "zh": zh}) if zh else _string(en)
        case Mapping():
            return _inline(value)
        case list() | tuple():
            return f"[{', '.join(toml_value(part) for part in value)}]"
        case _:
            return _scalar(value)


def _scalar(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _string(value)
        case int() | float():
            return format(value) if isinstance(value, int) else repr(float(value))
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            raise TypeError(f"TOML has no {type(value).__name__}: {value!r}")


def _inline(table: Mapping[str, object]) -> str:
    rows = ", ".join(f"{toml_key(key)} = {toml_value(value)}" for key, value in table.items())
    return f"{{ {rows} }}" if rows else "{}"


def toml_key(key: str) -> str:
    """Return a key in TOML, in quotes where it needs them."""
    return key if _BARE_KEY.fullmatch(key) else _string(key)


def _string(text: str) -> str:
    return f'"{_UNPRINTABLE.sub(lambda match: _escape(match.group()), text)}"'


def _escape(character: str) -> str:
    return _SHORT.get(character, f"\\u{ord(character):04X}")
