"""One mode of operation of an Equipment: its healthy past, what was learned from it, and the distance from that now."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.anomaly.covariance import drift_of
from app.anomaly.feature import Memory, settling
from app.anomaly.learned import Learned, Part, Settings, learn
from app.anomaly.past import Past
from app.anomaly.state import AnomalyError, State, restore_into

Array = NDArray[np.float64]

LONGEST_ROWS = 50_000
_FEWEST_PER_TAG = 5
_FEWEST_ROWS_STILL = 9
_STILL = 1.0
_ENOUGH_STILL = 0.75
_AGAIN = 1.25
_DOUBLED = 2
_LARGEST = 10.0


class Watch:
    """Learns until the signals stand still, and then measures.

    Learning ends when three of four signals that are used have moved less, from the first to the last third of what
    was seen, than they spread; at the latest after 50,000 rows. A start-up is no past: the newest half or quarter may
    stand still alone. From then on the level of the baseline follows slowly, five times more slowly in alarm, so that a
    warm day is learned and a fault is not. A young model is learned anew whenever its healthy past has doubled.
    """

    def __init__(self, tags: int, settings: Settings, *, period_s: float, floor: Array) -> None:
        """Begin without a past."""
        self._settings, self._period_s, self._floor = settings, period_s, floor
        self._past = Past(tags)
        self._memories = [Memory(tags, pace=pace, lags=settings.lags) for pace in settings.paces]
        count = len(settings.paces) * len(settings.measures)
        self._energy = np.zeros(count)
        self._split = np.zeros((count, tags))
        self._shift = np.zeros(tags)
        self._flags = np.array([0, 0, self._fewest], np.int64)
        """Whether it is in alarm, rows to settle, and how many rows must be seen before the next try to learn."""
        self._still = np.zeros(1)
        self.learned: Learned | None = None

    @property
    def _fewest(self) -> int:
        return max(self._settings.fewest_rows, _FEWEST_PER_TAG * len(self._floor))

    @property
    def is_alarm(self) -> bool:
        """Return whether the score went beyond its limit and has not yet come back well below it."""
        return bool(self._flags[0])

    @property
    def progress(self) -> float:
        """Return how far the learning has come, 0..1."""
        if self.learned is not None:
            return 1.0
        seen = min(self._past.seen / self._fewest, 1.0)
        return min(0.99, 0.5 * seen + 0.5 * min(float(self._still[0]) / _ENOUGH_STILL, 1.0))

    @property
    def shift(self) -> Array:
        """Return how far the baseline has moved since it was learned, in tag units."""
        return self._shift * (0.0 if self.learned is None else self.learned.scale)

    @property
    def score(self) -> float:
        """Return the largest of the measures in units of its limit."""
        return max(0.0, *self._ratios()) if self.learned is not None else math.nan

    def contributions(self) -> Array:
        """Return what each tag adds to the score, shape (tags,), all >= 0."""
        if self.learned is None:
            return np.zeros(len(self._floor))
        ratios = self._ratios()
        most = int(np.argmax(ratios))
        split: Array = self._split[most] / self.learned.parts[most].limit
        return split

    def take(self, row: Array, *, follows_gap: bool) -> None:
        """Take a row of this mode (tag units, NaN: missing)."""
        if follows_gap:
            self._begin_anew()
        if self.learned is not None:
            self._measure(self.learned, row)
            if self.is_alarm:
                return
        self._past.add(row, follows_gap=follows_gap)
        if self._past.seen >= self._flags[2]:
            self._try_to_learn()

    def learn_if_still(self) -> bool:
        """Learn from all of the healthy past, where its signals stood still; return whether they did and sufficed."""
        if not len(self._past) or not self._stands_still(np.vstack(self._past.stretches())):
            return False
        self._flags[2] = _DOUBLED * self._past.seen
        return self.learn()

    def learn(self) -> bool:
        """Learn from the healthy past, and begin to measure; return whether that was possible."""
        if not len(self._past):
            return False
        learned = learn(self._past.stretches(), self._settings, period_s=self._period_s, floor=self._floor)
        if learned is None:
            return False
        self.learned = learned
        self._shift[:] = 0.0
        self._flags[0] = 0
        self._begin_anew()
        self._flags[1] = 0
        return True

    def _try_to_learn(self) -> None:
        seen = self._past.seen
        self._flags[2] = math.ceil(_AGAIN * seen)
        if self.learned is not None:
            self._flags[2] = _DOUBLED * seen
            if seen <= self._settings.mature_rows:
                self.learn()
            return
        rows = np.vstack(self._past.stretches())
        for share in (1, 2, 4):
            count = len(rows) // share
            # The whole of what is kept stands for all that was seen, however many rows were asked for.
            if (share == 1 or count >= self._fewest) and self._stands_still(rows[-count:]):
                self._past.keep_newest(count)
                break
        else:
            if seen < LONGEST_ROWS:
                return
        if self.learn():
            self._flags[2] = _DOUBLED * seen

    def _stands_still(self, rows: Array) -> bool:
        is_used = np.isfinite(rows).all(axis=0) & (np.ptp(rows, axis=0) > 0.0)
        if not is_used.any() or len(rows) < _FEWEST_ROWS_STILL:
            return False
        used = rows[:, is_used]
        noise = np.sqrt(np.mean([third.var(axis=0) for third in np.array_split(used, 3)], axis=0))
        self._still[0] = float(np.mean(np.abs(drift_of(used)) <= _STILL * noise))
        return bool(self._still[0] >= _ENOUGH_STILL)

    def _begin_anew(self) -> None:
        for memory in self._memories:
            memory.forget()
        # As long as in what was learned from: how signals come to rest after a start is not known.
        self._flags[1] = max(settling(pace, self._settings.lags) for pace in self._settings.paces)
        if self.learned is not None:
            self._energy[:] = [part.usual for part in self.learned.parts]
            self._split[:] = self._energy[:, None] / self._split.shape[1]

    def _measure(self, learned: Learned, row: Array) -> None:
        settings = self._settings
        standard = learned.standard(row)
        standard[np.isnan(row)] += self._shift[np.isnan(row)]
        features = {memory.pace: memory.take(standard - self._shift) for memory in self._memories}
        if self._flags[1]:
            self._flags[1] -= 1
        else:
            for place, part in enumerate(learned.parts):
                self._add(place, part, part.squares(features[part.pace]))
        score = max(self._ratios())
        self._flags[0] = score > 1.0 or (self.is_alarm and score > settings.release)
        memory_rows = settings.baseline_rows * (settings.freeze if self.is_alarm else 1.0)
        self._shift += (standard - self._shift) / memory_rows

    def _add(self, place: int, part: Part, squares: Array) -> None:
        """Smooth a measure and its split; one row counts at most ten limits, so that a spike is soon forgotten."""
        split = squares.reshape(-1, self._split.shape[1]).sum(axis=0)
        total = float(split.sum())
        if total > _LARGEST * part.limit:
            split *= _LARGEST * part.limit / total
        self._split[place] += self._settings.energy_pace * (split - self._split[place])
        self._energy[place] = self._split[place].sum()

    def _ratios(self) -> list[float]:
        if self.learned is None:
            return []
        return [float(energy) / part.limit for energy, part in zip(self._energy, self.learned.parts, strict=True)]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all that the watch knows, by name."""
        out = {**self._changing()}
        if self.learned is not None:
            out |= {f"learned/{name}": np.asarray(getattr(self.learned, name)) for name in _LEARNED}
            for place, part in enumerate(self.learned.parts):
                out |= {f"part{place}/{name}": np.asarray(getattr(part, name)) for name in _PART}
        return out

    def restore(self, state: State) -> None:
        """Take what `arrays` gave; raise AnomalyError where it does not fit."""
        restore_into(self._changing(), state)
        if "learned/mean" not in state:
            return
        try:
            parts = tuple(
                Part(
                    float(state[f"part{place}/pace"]),
                    state[f"part{place}/mean"],
                    state[f"part{place}/whitening"],
                    float(state[f"part{place}/limit"]),
                    float(state[f"part{place}/usual"]),
                )
                for place in range(len(self._energy))
            )
            mean, scale, precision, drift = (state[f"learned/{name}"] for name in _LEARNED[:4])
            self.learned = Learned(mean, scale, precision, parts, drift, int(state["learned/rows"]))
        except KeyError as error:
            raise AnomalyError(f"not a whole state of a detector: {error} is missing: learn anew") from error
        width = len(self._floor) * (self._settings.lags + 1)
        fits = all(
            part.mean.shape == (width,) and part.whitening.shape == (width, width) and part.pace in self._settings.paces
            for part in parts
        )
        if not fits or mean.shape != self._floor.shape or precision.shape != (len(mean), len(mean)):
            raise AnomalyError("the state does not fit this detector: its tags or settings have changed")

    def _changing(self) -> dict[str, NDArray[Any]]:
        memories = {f"memory{place}": memory.rows for place, memory in enumerate(self._memories)}
        past = {f"past/{name}": array for name, array in self._past.arrays().items()}
        return {
            **memories,
            **past,
            "energy": self._energy,
            "split": self._split,
            "shift": self._shift,
            "flags": self._flags,
            "still": self._still,
        }


_LEARNED = ("mean", "scale", "precision", "drift", "rows")
_PART = ("pace", "mean", "whitening", "limit", "usual")
