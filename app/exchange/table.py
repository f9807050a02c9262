"""Rows on their way into a file of another program, as columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.model.block import TimeArray, ValueArray
from app.model.exact import DataType
from app.model.status import StatusArray


class Kind(StrEnum):
    """What the cells of a column are.

    TIME: int64 ns UTC. NUMBER: float64, NaN for an empty cell. CODE: uint32 StatusCodes. COUNT: int64. TEXT: Texts.
    VALUE: objects that are int, bool or str, None for an empty cell.
    """

    TIME = "time"
    NUMBER = "number"
    CODE = "code"
    COUNT = "count"
    TEXT = "text"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file; `heading`: what stands at its top, with the unit in brackets.

    `data_type`: what all values of a VALUE column are, None where they are of several types.
    """

    title: str
    kind: Kind
    unit: str = ""
    data_type: DataType | None = None

    @property
    def heading(self) -> str:
        """Return "AC01.T_D [Cel]", with "{int64}" behind it where the values are no float64."""
        heading = f"{self.title} [{self.unit}]" if self.unit else self.title
        return heading if self.data_type is None else f"{heading} {{{self.data_type}}}"


@dataclass(frozen=True, slots=True)
class Texts:
    """Cells of which many are alike: `index` int32, shape (n,), points into `words`; -1 is an empty cell."""

    words: Sequence[str]
    index: NDArray[np.int32]


Cells: TypeAlias = TimeArray | ValueArray | StatusArray | NDArray[np.object_] | Texts


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows: `count` of them, one array (or Texts) per column."""

    count: int
    cells: tuple[Cells, ...]

    def parts(self, most: int) -> Iterator[Rows]:
        """Yield the rows in parts of at most `most`."""
        for begin in range(0, self.count, most):
            end = min(self.count, begin + most)
            yield Rows(end - begin, tuple(_part(cells, begin, end) for cells in self.cells))


def _part(cells: Cells, begin: int, end: int) -> Cells:
    return Texts(cells.words, cells.index[begin:end]) if isinstance(cells, Texts) else cells[begin:end]


def value_text(value: object) -> str:
    """Return an int, a bool ("true") or a str as text; "" for None."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
