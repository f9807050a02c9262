"""Spectra: their amplitudes against tones of known size, their power against the signal's, and both against a peer."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.vibration.envelope import analytic, band_passed, decimated, envelope, resonant_band
from app.vibration.integration import velocity
from app.vibration.order import order_spectrum
from app.vibration.spectrum import Window, spectrum
from tests.app.vibration.synthetic import COUNT, RATE, impacts, noise, times, tone, velocity_tone


@pytest.mark.parametrize("window", list(Window))
def test_that_the_power_of_a_spectrum_is_that_of_the_signal(window: Window) -> None:
    """Parseval: exactly so without a window; with one, of the signal as the window weighs it."""
    values = noise(2.0) + tone(50.0, 3.0)
    weights = window.of(COUNT)
    centred = (values - values.mean()) * weights
    weighed = float((centred * centred).sum() / (weights * weights).sum())
    found = spectrum(values, RATE, window=window)
    assert found.rms_in(0.0, RATE) ** 2 == pytest.approx(weighed, rel=1e-12)


@pytest.mark.parametrize("size", [COUNT, 8192, 4001])
@pytest.mark.parametrize("offset", [0.0, 0.25, 0.5, 0.83])
def test_that_a_tone_anywhere_between_the_bins_is_right_to_one_per_cent(size: int, offset: float) -> None:
    hz = (round(500.0 * size / RATE) + offset) * RATE / size
    found = spectrum(tone(hz, 2.5), RATE, size=size).tone(hz, 3.0)
    assert found.peak == pytest.approx(2.5, rel=0.005)
    assert found.rms == pytest.approx(2.5 / math.sqrt(2.0), rel=0.005)
    assert found.hz == pytest.approx(hz, abs=0.03 * RATE / size)


@pytest.mark.parametrize("offset", [0.0, 0.25, 0.5])
def test_that_the_flat_top_shows_the_height_of_a_tone_off_its_bin(offset: float) -> None:
    hz = (2000.0 + offset) * RATE / 8192
    found = spectrum(tone(hz, 2.5), RATE, size=8192, window=Window.FLAT_TOP)
    assert found.peak().max() == pytest.approx(2.5, rel=0.002)


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
    found = velocity(acceleration, RATE, high_pass_hz=10.0)
    middle = found[COUNT // 8 : -COUNT // 8]
    assert np.abs(middle).max() == pytest.approx(peak, rel=0.01)
    assert spectrum(acceleration, RATE).velocity(10.0).rms_in(10.0, 1000.0) == pytest.approx(
        peak / math.sqrt(2.0), rel=0.01
    )


def test_that_drift_below_the_high_pass_is_no_velocity() -> None:
    drift = tone(1.0, 5.0)
    assert np.abs(velocity(drift, RATE, high_pass_hz=10.0)[COUNT // 8 : -COUNT // 8]).max() < 1.0


def test_that_orders_stay_where_they_are_when_the_speed_changes() -> None:
    for shaft in (20.0, 24.58, 31.0):
        orders, peaks = order_spectrum(spectrum(tone(3.2 * shaft, 1.0), RATE), shaft)
        assert orders[int(np.argmax(peaks))] == pytest.approx(3.2, abs=0.03)
    with pytest.raises(ValueError, match="speed"):
        order_spectrum(spectrum(noise(1.0), RATE), 0.0)


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
    for window, name in ((Window.HANN, "hann"), (Window.FLAT_TOP, "flattop"), (Window.RECTANGULAR, "boxcar")):
        for size in (COUNT, 4096, 1001):
            ours = spectrum(values, RATE, size=size, window=window)
            hz, density = signal.welch(values, RATE, window=name, nperseg=size, noverlap=size - max(1, size // 2))
            np.testing.assert_allclose(ours.hz, hz, rtol=1e-12)
            np.testing.assert_allclose(ours.density, density, rtol=1e-9, atol=1e-9 * density.max())
    for count in (COUNT, COUNT - 1):
        passed = band_passed(values[:count], RATE, (2000.0, 5000.0))
        np.testing.assert_allclose(analytic(passed), signal.hilbert(passed), rtol=0.0, atol=1e-9)
    np.testing.assert_allclose(
        decimated(values, RATE, 1000.0)[0], signal.resample(values, 2 * math.ceil(1280.0 * COUNT / RATE)), atol=0.02
    )
