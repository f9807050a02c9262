"""Running hours counted from the history of a tag."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.maintenance.meter import MeterReading, advanced, begun, daily_rate
from app.model import status
from app.model.series import Series, empty_series
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from tests.app.maintenance.plants import DAY, HOUR, NOW

RUN = TagDefinition(0, "RUN", "AC01", LocalText("Runs"), "c", "a", kind=TagKind.DISCRETE)


def counter(unit: str = "h", width_bits: int = 0, gain: float = 1.0) -> TagDefinition:
    return TagDefinition(
        0, "H", "AC01", LocalText("H"), "c", "a", unit, kind=TagKind.COUNTER, width_bits=width_bits, gain=gain
    )


def series(*samples: tuple[float, float] | tuple[float, float, int]) -> Series:
    """Samples at hours after NOW: (hour, value) or (hour, value, status)."""
    rows = [(*sample, status.GOOD)[:3] for sample in samples]
    return Series(
        np.array([NOW + round(row[0] * HOUR) for row in rows], np.int64),
        np.array([row[1] for row in rows], np.float64),
        np.array([row[2] for row in rows], np.uint32),
    )


def test_that_a_state_counts_while_it_runs() -> None:
    start = MeterReading(NOW, 10.0, 1.0)
    after = advanced(RUN, start, series((1, 0), (3, 1), (3.5, 1), (4, 0)))
    assert after == MeterReading(NOW + 4 * HOUR, 12.0, 0.0)


def test_that_a_bad_sample_holds_nothing() -> None:
    after = advanced(RUN, MeterReading(NOW, 0.0, 1.0), series((1, math.nan, status.BAD_NO_DATA), (5, 1), (6, 1)))
    assert (after.total, after.raw) == (2.0, 1.0)


def test_that_a_state_holds_no_longer_than_the_station_collected() -> None:
    start, later = MeterReading(NOW, 0.0, 1.0), series((10, 1), (11, 1))
    assert advanced(RUN, start, later).total == 11.0
    assert advanced(RUN, start, later, lost=[NOW + 2 * HOUR]).total == 3.0


def test_that_a_state_that_does_not_change_holds_as_long_as_its_samples_are_complete() -> None:
    start = MeterReading(NOW, 0.0, 1.0)
    assert advanced(RUN, start, empty_series(), until=NOW + 3 * HOUR) == MeterReading(NOW + 3 * HOUR, 3.0, 1.0)
    stopped = advanced(RUN, start, series((1, 0)), until=NOW + 3 * HOUR)
    assert stopped == MeterReading(NOW + 3 * HOUR, 1.0, 0.0)
    unknown = advanced(RUN, start, empty_series(), lost=[NOW + HOUR], until=NOW + 3 * HOUR)
    assert unknown == MeterReading(NOW + 3 * HOUR, 1.0, None)


def test_that_a_simulated_plant_counts_its_own_hours() -> None:
    assert advanced(RUN, MeterReading(NOW, 0.0, 1.0), series((1, 1)), time_scale=60.0).total == 60.0


@pytest.mark.parametrize(("unit", "hours"), [("h", 30.0), ("min", 0.5), ("s", 30 / 3600), ("1", 30.0)])
def test_that_a_counter_counts_in_hours_or_in_what_it_counts(unit: str, hours: float) -> None:
    after = advanced(counter(unit), MeterReading(NOW, 0.0, 100.0), series((1, 110), (2, 130)))
    assert after.total == pytest.approx(hours)


def test_that_a_counter_that_rolls_over_counts_on() -> None:
    after = advanced(counter(width_bits=16), MeterReading(NOW, 5.0, 65_530.0), series((1, 65_535), (2, 4)))
    assert after.total == 5.0 + 10.0


def test_that_a_counter_that_is_replaced_counts_on_from_nothing() -> None:
    after = advanced(counter(width_bits=32), MeterReading(NOW, 5.0, 12_000.0), series((1, 12_010), (2, 2), (3, 3)))
    assert after.total == 5.0 + 10.0 + 3.0
    assert advanced(counter(), MeterReading(NOW, 5.0, 12_000.0), series((1, 7))).total == 12.0


def test_that_a_scaled_counter_rolls_over_at_its_scaled_range() -> None:
    after = advanced(counter(width_bits=16, gain=0.1), MeterReading(NOW, 0.0, 6_553.0), series((1, 0.4)))
    assert after.total == pytest.approx(1.0)


def test_that_a_counter_knows_what_passed_while_nobody_read_it() -> None:
    after = advanced(counter(), MeterReading(NOW, 0.0, 10.0), series((1, math.nan, status.BAD_NO_DATA), (50, 60)))
    assert after == MeterReading(NOW + 50 * HOUR, 50.0, 60.0)


def test_that_a_meter_begins_with_its_first_good_sample() -> None:
    past = series((0, math.nan, status.BAD_NO_DATA), (1, 120), (2, 121))
    assert begun(counter("min"), past) == MeterReading(NOW + HOUR, 2.0, 120.0)
    assert begun(RUN, past) == MeterReading(NOW + HOUR, 0.0, 120.0)
    assert begun(RUN, empty_series()) is None


@given(
    steps=st.lists(st.integers(0, 20_000), min_size=1, max_size=40),
    start=st.integers(0, 65_535),
    cut=st.integers(0, 40),
)
def test_that_a_rolling_counter_counts_the_same_in_one_or_two_readings(steps: list[int], start: int, cut: int) -> None:
    counts = (start + np.cumsum(steps)) % 65_536
    past = series(*((hour + 1, float(count)) for hour, count in enumerate(counts)))
    first = MeterReading(NOW, 0.0, float(start))
    tag = counter(width_bits=16)
    whole = advanced(tag, first, past)
    parts = advanced(tag, advanced(tag, first, Series(past.time[:cut], past.value[:cut], past.status[:cut])), past)
    assert whole == parts
    assert whole.total == sum(steps)


@given(
    states=st.lists(st.tuples(st.floats(0.01, 5.0), st.sampled_from([0.0, 1.0, math.nan])), min_size=1, max_size=30),
    cut=st.integers(0, 30),
)
def test_that_a_state_counts_the_same_in_one_or_two_readings(states: list[tuple[float, float]], cut: int) -> None:
    hours = np.cumsum([span for span, _ in states])
    past = series(*((float(hour), value) for hour, (_, value) in zip(hours, states, strict=True)))
    first = MeterReading(NOW, 0.0, 1.0)
    parts = advanced(RUN, first, Series(past.time[:cut], past.value[:cut], past.status[:cut]))
    parts = advanced(RUN, parts, past)
    whole = advanced(RUN, first, past)
    assert (parts.time, parts.raw) == (whole.time, whole.raw)
    assert parts.total == pytest.approx(whole.total)
    assert 0.0 <= whole.total <= float(hours[-1]) + 1e-6


def test_that_the_rate_is_told_a_day_of_the_plant() -> None:
    first, last = MeterReading(NOW, 100.0, 0.0), MeterReading(NOW + DAY, 112.0, 0.0)
    assert daily_rate(first, last) == 12.0
    assert daily_rate(first, last, time_scale=2.0) == 6.0
    assert math.isnan(daily_rate(first, first))
