"""The single signals of one Equipment: which of them does what it has not been seen to do, for information alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.anomaly.state import AnomalyError
from app.anomaly.univariate import THRESHOLD, UnivariateBank
from app.model.block import TimeArray, ValueArray
from app.model.clock import NS_PER_S
from app.model.forecast import Contribution, UnusualSignals
from app.model.tag import TagDefinition, TagKind
from app.prediction.state import StateMisfit, digest_of, pack, unpack

VERSION = "signals 1"
"""Of this watch, to tell what was said by which; it rises whenever the same past would be judged otherwise."""
ROW_S = 60.0
"""From row to row, of the plant's own time: the memories of the bank then span half an hour to a week."""

_USUAL_PACE = 0.01
_SET_BACK_ROWS = 20
_LONGEST_NS = 200 * 366 * 86_400 * NS_PER_S


@dataclass(frozen=True, slots=True)
class _SignalsState:
    held: ValueArray
    usual: ValueArray
    moved: ValueArray
    open: int
    first: int
    bank: bytes


class SignalWatch:
    """Gives the analog tags of an Equipment to a `UnivariateBank`, a row each minute of the plant's own time.

    A tag without a sample keeps its value until a bad one comes. A row is closed by the first sample after it; when the
    clock was set back, the bank begins anew by its own rule. What is told holds for 300 rows, or until it is exceeded.
    """

    def __init__(self, equipment: str, tags: Sequence[TagDefinition], *, time_scale: float) -> None:
        """Begin without a past; the order of `tags` is that of `add`'s columns."""
        self.equipment = equipment
        self._names = [tag.name for tag in tags]
        self._scale = time_scale
        self._period = max(1, int(ROW_S / time_scale * NS_PER_S))
        self._is_analog = np.array([tag.kind is TagKind.ANALOG for tag in tags], np.bool_)
        self._bank = UnivariateBank(len(tags))
        self._held: ValueArray = np.full(len(tags), np.nan)
        self._usual: ValueArray = np.full(len(tags), np.nan)
        self._moved: ValueArray = np.zeros(len(tags))
        self._open = -1
        self._first = -1

    def add(
        self, columns: NDArray[np.intp], times: TimeArray, values: ValueArray, *, usable: NDArray[np.bool_]
    ) -> None:
        """Take samples (column, ns UTC, tag unit, whether usable; shape (n,)), in the order of their arrival."""
        cells = np.maximum.accumulate(np.maximum(times // self._period, self._floor(times)))
        kept = np.where(usable & self._is_analog[columns], values, np.nan)
        bounds = np.flatnonzero(np.diff(cells, prepend=cells[:1] - 1))
        for begin, end in zip(bounds, [*bounds[1:], len(cells)], strict=True):
            if cells[begin] != self._open:
                self._close()
                self._open = int(cells[begin])
            self._held[columns[begin:end]] = kept[begin:end]

    def _floor(self, times: TimeArray) -> int:
        """Return the open row, before which nothing comes any more, unless the clock was set back by far."""
        is_set_back = len(times) > 0 and int(times.max()) // self._period < self._open - _SET_BACK_ROWS
        return -1 if is_set_back else self._open

    def _close(self) -> None:
        if self._open < 0:
            return
        scores = self._bank.update(self._plant_time(), self._held)
        self._moved = np.where(scores > 0.0, np.nan_to_num(self._held - self._usual), self._moved)
        step = _USUAL_PACE * (self._held - self._usual)
        stays = np.where(np.isnan(step), self._usual, self._usual + step)
        self._usual = np.where(np.isnan(self._usual), self._held, stays)

    def _plant_time(self) -> int:
        """Return the time of the open row by the plant's own clock, ns: the bank knows hours of its day.

        Time that runs faster begins anew after two hundred years, before an int64 ends.
        """
        if self._first < 0:
            self._first = self._open
        elapsed = int((self._open - self._first) * self._period * self._scale) % _LONGEST_NS
        return self._first * self._period + elapsed

    def unusual(self, now: int) -> UnusualSignals:
        """Return what is unusual at `now` (ns UTC); a score of 0 where nothing is."""
        told = self._bank.told
        told = np.where(told >= THRESHOLD, told, 0.0)
        total = float(told.sum())
        parts = tuple(
            Contribution(self._names[place], float(told[place]) / total, float(self._moved[place]))
            for place in np.argsort(-told, kind="stable").tolist()
            if told[place] > 0.0
        )
        return UnusualSignals(self.equipment, now, float(told.max(initial=0.0)) / THRESHOLD, parts)

    @property
    def basis(self) -> str:
        """Return a digest of the tags as they are watched: a state fits where it is the same."""
        return digest_of((VERSION, self._names, self._is_analog, self._period, self._scale))

    def save(self) -> bytes:
        """Return all that is known, from which `restore` goes on as if nothing had happened."""
        return pack(_SignalsState(self._held, self._usual, self._moved, self._open, self._first, self._bank.save()))

    def restore(self, data: bytes) -> None:
        """Go on where `save` was asked; raise StateMisfit, and change nothing, where that was not of these tags."""
        state = unpack(_SignalsState, data)
        try:
            self._bank.restore(state.bank)
        except AnomalyError as error:
            raise StateMisfit(str(error)) from error
        self._held, self._usual, self._moved = state.held, state.usual, state.moved
        self._open, self._first = state.open, state.first
