"""Evaluates an alarm anew over what its condition saw, with other settings."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.alarm.what_if.numbers import Numbers
from app.model.clock import NS_PER_S

_CALM, _BETWEEN, _ABNORMAL, _UNKNOWN = 0, 1, 2, 3


@dataclass(frozen=True, slots=True, order=True)
class Settings:
    """What may be changed of an alarm without changing what it is for: dead band in its unit, delays in seconds."""

    deadband: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0

    def keys(self) -> dict[str, float | None]:
        """Return the keys of a plant file that say so; None for one that is left out."""
        return {
            "deadband": self.deadband or None,
            "on_delay_s": self.on_delay_s or None,
            "off_delay_s": self.off_delay_s or None,
        }


@dataclass(frozen=True, slots=True)
class Zones:
    """The stretches in which a number is calm, between dead band and limit, abnormal or unknown.

    `time`: when each begins, int64 ns UTC; `zone`: what it is. Between two of them nothing happens but that a delay
    runs out, so a month of samples becomes as many rows as the signal crosses limit or dead band.
    """

    time: list[int]
    zone: list[int]
    end: int

    def __len__(self) -> int:
        return len(self.time)


def zones_of(numbers: Numbers, deadband: float, end: int) -> Zones:
    """Return the zones up to `end` (ns UTC) for a dead band."""
    back = numbers.limit - deadband
    zone: NDArray[np.int8] = np.where(numbers.number > numbers.limit, _ABNORMAL, _BETWEEN).astype(np.int8)
    zone[numbers.number <= back] = _CALM
    zone[np.isnan(numbers.number)] = _UNKNOWN
    begins = np.concatenate(([True], zone[1:] != zone[:-1])) if len(zone) else np.empty(0, np.bool_)
    return Zones(numbers.time[begins].tolist(), zone[begins].tolist(), end)


@dataclass(frozen=True, slots=True)
class Activations:
    """When an alarm came and went, int64 ns UTC; it has not gone again where `returned` is the end of the replay."""

    raised: NDArray[np.int64]
    returned: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.raised)


def replay(zones: Zones, settings: Settings) -> Activations:
    """Return what an alarm would have done that begins in the normal state.

    The rules are those of `app.alarm.deadband_and_delay`, and a test holds the two together; here they are applied to
    stretches instead of samples, some hundred times for one search.
    """
    on, off = round(settings.on_delay_s * NS_PER_S), round(settings.off_delay_s * NS_PER_S)
    turns: list[int] = []
    is_active = is_waiting = False
    is_blind = True
    deadline: float = math.inf
    for time, zone in zip(zones.time, zones.zone, strict=True):
        if is_waiting and not is_blind and deadline < time:
            turns.append(int(deadline))
            is_active, is_waiting = not is_active, False
        if zone == _UNKNOWN:
            is_blind = True
            continue
        if zone != (_CALM if is_active else _ABNORMAL):
            is_waiting = False
        elif not is_waiting:
            is_waiting, deadline = True, time + (off if is_active else on)
        if is_waiting and deadline <= time:
            turns.append(time if is_blind else int(deadline))
            is_active, is_waiting = not is_active, False
        is_blind = False
    if is_waiting and not is_blind and deadline < zones.end:
        turns.append(int(deadline))
    if len(turns) % 2:
        turns.append(zones.end)
    return Activations(np.array(turns[::2], np.int64), np.array(turns[1::2], np.int64))
