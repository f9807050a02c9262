"""A letter more in the search of a plant of 20,000 tags and as many alarms, beside a look at each of their names."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from tests.benchmarks.figure import Figure
from tests.benchmarks.turns import alternate
from widgets.name_index import NameIndex
from widgets.target import MOST_HITS, fit, searched

if TYPE_CHECKING:
    from tests.benchmarks.__main__ import Options

TAGS = 20_000
TYPED = ("d", "di", "pqwd", "t1999", "temperature 15", "nowhere")
SIGNALS = (("Discharge temperature", "排气温度"), ("Bearing vibration", "轴承振动"), ("Oil pressure", "油压"))


def measure(options: Options) -> Iterator[Figure]:
    """Yield the processor time of a letter, and of making the index, which a background thread does."""
    keys = list(_keys())
    began = time.process_time()
    index = NameIndex(keys)
    made = time.process_time() - began
    prepared = [searched(each) for each in keys]  # what the first search prepared is not counted
    turns = 3 if options.quick else 12
    for typed in TYPED:
        words = typed.split()
        ours, peer = alternate(
            (partial(_indexed, index, words), partial(_one_by_one, prepared, words)), turns=turns, budget_s=30.0
        )
        assert ours.results[0] == peer.results[0], typed
        name = f"a search for {typed!r} among {len(keys):,} names"
        yield Figure(name, "ms", 1e3 * ours.median, 1e3 * peer.median, "a look at each name", "ours <= 50")
    yield Figure("making the index, in the background", "ms of processor", 1e3 * made)


def _indexed(index: NameIndex, words: list[str], _: int) -> list[int]:
    return [number for *_, number in index.best(words, most=MOST_HITS, newest={})]


def _one_by_one(prepared: list[tuple[str, str]], words: list[str], _: int) -> list[int]:
    hits = []
    for number, (names, letters) in enumerate(prepared):
        ranks = [fit(names, letters, word) for word in words]
        if None not in ranks:
            hits.append((sum(filter(None, ranks)), number))
    return [number for _, number in sorted(hits)[:MOST_HITS]]


def _keys() -> Iterator[tuple[str, str, str]]:
    for number in range(TAGS):
        english, chinese = SIGNALS[number % len(SIGNALS)]
        yield f"T{number}", f"{english} {number}", f"{chinese} {number}"
    for number in range(TAGS):
        english, chinese = SIGNALS[number % len(SIGNALS)]
        yield f"T{number}.H", f"{english} {number} high", f"{chinese} {number} 高"
