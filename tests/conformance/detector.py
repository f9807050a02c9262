"""What everything that judges streamed rows must do, detector or predictor; subclass and give it a `make` fixture.

Asking changes nothing; the same rows give the same answer; memory stays bounded; what was kept and brought back goes on
exactly; missing, bad and wild values and a clock that is set back are survived, and healthy rows are judged afterwards.
"""

import pickle
from collections.abc import Callable
from typing import Protocol

import numpy as np
import pytest
from numpy.typing import NDArray

from app.model.clock import NS_PER_S

Array = NDArray[np.float64]

START = 1_700_000_000 * NS_PER_S
TAGS = 3


class Detector(Protocol):
    """One way to judge rows of three tags, one a second."""

    def take(self, time: int, row: Array) -> None:
        """Take a row (ns UTC; NaN: missing or bad)."""

    def answer(self) -> object:
        """Return all that can be said now; its repr is what is compared."""

    def keep(self) -> bytes:
        """Return what outlives a restart."""

    def bring_back(self, kept: bytes) -> None:
        """Go on from what `keep` returned."""


Maker = Callable[[], Detector]


def rows_of(count: int, *, seed: int = 1) -> Array:
    """Return healthy rows: three tags with a common cause."""
    random = np.random.default_rng(seed)
    rows: Array = 50.0 + random.normal(size=(count, 1)) + 0.3 * random.normal(size=(count, TAGS))
    return rows


def feed(detector: Detector, rows: Array, *, begin: int = 0) -> list[str]:
    """Give rows, one a second from second `begin` on; return the answers as text, so that NaN equals NaN."""
    answers = []
    for place, row in enumerate(rows):
        detector.take(START + (begin + place) * NS_PER_S, row)
        answers.append(repr(detector.answer()))
    return answers


class DetectorConformance:
    """The checks; `make` comes from the subclass's fixture, `most_bytes` bounds what is kept."""

    most_bytes = 5_000_000
    growth = 1.3

    def test_that_the_same_rows_give_the_same_answers(self, make: Maker) -> None:
        answers = feed(make(), rows_of(700))
        assert feed(make(), rows_of(700)) == answers
        assert len(set(answers)) > 1

    def test_that_asking_changes_nothing(self, make: Maker) -> None:
        asked, silent = make(), make()
        for place, row in enumerate(rows_of(500)):
            for detector in (asked, silent):
                detector.take(START + place * NS_PER_S, row)
            before = repr(asked.answer())
            assert repr(asked.answer()) == before
        assert repr(asked.answer()) == repr(silent.answer())
        assert asked.keep() == silent.keep()

    def test_that_rows_are_not_altered(self, make: Maker) -> None:
        rows = rows_of(400)
        rows[100:110, 1] = np.nan
        before = rows.copy()
        feed(make(), rows)
        assert np.array_equal(rows, before, equal_nan=True)

    @pytest.mark.parametrize("stop", [50, 400, 700])
    def test_that_what_was_kept_goes_on_bit_by_bit(self, make: Maker, stop: int) -> None:
        rows = rows_of(stop + 100)
        rows[stop // 2 : stop // 2 + 5, 0] = np.nan
        first, second = make(), make()
        feed(first, rows[:stop])
        second.bring_back(first.keep())
        assert repr(second.answer()) == repr(first.answer())
        assert feed(second, rows[stop:], begin=stop) == feed(first, rows[stop:], begin=stop)
        assert second.keep() == first.keep()

    def test_that_memory_stays_bounded(self, make: Maker) -> None:
        detector, sizes = make(), []
        for part in range(6):
            feed(detector, rows_of(1_500, seed=part), begin=1_500 * part)
            sizes.append(len(pickle.dumps(detector)))
        assert sizes[-1] < self.growth * max(sizes[2:4])
        assert len(detector.keep()) < self.most_bytes

    def test_that_missing_and_wild_values_are_survived(self, make: Maker) -> None:
        random = np.random.default_rng(3)
        detector = make()
        feed(detector, rows_of(500))
        wild = rows_of(300, seed=2)
        is_wild = random.random(wild.shape) < 0.3
        wild[is_wild] = random.choice([np.nan, np.inf, -np.inf, 1e308, -1e308, 5e-324, 0.0], int(is_wild.sum()))
        wild[50:70] = np.nan
        with np.errstate(all="raise", under="ignore"):
            feed(detector, wild, begin=500)
            feed(detector, rows_of(300, seed=4), begin=800)
        twin = make()
        twin.bring_back(detector.keep())
        assert repr(twin.answer()) == repr(detector.answer())

    def test_that_rows_that_come_twice_change_nothing(self, make: Maker) -> None:
        once, twice = make(), make()
        for place, row in enumerate(rows_of(500)):
            once.take(START + place * NS_PER_S, row)
            for _ in range(2):
                twice.take(START + place * NS_PER_S, row)
        assert repr(once.answer()) == repr(twice.answer())

    def test_that_a_clock_that_is_set_back_is_survived_and_followed(self, make: Maker) -> None:
        detector = make()
        feed(detector, rows_of(600), begin=100_000)
        answers = feed(detector, rows_of(600, seed=5), begin=0)
        assert len(set(answers)) > 1
        other = make()
        other.bring_back(detector.keep())
        assert repr(other.answer()) == repr(detector.answer())
