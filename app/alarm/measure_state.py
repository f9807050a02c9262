"""What an alarm compares with its limit where not a size matters: states, commands, standstill, quality, expressions.

Most of these remember the newest values. A sample that repeats one changes nothing, which is how they stay cheap.
"""

from __future__ import annotations

import math

from app.alarm.calm_room import CalmRoom
from app.alarm.measure import ANY_VALUE, NOTHING_CALM, Interval
from app.model.expression import Expression


class StateMeasure:
    """1 while the tag has one of some values, else 0."""

    limit = 0.5
    is_anew = False

    def __init__(self, tag: int, states: tuple[float, ...]) -> None:
        """Compare with `states`."""
        self.tags: tuple[int, ...] = (tag,)
        self._states = frozenset(states)
        self._latest = math.nan

    def take(self, handle: int, time: int, value: float) -> tuple[float, float]:  # noqa: ARG002 - as Measure says
        """Return whether it is one of them, and the value."""
        self._latest = value
        return float(value in self._states), value

    def lose(self, handle: int) -> float:  # noqa: ARG002 - as Measure says
        """Return that nothing can be said."""
        return math.nan

    def calm(self, handle: int, back: float, *, is_active: bool) -> Interval:  # noqa: ARG002 - as Measure says
        """Return the value that it has."""
        return _same(self._latest)

    def is_bad_calm(self, *, is_active: bool) -> bool:  # noqa: ARG002 - as Measure says
        """Return yes: a bad sample does not change the state."""
        return True


class _Remembering:
    """The part of a measure of several tags that keeps their newest values, in the order of `tags`.

    `moving`: those tags that may move without changing anything, as long as all of them are followed together.
    """

    is_anew = False
    moving: tuple[int, ...] = ()

    def __init__(self, tags: tuple[int, ...], limit: float) -> None:
        self.tags = tags
        self.limit = limit
        self.latest = [math.nan] * len(tags)
        self._place = {handle: place for place, handle in enumerate(tags)}

    def renew(self, values: list[float]) -> None:
        """Take the newest values of all tags, which moved meanwhile without changing anything."""
        self.latest = values

    def note(self, handle: int, value: float) -> float:
        """Keep a value; return the one before."""
        place = self._place[handle]
        before, self.latest[place] = self.latest[place], value
        return before

    def lose(self, handle: int) -> float:
        """Forget the newest value of that tag."""
        self.note(handle, math.nan)
        return math.nan

    def calm(self, handle: int, back: float, *, is_active: bool) -> Interval:  # noqa: ARG002 - as Measure says
        """Return the newest value of that tag."""
        return _same(self.latest[self._place[handle]])

    def is_bad_calm(self, *, is_active: bool) -> bool:  # noqa: ARG002 - as Measure says
        """Return no: what is bad has to be forgotten."""
        return False


class DeviationMeasure(_Remembering):
    """The distance of a tag from another tag, its setpoint; unknown while either has no usable value."""

    def __init__(self, tag: int, limit: float, *, setpoint: int) -> None:
        """Compare the distance of tag `tag` from tag `setpoint` (handles) with `limit`."""
        super().__init__((tag, setpoint), limit)
        self.moving = self.tags

    def take(self, handle: int, time: int, value: float) -> tuple[float, float]:  # noqa: ARG002 - as Measure says
        """Return the distance of the newest values, and the tag's newest value."""
        self.note(handle, value)
        tag, setpoint = self.latest
        return abs(tag - setpoint), tag

    def calm(self, handle: int, back: float, *, is_active: bool) -> Interval:
        """Return what that tag may move, if the other one moves as far towards it or away from it."""
        tag, setpoint = self.latest
        distance = abs(tag - setpoint)
        rest = distance - back if is_active else self.limit - distance
        near = 0.5 * rest - 4 * math.ulp(max(abs(tag), abs(setpoint), abs(self.limit)))
        if not near > 0.0:  # also where a value is not known
            return NOTHING_CALM
        newest = self.latest[self._place[handle]]
        return newest - near, newest + near


class MismatchMeasure(DeviationMeasure):
    """The distance of a tag from its command, to which the device is given time from the newest command on."""

    def __init__(self, tag: int, limit: float, *, setpoint: int) -> None:
        """Compare the distance of tag `tag` from its command, tag `setpoint` (handles), with `limit`."""
        super().__init__(tag, limit, setpoint=setpoint)
        self.moving = ()

    def take(self, handle: int, time: int, value: float) -> tuple[float, float]:
        """Return the distance, and the tag's newest value."""
        self.is_anew = handle == self.tags[1] and value != self.latest[1]
        return super().take(handle, time, value)

    def calm(self, handle: int, back: float, *, is_active: bool) -> Interval:  # noqa: ARG002 - as Measure says
        """Return the newest value of that tag: with each new command the time begins again."""
        return _same(self.latest[self._place[handle]])


class ExpressionMeasure(_Remembering):
    """The value of an expression over the newest values of its tags; unknown as the expression says.

    Where its tags are followed together (`is_followed`), those that may move do so within intervals over which the
    expression keeps its meaning, which are some times as wide as what they have moved by of late.
    """

    def __init__(self, tags: tuple[int, ...], limit: float, expression: Expression, *, told: int | None = None) -> None:
        """Compare with `limit`; `tags`: the handles of the expression's tags. `told`: whose value the alarm shows."""
        super().__init__(tags, limit)
        self.moving = tuple(tag for place, tag in enumerate(tags) if place not in expression.stepped)
        self.is_followed = False
        self._evaluate = expression.evaluate
        self._room = CalmRoom(expression, [tag in self.moving for tag in tags])
        self._told = self._place.get(-1 if told is None else told)

    def take(self, handle: int, time: int, value: float) -> tuple[float, float]:  # noqa: ARG002 - as Measure says
        """Return the value of the expression, and what the alarm shows of it."""
        before = self.note(handle, value)
        if self.is_followed:
            self._room.moved(self._place[handle], before, value)
        return self._valued()

    def renew(self, values: list[float]) -> None:
        """Take the newest values of all tags, which moved meanwhile without changing anything."""
        super().renew(values)
        self._room.forget()

    def calm(self, handle: int, back: float, *, is_active: bool) -> Interval:
        """Return the interval of that tag over which nothing changes while the others stay in theirs."""
        if not self.is_followed or handle not in self.moving:
            return super().calm(handle, back, is_active=is_active)
        least, most = (math.nextafter(back, math.inf), math.inf) if is_active else (-math.inf, self.limit)
        return self._room.interval(self._place[handle], self.latest, least, most)

    def lose(self, handle: int) -> float:
        """Forget the newest value of that tag; the expression may hold without it."""
        super().lose(handle)
        self._room.forget()
        return self._valued()[0]

    def _valued(self) -> tuple[float, float]:
        number = self._evaluate(self.latest)
        return number, number if self._told is None else self.latest[self._told]


class StuckMeasure:
    """1 as long as the tag does not leave the neighbourhood of a value, which begins anew with each that does."""

    limit = 0.5

    def __init__(self, tag: int, change: float) -> None:
        """Take a change of at most `change`, in the tag's unit, as none."""
        self.tags: tuple[int, ...] = (tag,)
        self.is_anew = False
        self._change = change
        self._reference = math.nan

    def take(self, handle: int, time: int, value: float) -> tuple[float, float]:  # noqa: ARG002 - as Measure says
        """Return 0 where the value has moved, and the value."""
        self.is_anew = not abs(value - self._reference) <= self._change
        if self.is_anew:
            self._reference = value
        return float(not self.is_anew), value

    def lose(self, handle: int) -> float:  # noqa: ARG002 - as Measure says
        """Return that nothing can be said; after it the tag begins anew."""
        self._reference = math.nan
        return math.nan

    def calm(self, handle: int, back: float, *, is_active: bool) -> Interval:  # noqa: ARG002 - as Measure says
        """Return the neighbourhood, a rounding error narrower."""
        if math.isnan(self._reference):
            return NOTHING_CALM
        near = self._change * (1 - 1e-9)
        return self._reference - near, self._reference + near

    def is_bad_calm(self, *, is_active: bool) -> bool:  # noqa: ARG002 - as Measure says
        """Return no: a tag that is bad is not stuck."""
        return False


class QualityMeasure:
    """1 while the tag has no usable value."""

    limit = 0.5
    is_anew = False

    def __init__(self, tag: int) -> None:
        """Watch the quality of a tag."""
        self.tags: tuple[int, ...] = (tag,)

    def take(self, handle: int, time: int, value: float) -> tuple[float, float]:  # noqa: ARG002 - as Measure says
        """Return 0, and the value."""
        return 0.0, value

    def lose(self, handle: int) -> float:  # noqa: ARG002 - as Measure says
        """Return 1: a tag without a usable sample is what this alarm is about."""
        return 1.0

    def calm(self, handle: int, back: float, *, is_active: bool) -> Interval:  # noqa: ARG002 - as Measure says
        """Return every value, unless there was none."""
        return NOTHING_CALM if is_active else ANY_VALUE

    def is_bad_calm(self, *, is_active: bool) -> bool:
        """Return whether it is known already."""
        return is_active


def _same(value: float) -> Interval:
    return NOTHING_CALM if math.isnan(value) else (value, value)
