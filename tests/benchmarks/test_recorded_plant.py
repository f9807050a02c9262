"""The synthetic plant: the same in every run, with the shares, rates and codes that its description promises."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from app.model import status
from app.model.block import Block, TimeArray, ValueArray
from app.model.clock import NS_PER_S
from tests.benchmarks.recorded_plant import START, RecordedPlant, by_tag, slices, transmitter

SECONDS = 1_200


@pytest.fixture(scope="module")
def samples() -> Block:
    return RecordedPlant(10, SECONDS).samples()


def times_of(samples: Block, handle: int) -> TimeArray:
    return samples.select(samples.handle == handle).time


def test_that_the_plant_is_the_same_at_every_call(samples: Block) -> None:
    again = RecordedPlant(10, SECONDS).samples()
    assert np.array_equal(again.time, samples.time)
    assert np.array_equal(again.value, samples.value, equal_nan=True)


def test_that_every_fifth_device_is_read_ten_times_a_second(samples: Block) -> None:
    counts = np.bincount(samples.handle).reshape(10, 20)
    assert (counts[[0, 5]] == 10 * SECONDS).all()
    assert (np.delete(counts, [0, 5], axis=0) == SECONDS).all()


def test_that_every_tag_has_strictly_rising_times_in_its_stretch(samples: Block) -> None:
    ordered = by_tag(samples)
    same_tag = ordered.handle[1:] == ordered.handle[:-1]
    assert (np.diff(ordered.time)[same_tag] > 0).all()
    assert samples.time.min() > START - NS_PER_S
    assert samples.time.max() < START + (SECONDS + 1) * NS_PER_S


def test_that_six_of_ten_devices_share_the_times_of_a_poll_and_two_keep_to_a_tick(samples: Block) -> None:
    shared = [
        np.array_equal(times_of(samples, 20 * device), times_of(samples, 20 * device + 7)) for device in range(10)
    ]
    on_tick = [not (times_of(samples, 20 * device) % 10_000_000).any() for device in range(10)]
    assert (sum(shared), sum(on_tick)) == (6, 2)


def test_that_a_silent_device_has_no_values_but_a_code(samples: Block) -> None:
    silent = samples.status == status.BAD_COMMUNICATION_ERROR
    assert 0.001 < silent.mean() < 0.05
    assert np.array_equal(silent, np.isnan(samples.value))
    assert (samples.status[~silent] == status.GOOD).all()


def test_that_kinds_look_like_what_they_are(samples: Block) -> None:
    def values(place: int) -> ValueArray:
        return samples.select((samples.handle == 20 + place) & ~np.isnan(samples.value)).value

    assert np.array_equal(values(0), values(0).astype(np.float32))
    assert np.array_equal(values(8), np.round(values(8), 2))
    assert np.array_equal(values(13), np.round(values(13)))
    assert set(values(16)) <= {0.0, 1.0, 2.0, 3.0}
    assert (np.diff(values(18)) >= 0).all()


def test_that_slices_give_every_sample_once_and_in_order(samples: Block) -> None:
    parts = list(slices(samples, 0.25))
    assert sum(map(len, parts)) == len(samples)
    assert all(early.time[-1] < late.time[0] for early, late in itertools.pairwise(parts))
    assert max(int(part.time[-1] - part.time[0]) for part in parts) < NS_PER_S // 4


def test_that_a_noisy_plant_shares_no_times() -> None:
    noisy = RecordedPlant(2, 60, is_noisy=True).samples()
    assert not np.array_equal(times_of(noisy, 20), times_of(noisy, 21))


def test_that_a_transmitter_sends_once_a_second() -> None:
    day = transmitter(3, start=START, seconds=1_000)
    assert set(day.handle) == {3}
    assert np.abs(day.time - START - np.arange(1_000) * NS_PER_S).max() < NS_PER_S
    assert (np.diff(day.time) > NS_PER_S // 2).all()
