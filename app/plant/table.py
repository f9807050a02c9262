"""Reads one table of a plant file key by key, so that every wrong key is found and not only the first."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo

from app.plant.grammar import Table
from app.plant.problem import Findings, KeyPath
from app.plant.word import Interval

TableT = TypeVar("TableT", bound=Table)

_UNBOUNDED = (Interval,)


@dataclass(frozen=True, slots=True)
class Located(Generic[TableT]):
    """A table and its place in the file."""

    path: KeyPath
    table: TableT

    def key(self, name: str) -> KeyPath:
        """Return the place of one of its keys."""
        return (*self.path, name)


def read_table(kind: type[TableT], content: object, path: KeyPath, findings: Findings) -> Located[TableT]:
    """Return the table `content` as a `kind`; a key that is wrong is noted in `findings` and left at its default."""
    if not isinstance(content, dict):
        findings.error(path, f"`{_last(path)}` is not a table: write its keys on lines below a header in brackets")
        return Located(path, kind())
    keys = _keys_of(kind)
    report_unknown(content, keys, path, findings)
    absent = [name for name in kind.required if content.get(name, "") == ""]
    for name in absent:
        findings.error((*path, name), f"`{name}` is missing: add {name} = {keys[name].example}")
    values = {
        key.attribute: value
        for name, key in keys.items()
        if name in content
        and name not in absent
        and (value := _read_value(key, content[name], (*path, name), findings)) is not None
    }
    return Located(path, kind(**values))


def report_unknown(content: Iterable[str], known: Iterable[str], path: KeyPath, findings: Findings) -> None:
    """Note each key of `content` that is not `known`, with the one that was probably meant."""
    choices = list(known)
    for name in content:
        if name not in choices:
            alike = difflib.get_close_matches(name, choices, n=1)
            remedy = f"write `{alike[0]}`" if alike else "remove it, or write one of " + ", ".join(choices)
            findings.error((*path, name), f"`{_cut(name)}` is not a key known here: {remedy}")


def read_tables(kind: type[TableT], content: object, path: KeyPath, findings: Findings) -> list[Located[TableT]]:
    """Return an array of tables."""
    if not isinstance(content, list):
        header = ".".join(str(part) for part in path if isinstance(part, str))
        findings.error(path, f"`{header}` is not an array of tables: begin each of them with [[{header}]]")
        return []
    return [read_table(kind, item, (*path, number), findings) for number, item in enumerate(content)]


@dataclass(frozen=True, slots=True)
class _Key:
    """What may stand at one key of a table; `table`: what it may hold, or a list of (`is_list`) it.

    `is_unbounded`: whether inf is a value.
    """

    attribute: str
    form: object
    expected: str
    example: str
    table: type[Table] | None
    is_unbounded: bool
    is_list: bool


@cache
def _keys_of(kind: type[Table]) -> dict[str, _Key]:
    return {field.encode_name: _key(field) for field in msgspec.structs.fields(kind)}


def _key(field: FieldInfo) -> _Key:
    meta = next(part for part in get_args(field.type) if isinstance(part, msgspec.Meta))
    return _Key(
        attribute=field.name,
        form=field.type,
        expected=meta.description or "",
        example=str((meta.examples or [""])[0]),
        table=_table_in(field.type),
        is_unbounded=field.type in _UNBOUNDED,
        is_list=get_origin(get_args(field.type)[0]) is list,
    )


def _read_value(key: _Key, value: object, path: KeyPath, findings: Findings) -> object:
    """Return the value of one key, or None where it is wrong."""
    if key.table is not None and isinstance(value, dict) and not key.is_list:
        return read_table(key.table, value, path, findings).table
    if key.table is not None and isinstance(value, list) and key.is_list:
        return [item.table for item in read_tables(key.table, value, path, findings)]
    try:
        converted: object = msgspec.convert(value, key.form)
    except msgspec.ValidationError:
        converted = None
    if converted is None or not _is_countable(converted, is_unbounded=key.is_unbounded):
        name = _last(path)
        findings.error(path, f"`{name}` is {_shown(value)}, not {key.expected}: write {name} = {key.example}")
        return None
    return converted


def _table_in(kind: object) -> type[Table] | None:
    """Return the Table that a key's type allows, if any."""
    if isinstance(kind, type) and issubclass(kind, Table):
        return kind
    found = (_table_in(part) for part in get_args(kind) if not isinstance(part, msgspec.Meta))
    return next((table for table in found if table is not None), None)


def _is_countable(value: object, *, is_unbounded: bool) -> bool:
    """Return whether every number in `value` is finite, or, where `is_unbounded`, at least a number."""
    if isinstance(value, float):
        return math.isfinite(value) or (is_unbounded and not math.isnan(value))
    if isinstance(value, list | tuple):
        return all(_is_countable(part, is_unbounded=is_unbounded) for part in value)
    return True


def _last(path: KeyPath) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "the file")


def _shown(value: object) -> str:
    """Return a value about as it stands in the file."""
    if isinstance(value, float):
        return repr(value)
    try:
        return _cut(json.dumps(value, ensure_ascii=False))
    except (TypeError, ValueError, RecursionError):
        return f"a {type(value).__name__}"


def _cut(text: str) -> str:
    """Return as much of a text as fits a message."""
    return text if len(text) <= 40 else text[:37] + "..."
