"""Revises the text of a plant file: keys of alarms, and of tables below them, are set; comments and order stay.

Whatever is not changed keeps its bytes. The revised text is parsed and compared with what was meant before it is used.
"""

from __future__ import annotations

import copy
import difflib
import tomllib
from collections.abc import Mapping
from typing import Any

from app.plant.class_rows import made_names
from app.plant.configuration_difference import is_same
from app.plant.draft.draft import Draft, Step
from app.plant.draft.sheet import Scope, own_keys, sheet_of, with_override
from app.plant.problem import KeyPath
from app.plant.tag_list.revision import CannotRevise
from app.plant.toml.line_index import LineIndex
from app.plant.toml.text import toml_key, toml_value

AlarmChanges = Mapping[str, Mapping[str, object]]
"""New values by alarm and key; "sheet.cause" is a key of the table [alarm.sheet]; None takes a key away."""


def revised_alarms(text: str, changes: AlarmChanges) -> str:
    """Return the text of a plant file with `changes`; raise CannotRevise where that cannot be done without loss.

    An alarm that an equipment class makes is changed by an override of its instance, never for all others of the class.
    `text`: valid TOML in which every problem is solved.
    """
    document = tomllib.loads(text)
    made = made_names(document)["alarm"]
    of_classes = {alarm: keys for alarm, keys in changes.items() if alarm in made}
    if of_classes:
        others = {alarm: keys for alarm, keys in changes.items() if alarm not in made}
        return _overridden(revised_alarms(text, others), of_classes)
    places = {str(table.get("id")): number for number, table in enumerate(document.get("alarm", []))}
    index = LineIndex(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    edits: list[tuple[int, int, str]] = []
    wanted = copy.deepcopy(document)
    for alarm, keys in changes.items():
        if alarm not in places:
            raise CannotRevise(f"{alarm}: no such alarm in the plant file: check its id")
        place: KeyPath = ("alarm", places[alarm])
        _want(wanted["alarm"][places[alarm]], keys)
        own, below = _parted(keys)
        edits += _table_edits(text, index, place, own, newline=newline, alarm=alarm)
        for table, values in below.items():
            edits += _table_edits(text, index, (*place, table), values, newline=newline, alarm=alarm)
    result = text
    for begin, end, new in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        result = result[:begin] + new + result[end:]
    _require(result, wanted)
    return result


def _overridden(text: str, changes: AlarmChanges) -> str:
    """Return the text with overrides of alarms that classes make; what the class says itself needs none."""
    draft = Draft(text)
    for alarm, keys in changes.items():
        row = next(row for row in sheet_of(draft, "alarm", Scope()).rows if row.name == alarm)
        table = dict(draft.rows(("equipment",))[row.at].table)
        for key, value in keys.items():
            top, _, below = key.partition(".")
            new = None if value is None else tomllib.loads(f"x = {toml_value(value)}")["x"]
            if below:
                former = own_keys(table, row).get(top)
                parts = {**(former if isinstance(former, Mapping) else {}), below: new}
                new = {part: each for part, each in parts.items() if each is not None} or None
            elif row.origin is not None and is_same(new, row.origin.plain.get(top)):
                new = None
            table = with_override(table, row, top, new)
        draft.do(Step("alarms", (draft.setting(("equipment",), row.at, table),)))
    return draft.revised_text()


def written_keys(text: str, alarm: str) -> dict[str, object]:
    """Return what a plant file itself says of an alarm: its table, or the override of one that a class makes."""
    draft = Draft(text)
    row = next((row for row in sheet_of(draft, "alarm", Scope()).rows if row.name == alarm), None)
    if row is None:
        return {}
    return dict(row.table if row.origin is None else own_keys(draft.rows(("equipment",))[row.at].table, row))


def difference(before: str, after: str) -> str:
    """Return what changes, as a unified difference."""
    former, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return "".join(difflib.unified_diff(former, new, "plant.toml", "plant.toml (changed)", n=2))


def _parted(keys: Mapping[str, object]) -> tuple[dict[str, object], dict[str, dict[str, object]]]:
    own: dict[str, object] = {}
    below: dict[str, dict[str, object]] = {}
    for key, value in keys.items():
        table, dot, name = key.partition(".")
        if dot:
            below.setdefault(table, {})[name] = value
        else:
            own[key] = value
    return own, below


def _want(table: dict[str, Any], keys: Mapping[str, object]) -> None:
    for key, value in keys.items():
        *above, name = key.split(".")
        inner = table
        for part in above:
            inner = inner.setdefault(part, {})
        if value is None:
            inner.pop(name, None)
        else:
            inner[name] = tomllib.loads(f"x = {toml_value(value)}")["x"]


def _table_edits(
    text: str, index: LineIndex, place: KeyPath, keys: Mapping[str, object], *, newline: str, alarm: str
) -> list[tuple[int, int, str]]:
    """Return what to replace of one table: characters from, to, and by what."""
    spans = index.spans_below(place)
    if not index.is_header(place):
        return _new_table(text, index, place, keys, newline=newline, alarm=alarm)
    edits: list[tuple[int, int, str]] = []
    missing = []
    for key, value in keys.items():
        found = spans.get((*place, key))
        if found is None and any(path[: len(place) + 1] == (*place, key) for path in spans):
            raise CannotRevise(f"{alarm}: `{key}` is written in parts: change it by hand")
        if found is not None and value is not None:
            edits.append((*found, f"{toml_key(key)} = {toml_value(value)}"))
        elif found is not None:
            edits.append((text.rfind("\n", 0, found[0]) + 1, _line_end(text, found[1]), ""))
        elif value is not None:
            missing.append(f"{toml_key(key)} = {toml_value(value)}{newline}")
    if missing:
        edits.append(_insertion(text, _end_of(text, index, place), "".join(missing), newline))
    return edits


def _new_table(
    text: str, index: LineIndex, place: KeyPath, keys: Mapping[str, object], *, newline: str, alarm: str
) -> list[tuple[int, int, str]]:
    values = {key: value for key, value in keys.items() if value is not None}
    if not values:
        return []
    parent = place[:-1]
    if not index.is_header(parent) or any(path[: len(place)] == place for path in index.spans_below(parent)):
        raise CannotRevise(f"{alarm}: write [[alarm]] and [alarm.{place[-1]}] as tables of their own first")
    lines = "".join(f"{toml_key(key)} = {toml_value(value)}{newline}" for key, value in values.items())
    section = f"[alarm.{toml_key(str(place[-1]))}]{newline}{lines}"
    return [_insertion(text, _end_of(text, index, parent), section, newline)]


def _end_of(text: str, index: LineIndex, place: KeyPath) -> int:
    """Return where the statements of a table end, at the beginning of a line."""
    ends = [span[1] for span in index.spans_below(place).values()]
    if not ends:
        raise CannotRevise("a table without a key in it is not changed by rule: write one key by hand")
    return _line_end(text, max(ends))


def _insertion(text: str, at: int, new: str, newline: str) -> tuple[int, int, str]:
    lead = "" if at == 0 or text[:at].endswith("\n") else newline
    return at, at, lead + new


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _require(result: str, wanted: Mapping[str, object]) -> None:
    """Raise CannotRevise unless the result says exactly what was meant."""
    try:
        document = tomllib.loads(result)
    except tomllib.TOMLDecodeError as error:
        raise CannotRevise(f"the alarms are laid out in a way that cannot be revised by rule ({error})") from error
    if document != wanted:
        raise CannotRevise("the alarms are laid out in a way that cannot be revised by rule: change them by hand")
