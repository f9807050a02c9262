"""Proposes range, normal band and alarm limits for a signal of which only a recording is known.

A limit stands beyond four robust sigmas and beyond what the baseline already reached, whichever is farther, and twice
the baseline's drift farther on the side to which it drifts, so that slow change of the surroundings is no alarm. The
second limit is half as far again. Limits that the sensor's range does not reach are left out. A change is too quick at
twice the steepest that the baseline shows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.model.alarm import ConditionKind, Priority
from app.model.block import TimeArray, ValueArray
from app.model.clock import NS_PER_S
from app.plant.recording.baseline import Baseline, baseline_of

SIGMAS = 4.0
MARGIN = 0.25
DRIFTS = 2.0
SECOND = 1.5
RATES = 2.0
_GLITCH_SHARE = 0.001
_RANGE_STEPS = 20


@dataclass(frozen=True, slots=True)
class LimitProposal:
    """One limit, in the signal's unit; for RATE in units per minute, its sign saying in which direction."""

    condition: ConditionKind
    limit: float
    deadband: float
    priority: Priority


@dataclass(frozen=True, slots=True)
class SignalProposal:
    """What is proposed for one signal; `limits` from the mildest to the gravest, high ones first.

    `is_discrete`: it only ever is 0 or 1. `baseline` is None where too little is known for limits.
    """

    low: float
    high: float
    decimals: int
    is_discrete: bool
    baseline: Baseline | None
    limits: tuple[LimitProposal, ...] = ()


def propose(time: TimeArray, values: ValueArray, *, slope_window: int) -> SignalProposal:
    """Return the proposal for a signal: `time` int64 ns, never falling, `values` float64 with NaN; shape (n,).

    `slope_window`: ns over which an alarm of the rate of change measures it.
    """
    known = values[~np.isnan(values)]
    if np.isin(known, (0.0, 1.0)).all():
        return SignalProposal(0.0, 1.0, 0, is_discrete=True, baseline=None)
    low, high = _range(known)
    baseline = baseline_of(time, values, slope_window=slope_window)
    decimals = min(8, max(0, math.ceil(2.7 - math.log10(high - low))))
    limits: list[LimitProposal] = []
    if baseline is not None:
        limits = [limit for limit in _limits(baseline, _power(high - low) / 1000) if low < limit.limit < high]
        limits += _rates(baseline)
    return SignalProposal(low, high, decimals, is_discrete=False, baseline=baseline, limits=tuple(limits))


def _range(known: ValueArray) -> tuple[float, float]:
    """Return round numbers a quarter of the span beyond all values, but for wild ones far beyond the others."""
    first, last = (float(level) for level in np.quantile(known, [_GLITCH_SHARE, 1 - _GLITCH_SHARE]))
    span = last - first or abs(first) or 1.0
    near = known[(known >= first - span) & (known <= last + span)]
    low, high = float(near.min()) - span / 4, float(near.max()) + span / 4
    if known.min() >= 0:
        low = max(low, 0.0)
    step = _round_step((high - low) / _RANGE_STEPS)
    return _clean(math.floor(low / step) * step), _clean(math.ceil(high / step) * step)


def _round_step(step: float) -> float:
    """Return the next of 1, 2, 5, 10, ... times a power of ten."""
    power = _power(step)
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= step * 0.999)


def _limits(baseline: Baseline, step: float) -> list[LimitProposal]:
    """Return high and low limits, rounded to `step`."""
    median, scale = baseline.median, baseline.scale
    above = max(SIGMAS * scale, (1 + MARGIN) * (baseline.highest - median)) + DRIFTS * max(baseline.drift, 0.0)
    below = max(SIGMAS * scale, (1 + MARGIN) * (median - baseline.lowest)) + DRIFTS * max(-baseline.drift, 0.0)
    return [
        LimitProposal(
            condition,
            _clean(round((median + sign * distance * factor) / step) * step),
            _clean(max(1, round(min(scale, distance / 4) / step * 10)) * step / 10),
            priority,
        )
        for condition, sign, distance in ((ConditionKind.HIGH, 1, above), (ConditionKind.LOW, -1, below))
        for factor, priority in ((1.0, Priority.MEDIUM), (SECOND, Priority.HIGH))
    ]


def _rates(baseline: Baseline) -> list[LimitProposal]:
    rate = float(f"{RATES * baseline.steepest * 60 * NS_PER_S:.3g}")
    if not rate > 0:
        return []
    return [LimitProposal(ConditionKind.RATE, sign * rate, _clean(rate / 4), Priority.DIAGNOSTIC) for sign in (1, -1)]


def _power(number: float) -> float:
    """Return the largest power of ten that is not above a number."""
    return 10.0 ** math.floor(math.log10(number))


def _clean(number: float) -> float:
    """Return a number without the tail that binary fractions leave behind."""
    return float(f"{number:.12g}")
