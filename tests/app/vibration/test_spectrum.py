"""Spectra: their amplitudes against tones of known size, their power against the signal's, and both against a peer."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.vibration.envelope import analytic, band_passed, decimated, envelope, resonant_band
from app.vibration.spectrum import hann, spectrum
from tests.app.vibration.synthetic import COUNT, RATE, impacts, noise, times, tone, velocity_tone


def test_that_the_power_of_a_spectrum_is_that_of_the_signal() -> None:
    """Parseval, of the signal as the window weighs it."""
    values = noise(2.0) + tone(50.0, 3.0)
    weights = hann(COUNT)
    centred = (values - values.mean()) * weights
    weighed = float((centred * centred).sum() / (weights * weights).sum())
    found = spectrum(values, RATE)
    assert found.rms_in(0.0, RATE) ** 2 == pytest.approx(weighed, rel=1e-12)


@pytest.mark.parametrize("size", [COUNT, 8192, 4001])
@pytest.mark.parametrize("offset", [0.0, 0.25, 0.5, 0.83])
def test_that_a_tone_anywhere_between_the_bins_is_right_to_one_per_cent(size: int, offset: float) -> None:
    hz = (round(500.0 * size / RATE) + offset) * RATE / size
    found = spectrum(tone(hz, 2.5), RATE, size=size).tone(hz, 3.0)
    assert found.peak == pytest.approx(2.5, rel=0.005)
    assert found.rms == pytest.approx(2.5 / math.sqrt(2.0), rel=0.005)
    assert found.hz == pytest.approx(hz, abs=0.03 * RATE / size)


def test_that_a_line_outside_of_the_range_has_no_height() -> None:
    assert spectrum(noise(1.0), RATE, size=1024).tone(RATE, 1.0).rms == 0.0


def test_that_the_floor_of_noise_is_its_density_and_no_line_lifts_it() -> None:
    values = noise(1.0) + tone(1000.0, 20.0)
    floor = spectrum(values, RATE, size=2048).floor()
    assert np.median(floor) == pytest.approx(2.0 / RATE, rel=0.1)
    assert floor.max() < 2.0 * np.median(floor)


@pytest.mark.parametrize(("hz", "peak"), [(24.6, 4.0), (120.0, 1.0), (900.0, 0.2)])
def test_that_velocity_out_of_acceleration_is_right_to_one_per_cent(hz: float, peak: float) -> None:
    acceleration = velocity_tone(hz, peak) + 0.7  # a sensor's offset, which is no velocity
    assert spectrum(acceleration, RATE).velocity(10.0).rms_in(10.0, 1000.0) == pytest.approx(
        peak / math.sqrt(2.0), rel=0.01
    )


def test_that_the_envelope_of_a_modulated_tone_is_its_modulation() -> None:
    t = times()
    carrier = np.cos(2.0 * np.pi * 3000.0 * t)
    values = (2.0 + 0.5 * np.cos(2.0 * np.pi * 80.0 * t)) * carrier
    found = envelope(values, RATE, (2000.0, 4000.0), to_hz=500.0)
    assert found.mean == pytest.approx(2.0, rel=0.005)
    assert found.rate_hz < 0.2 * RATE
    line = spectrum(found.values, found.rate_hz).tone(80.0, 2.0)
    assert line.hz == pytest.approx(80.0, abs=0.1)
    assert line.peak == pytest.approx(0.5, rel=0.01)


def test_that_fewer_samples_keep_what_lies_below_their_range() -> None:
    fewer, rate = decimated(tone(100.0, 1.0), RATE, 400.0)
    assert rate < 1100.0
    assert spectrum(fewer, rate).tone(100.0, 2.0).peak == pytest.approx(1.0, rel=0.005)


def test_that_the_chosen_band_shows_impacts_that_the_whole_range_hides() -> None:
    values = impacts(88.0, 12.0) + noise(1.0) + tone(1000.0, 30.0) + tone(1130.0, 25.0)

    def over_floor(band: tuple[float, float]) -> float:
        found = envelope(values, RATE, band, to_hz=800.0)
        lines = spectrum(found.values, found.rate_hz, size=len(found.values) // 4)
        return lines.tone(88.0, 2.0).rms / math.sqrt(float(lines.floor()[round(88.0 / lines.step_hz)]))

    low, high = resonant_band(values, RATE)
    assert low > 1130.0
    assert over_floor((low, high)) > 1.8 * over_floor((500.0, 5760.0))


@pytest.mark.peer
def test_that_spectra_and_envelopes_are_those_of_a_peer() -> None:
    signal = pytest.importorskip("scipy.signal")
    values = noise(1.0) + tone(777.0, 3.0) + impacts(88.0, 10.0)
    for size in (COUNT, 4096, 1001):
        ours = spectrum(values, RATE, size=size)
        hz, density = signal.welch(values, RATE, window="hann", nperseg=size, noverlap=size - max(1, size // 2))
        np.testing.assert_allclose(ours.hz, hz, rtol=1e-12)
        np.testing.assert_allclose(ours.density, density, rtol=1e-9, atol=1e-9 * density.max())
    for count in (COUNT, COUNT - 1):
        passed = band_passed(values[:count], RATE, (2000.0, 5000.0))
        np.testing.assert_allclose(analytic(passed), signal.hilbert(passed), rtol=0.0, atol=1e-9)
    np.testing.assert_allclose(
        decimated(values, RATE, 1000.0)[0], signal.resample(values, 2 * math.ceil(1280.0 * COUNT / RATE)), atol=0.02
    )
