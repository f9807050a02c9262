"""Looks for a better dead band and better delays, and leaves the choice between fewer alarms and earlier ones open."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.alarm.what_if.effect import Effect, Events, effect_of, events_of, noise_of
from app.alarm.what_if.numbers import LEVELS, Numbers
from app.alarm.what_if.replay import Settings, replay, zones_of
from app.model.alarm import AlarmDefinition

ON_DELAYS_S = (0.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
OFF_DELAYS_S = (0.0, 5.0, 15.0, 30.0, 60.0, 180.0)
SIGMAS = (2.0, 4.0, 6.0, 8.0, 12.0, 16.0)
LONGEST_DELAY_S = 30.0
_WIDEST_SHARE = 0.5
"""A dead band wider than half of the distance that the signal keeps from its limit would let the alarm stand."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The outcome of a search.

    `present`: the effect of the settings as they are. `choices`: those that no other beats in activations, missed
    events and longest delay together, by falling number of activations. `best`: the one proposed: misses nothing that
    `present` tells, is late by no more than was allowed, and comes least often; None where nothing is better.
    """

    present: Effect
    events: Events
    noise: float
    choices: tuple[Effect, ...]
    best: Effect | None
    samples: int


def settings_of(definition: AlarmDefinition) -> Settings:
    """Return the settings of a definition as it is."""
    return Settings(definition.deadband, definition.on_delay_s, definition.off_delay_s)


def propose(
    definition: AlarmDefinition, numbers: Numbers, end: int, *, longest_delay_s: float = LONGEST_DELAY_S
) -> Proposal:
    """Return what other settings would have made of `numbers` up to `end` (ns UTC)."""
    current = settings_of(definition)
    as_it_is = replay(zones_of(numbers, current.deadband, end), current)
    noise = noise_of(numbers)
    events = events_of(numbers, as_it_is, noise)
    present = effect_of(current, events, as_it_is)
    effects = []
    for deadband in _deadbands(definition, numbers, noise):
        zones = zones_of(numbers, deadband, end)
        effects += [
            effect_of(settings, events, replay(zones, settings))
            for on in sorted({*ON_DELAYS_S, current.on_delay_s})
            for off in sorted({*OFF_DELAYS_S, current.off_delay_s})
            if (settings := Settings(deadband, on, off)) != current
        ]
    allowed = [
        each
        for each in effects
        if each.missed == 0 and each.activations < present.activations and not each.longest_delay_s > longest_delay_s
    ]
    best = min(allowed, key=_preference) if allowed else None
    return Proposal(present, events, noise, _undominated([present, *effects]), best, len(numbers))


def _preference(effect: Effect) -> tuple[float, ...]:
    """Of equally quiet ones the earliest, then the one that changes least of what the operator sees."""
    late = 0.0 if math.isnan(effect.longest_delay_s) else effect.longest_delay_s
    settings = effect.settings
    return effect.activations, late, effect.active_s, settings.on_delay_s, settings.off_delay_s, settings.deadband


def _deadbands(definition: AlarmDefinition, numbers: Numbers, noise: float) -> list[float]:
    """Return the present dead band, and some multiples of the noise as far as the signal comes back so far."""
    found = {definition.deadband}
    if definition.condition in LEVELS and len(numbers) and noise > 0:
        usual = _median(numbers)
        widest = _WIDEST_SHARE * (numbers.limit - usual) if usual < numbers.limit else math.inf
        found |= {_rounded(sigmas * noise) for sigmas in SIGMAS if sigmas * noise <= widest}
    return sorted(found)


def _median(numbers: Numbers) -> float:
    known = sorted(
        value for value in numbers.number[:: max(1, len(numbers) // 20_000)].tolist() if math.isfinite(value)
    )
    return known[len(known) // 2] if known else math.nan


def _rounded(value: float) -> float:
    """Return a number with two significant digits: nobody sets a dead band of 0.48731."""
    return float(f"{value:.2g}")


def _undominated(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Return the Pareto front of activations, missed events and longest delay; of equal ones the preferred."""
    front: list[Effect] = []
    for each in sorted(effects, key=lambda effect: (effect.missed, _late(effect), _preference(effect))):
        if not any(
            other.activations <= each.activations and other.missed <= each.missed and _late(other) <= _late(each)
            for other in front
        ):
            front.append(each)
    return tuple(sorted(front, key=lambda effect: (-effect.activations, _late(effect))))


def _late(effect: Effect) -> float:
    return 0.0 if math.isnan(effect.longest_delay_s) else effect.longest_delay_s
