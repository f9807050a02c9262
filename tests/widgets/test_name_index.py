"""The index finds what a look at each single name finds, in the same order."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from functools import partial

import pytest

from widgets.name_index import NEVER, NameIndex
from widgets.target import MOST_HITS, Target, rank

WORDS = (
    "Discharge",
    "temperature",
    "P01",
    "排气温度",
    "油",
    "a.b-c_d/e:f(g",
    "Straße",
    "ΣΑΣ",
    "𠀀",
    "I",
    "İstanbul",
    "",
)
TYPED = (
    "d",
    "dis",
    "e",
    "pqwd",
    "01",
    "p01 dis",
    "t",
    "油",
    "b",
    "g",
    "ss",
    "σασ",
    "𠀀",
    "i",
    "",
    "zz",
    "dt",
    "c_d",
    "e d",
)
MOST = 5


def find(targets: Iterable[Target], text: str, *, recent: Sequence[str] = ()) -> list[Target]:
    """Return the targets that hold every word of `text`, the best ones first; all of them for an empty text.

    `recent`: first keys of what was opened last, newest first; among equally good ones these come first.
    """
    words = text.casefold().split()
    newest = {key: place for place, key in enumerate(recent)}
    hits = [
        (place, newest.get(target.keys[0], len(newest)), number, target)
        for number, target in enumerate(targets)
        if (place := rank(target, words)) is not None
    ]
    return [target for *_, target in sorted(hits, key=lambda hit: hit[:3])[:MOST_HITS]]


def things(seed: int, number: int = 80) -> list[Target]:
    choose = random.Random(seed)
    return [
        Target(
            "", str(place), "", tuple(" ".join(choose.choices(WORDS, k=choose.randint(0, 3))) for _ in range(3)), int
        )
        for place in range(number)
    ]


@pytest.mark.parametrize("seed", range(6))
def test_that_the_index_ranks_as_a_look_at_each_name_does(seed: int) -> None:
    targets = things(seed)
    index = NameIndex(target.keys for target in targets)
    for typed in TYPED:
        words = typed.casefold().split()
        expected = [rank(target, words) for target in targets]
        assert [None if found >= NEVER else found for found in index.ranks(words).tolist()] == expected, typed


@pytest.mark.parametrize("seed", range(3))
def test_that_the_best_are_those_of_a_sort_of_all(seed: int) -> None:
    targets = [Target(each.kind, each.title, "", (each.title, *each.keys), int) for each in things(seed)]
    index = NameIndex(target.keys for target in targets)
    newest = {7: 0, 50: 1}
    for typed in TYPED:
        expected = find(targets, typed, recent=["7", "50"])[:MOST]
        best = index.best(typed.casefold().split(), most=MOST, newest=newest)
        assert [str(number) for _, _, number in best] == [target.title for target in expected], typed


def test_that_those_named_first_come_before_others_alike() -> None:
    index = NameIndex([("pump a",), ("pump b",), ("pump",), ("pump c",)])
    best = partial(index.best, ["pump"], newest={})
    assert [number for *_, number in best(most=3, first=[3])] == [2, 3, 0]


def test_that_nothing_is_found_in_nothing() -> None:
    assert NameIndex([]).best(["a"], most=3, newest={}) == []
    assert NameIndex([("a",)]).best(["a" * 50], most=3, newest={}) == []
