"""What an item of a process picture shows now: whether it runs, how full it is, its value, its most urgent alarm."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from app.model.alarm import AlarmRecord, AlarmState, Priority
from app.model.picture import Picture, Symbol
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.pubsub.live import LatestValues
from widgets.alarm_index import AlarmIndex
from widgets.feed import Feed
from widgets.number import Quality, Reading, reading_of
from widgets.translation import language


class Motion(StrEnum):
    """Whether an item runs. PASSIVE: it never does, as a vessel; UNKNOWN: its tag has no value to be trusted."""

    RUNNING = "running"
    STOPPED = "stopped"
    PASSIVE = "passive"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ItemAlarm:
    """The alarm of an item that matters most."""

    priority: Priority
    state: AlarmState


@dataclass(frozen=True, slots=True)
class ItemState:
    """The state of one symbol; `level` 0..1, None where there is none or it is not known; `value` None for none."""

    motion: Motion
    level: float | None = None
    value: Reading | None = None
    alarm: ItemAlarm | None = None
    is_doubtful: bool = False


ACCESSORIES = frozenset({"filter", "valve"})


def is_accessory(symbol: Symbol) -> bool:
    """Return whether an item is only a part of its equipment."""
    return symbol.kind in ACCESSORIES


class ItemReader:
    """Reads the states of symbols from the feed."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._tags = tags_by_name(feed.plant)
        self._index = AlarmIndex(feed)
        self._known: dict[str, Reading] = {}
        self._known_of: tuple[LatestValues, bool, str] | None = None

    def tag(self, name: str) -> TagDefinition | None:
        """Return a tag by its name, None where the plant has none of it."""
        return self._tags.get(name)

    def reading(self, name: str, *, now: int) -> Reading | None:
        """Return how the newest value of a tag is written; `now`: int64 ns UTC."""
        tag = self._tags.get(name)
        if tag is None:
            return None
        self._forget_former()
        told = self._known.get(name)
        if told is None:
            told = reading_of(self._feed.value(tag.handle), tag=tag, now=now, is_linked=self._feed.is_linked)
            if told.quality is Quality.GOOD:  # what is stale grows older from one question to the next
                self._known[name] = told
        return told

    def _forget_former(self) -> None:
        """Keep what was written of the present values alone: a picture asks for each several times in a frame."""
        present = (self._feed.latest, self._feed.is_linked, language())
        former = self._known_of
        if former is None or former[0] is not present[0] or former[1:] != present[1:]:
            self._known_of = present
            self._known.clear()

    def states(self, picture: Picture, *, now: int) -> list[ItemState]:
        """Return the states of a picture's symbols; an equipment's alarm stands at its main item only."""
        mains = {symbol.equipment for symbol in picture.symbols if not is_accessory(symbol)}
        states = []
        for symbol in picture.symbols:
            state = self.state(symbol, now=now)
            hides = state.alarm is not None and is_accessory(symbol) and symbol.equipment in mains
            states.append(replace(state, alarm=None) if hides else state)
        return states

    def state(self, symbol: Symbol, *, now: int) -> ItemState:
        """Return the state of a symbol."""
        readings = [self.reading(name, now=now) for name in (symbol.running, symbol.level, symbol.value) if name]
        return ItemState(
            self._motion(symbol, now),
            self._level(symbol, now),
            self.reading(symbol.value, now=now) if symbol.value else None,
            worst_alarm(self._index.of_equipment(symbol.equipment)),
            any(each is not None and each.quality in {Quality.STALE, Quality.BAD} for each in readings),
        )

    def tag_alarm(self, name: str) -> ItemAlarm | None:
        """Return the most urgent alarm of one tag."""
        return worst_alarm(self._index.of_tag(name))

    def _motion(self, symbol: Symbol, now: int) -> Motion:
        tag = self._tags.get(symbol.running)
        if tag is None:
            return Motion.PASSIVE
        told = self.reading(symbol.running, now=now)
        if told is None or told.quality is Quality.BAD:
            return Motion.UNKNOWN
        return Motion.RUNNING if self._feed.value(tag.handle).value else Motion.STOPPED

    def _level(self, symbol: Symbol, now: int) -> float | None:
        tag = self._tags.get(symbol.level)
        told = self.reading(symbol.level, now=now)
        if tag is None or told is None or told.quality is Quality.BAD or not math.isfinite(tag.high - tag.low):
            return None
        share = (self._feed.value(tag.handle).value - tag.low) / (tag.high - tag.low)
        return round(min(max(share, 0.0), 1.0), 3)


def tags_by_name(plant: Plant) -> dict[str, TagDefinition]:
    """Return the tags of a plant by their names."""
    return {tag.name: tag for tag in plant.tags}


def worst_alarm(records: Iterable[AlarmRecord]) -> ItemAlarm | None:
    """Return the most urgent of some alarms that are not normal: active ones before returned ones, hidden ones last.

    A hidden alarm has its struck-through sign, so that nobody takes silence for health.
    """
    ranked = sorted(records, key=lambda record: (record.state.is_hidden, not record.state.is_active, record.priority))
    return ItemAlarm(ranked[0].priority, ranked[0].state) if ranked else None
