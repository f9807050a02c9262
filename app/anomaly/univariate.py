"""Watches many tags, each by itself: against its time of day, its own jumps, and its own shifts of level."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.anomaly.state import AnomalyError, pack, restore_into, unpack
from app.model.clock import NS_PER_S

Array = NDArray[np.float64]

THRESHOLD = 5.0
"""A score at which an operator is told; chosen on made-up series, see docs/decisions/0041-anomaly-detectors.md."""
DAY_NS = 86_400 * NS_PER_S
SLOTS = 24
_FEWEST_IN_SLOT = 5
_SLOT_PACE = 0.05
_LONGEST = 10_000.0
_SILENT = 60
_REFRACTORY = 300
_RECORD = 1.2
_MEANS_OVER = (30.0, 100.0, 300.0, 1_000.0)
_SEASON_FLOOR, _MOVE_FLOOR, _SCORE_FLOOR = 0.1, 0.1, 0.3
_SETBACK_NS = 3_600 * NS_PER_S
_LARGEST = 1e100
_TINY = 1e-9
_KIND = "univariate"


class UnivariateBank:
    """Four measures of every tag, each in spreads of itself; the largest is the score.

    - *season*: the distance from the mean of its hour of the day (UTC), in that hour's spread; until five samples of an
      hour are known, from the mean of all;
    - *jump*: the step from the sample before;
    - *shifts*: how far a mean over 30 and one over 100 samples lie from means over ten times as many.

    Means and spreads look back 10,000 samples. A measure says how unusual it is by its own past (its mean and spread),
    so that one threshold suits a restless tag and a quiet one. After a score, others count within the next 300 samples
    only if they are 1.2 times as high: one event is told once. All is vectorised over the tags; about 1 kB per tag.
    """

    def __init__(self, tags: int) -> None:
        """Begin without a past."""
        if tags < 1:
            raise AnomalyError(f"a bank needs a tag, not {tags}")
        self._tags = np.arange(tags)
        self._paces = np.repeat(1.0 / np.array(_MEANS_OVER), tags).reshape(-1, tags)
        self._time = np.full(tags, -(1 << 62), np.int64)
        self._last, self._count = np.zeros(tags), np.zeros(tags)
        self._level, self._power = np.zeros(tags), np.zeros(tags)
        self._slot_level, self._slot_power, self._slot_count = (np.zeros((SLOTS, tags)) for _ in range(3))
        self._means, self._move_power = np.zeros((4, tags)), np.zeros((3, tags))
        self._usual, self._unusual = np.zeros((4, tags)), np.zeros((4, tags))
        self._told, self._since = np.zeros(tags), np.full(tags, float(_REFRACTORY))

    def update(self, times: NDArray[np.int64] | int, values: Array) -> Array:
        """Take a sample of each tag and return the scores, shape (tags,): 0 where nothing is to be told.

        `times`: ns UTC, one for all or one per tag; `values`: tag units, NaN where there is none or a bad one. A sample
        that is not newer than the tag's last is left out; one more than an hour older means that the clock was set
        back, and time begins anew.
        """
        if values.shape != self._time.shape:
            raise AnomalyError(f"{values.shape} values for {len(self._time)} tags")
        newer = times - self._time
        is_new = (np.abs(values) < _LARGEST) & ((newer > 0) | (newer < -_SETBACK_NS))
        # Nearly always all tags have a value, and are older than a memory: then nothing has to be chosen per tag.
        weight: Array | float = 1.0
        if is_new.all():
            self._time[:], value = times, values.astype(np.float64)
        else:
            self._time = np.where(is_new, times, self._time)
            weight, value = is_new.astype(np.float64), np.where(is_new, values, self._last)
        self._count += weight
        fewest = float(self._count.min())
        first = weight / np.maximum(self._count, 1.0)
        pace = np.maximum(first, weight / _LONGEST)
        rest = 1.0 - pace
        measures = self._measures(times, value, weight, first=first, pace=pace, rest=rest, fewest=fewest)
        scores = self._unusualness(measures, pace, rest)
        if fewest <= _SILENT or not isinstance(weight, float):
            scores *= weight * (self._count > _SILENT)
        return self._once(scores, weight)

    def _measures(
        self,
        times: NDArray[np.int64] | int,
        value: Array,
        weight: Array | float,
        *,
        first: Array,
        pace: Array,
        rest: Array,
        fewest: float,
    ) -> Array:
        """Return the four measures, shape (4, tags), and learn from the sample afterwards.

        `rest`: 1 - `pace`; `fewest`: how many samples the tag with the fewest has given.
        """
        out = np.empty((4, len(value)))
        away = value - self._level
        step = pace * away
        self._level += step
        step *= away
        self._power += step
        self._power *= rest
        spread = np.sqrt(self._power)
        spread += _TINY * (1.0 + np.abs(self._level))
        self._season(times, value, weight, spread=spread, out=out[0])
        steps = value - self._means
        if not isinstance(weight, float):
            steps *= weight
        steps *= self._paces if fewest > _MEANS_OVER[-1] else np.maximum(first, self._paces)
        self._means += steps
        moves = out[1:]
        np.subtract(value, self._last, out=moves[0])
        if fewest <= 1.0:
            moves[0] *= self._count > 1.0
        np.subtract(self._means[:2], self._means[2:], out=moves[1:])
        power = moves * moves
        np.abs(moves, out=moves)
        moves /= np.sqrt(self._move_power) + _MOVE_FLOOR * spread
        power -= self._move_power
        power *= pace
        self._move_power += power
        self._last = value
        return out

    def _season(
        self, times: NDArray[np.int64] | int, value: Array, weight: Array | float, *, spread: Array, out: Array
    ) -> None:
        slots = times % DAY_NS // (DAY_NS // SLOTS)
        # One time for all tags is a row of the arrays, which costs a tenth of a choice per tag.
        place = slots if isinstance(slots, int) else (slots, self._tags)
        level, power, count = self._slot_level[place], self._slot_power[place], self._slot_count[place]
        residual = value - level
        near = np.sqrt(power)
        near += _SEASON_FLOOR * spread
        np.divide(residual, near, out=out)
        pace: Array | float = weight * _SLOT_PACE
        if count.min() < 1.0 / _SLOT_PACE:
            np.copyto(out, (value - self._level) / spread, where=count < _FEWEST_IN_SLOT)
            pace = weight * np.maximum(1.0 / (count + 1.0), _SLOT_PACE)
        np.abs(out, out=out)
        step = pace * residual
        self._slot_level[place] = level + step
        step *= residual
        step += power
        step *= 1.0 - pace
        self._slot_power[place] = step
        self._slot_count[place] = count + weight

    def _unusualness(self, measures: Array, pace: Array, rest: Array) -> Array:
        measures -= self._usual
        step = pace * measures
        squares = np.abs(measures)
        squares *= measures
        squares /= self._unusual + _SCORE_FLOOR**2
        most = np.maximum(np.maximum(squares[0], squares[1]), np.maximum(squares[2], squares[3]))
        self._usual += step
        measures -= step
        measures *= step
        self._unusual *= rest
        self._unusual += measures
        scores: Array = np.sqrt(np.maximum(most, 0.0))
        return scores

    def _once(self, scores: Array, weight: Array | float) -> Array:
        self._since += weight
        self._told *= self._since <= _REFRACTORY
        is_told = scores > _RECORD * self._told
        out: Array = scores * is_told
        np.maximum(self._told, out, out=self._told)
        self._since *= ~is_told
        return out

    @property
    def told(self) -> Array:
        """Return the score of each tag's present event, shape (tags,): 0 where the last 300 samples told none."""
        return self._told * (self._since <= _REFRACTORY)

    def save(self) -> bytes:
        """Return the whole state, from which `restore` goes on as if nothing had happened."""
        return pack(_KIND, self._arrays())

    def restore(self, data: bytes) -> None:
        """Take the state that `save` gave; raise AnomalyError, and change nothing, where it does not fit."""
        fresh = UnivariateBank(len(self._time))
        restore_into(fresh._arrays(), unpack(_KIND, data))
        self.__dict__.update(fresh.__dict__)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {name: array for name, array in self.__dict__.items() if name not in {"_tags", "_paces"}}
