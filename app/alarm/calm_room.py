"""The room that the tags of an expression have together, around their newest values, without changing what it means."""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.alarm.measure import NOTHING_CALM, Interval
from app.model.expression import Expression

_WIDTHS = (64.0, 16.0, 4.0)
"""Times what a tag has moved by of late: noise then seldom leaves it."""
_KEPT = 0.9
"""So much of a move is remembered with the next one."""
_GROWTH = 2.0
"""By so much at most the memory grows with one move: after a single leap a tag moves as it did before."""
_LONGEST_PAUSE = 32
"""Near a limit there is no room: it is looked for again after 1, 2, 4 ... samples, at most so many."""


class CalmRoom:
    """Looked for once per set of newest values; the intervals of all tags hold together or not at all."""

    def __init__(self, expression: Expression, may_move: Sequence[bool]) -> None:
        """Begin without room; `may_move`: of each tag of the expression, whether it may leave its value at all."""
        self._within = expression.within
        self._may_move = tuple(may_move)
        self._moves = [0.0] * len(self._may_move)
        self._pause = self._paused = 0
        self._first = len(_WIDTHS) - 1
        self._key: tuple[float, float] | None = None
        self._room: tuple[list[float], list[float]] | None = None

    def moved(self, place: int, before: float, value: float) -> None:
        """Take note of a new value of a tag, and of the one before."""
        if value == before:
            return  # also what others see of it, who may not know yet where the other tags are
        self._key = None
        move = abs(value - before)
        usual = self._moves[place]
        if not math.isnan(move):
            self._moves[place] = min(max(move, _KEPT * usual), _GROWTH * usual) if usual else move

    def forget(self) -> None:
        """Take note that the newest values are others."""
        self._key = None

    def interval(self, place: int, latest: Sequence[float], least: float, most: float) -> Interval:
        """Return the interval of a tag, ends included: in it the expression stays between `least` and `most`.

        `latest`: the newest value of each tag.
        """
        if self._key != (least, most):
            self._key, self._room = (least, most), self._found(latest, least, most)
        if self._room is not None:
            return self._room[0][place], self._room[1][place]
        value = latest[place]
        return NOTHING_CALM if math.isnan(value) else (value, value)

    def _found(self, latest: Sequence[float], least: float, most: float) -> tuple[list[float], list[float]] | None:
        if self._paused < self._pause:
            self._paused += 1
            return None
        self._paused = 0
        for number, width in enumerate(_WIDTHS[self._first :], self._first):
            reaches = [width * move if may else 0.0 for move, may in zip(self._moves, self._may_move, strict=True)]
            low = [value - reach for value, reach in zip(latest, reaches, strict=True)]
            high = [value + reach for value, reach in zip(latest, reaches, strict=True)]
            lowest, highest = self._within(low, high)
            if least <= lowest and highest <= most:
                self._pause = 0
                # a wider one is tried the next time, unless that was in vain just now
                self._first = max(0, number - 1) if number == self._first else number
                return low, high
        self._first = len(_WIDTHS) - 1
        self._pause = min(_LONGEST_PAUSE, 2 * self._pause + 1)
        return None
