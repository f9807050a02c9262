"""Takes several contestants in turn, so that what else the machine does meets all of them alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Course(Generic[T]):
    """One contestant's turns: the seconds of all but the first, and what came of each."""

    seconds: list[float] = field(default_factory=list)
    results: list[T] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median time of a turn, s."""
        return statistics.median(self.seconds)


def alternate(
    contestants: Sequence[Callable[[int], T]], *, turns: int, budget_s: float, at_least: int = 3
) -> list[Course[T]]:
    """Give each contestant its turn 0, 1, 2, ... up to `turns` or until `budget_s` is used; who begins changes.

    Turn 0 takes no time, so that nobody pays for a first time; what comes of it counts. Garbage is collected before
    each turn, so that nobody pays for the other's. What was there before the first turn is left out of that: to visit
    some 100,000 objects of the modules that are loaded empties the processor's caches and Python's lists of free
    objects, which no question of a screen meets, and costs the quicker contestant most.
    """
    gc.collect()
    gc.freeze()
    try:
        return _alternated(contestants, turns=turns, budget_s=budget_s, at_least=at_least)
    finally:
        gc.unfreeze()


def _alternated(
    contestants: Sequence[Callable[[int], T]], *, turns: int, budget_s: float, at_least: int
) -> list[Course[T]]:
    courses: list[Course[T]] = [Course() for _ in contestants]
    for contestant, course in zip(contestants, courses, strict=True):
        course.results.append(contestant(0))
    began = time.perf_counter()
    for turn in range(1, turns + 1):
        order = list(zip(contestants, courses, strict=True))
        for contestant, course in order if turn % 2 else reversed(order):
            gc.collect()
            start = time.perf_counter()
            result = contestant(turn)
            course.seconds.append(time.perf_counter() - start)
            course.results.append(result)
        if turn >= at_least and time.perf_counter() - began > budget_s:
            break
    return courses
