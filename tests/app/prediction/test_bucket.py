import numpy as np

from app.model.clock import NS_PER_S
from app.prediction.bucket import BUCKETS, BucketWindow, columns
from tests.app.prediction.plants import START, at


def window(seconds: float = 150.0) -> BucketWindow:
    return BucketWindow(int(seconds * NS_PER_S))


def test_that_a_bucket_holds_the_median_of_its_samples_so_that_one_wild_sample_changes_nothing() -> None:
    buckets = window()
    for place, value in enumerate([1.0, 2.0, 900.0]):
        assert buckets.add(at(0.1 + place * 0.2), value) is None
    closed = buckets.add(at(1.0), 5.0)
    assert closed is not None
    assert (closed.value, closed.count, closed.time) == (2.0, 3, at(0.3))


def test_that_memory_is_bounded_whatever_the_sampling_rate_and_duration() -> None:
    buckets = window(15.0)
    for place in range(20_000):
        buckets.add(at(place * 0.001), float(place))
    assert len(buckets) <= BUCKETS
    assert max(len(buckets._values), len(buckets._times)) <= 128
    assert buckets.newest is not None
    assert buckets.newest.count == 100


def test_that_a_thinned_bucket_keeps_its_median() -> None:
    buckets = window(15_000.0)
    values = np.random.default_rng(1).normal(size=5_000)
    for place, value in enumerate(values.tolist()):
        buckets.add(at(place * 0.01), value)
    closed = buckets.add(at(150), 0.0)
    assert closed is not None
    assert abs(closed.value - float(np.median(values))) < 0.2
    assert closed.count == 5_000


def test_that_what_is_older_than_the_window_is_gone_after_a_gap() -> None:
    buckets = window()
    for second in range(20):
        buckets.add(at(second), 1.0)
    buckets.add(at(1_000), 2.0)
    assert buckets.buckets() == []


def test_that_late_samples_count_as_of_the_open_bucket() -> None:
    buckets = window()
    buckets.add(at(5.5), 1.0)
    assert buckets.add(at(3.0), 3.0) is None
    closed = buckets.add(at(6.0), 0.0)
    assert closed is not None
    assert (closed.value, closed.number) == (2.0, at(5) // buckets.width)


def test_that_all_begins_anew_when_the_clock_was_set_back() -> None:
    buckets = window()
    for second in range(1_000, 1_040):
        buckets.add(at(second), 9.0)
    for second in range(10):
        buckets.add(at(second), 1.0)
    assert [bucket.value for bucket in buckets.buckets()] == [1.0] * 9


def test_that_columns_are_seconds_after_their_origin() -> None:
    buckets = window()
    for second in range(4):
        buckets.add(at(second + 0.5), float(second))
    times, values = columns(buckets.buckets(), START)
    assert times.tolist() == [0.5, 1.5, 2.5]
    assert values.tolist() == [0.0, 1.0, 2.0]
