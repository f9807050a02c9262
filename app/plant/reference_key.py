"""At which keys of a plant file something else of it is named, and what: by the table in which they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

EACH = "*"
"""Every element of a list."""
EXPRESSION = "expression"
COMPARISON = "comparison"

_CONDITIONS: Mapping[tuple[str, ...], str] = {("interlocks", EACH): COMPARISON, ("state", "tag"): "tag"}
REFERENCES: Mapping[str, Mapping[tuple[str, ...], str]] = {
    "equipment": {
        ("parent",): "equipment",
        ("class",): "equipment_class",
        ("nameplate", "meter"): "tag",
        ("nameplate", "spares", EACH): "spare_part",
    },
    "tag": {
        ("equipment",): "equipment",
        ("connection",): "connection",
        **{("write", *path): kind for path, kind in _CONDITIONS.items()},
    },
    "alarm": {
        ("tag",): "tag",
        ("equipment",): "equipment",
        ("forecast",): "forecast",
        ("causes", EACH): "alarm",
        ("setpoint",): "tag",
        ("expression",): EXPRESSION,
        ("suppress_when",): EXPRESSION,
    },
    "forecast": {("equipment",): "equipment", ("tag",): "tag"},
    "method": {("equipment",): "equipment", ("connection",): "connection", **_CONDITIONS},
    "measuring_point": {
        ("equipment",): "equipment",
        ("connection",): "connection",
        ("speed",): "tag",
        ("level",): "tag",
    },
    "maintenance_definition": {("equipment",): "equipment", ("meter",): "tag", ("parts", EACH): "spare_part"},
    "planned_stop": {("equipment", EACH): "equipment"},
    "report": {("tags", EACH): "tag"},
    "picture": {
        ("equipment",): "equipment",
        ("class",): "equipment_class",
        ("sparklines", EACH): "tag",
        ("symbol", EACH, "equipment"): "equipment",
        ("symbol", EACH, "running"): "tag",
        ("symbol", EACH, "level"): "tag",
        ("symbol", EACH, "value"): "tag",
        ("readout", EACH, "tag"): "tag",
    },
}

Rename = Callable[[str, str], str]
"""Takes what is named (a kind of table, EXPRESSION or COMPARISON) and the text; returns the text as it is to be."""


def renamed_table(kind: str, table: Mapping[str, object], rename: Rename) -> Mapping[str, object]:
    """Return a table whose references are renamed; the table itself where none is."""
    found: object = table
    for path, named in REFERENCES.get(kind, {}).items():
        found = _renamed(found, path, lambda text, named=named: rename(named, text))  # type: ignore[misc]
    return found if isinstance(found, Mapping) else table


def references(kind: str, table: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield what a table names: of which kind, and the text."""
    found: list[tuple[str, str]] = []

    def note(named: str, text: str) -> str:
        found.append((named, text))
        return text

    renamed_table(kind, table, note)
    yield from found


def _renamed(value: object, path: tuple[str, ...], rename: Callable[[str], str]) -> object:
    """Return a value with what stands at a path renamed, the value itself where nothing is otherwise."""
    if not path:
        return rename(value) if isinstance(value, str) else value
    if path[0] == EACH:
        if not isinstance(value, list):
            return value
        made = [_renamed(each, path[1:], rename) for each in value]
        return value if all(new is old for new, old in zip(made, value, strict=True)) else made
    if not isinstance(value, Mapping) or path[0] not in value:
        return value
    inner = _renamed(value[path[0]], path[1:], rename)
    return value if inner is value[path[0]] else {**value, path[0]: inner}
