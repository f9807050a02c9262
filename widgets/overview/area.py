"""The areas of a plant as an operator sees them from afar: worst health, alarms, a few values, the next forecast."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.model.alarm import AlarmState, Priority
from app.model.equipment import Equipment
from app.model.forecast import ForecastState, Health
from app.model.plant import Plant
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from widgets.feed import Feed
from widgets.number import Reading, reading_of
from widgets.prediction.wording import headline, is_told, urgency
from widgets.translation import tr
from widgets.trend.tag_choice import descendants, ranked_tags

KEY_VALUES = 4


@dataclass(frozen=True, slots=True)
class Area:
    """One tile: the area itself, all equipment in it, and the tags whose values it shows."""

    equipment: Equipment
    members: frozenset[str]
    tags: tuple[TagDefinition, ...]


@dataclass(frozen=True, slots=True)
class AlarmCount:
    """The alarms of one priority in an area that are not normal; `state`: the one that needs most attention."""

    priority: Priority
    number: int
    state: AlarmState


@dataclass(frozen=True, slots=True)
class AreaState:
    """What a tile shows; `health` NaN and `weakest` "" while nothing can be said.

    `next_cause` None: no forecast names a time, and `next_time` says why; `next_id`: of the forecast, "" for none.
    """

    health: float
    weakest: str
    alarms: tuple[AlarmCount, ...]
    readings: tuple[tuple[Reading, float], ...]
    next_cause: LocalText | None = None
    next_time: str = ""
    next_id: str = ""

    @property
    def urgent(self) -> Priority | None:
        """Return the most urgent priority with an active alarm."""
        active = [count.priority for count in self.alarms if count.number and count.state.is_active]
        return min(active, default=None)


def areas_of(plant: Plant) -> list[Area]:
    """Return the equipment that stands directly above the plant's items, in the order of the configuration."""
    parents = {each.parent for each in plant.equipment}
    above = {each.parent for each in plant.equipment if each.id not in parents}
    found = [each for each in plant.equipment if each.id in above]
    return [_area(plant, each) for each in found or plant.equipment]


def area_state(feed: Feed, area: Area, *, now: int, told: int) -> AreaState:
    """Return what an area shows at `now`; forecasts count from `told` (both int64 ns UTC; see Countdown)."""
    known = [health for key, health in feed.healths.items() if key in area.members and not math.isnan(health.health)]
    worst: Health | None = min(known, key=lambda health: health.health, default=None)
    cause, time, key = _next_forecast(feed, area, told)
    return AreaState(
        health=math.nan if worst is None else worst.health,
        weakest="" if worst is None else worst.equipment,
        alarms=tuple(_count(feed, area, priority) for priority in Priority),
        readings=tuple(_reading(feed, tag, now) for tag in area.tags),
        next_cause=cause,
        next_time=time,
        next_id=key,
    )


def _area(plant: Plant, equipment: Equipment) -> Area:
    members = frozenset({equipment.id, *descendants(plant, equipment.id)})
    return Area(equipment, members, tuple(_key_tags(plant, equipment.id, members)))


def _key_tags(plant: Plant, equipment: str, members: frozenset[str]) -> Sequence[TagDefinition]:
    """Return the tags that stand for an area: those of its picture's sparklines, then the most telling ones."""
    by_name = {tag.name: tag for tag in plant.tags}
    shown = [name for picture in plant.pictures if picture.equipment == equipment for name in picture.sparklines]
    first = [by_name[name] for name in shown if name in by_name]
    rest = [tag for each in members for tag in ranked_tags(plant, each) if tag.equipment == each]
    order = {tag.name: place for place, tag in enumerate(ranked_tags(plant, equipment))}
    rest.sort(key=lambda tag: order.get(tag.name, len(order)))
    chosen = [tag for tag in dict.fromkeys([*first, *rest]) if tag.kind is not TagKind.DISCRETE]
    return chosen[:KEY_VALUES]


def _reading(feed: Feed, tag: TagDefinition, now: int) -> tuple[Reading, float]:
    value = feed.value(tag.handle)
    told = reading_of(value, tag=tag, now=now, is_linked=feed.is_linked)
    return told, math.nan if math.isnan(value.value) else value.value


def _count(feed: Feed, area: Area, priority: Priority) -> AlarmCount:
    states = [
        record.state
        for record in feed.alarms.values()
        if record.priority is priority and record.equipment in area.members
    ]
    order = (AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED, AlarmState.RETURNED, AlarmState.LATCHED)
    return AlarmCount(priority, len(states), next((each for each in order if each in states), AlarmState.NORMAL))


def _next_forecast(feed: Feed, area: Area, told: int) -> tuple[LocalText | None, str, str]:
    named = [
        (definition, feed.forecasts[definition.id])
        for definition in feed.plant.forecasts
        if definition.equipment in area.members and is_told(feed.forecasts.get(definition.id))
    ]
    if not named:
        return None, _silence(feed, area), ""
    definition, forecast = min(named, key=lambda pair: urgency(pair[1]))
    time = headline(definition, forecast, now=told, time_scale=feed.plant.time_scale)
    return definition.cause, time, definition.id


def _silence(feed: Feed, area: Area) -> str:
    """Return why no forecast of an area names a time: "no wear foreseen" only where one has looked and seen none."""
    defined = [definition.id for definition in feed.plant.forecasts if definition.equipment in area.members]
    if not defined:
        return tr("no forecast set up")
    made = [feed.forecasts[key] for key in defined if key in feed.forecasts]
    has_looked = any(forecast.state in {ForecastState.NO_TREND, ForecastState.BEYOND_HORIZON} for forecast in made)
    return tr("no wear foreseen") if has_looked else tr("no forecast yet")
