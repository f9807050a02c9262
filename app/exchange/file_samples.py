"""Samples on their way from a file into the history: portions of them, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.model.block import TimeArray
from app.model.exact import DataType
from app.model.status import StatusArray
from app.plant.problem import Problem


@dataclass(frozen=True, slots=True)
class SeriesName:
    """What the file calls a series of samples, the unit that it gives ("" for none), and what its values are."""

    name: str
    unit: str = ""
    data_type: DataType = DataType.FLOAT64


@dataclass(frozen=True, slots=True)
class FileSamples:
    """Samples in the order of the file; shape (n,).

    `line`: int64, where each stands (a line of a CSV, a row of a Parquet file, from 1). `series`: int32, which of the
    source's series. `time` int64 ns UTC, `status` uint32. `value`: float64 (NaN: none), or objects where there are
    whole numbers, states or texts among them.
    """

    line: NDArray[np.int64]
    series: NDArray[np.int32]
    time: TimeArray
    value: NDArray[Any]
    status: StatusArray

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.line)

    def select(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> FileSamples:
        """Return some of the samples."""
        return FileSamples(self.line[rows], self.series[rows], self.time[rows], self.value[rows], self.status[rows])


@dataclass(frozen=True, slots=True)
class Portion:
    """What stands in the next part of a file; `share`: how much of the file has been read after it (0 .. 1)."""

    samples: FileSamples
    problems: tuple[Problem, ...]
    share: float


class Source(Protocol):
    """A file that holds samples; it may be read several times."""

    path: Path

    @property
    def series(self) -> list[SeriesName]:
        """Return the series found so far; a portion names none that is not among them."""

    @property
    def has_offsets(self) -> bool:
        """Return whether its times say by how much they are ahead of UTC, as far as it has been read."""

    def leave_out(self, numbers: Collection[int]) -> None:
        """No longer look into columns whose series nobody wants, so that texts may stand there."""

    def portions(self) -> Iterator[Portion]:
        """Read the file from its beginning; raise RecordingError or ExchangeError where it is no such file."""


def together(parts: Sequence[FileSamples]) -> FileSamples:
    """Return the samples of all parts, one part after the other."""
    if not parts:
        nothing = np.empty(0, np.int64)
        return FileSamples(nothing, np.empty(0, np.int32), nothing, np.empty(0), np.empty(0, np.uint32))
    return FileSamples(
        np.concatenate([part.line for part in parts]),
        np.concatenate([part.series for part in parts]),
        np.concatenate([part.time for part in parts]),
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.status for part in parts]),
    )
