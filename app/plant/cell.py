"""Columns of the sheets of a plant file: what a cell shows of a table, and what the table is with another."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from app.model.alarm import ConditionKind
from app.model.equipment import EquipmentLevel
from app.model.tag import TagKind
from app.plant.toml_text import toml_value
from app.plant.word import CONDITIONS, ValueType


class CellRefused(ValueError):
    """A cell cannot be what was written; `expected` says what may stand there, in English, `column` where."""

    def __init__(self, text: str, expected: str) -> None:
        self.text = text
        self.expected = expected
        self.column: Column | None = None
        super().__init__(f'"{text[:40]}" is not {expected}')


class Form(Enum):
    """What may stand in a cell; FREE is any value of TOML, or a text without quotes."""

    TEXT = auto()
    NUMBER = auto()
    WHOLE = auto()
    CHOICE = auto()
    SWITCH = auto()
    FREE = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the `key` of the table, and which `part` of its value, where that has several.

    `part`: 0 or 1, an end of an interval; "en" or "zh", a language; else a key of a table below.
    """

    key: str
    part: int | str = ""
    form: Form = Form.TEXT
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return what the column is called in a spreadsheet."""
        return f"{self.key}.{self.part}" if self.part != "" else self.key


OPTION = "+"
"""The column of a connection in which options of its driver are given that have no column yet."""


def _interval(key: str) -> tuple[Column, Column]:
    return Column(key, 0, Form.NUMBER), Column(key, 1, Form.NUMBER)


def _texts(key: str) -> tuple[Column, Column]:
    return Column(key, "en"), Column(key, "zh")


COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "tag": (
        Column("name"),
        Column("equipment"),
        *_texts("title"),
        Column("connection"),
        Column("address"),
        Column("unit"),
        *_interval("range"),
        Column("decimals", form=Form.WHOLE),
        Column("type", form=Form.CHOICE, choices=tuple(ValueType)),
        Column("kind", form=Form.CHOICE, choices=tuple(TagKind)),
        Column("scan_ms", form=Form.WHOLE),
        Column("gain", form=Form.NUMBER),
        Column("offset", form=Form.NUMBER),
        *_interval("normal"),
        Column("clean", "spike", Form.NUMBER),
        Column("clean", "stuck_s", Form.NUMBER),
        Column("clean", "stale_s", Form.NUMBER),
        Column("keep_days", form=Form.NUMBER),
    ),
    "alarm": (
        Column("id"),
        Column("tag"),
        Column("condition", form=Form.CHOICE, choices=tuple(kind for kind in CONDITIONS)),
        Column("limit", form=Form.NUMBER),
        Column("priority", form=Form.WHOLE),
        *_texts("message"),
        Column("deadband", form=Form.NUMBER),
        Column("on_delay_s", form=Form.NUMBER),
        Column("off_delay_s", form=Form.NUMBER),
        Column("setpoint", form=Form.FREE),
        Column("states", form=Form.FREE),
        Column("expression"),
        Column("equipment"),
        Column("suppress_when"),
        Column("group"),
        Column("latch", form=Form.SWITCH),
        Column("alarm_class"),
    ),
    "equipment": (
        Column("id"),
        *_texts("name"),
        Column("level", form=Form.CHOICE, choices=tuple(EquipmentLevel)),
        Column("parent"),
        Column("kind"),
        Column("class"),
        Column("omit", form=Form.FREE),
    ),
    "equipment_class": (
        Column("id"),
        *_texts("name"),
        Column("kind"),
        Column("parameters", form=Form.FREE),
        Column("defaults", form=Form.FREE),
    ),
    "connection": (
        Column("name"),
        Column("driver"),
        Column("url"),
        Column("group"),
        Column("backfill", form=Form.SWITCH),
        Column("alarms", form=Form.SWITCH),
        Column(OPTION, form=Form.FREE),
    ),
    "forecast": (
        Column("id"),
        Column("equipment"),
        Column("tag"),
        Column("limit", form=Form.NUMBER),
        Column("direction", form=Form.CHOICE, choices=(ConditionKind.HIGH, ConditionKind.LOW)),
        Column("window_h", form=Form.NUMBER),
        Column("horizon_h", form=Form.NUMBER),
        *_texts("cause"),
        *_texts("action"),
    ),
    "maintenance_definition": (
        Column("id"),
        Column("equipment"),
        *_texts("title"),
        Column("every_days", form=Form.NUMBER),
        Column("first_due"),
        Column("every", form=Form.NUMBER),
        Column("meter"),
        Column("last_at", form=Form.NUMBER),
        Column("fixed", form=Form.SWITCH),
        Column("lead_days", form=Form.NUMBER),
        Column("tolerance_days", form=Form.NUMBER),
        Column("estimated_h", form=Form.NUMBER),
        Column("parts", form=Form.FREE),
        Column("checks", form=Form.FREE),
        Column("renews", form=Form.SWITCH),
    ),
    "spare_part": (Column("id"), *_texts("name"), Column("place")),
    "planned_stop": (
        Column("id"),
        *_texts("name"),
        Column("start"),
        Column("hours", form=Form.NUMBER),
        Column("every_days", form=Form.NUMBER),
        Column("equipment", form=Form.FREE),
    ),
}
NAMES: Mapping[str, str] = {kind: columns[0].key for kind, columns in COLUMNS.items()} | {"method": "name"}
"""The key by which a table of each kind is known."""


def parameter_columns(names: tuple[str, ...]) -> tuple[Column, ...]:
    """Return the columns of the parameters that the instances of a class give."""
    return tuple(Column("parameters", name, Form.FREE) for name in names)


def option_columns(tables: Iterable[Mapping[str, object]]) -> tuple[Column, ...]:
    """Return the columns of the options that connections give to their drivers."""
    known = {column.key for column in COLUMNS["connection"]}
    names = dict.fromkeys(key for table in tables for key in table if key not in known)
    return tuple(Column(name, form=Form.FREE) for name in names)


def cell_text(table: Mapping[str, object], column: Column) -> str:
    """Return what a cell shows, "" where the table says nothing."""
    value = table.get(column.key)
    if column.part == "en":
        value = value.get("en") if isinstance(value, Mapping) else value
    elif isinstance(column.part, int):
        value = value[column.part] if isinstance(value, list) and len(value) == 2 else None
        if isinstance(value, float) and not math.isfinite(value):
            value = None
    elif column.part:
        value = value.get(column.part) if isinstance(value, Mapping) else None
    if value is None:
        return ""
    if isinstance(value, str):
        return f'"{value}"' if column.form is Form.FREE and not isinstance(_free(value), str) else value
    return toml_value(value)


def with_cell(table: Mapping[str, object], column: Column, text: str) -> dict[str, object]:
    """Return the table with another text in a cell, "" to say nothing there; raise CellRefused."""
    try:
        value = _value(column, text.strip())
    except CellRefused as refused:
        refused.column = column
        raise
    if column.key == OPTION:
        return {**table, **_options(text)}
    former = table.get(column.key)
    if column.part in {"en", "zh"}:
        value = _texts_with(former, str(column.part), text.strip())
    elif isinstance(column.part, int):
        value = _interval_with(former, column.part, value)
    elif column.part:
        below = dict(former) if isinstance(former, Mapping) else {}
        below[column.part] = value
        value = {key: each for key, each in below.items() if each is not None}
    found = dict(table)
    if value is None or value == {}:
        found.pop(column.key, None)
    else:
        found[column.key] = value
    return found


def _options(text: str) -> Mapping[str, object]:
    """Return options of a driver that are written as in the plant file, or as a table; raise CellRefused."""
    if not text.strip():
        return {}
    for content in (text, f"x = {text}"):
        try:
            found = tomllib.loads(content)
        except (tomllib.TOMLDecodeError, RecursionError):
            continue
        inner = found.get("x", found)
        if isinstance(inner, Mapping):
            return inner
    refused = CellRefused(text, 'an option of the driver with its value, such as order = "CDAB"')
    refused.column = Column(OPTION, form=Form.FREE)
    raise refused


def _value(column: Column, text: str) -> object:
    """Return the value that a text is, None for none; texts with parameters in braces may stand anywhere."""
    if not text:
        return None
    if "{" in text and column.form is not Form.FREE:
        return text
    reading = _READINGS.get(column.form)
    if column.form is Form.CHOICE and text not in column.choices:
        raise CellRefused(text, f"one of {', '.join(column.choices)}")
    return text if reading is None else reading(text)


def _number(text: str) -> int | float:
    plain = text.replace("\N{MINUS SIGN}", "-")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        raise CellRefused(text, "a number") from None
    if math.isnan(value):
        raise CellRefused(text, "a number")
    return int(plain) if plain.lstrip("+-").isdigit() and plain.isascii() else value


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise CellRefused(text, "a whole number") from None


def _switch(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise CellRefused(text, "true or false")
    return text.lower() == "true"


def _free(text: str) -> object:
    """Return a value of TOML, the text itself where it is none."""
    if "\n" in text:
        return text
    try:
        found = tomllib.loads(f"x = {text}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return text
    return found["x"] if set(found) == {"x"} else text


_READINGS: Mapping[Form, Callable[[str], object]] = {
    Form.NUMBER: _number,
    Form.WHOLE: _whole,
    Form.SWITCH: _switch,
    Form.FREE: _free,
}


def _texts_with(former: object, part: str, text: str) -> object:
    texts = dict(former) if isinstance(former, Mapping) else {"en": former} if isinstance(former, str) else {}
    texts.pop(part, None)
    if text:
        texts[part] = text
    if set(texts) == {"en"}:
        return texts["en"]
    return {key: texts[key] for key in ("en", "zh") if key in texts} or None


def _interval_with(former: object, part: int, value: object) -> object:
    ends: list[object] = list(former) if isinstance(former, list) and len(former) == 2 else [-math.inf, math.inf]
    ends[part] = (-math.inf, math.inf)[part] if value is None else value
    return None if ends == [-math.inf, math.inf] else ends
