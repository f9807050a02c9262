"""Watches the tags of one Equipment together: learns what is healthy, then measures how far it departs from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.anomaly.learned import Settings
from app.anomaly.state import AnomalyError, pack, restore_into, unpack
from app.anomaly.watch import Watch
from app.model.clock import NS_PER_S

Array = NDArray[np.float64]

MOST_MODES = 8
LONGEST_GAP = 20
"""Rows; after a longer silence what comes has nothing to do with what was."""
_BLIND_ROWS = 3
_LARGEST = 1e100
_KIND = "equipment"
_NONE = -(1 << 62)


class Phase(StrEnum):
    """What a model can say of its Equipment now."""

    LEARNING = "learning"
    NORMAL = "normal"
    ALARM = "alarm"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Reading:
    """`score`: 1 at the limit, NaN while nothing is known; `progress` of the learning, 0..1.

    `contributions`: shape (tags,), what each tag adds to the score; they sum to it exactly. `shift`: how far the
    baseline has moved since it was learned, in tag units.
    """

    phase: Phase
    score: float
    progress: float
    contributions: Array
    shift: Array


class EquipmentModel:
    """One multivariate model per mode of operation, at most eight; the longest unused makes room.

    `update` takes rows on a fixed grid of time, `reading` says what is known and changes nothing. Missing and bad
    values are NaN. A row that is not newer than the last one is left out; if the clock was set back by more than 20
    rows, time begins anew. No model is in alarm until it has learned, and it learns until the signals stand still.
    """

    def __init__(
        self,
        tags: int,
        *,
        period_s: float,
        settings: Settings | None = None,
        floor: Array | None = None,
        is_learning: bool = True,
    ) -> None:
        """Begin to learn. `period_s`: from row to row; `floor`: the least spread to believe of each tag.

        `is_learning`: False for one that only does what it was taught: a mode that it does not know it says nothing of.
        """
        if tags < 1 or not period_s > 0.0:
            raise AnomalyError(f"a model needs a tag and a period, not {tags} and {period_s} s")
        self._settings = settings or Settings()
        self._is_learning = is_learning
        if not is_learning:
            self._settings = replace(self._settings, mature_rows=0)
        self._tags, self._period = tags, round(period_s * NS_PER_S)
        self._floor = np.zeros(tags) if floor is None else np.asarray(floor, np.float64)
        self._watches: dict[str, Watch] = {}
        self._mode = ""
        self._clock = np.array([_NONE, 0], np.int64)
        """The time of the newest row, and how many blind rows came last."""

    def update(self, time: int, row: Array, *, mode: str = "") -> None:
        """Take the row of an instant (ns UTC; tag units, shape (tags,), NaN: missing or bad)."""
        if row.shape != (self._tags,):
            raise AnomalyError(f"a row of {row.shape} values for {self._tags} tags")
        last = int(self._clock[0])
        if last - LONGEST_GAP * self._period <= time <= last:
            return
        follows_gap = last == _NONE or time < last or time - last > LONGEST_GAP * self._period
        self._clock[0] = time
        row = np.where(np.abs(row) < _LARGEST, row, np.nan)
        if np.isnan(row).mean() > 0.5:
            self._clock[1] += 1
            return
        follows_gap |= int(self._clock[1]) >= _BLIND_ROWS or mode != self._mode
        self._clock[1] = 0
        self._mode = mode
        if self._is_learning or mode in self._watches:
            self._watch(mode).take(row, follows_gap=follows_gap)

    def learn(self) -> bool:
        """Learn the present mode from its healthy past now, stationary or not; return whether that was possible."""
        watch = self._watches.get(self._mode)
        return watch is not None and watch.learn()

    def learn_all(self) -> None:
        """Learn each mode whose signals stood still from all of its healthy past, and forget the others."""
        self._watches = {mode: watch for mode, watch in self._watches.items() if watch.learn_if_still()}

    @property
    def modes(self) -> tuple[str, ...]:
        """Return the modes that it knows, the one that was there last at the end."""
        return tuple(mode for mode, watch in self._watches.items() if watch.learned is not None)

    @classmethod
    def resumed(cls, model: EquipmentModel) -> EquipmentModel:
        """Return a model that does what another one was taught, and learns nothing more."""
        own = cls(model._tags, period_s=model._period / NS_PER_S, floor=model._floor, is_learning=False)
        own.restore(model.save())
        return own

    def reading(self) -> Reading:
        """Return what is known of the newest row."""
        watch = self._watches.get(self._mode)
        nothing = np.zeros(self._tags)
        if watch is None:
            return Reading(Phase.LEARNING, np.nan, 0.0, nothing, nothing)
        if int(self._clock[1]) >= _BLIND_ROWS:
            return Reading(Phase.NO_DATA, np.nan, watch.progress, nothing, watch.shift)
        if watch.learned is None:
            return Reading(Phase.LEARNING, np.nan, watch.progress, nothing, nothing)
        phase = Phase.ALARM if watch.is_alarm else Phase.NORMAL
        return Reading(phase, watch.score, 1.0, watch.contributions(), watch.shift)

    def _watch(self, mode: str) -> Watch:
        watch = self._watches.pop(mode, None)
        if watch is None:
            if len(self._watches) >= MOST_MODES:
                del self._watches[next(iter(self._watches))]
            watch = Watch(self._tags, self._settings, period_s=self._period / NS_PER_S, floor=self._floor)
        self._watches[mode] = watch
        return watch

    def save(self) -> bytes:
        """Return the whole state, from which `restore` goes on as if nothing had happened."""
        state: dict[str, NDArray[Any]] = {"clock": self._clock, "mode": _text(self._mode)}
        for place, (mode, watch) in enumerate(self._watches.items()):
            state[f"{place}/mode"] = _text(mode)
            state.update({f"{place}/{name}": array for name, array in watch.arrays().items()})
        return pack(_KIND, state)

    def restore(self, data: bytes) -> None:
        """Take the state that `save` gave; raise AnomalyError, and change nothing, where it does not fit."""
        state = unpack(_KIND, data)
        clock = np.zeros(2, np.int64)
        restore_into({"clock": clock}, state)
        watches = {}
        for place in range(MOST_MODES):
            if f"{place}/mode" not in state:
                break
            inner = {name.partition("/")[2]: array for name, array in state.items() if name.startswith(f"{place}/")}
            watch = Watch(self._tags, self._settings, period_s=self._period / NS_PER_S, floor=self._floor)
            watch.restore(inner)
            watches[_word(inner["mode"])] = watch
        self._clock, self._watches, self._mode = clock, watches, _word(state.get("mode", _text("")))


def _text(word: str) -> NDArray[np.int64]:
    return np.array([ord(letter) for letter in word], np.int64)


def _word(letters: NDArray[Any]) -> str:
    return "".join(chr(letter) for letter in letters.tolist())
