"""Hints of faults on vibration whose fault is known, and none where there is none."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from app.model.bearing import bearing_of
from app.model.vibration import Zone
from app.vibration.analysis import analyse
from app.vibration.evidence import indications
from app.vibration.hint import Fault
from app.vibration.order import LineKind, order_lines
from app.vibration.waveform import Signal
from tests.app.vibration.synthetic import (
    BEARING,
    POINT,
    RPM,
    ZONES,
    impacts,
    noise,
    times,
    tone,
    velocity_tone,
    waveform,
)

SHAFT = RPM / 60.0


def healthy(seed: int = 1) -> Signal:
    return velocity_tone(SHAFT, 0.6) + velocity_tone(2.0 * SHAFT, 0.1) + tone(6.0 * SHAFT, 0.3) + noise(0.5, seed)


def test_that_a_bearing_has_the_frequencies_of_its_geometry() -> None:
    """The figures of a 6205 as its makers' tables give them."""
    assert BEARING.bpfo == pytest.approx(3.585, abs=0.001)
    assert BEARING.bpfi == pytest.approx(5.415, abs=0.001)
    assert BEARING.bsf == pytest.approx(2.357, abs=0.001)
    assert BEARING.ftf == pytest.approx(0.398, abs=0.001)
    assert BEARING.bpfo + BEARING.bpfi == pytest.approx(9.0)
    with pytest.raises(ValueError, match="no bearing"):
        bearing_of(9, 40.0, 39.04)


@pytest.mark.parametrize("seed", range(12))
def test_that_a_healthy_machine_gives_no_hint(seed: int) -> None:
    found = analyse(waveform(healthy(seed)), POINT, ZONES)
    assert all(hint.score < 1.0 for hint in found.hints), found.hints[0]
    assert found.measure.zone is Zone.A


BEARING_FAULTS = {
    Fault.OUTER_RACE: impacts(BEARING.bpfo * SHAFT, 12.0),
    Fault.INNER_RACE: impacts(BEARING.bpfi * SHAFT, 12.0, modulation_hz=SHAFT, slip=0.001),
    Fault.BALL: impacts(2.0 * BEARING.bsf * SHAFT, 12.0, modulation_hz=BEARING.ftf * SHAFT, slip=0.001),
    Fault.CAGE: impacts(BEARING.ftf * SHAFT, 25.0, slip=0.001),
}


@pytest.mark.parametrize("fault", BEARING_FAULTS)
@pytest.mark.parametrize("seed", [1, 2])
def test_that_the_fault_of_a_bearing_is_the_strongest_hint(fault: Fault, seed: int) -> None:
    hints = analyse(waveform(healthy(seed) + BEARING_FAULTS[fault]), POINT, ZONES).hints
    assert hints[0].fault is fault
    assert hints[0].score > 1.5


def test_that_slip_of_one_per_cent_hides_no_fault() -> None:
    slipping = impacts(0.99 * BEARING.bpfo * SHAFT, 12.0)
    assert analyse(waveform(healthy() + slipping), POINT, ZONES).hints[0].fault is Fault.OUTER_RACE


def test_that_unbalance_counts_as_far_as_the_zones_say() -> None:
    (first, *_) = analyse(waveform(healthy() + velocity_tone(SHAFT, 5.0)), POINT, ZONES).hints
    assert first.fault is Fault.UNBALANCE
    assert first.score == pytest.approx(5.6 / math.sqrt(2.0) / ZONES.limits[1], rel=0.02)
    assert all(hint.fault is not Fault.UNBALANCE for hint in analyse(waveform(healthy()), POINT).hints)


def test_that_a_strong_second_harmonic_is_misalignment() -> None:
    both = velocity_tone(SHAFT, 2.0) + velocity_tone(2.0 * SHAFT, 4.0)
    (first, *others) = analyse(waveform(healthy() + both), POINT, ZONES).hints
    assert first.fault is Fault.MISALIGNMENT
    assert first.score > 1.0
    assert all(hint.score < 1.0 for hint in others)


def test_that_many_harmonics_and_halves_are_looseness() -> None:
    knocks = sum((velocity_tone(k * SHAFT, 2.0) for k in (0.5, 1.5, 2.5, 3, 4, 5, 6, 7)), healthy())
    (first, *_) = analyse(waveform(knocks), POINT, ZONES).hints
    assert first.fault is Fault.LOOSENESS
    assert first.score > 1.0


TEETH, MATING = 23, 41
GEARED = replace(POINT, teeth=TEETH, mating_teeth=MATING)


def meshing(swell: float, spacing: float) -> Signal:
    """A mesh with its second harmonic, which swells by so much `spacing` times a turn."""
    t = times()
    mesh = np.sin(2.0 * np.pi * TEETH * SHAFT * t) + 0.4 * np.sin(4.0 * np.pi * TEETH * SHAFT * t + 1.0)
    wave = (
        1.0
        + swell * np.cos(2.0 * np.pi * spacing * SHAFT * t)
        + 0.6 * swell * np.cos(4.0 * np.pi * spacing * SHAFT * t)
    )
    return np.asarray(6.0 * wave * mesh, np.float64)


@pytest.mark.parametrize("spacing", [1.0, TEETH / MATING], ids=["this-shaft", "second-shaft"])
@pytest.mark.parametrize("seed", [1, 2])
def test_that_sidebands_of_the_mesh_hint_at_the_gear_and_tell_which_wheel(spacing: float, seed: int) -> None:
    first = analyse(waveform(healthy(seed) + meshing(0.8, spacing)), GEARED, ZONES).hints[0]
    assert first.fault is Fault.GEAR
    assert first.score > 1.0
    assert first.spacing == pytest.approx(spacing)


@pytest.mark.parametrize("seed", range(4))
def test_that_a_sound_gear_gives_no_hint_however_loud_its_mesh_is(seed: int) -> None:
    hints = analyse(waveform(healthy(seed) + meshing(0.05, 1.0)), GEARED, ZONES).hints
    assert [hint.fault for hint in hints].count(Fault.GEAR) == 1
    assert all(hint.score < 1.0 for hint in hints), hints[0]
    assert all(hint.fault is not Fault.GEAR for hint in analyse(waveform(meshing(0.8, 1.0)), POINT, ZONES).hints)


def test_that_the_lines_of_a_gear_are_its_mesh_and_the_turn_of_the_second_shaft() -> None:
    lines = {(line.kind, line.harmonic): line.order for line in order_lines(GEARED)}
    assert lines[LineKind.GEAR, 2] == 2.0 * TEETH
    assert lines[LineKind.MATE, 1] == pytest.approx(TEETH / MATING)


def test_that_nothing_is_named_without_a_speed() -> None:
    assert analyse(waveform(healthy() + BEARING_FAULTS[Fault.OUTER_RACE], rpm=0.0), POINT, ZONES).hints == ()


def test_that_figures_are_those_of_the_signal() -> None:
    measure = analyse(waveform(velocity_tone(100.0, 3.0)), POINT, ZONES).measure
    assert measure.velocity == pytest.approx(3.0 / math.sqrt(2.0), rel=0.01)
    assert measure.crest == pytest.approx(math.sqrt(2.0), rel=0.01)
    assert measure.kurtosis == pytest.approx(1.5, rel=0.01)
    assert measure.zone is Zone.C
    assert analyse(waveform(noise(1.0)), POINT).measure.kurtosis == pytest.approx(3.0, abs=0.1)
    in_g = analyse(waveform(velocity_tone(100.0, 3.0) / 9.80665, unit="[g]"), POINT, ZONES).measure
    assert in_g.velocity == pytest.approx(measure.velocity)
    assert in_g.rms == pytest.approx(measure.rms)


def test_that_a_sensor_of_velocity_has_no_envelope() -> None:
    found = analyse(waveform(tone(SHAFT, 5.0), unit="mm/s"), POINT, ZONES)
    assert found.envelope is None
    assert found.measure.velocity == pytest.approx(5.0 / math.sqrt(2.0), rel=0.01)
    assert found.hints[0].fault is Fault.UNBALANCE


def test_that_evidence_names_the_point_the_fault_and_the_tag() -> None:
    analysis = analyse(waveform(healthy() + BEARING_FAULTS[Fault.OUTER_RACE]), POINT, ZONES)
    found = {each.indicator: each for each in indications(analysis, POINT, ZONES)}
    outer = found["vibration PU01.DE outer_race"]
    assert outer.score >= outer.limit
    assert outer.contributions[0].tag == "PU01.V_DE"
    zone = found["vibration PU01.DE zone"]
    assert (zone.score, zone.limit) == (analysis.measure.velocity, 2.0)
    assert len(found) == len(set(Fault) - {Fault.GEAR}) + 1, "a point without a gear has no hint of one"
