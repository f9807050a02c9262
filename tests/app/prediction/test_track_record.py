import math

from app.prediction.course import Rise
from app.prediction.track_record import TrackRecord

RISE = Rise(fast=1.5, middle=1.0, slow=0.6)


def record_of(*followed: float) -> TrackRecord:
    """Return the record of one claim after the other, each followed by a given mean slope over 10 s."""
    record = TrackRecord()
    for place, slope in enumerate(followed):
        time = place * 10.0
        record.claim(time, 0.0, rise=RISE, reach=10.0)
        record.test(time + 10.0, slope * 10.0)
    return record


def test_that_a_claim_is_tested_once_and_only_when_it_is_due() -> None:
    record = TrackRecord()
    record.claim(0.0, 5.0, rise=RISE, reach=10.0)
    assert math.isnan(record.coverage)
    record.test(9.9, 100.0)
    assert record.tests == 0
    record.test(10.0, 15.0)
    record.test(20.0, 15.0)
    assert (record.tests, record.coverage) == (1, 1.0)


def test_that_the_coverage_is_the_share_of_told_bands_that_held() -> None:
    assert record_of(1.0, 1.1, 9.0, 1.0).coverage == 0.75


def test_that_a_band_is_a_third_wider_until_it_was_tested() -> None:
    untested = TrackRecord().widened(RISE)
    assert math.isclose(untested.fast, 1.0 + 4 / 3 * 0.5)
    assert math.isclose(untested.slow, 1.0 - 4 / 3 * 0.4)


def test_that_only_the_edge_that_was_missed_is_widened() -> None:
    accelerating = record_of(*[2.0] * 8).widened(RISE)
    assert math.isclose(accelerating.fast, 2.0)
    assert math.isclose(accelerating.slow, RISE.slow)
    fading = record_of(*[0.2] * 8).widened(RISE)
    assert math.isclose(fading.slow, 0.2)
    assert math.isclose(fading.fast, RISE.fast)


def test_that_a_band_is_never_narrowed_nor_widened_without_end() -> None:
    assert record_of(*[1.0] * 20).widened(RISE) == RISE
    assert math.isclose(record_of(*[99.0] * 20).widened(RISE).fast, 1.0 + 5.0 * 0.5)


def test_that_rises_that_keep_coming_to_nothing_are_known() -> None:
    assert not record_of(1.0, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0).is_fickle
    assert record_of(1.0, 1.0, -1.0, -1.0, -0.5, 0.0, 1.0).is_fickle


def test_that_a_repair_voids_what_was_not_tested_yet() -> None:
    record = TrackRecord()
    record.claim(0.0, 5.0, rise=RISE, reach=10.0)
    record.void()
    record.test(100.0, 0.0)
    assert record.tests == 0


def test_that_a_verdict_that_a_repair_may_explain_counts_only_after_a_grace() -> None:
    record = TrackRecord(grace=5.0)
    record.claim(0.0, 0.0, rise=RISE, reach=10.0)
    record.test(10.0, -50.0)
    assert record.tests == 0
    record.void()
    record.test(20.0, 0.0)
    assert record.tests == 0
    record.claim(20.0, 0.0, rise=RISE, reach=10.0)
    record.test(30.0, 10.0)
    record.test(35.0, 15.0)
    assert (record.tests, record.coverage) == (1, 1.0)


def test_that_the_memory_is_bounded() -> None:
    record = record_of(*[1.0] * 500)
    assert record.tests <= 64
    for place in range(500):
        record.claim(1e6 + place, 0.0, rise=RISE, reach=1e6)
    assert len(record._waiting) <= 64
