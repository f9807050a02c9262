"""Equipment, key values, what was produced and the energy it took: which tags tell them, and what they told."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from app.maintenance.meter import HOURS_PER
from app.model.alarm import ConditionKind
from app.model.clock import NS_PER_S
from app.model.picture_parts import with_parts
from app.model.plant import Plant
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from app.report.content import KeyValue, RunningTime, StateTime, Total
from app.report.sampling import Sampling
from app.report.tally import StateTally

MOST_TAGS = 120
_ENERGY = {"W.h", "kW.h", "MW.h", "GW.h", "kJ", "MJ", "GJ", "kV.A.h", "kvar.h"}
_POWERS = {"W": "W.h", "kW": "kW.h", "MW": "MW.h"}


def key_tags(plant: Plant) -> list[TagDefinition]:
    """Return the tags whose values a report tells: those that the plant names, else those that somebody relies on."""
    known = {tag.name: tag for tag in plant.tags}
    if plant.report.tags:
        return [known[name] for name in plant.report.tags]
    measured = [tag for tag in plant.tags if tag.kind is TagKind.ANALOG and not tag.is_text]
    watched = {alarm.tag for alarm in plant.alarms} | {forecast.tag for forecast in plant.forecasts}
    chosen = [tag for tag in measured if tag.name in watched]
    return chosen or [tag for tag in measured if not math.isnan(tag.normal_low)] or measured


def readings(plant: Plant) -> int:
    """Return how many readings of a tag a report takes, about."""
    named = sum(bool(tag.states) for tag in plant.tags)
    counted = sum(tag.kind is TagKind.COUNTER or tag.unit in _POWERS for tag in plant.tags)
    running = len(_running_tags(plant, {tag.name: tag for tag in plant.tags}))
    return running + named + len(_told(plant, key_tags(plant))) + counted


def limits_of(plant: Plant, tag: TagDefinition) -> tuple[float, float]:
    """Return the limits within which a value should be: its normal band, else the nearest ones of its alarms."""
    low, high = tag.normal_low, tag.normal_high
    if math.isnan(low) and math.isnan(high):
        of_tag = [alarm for alarm in plant.alarms if alarm.tag == tag.name]
        low = max((each.limit for each in of_tag if each.condition is ConditionKind.LOW), default=math.nan)
        high = min((each.limit for each in of_tag if each.condition is ConditionKind.HIGH), default=math.nan)
    return low, high


def key_values(plant: Plant, sampling: Sampling) -> tuple[tuple[KeyValue, ...], int]:
    """Return what the values were, and of how many tags more nothing is told."""
    tags = key_tags(plant)
    told = _told(plant, tags)
    found = tuple(sampling.key_value(tag, *limits_of(plant, tag)) for tag in told)
    return found, len(tags) - len(told)


def _told(plant: Plant, tags: list[TagDefinition]) -> list[TagDefinition]:
    """Return those that a report tells: all that the plant names, of those that it does not name the first ones."""
    return tags if plant.report.tags else tags[:MOST_TAGS]


def running_times(plant: Plant, sampling: Sampling) -> tuple[RunningTime, ...]:
    """Return of each equipment, of which a tag says whether it runs or for how long it has run, for how long it did."""
    tags = {tag.name: tag for tag in plant.tags}
    running = _running_tags(plant, tags)
    found = []
    for equipment in plant.equipment:
        tag, meter = running.get(equipment.id), tags.get(equipment.nameplate.meter)
        counter = meter if meter is not None and meter.kind is TagKind.COUNTER and meter.unit in HOURS_PER else None
        if tag is None and counter is None:
            continue
        tally = (None if tag is None else sampling.states(tag)) or StateTally()
        found.append(
            RunningTime(
                equipment.id,
                equipment.name,
                "" if tag is None else tag.name,
                tally.on_ns / NS_PER_S if tally.good_ns else None,
                tally.good_ns / NS_PER_S,
                tally.starts,
                None if counter is None else sampling.counted(counter),
            )
        )
    return tuple(found)


def state_times(plant: Plant, sampling: Sampling) -> tuple[StateTime, ...]:
    """Return for how long each tag with named states was in each of them; those it was never in are left out."""
    found = []
    for tag in plant.tags:
        tally = (sampling.states(tag) if tag.states else None) or StateTally()
        for value, ns in sorted(tally.duration.items()):
            name = tag.state_name(value) or LocalText(f"{value:g}")
            seconds = ns / NS_PER_S
            found.append(StateTime(tag.name, tag.equipment, tag.title, name, seconds, tally.entries[value]))
    return tuple(found)


def totals(plant: Plant, sampling: Sampling) -> tuple[tuple[Total, ...], tuple[Total, ...]]:
    """Return what counters counted in this time: of goods and events, and of energy.

    In a plant without any counter of energy its measured powers are added up over time. Where the plant's time passes
    faster than the clock, counters count in the plant's; the powers are brought to the same measure.
    """
    meters = {equipment.nameplate.meter for equipment in plant.equipment}
    counters = [tag for tag in plant.tags if tag.kind is TagKind.COUNTER and not tag.is_text]
    goods: list[Total] = []
    energy: list[Total] = []
    for tag in counters:
        if tag.unit in HOURS_PER and tag.name in meters:
            continue
        total = _total(tag, sampling.counted(tag))
        (energy if tag.unit in _ENERGY else goods).append(total)
    return tuple(goods), tuple(energy or _integrals(plant, sampling))


def _integrals(plant: Plant, sampling: Sampling) -> Iterator[Total]:
    for tag in plant.tags:
        if tag.kind is TagKind.ANALOG and tag.unit in _POWERS:
            found = sampling.integral_h(tag)
            total = None if found is None else found * plant.time_scale
            yield Total(tag.name, tag.equipment, tag.title, _POWERS[tag.unit], 1, total, is_integral=True)


def _total(tag: TagDefinition, total: float | None) -> Total:
    unit, decimals = ("h", 2) if tag.unit in HOURS_PER else (tag.unit, tag.decimals)
    return Total(tag.name, tag.equipment, tag.title, unit, decimals, total)


def _running_tags(plant: Plant, tags: Mapping[str, TagDefinition]) -> dict[str, TagDefinition]:
    """Return of each equipment the tag that says whether it runs: the one of its symbol, else a discrete meter."""
    found = {}
    for equipment in plant.equipment:
        tag = tags.get(equipment.nameplate.meter)
        if tag is not None and tag.kind is TagKind.DISCRETE:
            found[equipment.id] = tag
    for picture in plant.pictures:
        for symbol in with_parts(picture, plant).symbols:
            if symbol.equipment and symbol.running in tags:
                found[symbol.equipment] = tags[symbol.running]
    return found
