"""Reads one table of a plant file key by key, so that every wrong key is found and not only the first."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, get_args

import msgspec
from msgspec.structs import FieldInfo

from app.plant import grammar
from app.plant.grammar import Table
from app.plant.problem import Findings, KeyPath

TableT = TypeVar("TableT", bound=Table)

_UNBOUNDED = (grammar.Interval,)


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
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    report_unknown(content, fields, path, findings)
    absent = {name for name in kind.required if content.get(name, "") == ""}
    for name in absent:
        findings.error((*path, name), f"`{name}` is missing: add {name} = {_example(fields[name])}")
    values = {
        field.name: value
        for name, field in fields.items()
        if name in content.keys() - absent
        and (value := _read_value(field, content[name], (*path, name), findings)) is not None
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


def _read_value(field: FieldInfo, value: object, path: KeyPath, findings: Findings) -> object:
    """Return the value of one key, or None where it is wrong."""
    nested = _table_in(field.type)
    if nested is not None and isinstance(value, dict):
        return read_table(nested, value, path, findings).table
    try:
        converted: object = msgspec.convert(value, field.type)
    except msgspec.ValidationError:
        converted = None
    if converted is None or not _is_countable(converted, is_unbounded=field.type in _UNBOUNDED):
        expected = _meta(field).description
        findings.error(
            path, f"`{_last(path)}` is {_shown(value)}, not {expected}: write {_last(path)} = {_example(field)}"
        )
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


def _meta(field: FieldInfo) -> msgspec.Meta:
    return next(part for part in get_args(field.type) if isinstance(part, msgspec.Meta))


def _example(field: FieldInfo) -> str:
    examples: Sequence[object] = _meta(field).examples or ()
    return str(examples[0])


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
