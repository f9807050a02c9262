"""The envelope of a band, in which the impacts of a damaged bearing stand out at the rate at which they come.

The resonance that each impact excites is cut out by a band-pass, its envelope is the size of the analytic signal
(Hilbert), both by FFT; what repeats in it is at the bearing's frequencies. Source: R. B. Randall, J. Antoni, Rolling
element bearing diagnostics - A tutorial, Mech. Syst. Signal Process. 25 (2011).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.vibration.waveform import Signal

_TAPER = 0.05
"""Share of the band's width over which each edge rises, as a cosine."""
_LOWEST_BAND_HZ = 500.0


@dataclass(frozen=True, slots=True)
class Envelope:
    """`values` (float64, shape (n,)): the envelope without its mean, `rate_hz` of them in a second; `mean`: its mean.

    `band`: Hz, in which it was taken.
    """

    values: Signal
    rate_hz: float
    mean: float
    band: tuple[float, float]


def band_passed(values: Signal, rate_hz: float, band: tuple[float, float]) -> Signal:
    """Return what lies in `band` (Hz), in phase, in as many samples."""
    bins = np.fft.rfft(values) * _weight(np.asarray(np.fft.rfftfreq(len(values), 1.0 / rate_hz), np.float64), band)
    return np.asarray(np.fft.irfft(bins, len(values)), np.float64)


def analytic(values: Signal) -> NDArray[np.complex128]:
    """Return the analytic signal: the values as its real part, their Hilbert transform as the imaginary one."""
    count = len(values)
    bins = np.fft.fft(values)
    bins[1 : (count + 1) // 2] *= 2.0
    bins[count // 2 + 1 :] = 0.0
    return np.asarray(np.fft.ifft(bins), np.complex128)


def decimated(values: Signal, rate_hz: float, to_hz: float) -> tuple[Signal, float]:
    """Return what lies below `to_hz` in no more samples than that needs, and how many of them are in a second."""
    count = len(values)
    fewer = 2 * math.ceil(1.28 * to_hz * count / rate_hz)
    if fewer >= count:
        return values, rate_hz
    bins = np.fft.rfft(values)[: fewer // 2 + 1] * (fewer / count)
    bins[-1] = 0.0
    return np.asarray(np.fft.irfft(bins, fewer), np.float64), rate_hz * fewer / count


def envelope(values: Signal, rate_hz: float, band: tuple[float, float], *, to_hz: float) -> Envelope:
    """Return the envelope of `band` (Hz) as far as it varies below `to_hz`."""
    size = np.abs(analytic(band_passed(values, rate_hz, band)))
    mean = float(size.mean())
    fewer, rate = decimated(size - mean, rate_hz, to_hz)
    return Envelope(fewer, rate, mean, band)


def resonant_band(values: Signal, rate_hz: float) -> tuple[float, float]:
    """Return the band (Hz) in which the signal is most impulsive: halves, quarters and eighths of the range compete.

    The measure is the kurtosis of the complex envelope, 0 for noise. Source: J. Antoni, Fast computation of the
    kurtogram, Mech. Syst. Signal Process. 21 (2007), here without its thirds and below 500 Hz.
    """
    bins = np.fft.rfft(values - values.mean())
    top = 0.45 * rate_hz
    per_bin = rate_hz / len(values)
    best, found = -math.inf, (min(_LOWEST_BAND_HZ, 0.25 * top), top)
    for parts in (2, 4, 8):
        width = top / parts
        for part in range(parts):
            low, high = part * width, (part + 1) * width
            inside = bins[int(low / per_bin) : int(high / per_bin)]
            if low < _LOWEST_BAND_HZ or len(inside) < 64:
                continue
            power = np.abs(np.fft.ifft(inside)) ** 2
            mean = float(power.mean())
            kurtosis = float((power * power).mean()) / (mean * mean) - 2.0 if mean > 0.0 else -math.inf
            if kurtosis > best:
                best, found = kurtosis, (low, high)
    return found


def _weight(hz: Signal, band: tuple[float, float]) -> Signal:
    low, high = band
    edge = max(_TAPER * (high - low), 1e-9)
    inside = np.minimum((hz - low) / edge, (high - hz) / edge)
    return np.asarray(0.5 - 0.5 * np.cos(math.pi * np.clip(inside, 0.0, 1.0)), np.float64)
