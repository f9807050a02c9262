"""Which single signals of an Equipment do what they have not been seen to do."""

import numpy as np

from app.model.tag import TagKind
from app.prediction.signal_watch import SignalWatch
from tests.app.prediction.plants import START, Array, tag

MINUTE = 60_000_000_000
TAGS = [tag(0), tag(1), tag(2, kind=TagKind.DISCRETE)]
LENGTH = 2_000


def readings(count: int, *, seed: int = 1) -> Array:
    """A level that goes with the hour of the day, one that only has noise, and a switch."""
    random = np.random.default_rng(seed)
    rows = 50.0 + random.normal(size=(count, 3))
    rows[:, 0] += 10.0 * np.sin(np.arange(count) * 2.0 * np.pi / 1_440.0)
    rows[:, 2] = np.arange(count) // 10 % 2
    return rows


def feed(watch: SignalWatch, rows: Array, *, begin: int = 0, usable: bool = True) -> None:
    count, width = rows.shape
    times = START + MINUTE * (begin + np.arange(count))
    columns = np.tile(np.arange(width), count)
    watch.add(columns, np.repeat(times, width), rows.ravel(), usable=np.full(count * width, usable))


def learned(*, time_scale: float = 1.0) -> SignalWatch:
    watch = SignalWatch("PU02", TAGS, time_scale=time_scale)
    feed(watch, readings(LENGTH))
    return watch


def test_that_a_jump_of_one_signal_is_told_with_its_tag_and_how_far_it_went() -> None:
    watch = learned()
    assert watch.unusual(7).score == 0.0
    rows = readings(LENGTH + 10)[LENGTH:]
    rows[2:, 1] += 30.0
    feed(watch, rows, begin=LENGTH)
    found = watch.unusual(START)
    assert found.score > 1.0
    assert [each.tag for each in found.contributions] == ["PU02.A1"]
    assert found.contributions[0].share == 1.0
    assert 25.0 < found.contributions[0].change < 35.0
    assert (found.equipment, found.made) == ("PU02", START)


def test_that_what_was_told_is_over_after_three_hundred_rows() -> None:
    watch = learned()
    rows = readings(LENGTH + 400)[LENGTH:]
    rows[2, 1] += 30.0
    feed(watch, rows[:200], begin=LENGTH)
    assert watch.unusual(0).score > 1.0
    feed(watch, rows[200:], begin=LENGTH + 200)
    assert watch.unusual(0).score == 0.0


def test_that_bad_samples_and_switches_are_never_unusual() -> None:
    watch = learned()
    rows = readings(LENGTH + 40)[LENGTH:]
    rows[:, 2] += 500.0
    feed(watch, rows[:20], begin=LENGTH)
    feed(watch, rows[20:] + 500.0, begin=LENGTH + 20, usable=False)
    assert watch.unusual(0).contributions == ()


def test_that_it_goes_on_from_a_state_as_if_nothing_had_happened() -> None:
    watch, resumed = learned(), SignalWatch("PU02", TAGS, time_scale=1.0)
    resumed.restore(watch.save())
    assert resumed.basis == watch.basis
    rows = readings(LENGTH + 10, seed=1)[LENGTH:]
    rows[5:, 0] -= 40.0
    for each in (watch, resumed):
        feed(each, rows, begin=LENGTH)
    assert resumed.save() == watch.save()
    assert resumed.unusual(9) == watch.unusual(9)


def test_that_a_clock_that_was_set_back_and_one_that_runs_fast_are_survived() -> None:
    watch = learned(time_scale=1e9)
    feed(watch, readings(LENGTH, seed=3), begin=-LENGTH)
    assert np.isfinite(watch.unusual(0).score)
