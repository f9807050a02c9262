"""The samples of one Equipment as rows on a fixed grid of time, as its health model needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.model.block import TimeArray, ValueArray
from app.model.clock import NS_PER_MS, NS_PER_S
from app.model.tag import TagDefinition, TagKind

ROW_S = 10.0
_LONGEST_GAP = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One point of the grid: the `time` (ns UTC) of its begin, `signals` and `modes` (NaN: none)."""

    time: int
    signals: ValueArray
    modes: ValueArray
    follows_gap: bool


@dataclass(frozen=True, slots=True)
class GridState:
    """The open row of a grid and what it holds on to; arrays of shape (tags,)."""

    held: ValueArray
    is_lost: NDArray[np.bool_]
    sums: ValueArray
    counts: ValueArray
    totals: ValueArray
    open: int
    before: int


class Grid:
    """Resamples the tags of one Equipment.

    `signals`: its analog tags (the mean of the samples in a row) and counters (their rate per second); `modes`: its
    discrete tags (the last value). A tag without a sample in a row keeps its value until a bad one comes: servers
    report changes only. The row's length is the usual scan time, but at least ten seconds of the plant's own time. A
    row ends with the first sample of a later one; samples that come too late count in the open row. When the clock was
    set back, the rows begin anew.
    """

    def __init__(self, tags: Sequence[TagDefinition], *, time_scale: float) -> None:
        """Prepare for `tags` in their order, which is the order of the columns that `add` takes."""
        self.signals = [tag for tag in tags if tag.kind is not TagKind.DISCRETE]
        self.modes = [tag for tag in tags if tag.kind is TagKind.DISCRETE]
        scan_ms = float(np.median([tag.scan_ms for tag in self.signals]))
        self.period = int(max(scan_ms * NS_PER_MS, ROW_S / time_scale * NS_PER_S, NS_PER_MS))
        self._is_counter = np.array([tag.kind is TagKind.COUNTER for tag in tags])
        self._is_mean = np.array([tag.kind is TagKind.ANALOG for tag in tags])
        self._is_mode = np.array([tag.kind is TagKind.DISCRETE for tag in tags])
        self._count = len(tags)
        self._held = np.full(self._count, np.nan)
        self._is_lost = np.zeros(self._count, np.bool_)
        self._sums = np.zeros(self._count)
        self._counts = np.zeros(self._count)
        self._open = -1
        self._before = -1
        self._totals = np.full(self._count, np.nan)

    def add(
        self, columns: NDArray[np.intp], times: TimeArray, values: ValueArray, *, usable: NDArray[np.bool_]
    ) -> list[Row]:
        """Take samples (column, ns UTC, tag unit, whether usable; shape (n,)); return the rows that they completed."""
        cells = times // self.period
        if len(cells) and cells.max() < self._open - _LONGEST_GAP:
            self._open = self._before = -1
        cells = np.maximum(cells, self._open)
        order = np.argsort(cells, kind="stable")
        cells = cells[order]
        bounds = np.flatnonzero(np.diff(cells, prepend=cells[:1] - 1))
        rows = []
        for begin, end in zip(bounds, [*bounds[1:], len(cells)], strict=True):
            part, cell = order[begin:end], int(cells[begin])
            if cell > self._open:
                rows += self._close()
                self._open = cell
            self._take(columns[part], values[part], usable[part])
        return rows

    def _take(self, columns: NDArray[np.intp], values: ValueArray, usable: NDArray[np.bool_]) -> None:
        self._is_lost[columns] = ~usable
        columns, values = columns[usable], values[usable]
        self._sums += np.bincount(columns, values, self._count)
        self._counts += np.bincount(columns, minlength=self._count)
        self._held[columns] = values

    def _close(self) -> list[Row]:
        if self._open < 0:
            return []
        fresh = self._counts > 0
        with np.errstate(invalid="ignore", divide="ignore"):
            level = np.where(fresh & self._is_mean, self._sums / self._counts, self._held)
        level[~fresh & self._is_lost] = np.nan
        elapsed = (self._open - self._before) * self.period / NS_PER_S
        rise = level - self._totals
        self._totals = np.where(np.isnan(level), self._totals, level)
        level[self._is_counter] = np.where(rise >= 0, rise / elapsed, np.nan)[self._is_counter]
        row = Row(
            time=self._open * self.period,
            signals=level[~self._is_mode],
            modes=level[self._is_mode],
            follows_gap=self._before < 0 or self._open - self._before > _LONGEST_GAP,
        )
        self._before = self._open
        self._held[self._is_lost] = np.nan
        self._sums[:], self._counts[:] = 0.0, 0.0
        return [row]

    @property
    def state(self) -> GridState:
        """Return all that is known, from which `restore` goes on."""
        return GridState(self._held, self._is_lost, self._sums, self._counts, self._totals, self._open, self._before)

    def restore(self, state: GridState) -> None:
        """Go on where a state was taken."""
        self._held, self._is_lost, self._totals = state.held, state.is_lost, state.totals
        self._sums, self._counts = state.sums, state.counts
        self._open, self._before = state.open, state.before
