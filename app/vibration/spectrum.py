"""Spectra whose amplitudes are right: Welch's averaged periodogram with the window's gain and noise bandwidth kept.

Source: P. D. Welch, The use of fast Fourier transform for the estimation of power spectra, IEEE Trans. Audio
Electroacoust. 15 (1967); window figures after G. Heinzel et al., Spectrum and spectral density estimation by the DFT
(2002).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.vibration.waveform import Signal

_LOBE = 2
"""Bins on each side of a line over which Hann's window spreads it."""
_NOISE_BINS = 1.5
"""Hann's equivalent noise bandwidth, in bins."""


@dataclass(frozen=True, slots=True)
class Tone:
    """A line of a spectrum: its frequency between the bins, Hz, and its `rms` in the signal's unit."""

    hz: float
    rms: float

    @property
    def peak(self) -> float:
        """Return its amplitude."""
        return self.rms * math.sqrt(2.0)


@dataclass(frozen=True, slots=True)
class Spectrum:
    """A one-sided spectrum by Hann's window: `density` (float64, shape (n,)), unit² per Hz, in steps of `step_hz`."""

    step_hz: float
    density: Signal

    @property
    def hz(self) -> Signal:
        """Return the frequency of each bin."""
        return np.arange(len(self.density), dtype=np.float64) * self.step_hz

    @property
    def top_hz(self) -> float:
        """Return the highest frequency."""
        return (len(self.density) - 1) * self.step_hz

    def peak(self) -> Signal:
        """Return the amplitude that a sine in the middle of each bin would have."""
        return np.sqrt(2.0 * self.density * self.step_hz * _NOISE_BINS)

    def rms_in(self, low_hz: float, high_hz: float) -> float:
        """Return the rms of what lies from `low_hz` to `high_hz`; over everything it is that of the signal."""
        first, last = math.ceil(low_hz / self.step_hz - 1e-9), math.floor(high_hz / self.step_hz + 1e-9)
        return math.sqrt(float(self.density[max(0, first) : last + 1].sum()) * self.step_hz)

    def tone(self, hz: float, within_hz: float = 0.0) -> Tone:
        """Return the strongest line within `within_hz` of `hz`, by the power of its main lobe; 0 outside the range."""
        slack = max(within_hz / self.step_hz, 1.0)
        middle = hz / self.step_hz
        first, last = max(1, math.ceil(middle - slack)), min(len(self.density) - 2, math.floor(middle + slack))
        if first > last:
            return Tone(hz, 0.0)
        peak = first + int(np.argmax(self.density[first : last + 1]))
        lobe = slice(max(1, peak - _LOBE), peak + _LOBE + 1)
        return Tone(self._between(peak), math.sqrt(float(self.density[lobe].sum()) * self.step_hz))

    def floor(self, width_bins: int = 40) -> Signal:
        """Return the noise floor: the median density of some bins around each, in unit² per Hz."""
        half = max(2, min(width_bins, (len(self.density) - 2) // 4))
        padded = np.pad(self.density[1:], half, mode="reflect")
        around = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
        median = np.median(around, axis=1)
        return np.concatenate([median[:1], median])

    def velocity(self, high_pass_hz: float) -> Spectrum:
        """Return an acceleration's spectrum (m/s²) as that of its velocity in mm/s, from `high_pass_hz` on."""
        omega = 2.0 * math.pi * self.hz
        weight = np.zeros_like(omega)
        passed = self.hz >= high_pass_hz
        weight[passed] = (1000.0 / omega[passed]) ** 2
        return Spectrum(self.step_hz, self.density * weight)

    def _between(self, peak: int) -> float:
        """Return the frequency of a line: the ratio of Hann's two highest bins gives its place between them."""
        if self.density[peak] == 0.0:
            return peak * self.step_hz
        sign = 1 if self.density[peak + 1] >= self.density[peak - 1] else -1
        ratio = math.sqrt(float(self.density[peak + sign] / self.density[peak]))
        return (peak + sign * min(0.5, max(0.0, (2.0 * ratio - 1.0) / (ratio + 1.0)))) * self.step_hz


def spectrum(values: Signal, rate_hz: float, *, size: int = 0) -> Spectrum:
    """Return the spectrum of evenly spaced values, averaged over stretches of `size` that overlap by half.

    `size`: 0, or more than there are, for one stretch of everything. The mean of each stretch is left out.
    """
    size = min(size, len(values)) or len(values)
    weights = hann(size)
    stretches = np.lib.stride_tricks.sliding_window_view(values, size)[:: max(1, size // 2)]
    total = np.zeros(size // 2 + 1)
    for stretch in stretches:
        total += np.abs(np.fft.rfft((stretch - stretch.mean()) * weights)) ** 2
    squares = float((weights * weights).sum())
    density = 2.0 * total / (len(stretches) * rate_hz * squares)
    density[0] /= 2.0
    if size % 2 == 0:
        density[-1] /= 2.0
    return Spectrum(rate_hz / size, density)


def hann(count: int) -> Signal:
    """Return `count` weights that fade a stretch in and out (periodic); lines stay narrow enough to be told apart."""
    return np.asarray(0.5 - 0.5 * np.cos(2.0 * math.pi * np.arange(count) / count), np.float64)
