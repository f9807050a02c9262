"""Some rows of a file as columns, whatever kind of file it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.model.block import TimeArray, ValueArray
from app.model.exact import DataType
from app.plant.problem import Problem

NO_CODE = -1
"""An empty cell where a StatusCode might stand."""
WRONG_CODE = -2


class Chunk(Protocol):
    """Some rows. `line`: int64, where each stands; `times`: int64 ns UTC, NO_TIME where a row has none.

    `problems`: of rows that could not even be divided into cells; `share`: how much of the file has been read.
    """

    line: NDArray[np.int64]
    times: TimeArray
    problems: tuple[Problem, ...]
    share: float

    def time_text(self, row: int) -> str:
        """Return what stands there as the time of a row."""

    def numbers(self, column: int) -> tuple[ValueArray, NDArray[np.bool_]]:
        """Return the numbers of a column, NaN for an empty cell, and which cells hold something else."""

    def exact(self, column: int, data_type: DataType) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Return the values of a column as objects that are int, bool or str, and which cells hold something else.

        An empty cell is 0, False or "".
        """

    def codes(self, column: int) -> NDArray[np.int64]:
        """Return the StatusCodes of a column, NO_CODE for an empty cell, WRONG_CODE for something else."""

    def texts(self, column: int) -> Sequence[str]:
        """Return the texts of a column."""

    def text(self, column: int, row: int) -> str:
        """Return what stands in one cell."""


class TableFile(Protocol):
    """A file of rows below headings. `time`: places of the columns (one, or date and time of day) that say when."""

    path: Path
    headings: tuple[str, ...]
    time: tuple[int, ...]
    has_offsets: bool

    def chunks(self) -> Iterator[Chunk]:
        """Read the file from its beginning."""


_WHOLE = re.compile(r"[+-]?\d+")
_STATES = {"true": True, "false": False, "": False}


def exact_values(texts: Sequence[str], data_type: DataType) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return what `Chunk.exact` does for cells that are texts."""
    found = np.empty(len(texts), object)
    for place, text in enumerate(texts):
        found[place] = _exact(text, data_type)
    return found, np.array([value is None for value in found], np.bool_)


def _exact(text: str, data_type: DataType) -> int | bool | str | None:
    match data_type:
        case DataType.BOOLEAN:
            return _STATES.get(text.strip().lower())
        case DataType.INT64:
            whole = int(text) if _WHOLE.fullmatch(text.strip()) else None if text.strip() else 0
            return whole if whole is not None and -(1 << 63) <= whole < 1 << 63 else None
        case _:
            return text
