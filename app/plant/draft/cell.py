"""What a cell of a sheet shows of a table, and what the table is with another text in it."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping

from app.plant.draft.column import OPTION, Column, Form
from app.plant.draft.list_cell import list_text, list_value, states_text, states_value
from app.plant.toml.text import toml_value


class CellRefused(ValueError):
    """A cell cannot be what was written; `expected` says what may stand there, in English, `column` where."""

    def __init__(self, text: str, expected: str) -> None:
        self.text = text
        self.expected = expected
        self.column: Column | None = None
        super().__init__(f'"{text[:40]}" is not {expected}')


def cell_text(table: Mapping[str, object], column: Column) -> str:
    """Return what a cell shows, "" where the table says nothing."""
    value = table.get(column.key)
    if isinstance(column.part, str) and "." in column.part:  # a text of a table below
        key, _, each = column.part.partition(".")
        return cell_text(value, Column(key, each)) if isinstance(value, Mapping) else ""
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
    if isinstance(value, list) and column.form in _LISTS:
        shown = states_text(value) if column.form is Form.STATES else list_text(value)
        return toml_value(value) if shown is None else shown
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
        key, _, each = column.part.partition(".")
        below[key] = _texts_with(below.get(key), each, text.strip()) if each else value
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
    if column.form in _LISTS:
        return _several(column.form, text)
    if "{" in text and column.form is not Form.FREE:
        return text
    reading = _READINGS.get(column.form)
    if column.form is Form.CHOICE and text not in column.choices:
        raise CellRefused(text, f"one of {', '.join(column.choices)}")
    return text if reading is None else reading(text)


_LISTS = (Form.LIST, Form.NUMBERS, Form.STATES)


def _several(form: Form, text: str) -> object:
    """Return the values of a cell that holds several, as TOML or with commas between."""
    if text.startswith("["):
        found = _free(text)
        if isinstance(found, list):
            return found
        raise CellRefused(text, "values with commas between")
    if form is Form.STATES:
        states = states_value(text)
        if states is None:
            raise CellRefused(text, "numbers with what they mean, such as 0 Stopped, 1 Running")
        return states
    texts = list_value(text)
    if form is Form.NUMBERS:
        return [each if "{" in each else _number(each) for each in texts]
    return texts


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
