"""What is told of a value, in sections of lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is told; `is_wrong`: it wants attention."""

    name: str
    value: str
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Lines that belong together, under a title."""

    title: str
    lines: tuple[Line, ...]

    def texts(self) -> Iterator[str]:
        """Yield the section as it is copied into a message."""
        yield self.title
        for line in self.lines:
            yield f"  {line.name}: {line.value}"
