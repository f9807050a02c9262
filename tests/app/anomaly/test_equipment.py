import numpy as np
import pytest
from numpy.typing import NDArray

from app.anomaly.equipment import LONGEST_GAP, MOST_MODES, EquipmentModel, Phase
from app.anomaly.learned import Settings
from app.anomaly.state import AnomalyError
from app.model.clock import NS_PER_S

Array = NDArray[np.float64]
TAGS = 6


def healthy(count: int, *, seed: int = 1) -> Array:
    random = np.random.default_rng(seed)
    causes = random.normal(size=(count, 2)) @ np.random.default_rng(0).normal(size=(2, TAGS))
    rows: Array = 50.0 + causes + 0.3 * random.normal(size=(count, TAGS))
    return rows


class Run:
    """A model and its clock, one row a second."""

    def __init__(self, **settings: object) -> None:
        self.model = EquipmentModel(TAGS, period_s=1.0, settings=Settings(**settings))  # type: ignore[arg-type]
        self.second = 1_000

    def feed(self, rows: Array, *, mode: str = "") -> list[Phase]:
        phases = []
        for row in rows:
            self.second += 1
            self.model.update(self.second * NS_PER_S, row, mode=mode)
            phases.append(self.model.reading().phase)
        return phases


def test_that_nothing_is_told_before_the_signals_stand_still() -> None:
    run = Run()
    warming = healthy(1_500) + np.outer(np.linspace(0.0, 60.0, 1_500), np.ones(TAGS))
    assert set(run.feed(warming)) == {Phase.LEARNING}
    assert 0.0 < run.model.reading().progress < 1.0
    phases = run.feed(healthy(3_000, seed=2) + 60.0)
    assert phases[-1] is Phase.NORMAL


def test_that_a_healthy_month_of_minutes_has_hardly_any_alarm() -> None:
    model = EquipmentModel(TAGS, period_s=60.0)
    told = []
    for place, row in enumerate(healthy(12_000, seed=3)):
        model.update(place * 60 * NS_PER_S, row)
        told.append(model.reading().phase is Phase.ALARM)
    assert np.count_nonzero(np.diff(np.array(told, np.int8)) == 1) <= 2
    assert np.mean(told) < 0.001


def test_that_a_broken_relation_is_found_though_each_signal_stays_in_its_range() -> None:
    run = Run()
    run.feed(healthy(2_000))
    broken = healthy(120, seed=4)
    broken[:, 2] = healthy(120, seed=5)[:, 2]
    phases = run.feed(broken)
    assert phases[-1] is Phase.ALARM
    reading = run.model.reading()
    assert np.argmax(reading.contributions) == 2


@pytest.mark.parametrize("tag", range(TAGS))
def test_that_the_contributions_sum_to_the_score_exactly_and_point_at_the_moved_tag(tag: int) -> None:
    run = Run()
    run.feed(healthy(1_000))
    moved = healthy(40, seed=6)
    moved[:, tag] += 1.5
    for row in moved:
        run.feed(row[None, :])
        reading = run.model.reading()
        assert reading.contributions.sum() == pytest.approx(reading.score, rel=1e-12)
        assert (reading.contributions >= 0.0).all()
    assert tag in np.argsort(reading.contributions)[-2:]


def test_that_the_baseline_follows_five_times_more_slowly_in_alarm() -> None:
    def moved(step: float) -> float:
        run = Run(mature_rows=1_000)
        run.feed(healthy(1_000))
        run.feed(healthy(100, seed=7) + np.array([step, 0.0, 0.0, 0.0, 0.0, 0.0]))
        return float(run.model.reading().shift[0])

    usual = moved(0.0)
    assert (moved(0.1) - usual) / 0.1 == pytest.approx(5.0 * (moved(20.0) - usual) / 20.0, rel=0.1)


def interrupted(length: int) -> Run:
    run = Run()
    for begin in range(0, 600, length):
        run.feed(healthy(600)[begin : begin + length])
        run.second += 1_000
    return run


@pytest.mark.parametrize("length", [30, 70])
def test_that_a_machine_that_is_often_interrupted_is_learned_too(length: int) -> None:
    run = interrupted(length)
    assert run.model.learn()
    assert run.feed(healthy(200, seed=2)).count(Phase.ALARM) < 20
    assert run.feed(healthy(60, seed=3) + np.eye(TAGS)[0] * 4.0)[-1] is Phase.ALARM


@pytest.mark.parametrize("length", [1, 5])
def test_that_single_rows_far_apart_are_never_learned_from(length: int) -> None:
    run = interrupted(length)
    assert not run.model.learn()
    assert run.model.reading().phase is Phase.LEARNING


def test_that_a_slow_drift_is_followed_and_a_fast_one_is_told() -> None:
    slow, fast = Run(), Run()
    slow.feed(healthy(2_000))
    fast.feed(healthy(2_000))
    drift = np.outer(np.linspace(0.0, 1.0, 20_000), [0.0, 0.0, 0.0, 3.0, 0.0, 0.0])
    told = slow.feed(healthy(20_000, seed=8) + drift)
    assert np.mean([phase is Phase.ALARM for phase in told]) < 0.01
    assert slow.model.reading().shift[3] == pytest.approx(3.0, abs=0.8)
    assert fast.feed(healthy(200, seed=8) + drift[::100])[-1] is Phase.ALARM


def test_that_a_missing_tag_is_where_the_others_tell_it_to_be() -> None:
    run = Run()
    run.feed(healthy(2_000))
    rows = healthy(300, seed=9)
    rows[:, 1] = np.nan
    assert Phase.ALARM not in run.feed(rows)
    assert run.model.reading().contributions[1] < 0.5


def test_that_a_row_of_mostly_missing_values_is_no_data_and_no_alarm() -> None:
    run = Run()
    run.feed(healthy(1_000))
    assert run.feed(np.full((5, TAGS), np.nan))[-1] is Phase.NO_DATA
    assert run.feed(healthy(5, seed=2))[-1] is Phase.NORMAL


def test_that_every_mode_has_its_own_healthy_state() -> None:
    run = Run()
    full, half = healthy(1_000), healthy(1_000, seed=2) - 30.0
    run.feed(full, mode="full")
    assert set(run.feed(half[:100], mode="half")) == {Phase.LEARNING}
    run.feed(half[100:], mode="half")
    assert run.feed(healthy(100, seed=3) - 30.0, mode="half")[-1] is Phase.NORMAL
    assert run.feed(healthy(100, seed=4), mode="full")[-1] is Phase.NORMAL
    assert run.feed(healthy(100, seed=5), mode="half")[-1] is Phase.ALARM


def test_that_the_longest_unused_mode_makes_room() -> None:
    run = Run()
    for mode in range(MOST_MODES + 3):
        run.feed(healthy(3), mode=str(mode))
    kept = len(run.model.save())
    run.feed(healthy(3), mode="another")
    assert len(run.model.save()) < 1.01 * kept


def test_that_late_rows_are_left_out_and_a_clock_set_back_is_followed() -> None:
    run = Run()
    run.feed(healthy(1_000))
    before = run.model.save()
    for back in (0, 1, LONGEST_GAP):
        run.model.update((run.second - back) * NS_PER_S, np.full(TAGS, 1e3))
    assert run.model.save() == before
    run.second -= 5_000
    assert run.feed(healthy(100, seed=2))[-1] is Phase.NORMAL


def test_that_the_state_of_other_tags_or_a_damaged_one_is_refused_and_changes_nothing() -> None:
    run = Run()
    run.feed(healthy(1_000))
    kept = run.model.save()
    with pytest.raises(AnomalyError, match="tags or settings"):
        EquipmentModel(TAGS + 1, period_s=1.0).restore(kept)
    with pytest.raises(AnomalyError, match="damaged"):
        run.model.restore(kept[:-1] + bytes([kept[-1] ^ 1]))
    with pytest.raises(AnomalyError, match="not the state"):
        run.model.restore(b"")
    assert run.model.save() == kept


def test_that_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(AnomalyError, match="6 tags"):
        Run().model.update(0, np.zeros(5))


def test_that_constant_tags_are_left_out() -> None:
    run = Run()
    rows = healthy(1_000)
    rows[:, 5] = 7.0
    run.feed(rows)
    assert run.model.reading().phase is Phase.NORMAL
    rows = healthy(50, seed=2)
    rows[:, 5] = 7.0
    assert Phase.ALARM not in run.feed(rows)
    assert run.model.reading().contributions[5] == pytest.approx(0.0, abs=1e-9)
