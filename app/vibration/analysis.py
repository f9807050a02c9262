"""Everything that a waveform says: its figures, its spectra and what they hint at."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.model.vibration import MeasuringPoint, Zone, ZoneLimits
from app.vibration.envelope import Envelope, envelope, resonant_band
from app.vibration.gear import gear_hint
from app.vibration.hint import FaultHint, LineSearch, bearing_hints, shaft_hints
from app.vibration.spectrum import Spectrum, spectrum
from app.vibration.waveform import Signal, Waveform

LOW_HZ, HIGH_HZ = 10.0, 1000.0
"""The band of the overall velocity (ISO 20816-1, 4.2)."""
_SLOW_RPM, _SLOW_LOW_HZ = 600.0, 2.0
"""Below this speed the band begins at 2 Hz, so that the shaft's own line is in it."""
_STRETCHES = 4
"""Spectra are averaged over stretches of a quarter of the record: seven of them, overlapping by half."""
_ENVELOPE_SHARE = 0.1
_ENVELOPE_ORDERS = 40.0


@dataclass(frozen=True, slots=True)
class Measure:
    """The figures of one waveform.

    `rms`, `peak`: in m/s² (mm/s where the sensor measures velocity); `crest` their ratio; `kurtosis`: 3 for noise.
    `velocity`: mm/s rms from 10 Hz (2 Hz below 600/min) to 1000 Hz. `envelope`: rms of the envelope, m/s², NaN where
    there is none. `zone`: of the velocity, None where the point has no zones.
    """

    rms: float
    peak: float
    crest: float
    kurtosis: float
    velocity: float
    envelope: float = math.nan
    zone: Zone | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """A waveform taken apart. `velocity`: spectrum of the velocity, mm/s; `own`: of the signal as it was measured.

    `envelope_spectrum`, `envelope`: None where the sensor measures velocity. `hints`: strongest first.
    """

    waveform: Waveform
    measure: Measure
    own: Spectrum
    velocity: Spectrum
    envelope: Envelope | None
    envelope_spectrum: Spectrum | None
    hints: tuple[FaultHint, ...]


def analyse(waveform: Waveform, point: MeasuringPoint, zones: ZoneLimits | None = None) -> Analysis:
    """Return what a waveform of `point` says; it has been checked. `zones`: of the point, None where it has none."""
    values = waveform.in_si()
    size = len(values) // _STRETCHES
    own = spectrum(values, waveform.rate_hz, size=size)
    low = low_hz(waveform)
    speed = own.velocity(low) if waveform.is_acceleration else own
    around = demodulated = None
    if waveform.is_acceleration:
        around = _envelope_of(waveform, values, point)
        demodulated = spectrum(around.values, around.rate_hz, size=len(around.values) // _STRETCHES)
    total = _velocity_rms(waveform, values, low)
    measure = _measure(values, total, around, zones)
    hints = _hints((own, speed, demodulated), waveform.shaft_hz, point, zones)
    return Analysis(waveform, measure, own, speed, around, demodulated, hints)


def low_hz(waveform: Waveform) -> float:
    """Return from which frequency on the overall velocity counts."""
    return _SLOW_LOW_HZ if 0.0 < waveform.speed_rpm < _SLOW_RPM else LOW_HZ


def _velocity_rms(waveform: Waveform, values: Signal, low: float) -> float:
    """Return the rms from `low` to 1000 Hz of the whole record, by its Hann spectrum."""
    whole = spectrum(values, waveform.rate_hz)
    speed = whole.velocity(low) if waveform.is_acceleration else whole
    return speed.rms_in(low, HIGH_HZ)


def _measure(values: Signal, total: float, around: Envelope | None, zones: ZoneLimits | None) -> Measure:
    centred = values - values.mean()
    variance = float(np.mean(centred * centred))
    rms, peak = math.sqrt(variance), float(np.abs(centred).max())
    fourth = float(np.mean(centred**4))
    return Measure(
        rms=rms,
        peak=peak,
        crest=peak / rms if rms > 0.0 else math.nan,
        kurtosis=fourth / variance**2 if variance > 0.0 else math.nan,
        velocity=total,
        envelope=math.nan if around is None else float(np.sqrt(np.mean(around.values**2))),
        zone=None if zones is None else zones.zone_of(total),
    )


def _envelope_of(waveform: Waveform, values: Signal, point: MeasuringPoint) -> Envelope:
    rate = waveform.rate_hz
    low, high = point.band
    band = (low, min(high, 0.49 * rate)) if 0.0 < low < min(high, 0.49 * rate) else resonant_band(values, rate)
    usual = _ENVELOPE_SHARE * rate
    top = min(usual, _ENVELOPE_ORDERS * waveform.shaft_hz) if waveform.shaft_hz else usual
    return envelope(values, rate, band, to_hz=top)


def _hints(
    spectra: tuple[Spectrum, Spectrum, Spectrum | None],
    shaft_hz: float,
    point: MeasuringPoint,
    zones: ZoneLimits | None,
) -> tuple[FaultHint, ...]:
    """Return what the lines hint at; nothing without a speed, since no line can be named then.

    `spectra`: of what was measured, of its velocity, and of its envelope.
    """
    if shaft_hz <= 0.0:
        return ()
    own, speed, demodulated = spectra
    hints: list[FaultHint] = []
    if zones is not None:
        hints += shaft_hints(LineSearch(speed, shaft_hz), zones.limits[1])
    if point.bearing is not None and demodulated is not None:
        hints += bearing_hints(LineSearch(demodulated, shaft_hz), point.bearing)
    if point.teeth:
        hints.append(gear_hint(LineSearch(own, shaft_hz), point.teeth, point.mating_teeth))
    return tuple(sorted(hints, key=lambda hint: -hint.score))
