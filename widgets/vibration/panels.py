"""What each plot of the page of vibration shows of a record, and of the one that it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.model.plant import Plant
from app.model.vibration import MeasuringPoint, ZoneLimits
from app.vibration.analysis import HIGH_HZ, Analysis
from app.vibration.hint import Fault
from app.vibration.order import LineKind, OrderLine, order_lines
from app.vibration.spectrum import Spectrum
from app.vibration.store import StoredRecord
from widgets import number
from widgets.plot.curve import Curve, Mark
from widgets.plot.line_plot import LinePlot
from widgets.translation import tr
from widgets.vibration.wording import ZONE_SIGNS, line_text

LONGEST_S = 0.5
"""So much of a waveform is in view at first: a dozen turns."""
_NS = 1e9
_VELOCITY_KINDS = {LineKind.SHAFT, LineKind.BLADE, LineKind.GEAR, LineKind.MATE}
_STRONG = {
    Fault.OUTER_RACE: LineKind.BPFO,
    Fault.INNER_RACE: LineKind.BPFI,
    Fault.BALL: LineKind.BSF,
    Fault.CAGE: LineKind.FTF,
    Fault.GEAR: LineKind.GEAR,
}
_SHAFT = {Fault.UNBALANCE, Fault.MISALIGNMENT, Fault.LOOSENESS}


def show_level(plot: LinePlot, records: Sequence[StoredRecord], zones: ZoneLimits | None) -> None:
    """Show the velocity of records (newest first) over time, each with the shape of its zone."""
    ordered = [each for each in reversed(records) if each.measure.velocity == each.measure.velocity]
    x = np.array([each.time / _NS for each in ordered])
    y = np.array([each.measure.velocity for each in ordered])
    signs = tuple(ZONE_SIGNS[each.measure.zone] if each.measure.zone else "•" for each in ordered)
    limits: list[Mark] = []
    if zones is not None:
        mark = f"  {tr('example')}" if zones.is_example else ""
        limits = [
            Mark(limit, f"{name}  {number.number(limit, decimals=1)}{mark}")
            for limit, name in zip(zones.limits, ("A | B", "B | C", "C | D"), strict=True)
        ]
    edge = 0.03 * float(x[-1] - x[0]) if len(x) > 1 else 0.0
    span = (float(x[0]) - edge, float(x[-1]) + edge) if edge else None
    plot.show_curves([Curve(x, y, has_points=True, signs=signs)], limits=limits, span=span)


def show_waveform(plot: LinePlot, analysis: Analysis | None, former: Analysis | None) -> None:
    """Show the samples as they were measured."""
    found = [(each, is_former) for each, is_former in ((former, True), (analysis, False)) if each is not None]
    curves = []
    for each, is_former in found:
        values = each.waveform.values
        time = np.arange(len(values)) / each.waveform.rate_hz
        curves.append(Curve(time, np.asarray(values - values.mean(), np.float64), is_former=is_former))
    span = None if analysis is None else (0.0, min(LONGEST_S, analysis.waveform.duration_s))
    plot.show_curves(curves, span=span)


@dataclass(frozen=True, slots=True)
class Look:
    """How spectra are shown: over orders of the shaft instead of Hz, and with the lines of a chosen fault standing out.

    Over orders a record of another speed lies line on line with the one in view.
    """

    is_order: bool = False
    chosen: Fault | None = None


def show_velocity(
    plot: LinePlot,
    analysis: Analysis | None,
    former: Analysis | None,
    point: MeasuringPoint,
    look: Look = Look(),
) -> None:
    """Show the spectrum of the velocity up to 1000 Hz, with the lines of shafts, blades and gear."""
    pair = (None if analysis is None else analysis.velocity, None if former is None else former.velocity)
    top = HIGH_HZ if analysis is None else min(HIGH_HZ, analysis.velocity.top_hz)
    lines = [line for line in order_lines(point) if line.kind in _VELOCITY_KINDS]
    _show(plot, (analysis, former), pair, lines, top=top, look=look)


def show_envelope(
    plot: LinePlot,
    analysis: Analysis | None,
    former: Analysis | None,
    point: MeasuringPoint,
    look: Look = Look(),
) -> None:
    """Show the spectrum of the envelope, with the lines of the bearing."""
    pair = (
        None if analysis is None else analysis.envelope_spectrum,
        None if former is None else former.envelope_spectrum,
    )
    top = 0.0 if pair[0] is None else pair[0].top_hz / 1.28
    shaft = 0.0 if analysis is None else analysis.waveform.shaft_hz
    if point.bearing is not None and shaft:
        top = min(top, 5.0 * point.bearing.bpfi * shaft)
    lines = [line for line in order_lines(point) if line.kind not in _VELOCITY_KINDS]
    first = [OrderLine(LineKind.SHAFT, 1, 1.0)]
    _show(plot, (analysis, former), pair, [*first, *lines], top=top, look=look)


def unit_hz(analysis: Analysis | None, *, is_order: bool) -> float:
    """Return what one step of the axis is in Hz: the shaft's frequency over orders; 0 where its speed is not known."""
    if not is_order:
        return 1.0
    return 0.0 if analysis is None else max(analysis.waveform.shaft_hz, 0.0)


def _show(
    plot: LinePlot,
    records: tuple[Analysis | None, Analysis | None],
    spectra: tuple[Spectrum | None, Spectrum | None],
    lines: Sequence[OrderLine],
    *,
    top: float,
    look: Look,
) -> None:
    """Show the spectra of the record in view and of the former one up to `top` Hz of the former."""
    analysis = records[0]
    unit = unit_hz(analysis, is_order=look.is_order)
    if unit <= 0.0:
        plot.show_curves([])
        return
    curves = []
    for record, each, is_former in ((records[1], spectra[1], True), (analysis, spectra[0], False)):
        own = unit_hz(record, is_order=look.is_order)
        if each is not None and own > 0.0:
            last = int(top / unit * own / each.step_hz) + 1
            curves.append(Curve(each.hz[:last] / own, each.peak()[:last], is_former=is_former))
    marks = [replace(mark, at=mark.at / unit) for mark in _marks(analysis, lines, look.chosen)]
    plot.show_curves(curves, marks=marks, span=(0.0, top / unit) if top else None)


def _marks(analysis: Analysis | None, lines: Sequence[OrderLine], chosen: Fault | None) -> list[Mark]:
    if analysis is None or analysis.waveform.shaft_hz <= 0.0:
        return []
    told = {hint.fault for hint in analysis.hints if hint.score >= 1.0} | ({chosen} if chosen is not None else set())
    strong = {_STRONG[fault] for fault in told & set(_STRONG)}
    if told & _SHAFT:
        strong.add(LineKind.SHAFT)
    shaft = analysis.waveform.shaft_hz
    return [
        Mark(line.order * shaft, line_text(line.kind, line.harmonic), is_strong=line.kind in strong) for line in lines
    ]


def cursor_text(spectrum: Spectrum | None, hz: float, shaft_hz: float, unit: str) -> str:
    """Return what stands at a frequency: its frequency, order and amplitude."""
    if spectrum is None:
        return ""
    tone = spectrum.tone(hz)
    hz = tone.hz if tone.rms > 0.0 else hz  # a line stands between the bins
    order = f"  {number.number(hz / shaft_hz, decimals=2)}×" if shaft_hz else ""
    return tr(
        "{hz} Hz{order}  peak {peak} {unit}  rms {rms}",
        hz=number.number(hz, decimals=1),
        order=order,
        peak=number.number(tone.peak, decimals=3),
        unit=unit,
        rms=number.number(tone.rms, decimals=3),
    )


def point_of(plant: Plant, name: str) -> MeasuringPoint | None:
    """Return a measuring point of the plant, None where there is none of that id."""
    return next((each for each in plant.measuring_points if each.id == name), None)
