"""How well the earlier forecasts of one tag held: each is compared once with what followed."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from app.prediction.course import Rise

_MOST_WAITING = 64
_MOST_TESTS = 64
_FEWEST_TESTS = 5
_ONE_SIDED = 0.9
_UNTESTED = 4.0 / 3.0
_MOST = 5.0
_TURNED = 0.1
_MOST_REMEMBERED_TURNS = 24
_FEWEST_TURNS = 6
_FICKLE = 0.4


@dataclass(frozen=True, slots=True)
class _Claim:
    """A forecast that waits for its test: made at `time` (s), to be tested from `due` on."""

    time: float
    due: float
    level: float
    rise: Rise
    told: Rise


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What came of a claim, found at `time` (s): the `place` in its band, whether that `held`, whether it `turned`."""

    time: float
    place: float
    held: bool
    turned: bool


@dataclass(frozen=True, slots=True)
class RecordState:
    """The claims that wait, the verdicts that do not count yet, and those that do."""

    waiting: list[_Claim]
    verdicts: list[_Verdict]
    places: list[float]
    held: list[bool]
    turned: list[bool]


class TrackRecord:
    """Back-tests the bands of one forecast definition on its own signal.

    A claim is a band of slopes. Once as much time has passed as its `reach`, the mean slope that really followed is
    placed in the band before it was widened: 0 at its middle, 1 at its fast edge, -1 at its slow one. Either edge is
    then widened so far that it would have held in 90 % of the past (split conformal prediction, Vovk et al. 2005, on
    the asset's own past), at least by a third until there is a past.
    """

    def __init__(self, grace: float = 0.0) -> None:
        """Begin without a past; a verdict counts `grace` seconds later, unless a repair turns out to lie before it."""
        self._grace = grace
        self._waiting: deque[_Claim] = deque(maxlen=_MOST_WAITING)
        self._verdicts: deque[_Verdict] = deque(maxlen=_MOST_WAITING)
        self._places: deque[float] = deque(maxlen=_MOST_TESTS)
        self._held: deque[bool] = deque(maxlen=_MOST_TESTS)
        self._turned: deque[bool] = deque(maxlen=_MOST_REMEMBERED_TURNS)

    @property
    def is_waiting(self) -> bool:
        """Return whether claims wait for their test."""
        return bool(self._waiting or self._verdicts)

    @property
    def tests(self) -> int:
        """Return the number of comparisons that count."""
        return len(self._held)

    @property
    def coverage(self) -> float:
        """Return the share of past bands, as they were told, that held; NaN where none was tested."""
        return sum(self._held) / len(self._held) if self._held else math.nan

    @property
    def is_fickle(self) -> bool:
        """Return whether the rises of this tag are known to come to nothing, as a daily temperature's do."""
        count = len(self._turned)
        return count >= _FEWEST_TURNS and sum(self._turned) > _FICKLE * count

    def widened(self, rise: Rise) -> Rise:
        """Return a band as wide as the past demands."""
        faster, slower = self._factor(1.0), self._factor(-1.0)
        return Rise(
            fast=rise.middle + faster * (rise.fast - rise.middle),
            middle=rise.middle,
            slow=rise.middle - slower * (rise.middle - rise.slow),
        )

    def claim(self, time: float, level: float, *, rise: Rise, reach: float) -> None:
        """Remember a forecast made at `time` (s): `level` and its unwidened band; test it `reach` seconds later."""
        self._waiting.append(_Claim(time, time + reach, level, rise, self.widened(rise)))

    def test(self, time: float, level: float) -> None:
        """Compare the claims that are due with the level reached at `time` (s)."""
        while self._waiting and self._waiting[0].due <= time:
            claim = self._waiting.popleft()
            rise = claim.rise
            followed = (level - claim.level) / (time - claim.time)
            half = rise.fast - rise.middle if followed > rise.middle else rise.middle - rise.slow
            held = claim.told.slow <= followed <= claim.told.fast
            turned = followed < _TURNED * rise.middle
            self._verdicts.append(_Verdict(time, (followed - rise.middle) / half, held, turned))
        while self._verdicts and self._verdicts[0].time <= time - self._grace:
            verdict = self._verdicts.popleft()
            self._places.append(verdict.place)
            self._held.append(verdict.held)
            self._turned.append(verdict.turned)

    def void(self) -> None:
        """Forget the claims without a verdict that counts: what they spoke of was repaired."""
        self._waiting.clear()
        self._verdicts.clear()

    @property
    def state(self) -> RecordState:
        """Return all that is known, from which `restore` goes on."""
        return RecordState(
            list(self._waiting), list(self._verdicts), list(self._places), list(self._held), list(self._turned)
        )

    def restore(self, state: RecordState) -> None:
        """Go on where a state was taken."""
        self.void()
        self._waiting.extend(state.waiting)
        self._verdicts.extend(state.verdicts)
        self._places = deque(state.places, maxlen=_MOST_TESTS)
        self._held = deque(state.held, maxlen=_MOST_TESTS)
        self._turned = deque(state.turned, maxlen=_MOST_REMEMBERED_TURNS)

    def _factor(self, sign: float) -> float:
        count = len(self._places)
        if count < _FEWEST_TESTS:
            return _UNTESTED
        rank = min(count, math.ceil((count + 1) * _ONE_SIDED))
        farthest = sorted(sign * place for place in self._places)[rank - 1]
        return min(max(1.0, farthest), _MOST)
