"""What every kind of file that takes an export can do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from app.exchange.table import Column, Rows
from app.exchange.time_text import Zone


@dataclass(frozen=True, slots=True)
class Style:
    """How times and text are written. `zone`: of the times; `has_mark`: whether UTF-8 begins with a byte order mark.

    `notes`: lines that say what the file holds, where the kind of file has a place for them.
    """

    zone: Zone = UTC
    has_mark: bool = False
    notes: tuple[str, ...] = ()


class Output(Protocol):
    """A file that takes rows; leaving the context completes it, or abandons it after an error."""

    def __enter__(self) -> Self:
        """Return itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Complete the file and close it."""

    def write(self, rows: Rows) -> None:
        """Append rows."""


MakeOutput: TypeAlias = Callable[[Path, Sequence[Column], Style], Output]
