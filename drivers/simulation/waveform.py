"""What an accelerometer at a pump's drive-end bearing gives: shaft, blades, cavitation and the impacts of its bearing.

The velocity from 10 to 1000 Hz has the rms that the pump's tag V_DE tells. The healthy part of it is unbalance, a
little misalignment and the passing blades; cavitation adds noise, a damaged race lines at the ball pass frequency.
Above 1 kHz each ball that passes the damage rings the bearing's housing, long before that can be seen in the velocity.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from drivers.simulation.pump import Pump, outer_race_hz

RATE_HZ = 12_800.0
COUNT = 32_768
BLADES = 6
BALLS, BALL_MM, PITCH_MM = 8, 20.5, 102.5
"""Balls of a fifth of the circle: 0.4 of them pass the outer race per ball and turn."""

_RESOLUTION = 2.0**-8
"""m/s² of one step of the 16 bits of its converter."""
_NOISE = 0.25
_RESONANCE_HZ, _DAMPING_PER_S = 3_300.0, 800.0
_SLIP = 0.006
_SHARES = ((1.0, 0.90), (2.0, 0.25), (float(BLADES), 0.35))
"""Orders of a healthy pump and the share of the velocity's rms at each; the squares sum to 1 but for a little."""

Signal = NDArray[np.float64]


def drive_end(pump: Pump, random: np.random.Generator) -> Signal:
    """Return 2.56 s of acceleration, m/s², float64, shape (32768,), as the pump runs now."""
    time = np.arange(COUNT) / RATE_HZ
    signal = _NOISE * random.standard_normal(COUNT)
    shaft = pump.rpm / 60.0
    if pump.speed < 0.05 or shaft <= 0.0:
        return _converted(signal * 0.1)
    healthy = 1.8 * pump.speed**2
    norm = math.sqrt(sum(share * share for _, share in _SHARES))
    for order, share in _SHARES:
        signal += _velocity_tone(time, order * shaft, healthy * share / norm, random)
    extra = math.sqrt(max(0.0, pump.vibration_de**2 - healthy**2))
    rough, race = 2.0 * pump.rough, 8.2 * pump.race_damage**2.2
    both = math.hypot(rough, race)
    if both > 0.0:
        signal += _cavitation(random, extra * rough / both)
        ball_pass = outer_race_hz(pump.rpm)
        for k, share in ((1, 0.8), (2, 0.5), (3, 0.33)):
            signal += _velocity_tone(time, k * ball_pass * (1.0 - 0.3 * _SLIP), extra * race / both * share, random)
    if pump.race_damage > 0.0:
        signal += _impacts(time, outer_race_hz(pump.rpm), 22.0 * pump.race_damage**0.9 * pump.speed, random)
    return _converted(signal)


def _velocity_tone(time: Signal, hz: float, rms: float, random: np.random.Generator) -> Signal:
    """Return the acceleration of a velocity of `rms` mm/s."""
    size = math.sqrt(2.0) * rms / 1000.0 * 2.0 * math.pi * hz
    return np.asarray(size * np.sin(2.0 * math.pi * (hz * time + random.random())), np.float64)


def _cavitation(random: np.random.Generator, rms: float) -> Signal:
    """Return broad noise whose velocity from 200 to 1000 Hz has `rms` mm/s, and which goes on up to 5 kHz."""
    hz = np.fft.rfftfreq(COUNT, 1.0 / RATE_HZ)
    shape = np.where((hz >= 200.0) & (hz <= 5_000.0), 1.0, 0.0)
    bins = shape * (random.standard_normal(len(hz)) + 1j * random.standard_normal(len(hz)))
    in_band = hz[(hz >= 200.0) & (hz <= 1_000.0)]
    weight = float(((1_000.0 / (2.0 * math.pi * in_band)) ** 2).sum())
    scale = rms / math.sqrt(weight * 4.0) * COUNT
    return np.asarray(np.fft.irfft(bins * scale, COUNT), np.float64)


def _impacts(time: Signal, per_s: float, size: float, random: np.random.Generator) -> Signal:
    """Return the ringing of the housing, each impact of about `size` m/s²; balls slip a little between them."""
    signal = np.zeros(COUNT)
    gaps = (1.0 + _SLIP * random.standard_normal(int(per_s * COUNT / RATE_HZ) + 8)) / per_s
    ring = np.arange(int(0.01 * RATE_HZ)) / RATE_HZ
    for begin in np.cumsum(gaps) - gaps[0] * random.random():
        first = int(np.searchsorted(time, begin))
        since = ring[: COUNT - first] + (first / RATE_HZ - begin)
        force = size * (1.0 + 0.2 * random.standard_normal())
        signal[first : first + len(since)] += (
            force * np.exp(-_DAMPING_PER_S * since) * np.sin(2.0 * math.pi * _RESONANCE_HZ * since)
        )
    return signal


def _converted(signal: Signal) -> Signal:
    steps = np.clip(np.round(signal / _RESOLUTION), -32_768, 32_767)
    return np.asarray(steps * _RESOLUTION, np.float64)
