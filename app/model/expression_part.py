"""The parts of an expression: what evaluates each, and what bounds it while the tags stay within intervals.

Bounds are those of the very numbers that the evaluation gives: rounding keeps the order of numbers, so that a sum, a
product or a quotient of numbers within intervals lies between those of the intervals' ends, to the last bit.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Bounds = tuple[float, float]
Evaluate = Callable[[Sequence[float]], float]
Within = Callable[[Sequence[float], Sequence[float]], Bounds]

UNSURE: Bounds = (math.nan, math.nan)
"""What may be unknown, or any number."""
_ONE: Bounds = (1.0, 1.0)
_ZERO: Bounds = (0.0, 0.0)
_EITHER: Bounds = (0.0, 1.0)

RELATIONS: Mapping[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
FUNCTIONS: Mapping[str, Callable[..., float]] = {"min": min, "max": max, "abs": abs}


@dataclass(frozen=True, slots=True)
class Part:
    """One part; it stands for all that it is made of.

    `evaluate`: values of the tags in, a number out, NaN where it is unknown. `within`: lowest and highest values of
    the tags in, the bounds of the number out, UNSURE where it may be unknown. `tags`: the places of its tags.
    `stepped`: those of which the smallest change may turn it, since they are compared for equality or are a truth
    value. `is_truth`: whether it is 1 or 0.
    """

    evaluate: Evaluate
    within: Within
    tags: frozenset[int] = frozenset()
    stepped: frozenset[int] = frozenset()
    is_truth: bool = False

    @property
    def turning(self) -> frozenset[int]:
        """Return the tags of which the smallest change may turn it where it is a truth value."""
        return self.stepped if self.is_truth else self.tags


def constant(number: float) -> Part:
    """Return the part that is a number whatever the tags are."""
    return Part(lambda _: number, lambda _low, _high: (number, number))


def tag_value(place: int) -> Part:
    """Return the value of the tag at a place."""
    return Part(operator.itemgetter(place), lambda low, high: (low[place], high[place]), frozenset({place}))


def minus(part: Part) -> Part:
    """Return the negated number."""

    def within(low: Sequence[float], high: Sequence[float]) -> Bounds:
        least, most = part.within(low, high)
        return -most, -least

    return Part(lambda values: -part.evaluate(values), within, part.tags, part.stepped)


def calculated(sign: str, left: Part, right: Part) -> Part:
    """Return a sum, difference, product or quotient."""
    operation, first, second = ARITHMETIC[sign], left.evaluate, right.evaluate

    def evaluate(values: Sequence[float]) -> float:
        try:
            result = operation(first(values), second(values))
        except ZeroDivisionError:
            return math.nan
        return result if result - result == 0.0 else math.nan

    def within(low: Sequence[float], high: Sequence[float]) -> Bounds:
        one, other = left.within(low, high), right.within(low, high)
        if sign == "/" and not (other[0] > 0.0 or other[1] < 0.0):
            return UNSURE
        corners = [operation(near, far) for near in one for far in other]
        return (min(corners), max(corners)) if all(map(math.isfinite, corners)) else UNSURE

    return Part(evaluate, within, left.tags | right.tags, left.stepped | right.stepped)


def compared(sign: str, left: Part, right: Part) -> Part:
    """Return whether two numbers stand in a relation."""
    relation, first, second = RELATIONS[sign], left.evaluate, right.evaluate

    def evaluate(values: Sequence[float]) -> float:
        one, other = first(values), second(values)
        if one != one or other != other:  # noqa: PLR0124 - NaN, and quicker than to ask for it
            return math.nan
        return 1.0 if relation(one, other) else 0.0

    def within(low: Sequence[float], high: Sequence[float]) -> Bounds:
        one, other = left.within(low, high), right.within(low, high)
        if any(map(math.isnan, (*one, *other))):
            return UNSURE
        if sign in {"==", "!="}:
            if one[1] < other[0] or other[1] < one[0]:
                return _ONE if sign == "!=" else _ZERO
            is_fixed = one[0] == one[1] == other[0] == other[1]
            return (_ONE if sign == "==" else _ZERO) if is_fixed else _EITHER
        found = {relation(near, far) for near in one for far in other}
        return _EITHER if len(found) > 1 else _ONE if found.pop() else _ZERO

    tags = left.tags | right.tags
    stepped = tags if sign in {"==", "!="} else left.stepped | right.stepped
    return Part(evaluate, within, tags, stepped, is_truth=True)


def called(name: str, parts: Sequence[Part]) -> Part:
    """Return the least or greatest of numbers, or the size of one."""
    function, evaluations = FUNCTIONS[name], [part.evaluate for part in parts]

    def evaluate(values: Sequence[float]) -> float:
        numbers = [part(values) for part in evaluations]
        if any(map(math.isnan, numbers)):
            return math.nan
        return function(*numbers) if len(numbers) > 1 or function is abs else numbers[0]

    def within(low: Sequence[float], high: Sequence[float]) -> Bounds:
        found = [part.within(low, high) for part in parts]
        if any(math.isnan(least) or math.isnan(most) for least, most in found):
            return UNSURE
        if name == "abs":
            ((least, most),) = found
            sizes = abs(least), abs(most)
            return (0.0 if least <= 0.0 <= most else min(sizes)), max(sizes)
        return function(each[0] for each in found), function(each[1] for each in found)

    tags = frozenset[int]().union(*(part.tags for part in parts))
    return Part(evaluate, within, tags, frozenset[int]().union(*(part.stepped for part in parts)))


def negated(part: Part) -> Part:
    """Return whether a number is 0."""

    def evaluate(values: Sequence[float]) -> float:
        number = part.evaluate(values)
        return number if math.isnan(number) else float(number == 0.0)

    def within(low: Sequence[float], high: Sequence[float]) -> Bounds:
        truth = _truth(part.within(low, high))
        return truth if truth is UNSURE or truth is _EITHER else _ZERO if truth is _ONE else _ONE

    return Part(evaluate, within, part.tags, part.turning, is_truth=True)


def both(left: Part, right: Part) -> Part:
    """Return whether both are true; false as soon as one is false."""
    first, second = left.evaluate, right.evaluate

    def evaluate(values: Sequence[float]) -> float:
        one = first(values)
        if one == 0.0:
            return 0.0
        other = second(values)
        if other == 0.0:
            return 0.0
        return math.nan if math.isnan(one) or math.isnan(other) else 1.0

    def within(low: Sequence[float], high: Sequence[float]) -> Bounds:
        one, other = _truth(left.within(low, high)), _truth(right.within(low, high))
        if one is _ZERO or other is _ZERO:
            return _ZERO
        if one is UNSURE or other is UNSURE:
            return UNSURE
        return _ONE if one is other is _ONE else _EITHER

    return Part(evaluate, within, left.tags | right.tags, left.turning | right.turning, is_truth=True)


def either(left: Part, right: Part) -> Part:
    """Return whether one of them is true; true as soon as one is true."""
    first, second = left.evaluate, right.evaluate

    def evaluate(values: Sequence[float]) -> float:
        one = first(values)
        if one != 0.0 and not math.isnan(one):
            return 1.0
        other = second(values)
        if other != 0.0 and not math.isnan(other):
            return 1.0
        return math.nan if math.isnan(one) or math.isnan(other) else 0.0

    def within(low: Sequence[float], high: Sequence[float]) -> Bounds:
        one, other = _truth(left.within(low, high)), _truth(right.within(low, high))
        if one is _ONE or other is _ONE:
            return _ONE
        if one is UNSURE or other is UNSURE:
            return UNSURE
        return _ZERO if one is other is _ZERO else _EITHER

    return Part(evaluate, within, left.tags | right.tags, left.turning | right.turning, is_truth=True)


def _truth(bounds: Bounds) -> Bounds:
    """Return one of the four things that bounds say of a truth value."""
    least, most = bounds
    if math.isnan(least) or math.isnan(most):
        return UNSURE
    if least > 0.0 or most < 0.0:
        return _ONE
    return _ZERO if least == most == 0.0 else _EITHER
