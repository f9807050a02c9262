"""A recording: the signals of one machine over a stretch of time, and how its file was understood."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.model.block import TimeArray, ValueArray


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column that is not replayed, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file was understood, for the log and for people.

    `without_time`: rows dropped because no time could be read in them; `out_of_order`: rows earlier than one before
    them, sorted in; `duplicates`: rows at the time of the row before, kept; `ragged`: rows with too few or too many
    cells.
    """

    encoding: str
    delimiter: str
    time_column: str
    time_form: str
    has_decimal_comma: bool = False
    left_out: tuple[LeftOut, ...] = ()
    without_time: int = 0
    out_of_order: int = 0
    duplicates: int = 0
    ragged: int = 0


@dataclass(frozen=True, slots=True)
class Recording:
    """Signals over time; n rows, m columns.

    `time`: int64 ns UTC, shape (n,), never falling, n at least 2. `values`: float64, shape (n, m), NaN where a cell
    holds no number. `columns`: the m names, each once.
    """

    path: Path
    columns: tuple[str, ...]
    time: TimeArray
    values: ValueArray
    reading: Reading

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.time)

    @property
    def interval_ns(self) -> int:
        """Return the median distance of rows at different times, at least 1 ns."""
        steps = np.diff(self.time)
        steps = steps[steps > 0]
        return int(np.median(steps)) if len(steps) else 1

    @property
    def duration_ns(self) -> int:
        """Return the time from the first row to the last."""
        return int(self.time[-1] - self.time[0])
