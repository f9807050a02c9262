"""The health of one Equipment: how far it is now from its own healthy past."""

from __future__ import annotations

import math
import statistics
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.model.alarm import AlarmDefinition
from app.model.block import TimeArray, ValueArray
from app.model.clock import NS_PER_S
from app.model.forecast import Contribution, Health, HealthState
from app.model.tag import TagDefinition, TagKind
from app.prediction import baseline as healthy
from app.prediction.baseline import Baseline
from app.prediction.grid import Grid, Row
from app.prediction.health_memory import Count, HealthMemory
from app.prediction.limit_watch import LimitWatch
from app.prediction.operating_mode import OperatingModes
from app.prediction.row_store import RowStore
from app.prediction.set_limit import set_limits
from app.prediction.smoother import Smoother
from app.prediction.state import StateMisfit, digest_of, pack, unpack

VERSION = "health 2"
"""Of this model, to tell what was said by which; it rises whenever the same past would be judged otherwise."""
LONGEST_H = 14 * 24.0
_ENOUGH_STILL = 0.6
_LONG_START_ROWS = 192
_MOST_MODES = 8
_PHASES = 8
_MEMORY_H = 7 * 24.0
_SETTLING_ROWS = 3
_PATIENCE_ROWS = 12
_STALE_ROWS = 60
_GOES_ON = 2
_LIKE_HEALTHY = 0.7
_SCORES = 5
YOUNG_H = 24.0
_HABITS_H = 72.0
_YOUNG_SHARE = 0.005
_DEPARTED_SHARE = 0.05
_MOST_EXCURSION = 256
_DEGRADED_BELOW, _ABNORMAL_BELOW = 70.0, 50.0
_MOST_CONTRIBUTIONS = 5
_LEAST_SHARE = 0.02
_SILENT_ROWS, _SILENT_S = 10, 10.0
_SECONDS_PER_HOUR = 3_600.0


class HealthModel:
    """Learns what an Equipment is like and then watches how far it departs from that.

    Learning ends when most signals stand still, not after a fixed count. Afterwards the baseline is learned anew
    whenever its healthy past has doubled, and its level follows slow changes as long as all is well. On its first day,
    when it cannot know nights and other loads, a sudden departure at first only degrades the health and is learned as
    another load if it then stands still; in its first three days what departed becomes part of the past if it goes back
    by itself. Each mode of operation (the values of the discrete tags that do not switch all the time) has its own
    baseline. In an unknown mode the last health holds for a while, then learning begins again; where the machine was
    abnormal, only once it has gone through two further modes, since one that tripped stands in a single one.
    """

    def __init__(
        self,
        equipment: str,
        tags: Sequence[TagDefinition],
        *,
        alarms: Sequence[AlarmDefinition] = (),
        time_scale: float = 1.0,
        phase: int = 0,
    ) -> None:
        """Begin to learn from `tags`, of which at least one is not discrete; their order is that of `add`'s columns.

        `alarms`: those whose limits count for the health too. `phase`: by how many rows the learning is put off, so
        that not all equipment does it at once.
        """
        self.equipment = equipment
        self._tags = tuple(tags)
        self._grid = Grid(tags, time_scale=time_scale)
        self._limits = set_limits(self._grid.signals, alarms)
        self._limit_watch = LimitWatch(self._grid.signals, self._limits)
        self._smoother = Smoother(len(self._grid.signals))
        self._width = self._smoother.width
        self._row_h = self._grid.period / NS_PER_S * time_scale / _SECONDS_PER_HOUR
        self._floor = np.resize([_floor(tag, self._grid.period) for tag in self._grid.signals], self._width)
        spans = [tag.high - tag.low for tag in self._grid.signals]
        self._span = np.resize([span if math.isfinite(span) else 0.0 for span in spans], self._width)
        self._store = RowStore(self._width, len(self._grid.modes))
        self._modes = OperatingModes(len(self._grid.modes))
        self._baselines: dict[bytes, Baseline] = {}
        self._present: Baseline | None = None
        self._count = Count(next_try=healthy.FEWEST_ROWS + phase % _PHASES)
        self._shift = np.zeros(self._width)
        self._parts = np.zeros(self._width)
        self._scores: deque[float] = deque(maxlen=_SCORES)
        self._excursion = RowStore(self._width, len(self._grid.modes), most=_MOST_EXCURSION)

    def add(
        self, columns: NDArray[np.intp], times: TimeArray, values: ValueArray, *, usable: NDArray[np.bool_]
    ) -> None:
        """Take samples (column, ns UTC, tag unit, whether usable; shape (n,))."""
        for row in self._grid.add(columns, times, values, usable=usable):
            self._take(row)
            if self._rows >= self._count.next_try and len(self._store) >= healthy.FEWEST_ROWS:
                self._learn()

    def health(self, now: int) -> Health:
        """Return the present health at `now` (ns UTC)."""
        silence = now - self._count.newest
        is_silent = silence > max(_SILENT_ROWS * self._grid.period, int(_SILENT_S * NS_PER_S))
        if self._count.newest and (is_silent or self._count.blind_rows >= _SETTLING_ROWS):
            return Health(self.equipment, HealthState.NO_DATA, now, math.nan, progress=self._progress())
        return replace(self._judged(now), mode=self._modes.named(self._grid.modes))

    def _judged(self, now: int) -> Health:
        if self._limit_watch.is_beyond:
            return self._beyond_limit(now)
        if self._present is None or self._is_unknown or not self._scores:
            return Health(self.equipment, HealthState.LEARNING, now, math.nan, progress=self._progress())
        score = self._score
        health = health_of(score, self._present.typical)
        if self._is_doubtful:
            health = max(health, _ABNORMAL_BELOW)
        state = HealthState.NORMAL if health >= _DEGRADED_BELOW else HealthState.DEGRADED
        if health < _ABNORMAL_BELOW:
            state = HealthState.ABNORMAL
        told = self._contributions(self._present) if score > _LIKE_HEALTHY else ()
        return Health(self.equipment, state, now, health, score=score, contributions=told)

    def _beyond_limit(self, now: int) -> Health:
        """Return the health where nothing is known of this mode, but that a limit that people set is passed."""
        score, told = self._limit_watch.score, self._limit_watch.contributions
        return Health(self.equipment, HealthState.ABNORMAL, now, health_of(score, 0.0), score=score, contributions=told)

    def _learn(self) -> None:
        """Learn the present mode's baseline from the healthy past; a few milliseconds of work."""
        self._tell_quiet_modes()
        key = self._modes.key
        rows = self._store.signals[self._modes.is_present(self._store.modes)]
        seen = self._rows
        self._count.next_try = math.ceil(1.15 * seen)
        if len(rows) < healthy.FEWEST_ROWS:
            return
        known = self._baselines.get(key)
        learned = self._learned(rows, known)
        if learned is None:
            return
        if known is None and len(self._baselines) >= _MOST_MODES:
            del self._baselines[next(iter(self._baselines))]
        is_continued = known is not None and known is self._present
        self._shift = self._shift + known.mean - learned.mean if known and is_continued else np.zeros(self._width)
        self._baselines[key] = self._present = learned
        self._count.next_try = 2 * seen

    def _learned(self, rows: ValueArray, known: Baseline | None) -> Baseline | None:
        """Return the baseline of the rows, at first of their newest part that stands still: a start-up is no past."""
        hours = self._age_h
        parts = [rows]
        if known is None and len(rows) >= _LONG_START_ROWS:
            parts += [rows[len(rows) // 2 :], rows[3 * len(rows) // 4 :]]
        for part in parts:
            learned = healthy.learn(part, self._floors(hours), hours=hours)
            if learned is None:
                continue
            self._count.still = learned.still
            if known or learned.still >= _ENOUGH_STILL or hours >= LONGEST_H:
                if len(part) < len(rows):
                    self._store.keep_newest(len(part))
                return learned
        return None

    def _floors(self, hours: float) -> ValueArray:
        """Return the least spreads to believe after so many hours: half a per cent of the range, less with time."""
        floors: ValueArray = np.maximum(self._floor, self._span * _YOUNG_SHARE / math.sqrt(max(1.0, hours)))
        return floors

    def _take(self, row: Row) -> None:
        self._count.newest = row.time
        is_new_mode, is_restless = self._modes.take(row.modes)
        if is_restless:
            self._tell_quiet_modes()
        is_new_mode &= bool(self._baselines)
        self._count.changes += is_new_mode
        if row.follows_gap:
            self._excursion.clear()
        if row.follows_gap or is_new_mode:
            self._count.is_elsewhere = False
            self._smoother.forget()
            self._count.settling = _SETTLING_ROWS
        missing = np.isnan(row.signals).mean()
        self._count.blind_rows = self._count.blind_rows + 1 if missing > 0.5 else 0
        if self._count.blind_rows:
            return
        self._modes.note_seen()
        point = self._smoother.take(row.signals)
        self._count.uncompared_rows += 1
        if self._count.settling:
            self._count.settling -= 1
            return
        known = self._baselines.get(self._modes.key)
        if known is None or not known.applies(point):
            self._limit_watch.take(self._modes.present.tobytes(), point[: len(self._grid.signals)])
            self._meet_unknown(point)
        else:
            self._count.uncompared_rows = 0
            self._limit_watch.forget()
            self._compare(known, point)

    def _meet_unknown(self, point: ValueArray) -> None:
        """Learn another mode, but not where a machine stands that was found abnormal: it may have tripped.

        One that has gone through two further modes since goes on working.
        """
        if self._limit_watch.is_beyond or (self._is_abnormal and self._count.changes < _GOES_ON):
            return
        self._count.unknown_rows += 1
        self._store.add(point, self._modes.present)

    def _compare(self, known: Baseline, point: ValueArray) -> None:
        if known is not self._present:
            self._present, self._shift = known, np.zeros(self._width)
            self._scores.clear()
        self._count.unknown_rows, self._count.changes = 0, 0
        self._count.is_young = self._modes.rows_of_present * self._row_h < YOUNG_H
        self._parts = self._with_limits(known, point, known.parts(point, self._shift))
        self._scores.append(known.score(self._parts))
        if self._score < _LIKE_HEALTHY:
            self._count.is_elsewhere = False
            if self._age_h < YOUNG_H or self._count.farthest > 1.0:
                self._accept_excursion()
            self._excursion.clear()
            self._store.add(point, self._modes.present)
        elif self._age_h < _HABITS_H:
            self._depart(point)
        if self._scores[-1] < 1.0:
            memory = min(max(self._rows, healthy.FEWEST_ROWS), _MEMORY_H / self._row_h)
            step = (point - known.mean - self._shift) / memory
            self._shift += np.where(np.isnan(step), 0.0, step)

    def _with_limits(self, known: Baseline, point: ValueArray, parts: ValueArray) -> ValueArray:
        """Return the parts, raised where a signal is nearer to a limit that people have set than to its own one."""
        count = len(self._grid.signals)
        nearness = self._limits.nearness(point[:count], known.mean[:count])
        self._count.is_beyond = bool(np.any(nearness >= 1.0))
        parts[:count] = np.maximum(parts[:count], (nearness * known.limits[1]) ** 2)
        return parts

    def _depart(self, point: ValueArray) -> None:
        """Judge a departure in the first days: a sudden one on the first may be another load, and stand still."""
        is_young = self._age_h < YOUNG_H
        has_begun = len(self._excursion) == 0
        if is_young and has_begun and self._has_jumped:
            self._count.is_elsewhere = True
        self._count.farthest = self._score if has_begun else max(self._count.farthest, self._score)
        self._count.was_beyond = self._count.is_beyond or (self._count.was_beyond and not has_begun)
        is_kept = self._excursion.add(point, self._modes.present)
        is_due = is_kept and len(self._excursion) % healthy.FEWEST_ROWS == 0
        if self._count.is_elsewhere and is_due and self._stands_still():
            self._accept_excursion()

    def _stands_still(self) -> bool:
        """Return whether the signals that departed have not moved in the newest rows."""
        learned = healthy.learn(self._excursion.signals[-healthy.FEWEST_ROWS :], self._floor, hours=YOUNG_H)
        has_departed = self._parts > _DEPARTED_SHARE * self._parts.sum()
        return learned is not None and bool(learned.is_still[has_departed].all())

    def _accept_excursion(self) -> None:
        """Count a departure as healthy, unless it passed a set limit: it ended by itself, or was another load."""
        if len(self._excursion) and not self._count.was_beyond:
            self._count.next_try = 0
            self._store.add_all(self._excursion)
        self._excursion.clear()

    @property
    def _score(self) -> float:
        return statistics.median(list(self._scores)[-3:])

    @property
    def _has_jumped(self) -> bool:
        """Return whether the score went from healthy to beyond its limit within two rows, after some healthy ones."""
        scores = list(self._scores)
        return len(scores) == _SCORES and max(scores[:3]) < _LIKE_HEALTHY and scores[-1] > 1.0

    @property
    def _is_unknown(self) -> bool:
        """Return whether nothing known was met for long: what was said last is no health of now, unless abnormal."""
        is_stale = self._count.uncompared_rows >= _STALE_ROWS and not self._is_abnormal
        return self._count.unknown_rows >= _PATIENCE_ROWS or is_stale

    @property
    def _is_abnormal(self) -> bool:
        if not self._scores or self._present is None or self._is_doubtful:
            return False
        return health_of(self._score, self._present.typical) < _ABNORMAL_BELOW

    @property
    def _is_doubtful(self) -> bool:
        """Return whether a day of the mode compared last has not been seen yet, and no limit that people set is passed.

        A basin that is filled for an hour each shift is not known by its first hour.
        """
        return self._count.is_young and not self._count.is_beyond

    @property
    def _rows(self) -> int:
        return len(self._store) * self._store.stride

    @property
    def _age_h(self) -> float:
        return self._rows * self._row_h

    def _tell_quiet_modes(self) -> None:
        if self._modes.sort_out(self._store.modes):
            self._baselines.clear()
            self._present = None
            self._count.next_try = 0

    def _progress(self) -> float:
        if self._present is not None and not self._is_unknown:
            return 1.0
        seen = int(np.count_nonzero(self._modes.is_present(self._store.modes)))
        return min(0.99, 0.7 * min(seen / healthy.FEWEST_ROWS, 1.0) + 0.3 * min(self._count.still / _ENOUGH_STILL, 1.0))

    def _contributions(self, known: Baseline) -> tuple[Contribution, ...]:
        width = len(self._grid.signals)
        parts = np.array([self._parts.sum()]) if self._smoother.is_single else self._parts
        shares = parts / max(float(parts.sum()), 1e-300)
        moved = np.nan_to_num(self._smoother.level - known.mean - self._shift)
        most = sorted(range(width), key=lambda column: -shares[column])[:_MOST_CONTRIBUTIONS]
        return tuple(
            Contribution(self._grid.signals[column].name, float(shares[column]), float(moved[column]))
            for column in most
            if shares[column] >= _LEAST_SHARE
        )

    @property
    def basis(self) -> str:
        """Return a digest of the tags as they are watched: a state fits where it is the same."""
        tags = [(tag.name, tag.kind, tag.unit, tag.decimals, tag.low, tag.high) for tag in self._tags]
        return digest_of((VERSION, tags, self._grid.period, self._row_h))

    def save(self) -> bytes:
        """Return all that is known, from which `restore` goes on as if nothing had happened."""
        present = next((key for key, known in self._baselines.items() if known is self._present), None)
        state = HealthMemory(
            self._grid.state,
            self._modes.state,
            self._limit_watch.state,
            self._smoother.level,
            self._store.state,
            self._excursion.state,
            self._baselines,
            present,
            self._shift,
            self._parts,
            list(self._scores),
            self._count,
        )
        return pack(state)

    def restore(self, data: bytes) -> None:
        """Go on where `save` was asked; raise StateMisfit, and change nothing, where that was not of these tags."""
        state = unpack(HealthMemory, data)
        if state.level.shape != self._smoother.level.shape or state.present not in {None, *state.baselines}:
            raise StateMisfit("it is of other signals")
        self._grid.restore(state.grid)
        self._modes.restore(state.modes)
        self._limit_watch.restore(state.limits)
        self._smoother.level = state.level
        self._store.restore(state.past)
        self._excursion.restore(state.excursion)
        self._baselines = state.baselines
        self._present = None if state.present is None else self._baselines[state.present]
        self._shift, self._parts = state.shift, state.parts
        self._scores = deque(state.scores, maxlen=_SCORES)
        self._count = state.count


def health_of(score: float, typical: float) -> float:
    """Return the health of a score: 100 at the median healthy score `typical`, 50 at the limit 1, then to 0."""
    if score <= 1.0:
        return min(100.0, 100.0 - 50.0 * (score - typical) / max(1.0 - typical, 1e-9))
    return 50.0 * math.exp(-(score - 1.0) / 2.0)


def _floor(tag: TagDefinition, period: int) -> float:
    """Return the least spread to believe of a tag: that of its last digit, or a ten-thousandth of its range."""
    digit = 10.0**-tag.decimals
    if tag.kind is TagKind.COUNTER:
        return digit / (period / NS_PER_S)
    span = tag.high - tag.low
    return max(digit / math.sqrt(12.0), 1e-4 * span if math.isfinite(span) else 0.0)
