"""Which places may stay as they are when things get another order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def staying(order: Sequence[int]) -> frozenset[int]:
    """Return as many of the numbers of an order as can be, that rise in it: its longest increasing subsequence.

    `order`: numbers that differ. Source: Fredman, On computing the length of longest increasing subsequences (1975).
    """
    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in order:
        at = bisect_left(tails, number)
        before[number] = ends[at - 1] if at else None
        tails[at : at + 1] = [number]
        ends[at : at + 1] = [number]
    found = set()
    number_ = ends[-1] if ends else None
    while number_ is not None:
        found.add(number_)
        number_ = before[number_]
    return frozenset(found)
