"""A row of the plant file, key and value: what stands at its default is left out, as an engineer would leave it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

Row = tuple[str, object]


def unless(default: object, key: str, value: object) -> Iterator[Row]:
    """Yield a row only where its value is not what is meant without it; -0.0 equals 0.0 but reads back as itself."""
    if value != default or (repr(value) == "-0.0" and repr(default) != "-0.0"):
        yield key, value


def differing(default: object, entry: object) -> Iterator[Row]:
    """Yield the fields of a dataclass, by their names, that do not stand as in `default`, which is of the same one."""
    for field in fields(entry):  # type: ignore[arg-type]  # a dataclass, as its default is
        yield from unless(getattr(default, field.name), field.name, getattr(entry, field.name))
