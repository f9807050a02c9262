"""Velocity from acceleration, by division in the frequency domain, where drift has no part in it."""

from __future__ import annotations

import math

import numpy as np

from app.vibration.waveform import Signal

_EDGE = 0.8
"""From this share of the high pass up to it the weight rises from 0 to 1, as a cosine."""


def velocity(acceleration: Signal, rate_hz: float, *, high_pass_hz: float = 10.0) -> Signal:
    """Return the velocity in mm/s (shape as given) of an acceleration in m/s², without what is below `high_pass_hz`."""
    bins = np.fft.rfft(acceleration)
    hz = np.fft.rfftfreq(len(acceleration), 1.0 / rate_hz)
    place = np.clip((hz / high_pass_hz - _EDGE) / (1.0 - _EDGE), 0.0, 1.0)
    weight = 0.5 - 0.5 * np.cos(math.pi * place)
    omega = 2.0 * math.pi * np.where(hz > 0.0, hz, 1.0)
    return np.asarray(np.fft.irfft(1000.0 * weight * bins / (1j * omega), len(acceleration)), np.float64)
