"""Instruments add noise that belongs to the plant's time, round, and have the defects that the tags name."""

from __future__ import annotations

import numpy as np
import pytest

from app.model.tag import TagKind
from drivers.simulation.sensor import Instruments, Values
from drivers.simulation.tables.tags import TAGS
from drivers.simulation.tag import Defect, PlantTag, analog, counter

STILL = analog("X", ("x", "x"), unit="Cel", span=(0, 100), decimals=1, noise=0.2).of("EQ")


def shown(tag: PlantTag, true_value: float, times: list[float], *, scan_s: float = 1.0) -> Values:
    instruments = Instruments([tag], seed=1, scan_s=scan_s)
    values = []
    for time_s in times:
        instruments.watch(time_s, lambda _: true_value)
        values.append(instruments.measure(time_s, np.array([true_value]))[0])
    return np.array(values)


def test_that_noise_has_the_tags_standard_deviation_and_values_its_resolution() -> None:
    values = shown(STILL, 50.0, [float(second) for second in range(4000)])
    assert values.mean() == pytest.approx(50.0, abs=0.02)
    assert values.std() == pytest.approx(0.2, rel=0.06)
    assert np.allclose(values, np.round(values, 2))


def test_that_the_noise_of_a_second_is_the_same_however_often_it_is_read() -> None:
    once = shown(STILL, 50.0, [900.0])
    often = shown(STILL, 50.0, [float(second) for second in range(901)])
    assert once[-1] == often[-1]


def test_that_values_are_cut_to_the_range() -> None:
    assert shown(STILL, 140.0, [1.0])[0] == 100.0
    assert shown(STILL, -40.0, [1.0])[0] == 0.0


def test_that_a_counter_shows_whole_steps_beyond_its_start() -> None:
    tag = counter("N", ("n", "n"), unit="1", start=100.0).of("EQ")
    assert shown(tag, 2.7, [1.0])[0] == 102.0


def test_that_about_one_tag_in_a_hundred_has_a_defect_of_each_kind() -> None:
    defects = [tag.defect for tag in TAGS if tag.defect is not Defect.NONE]
    assert sorted(defects) == [Defect.DRIFT, Defect.SPIKE, Defect.STUCK]
    assert all(tag.kind is TagKind.ANALOG for tag in TAGS if tag.defect is not Defect.NONE)


def test_that_a_spiking_instrument_shows_short_wrong_values_now_and_then() -> None:
    tag = analog("X", ("x", "x"), unit="Cel", span=(0, 100), defect=Defect.SPIKE).of("EQ")
    values = shown(tag, 50.0, [0.5 + second for second in range(2400)])
    wrong = np.abs(values - 50.0) > 20.0
    assert 8 <= wrong.sum() <= 12
    assert not (wrong[1:] & wrong[:-1]).any()


def test_that_a_sticking_instrument_stands_still_and_comes_free_again() -> None:
    tag = analog("X", ("x", "x"), unit="Cel", span=(0, 100), noise=0.2, defect=Defect.STUCK).of("EQ")
    values = shown(tag, 50.0, [float(second) for second in range(1440)])
    still = np.diff(values) == 0.0
    longest = max(len(run) for run in "".join("x" if held else " " for held in still).split())
    assert 120 <= longest <= 140
    assert len(set(values[-50:])) > 5


def test_that_a_drifting_instrument_moves_by_a_share_of_its_span_per_day() -> None:
    tag = analog("X", ("x", "x"), unit="Cel", span=(0, 100), defect=Defect.DRIFT).of("EQ")
    assert abs(shown(tag, 50.0, [86_400.0])[0] - 50.0) == pytest.approx(4.0, abs=0.01)
