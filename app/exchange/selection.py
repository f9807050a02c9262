"""Which tags and which stretch of the history are meant."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from app.exchange.failure import ExchangeError
from app.model.exact import DataType

_MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class ExchangedTag:
    """A tag by its name, with the unit of its values ("" where none is known) and what they are in the history."""

    name: str
    unit: str = ""
    data_type: DataType = DataType.FLOAT64


@dataclass(frozen=True, slots=True)
class Selection:
    """Some tags over start <= t < end (int64 ns UTC)."""

    tags: tuple[ExchangedTag, ...]
    start: int
    end: int


def matching(tags: Sequence[ExchangedTag], patterns: Collection[str]) -> tuple[ExchangedTag, ...]:
    """Return the tags whose names match any pattern (`*`, `?`, `[ab]`), all where there is no pattern.

    Raise ExchangeError for a pattern that no tag matches.
    """
    for pattern in patterns:
        if not any(_matches(tag.name, pattern) for tag in tags):
            raise ExchangeError(f"{pattern}: no tag is called like that{like(pattern, [tag.name for tag in tags])}")
    return tuple(tag for tag in tags if not patterns or any(_matches(tag.name, pattern) for pattern in patterns))


def like(name: str, names: Collection[str]) -> str:
    """Return '; the nearest are "A", "B"', or "" where nothing resembles `name`."""
    near = difflib.get_close_matches(name, names, n=_MOST_NAMES, cutoff=0.4)
    return "; the nearest are " + ", ".join(f'"{each}"' for each in near) if near else ""


def _matches(name: str, pattern: str) -> bool:
    return name == pattern or fnmatchcase(name, pattern)
