"""Vibration whose truth is known: tones, noise, and trains of impacts that ring at a resonance."""

from __future__ import annotations

import numpy as np

from app.model.bearing import bearing_of
from app.model.text import LocalText
from app.model.vibration import MeasuringPoint, ZoneLimits
from app.vibration.waveform import Signal, Waveform

RATE = 12_800.0
COUNT = 32_768
RPM = 1_475.0
BEARING = bearing_of(9, 7.94, 39.04, name="6205")
POINT = MeasuringPoint("PU01.DE", "PU01", LocalText("Drive end"), rated_rpm=RPM, bearing=BEARING, level="PU01.V_DE")
ZONES = ZoneLimits("z", (1.0, 2.0, 4.0), LocalText("test"))


def times(count: int = COUNT, rate: float = RATE) -> Signal:
    return np.arange(count) / rate


def tone(hz: float, peak: float, count: int = COUNT, *, phase: float = 0.3) -> Signal:
    return np.asarray(peak * np.sin(2.0 * np.pi * hz * times(count) + phase), np.float64)


def noise(sigma: float, seed: int = 1, count: int = COUNT) -> Signal:
    return np.random.default_rng(seed).normal(0.0, sigma, count)


def velocity_tone(hz: float, peak_mm_s: float) -> Signal:
    """The acceleration (m/s²) of a velocity (mm/s)."""
    return tone(hz, peak_mm_s * 2.0 * np.pi * hz / 1000.0)


def impacts(per_s: float, size: float, *, modulation_hz: float = 0.0, seed: int = 2, slip: float = 0.004) -> Signal:
    """Impacts that ring at 3.4 kHz; their size varies with `modulation_hz`, their distance by some per mille."""
    rng = np.random.default_rng(seed)
    t = times()
    signal = np.zeros(COUNT)
    at = 0.001
    while at < t[-1]:
        weight = 1.0 + 0.8 * np.cos(2.0 * np.pi * modulation_hz * at) if modulation_hz else 1.0
        rings = slice(int(np.searchsorted(t, at)), int(np.searchsorted(t, at + 0.02)))
        since = t[rings] - at
        signal[rings] += size * weight * np.exp(-900.0 * since) * np.sin(2.0 * np.pi * 3400.0 * since)
        at += (1.0 + slip * rng.normal()) / per_s
    return signal


def waveform(values: Signal, *, time: int = 1_000, rpm: float = RPM, unit: str = "m/s2") -> Waveform:
    return Waveform("PU01.DE", "PU01", time, RATE, unit, values, rpm)
