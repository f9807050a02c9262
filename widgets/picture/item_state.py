"""What an item of a process picture shows now: whether it runs, how full it is, its most urgent alarm."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.model.alarm import AlarmRecord, AlarmState, Priority
from app.model.picture import Picture, Symbol
from widgets.alarm.placed import PlacedAlarms
from widgets.feed import Feed


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
    """The state of one symbol; `level` 0..1, None where there is none or it is not known; `has_value`: one is written.

    `is_doubtful`: a tag of it is stale or bad.
    """

    motion: Motion
    level: float | None = None
    has_value: bool = False
    is_doubtful: bool = False


ACCESSORIES = frozenset({"filter", "valve"})


def is_accessory(symbol: Symbol) -> bool:
    """Return whether an item is only a part of its equipment."""
    return symbol.kind in ACCESSORIES


class ItemAlarms:
    """The most urgent alarms of symbols and of tags, from the feed."""

    def __init__(self, feed: Feed) -> None:
        self._index = PlacedAlarms(feed)

    def of_symbols(self, picture: Picture) -> list[ItemAlarm | None]:
        """Return the alarm of each symbol; an equipment's alarm stands at its main item only."""
        mains = {symbol.equipment for symbol in picture.symbols if not is_accessory(symbol)}
        return [
            None
            if is_accessory(symbol) and symbol.equipment in mains
            else worst_alarm(self._index.of_equipment(symbol.equipment))
            for symbol in picture.symbols
        ]

    def of_tag(self, name: str) -> ItemAlarm | None:
        """Return the most urgent alarm of one tag."""
        return worst_alarm(self._index.of_tag(name))


def worst_alarm(records: Iterable[AlarmRecord]) -> ItemAlarm | None:
    """Return the most urgent of some alarms that are not normal: active ones before returned ones, hidden ones last.

    A hidden alarm has its struck-through sign, so that nobody takes silence for health.
    """
    ranked = sorted(records, key=lambda record: (record.state.is_hidden, not record.state.is_active, record.priority))
    return ItemAlarm(ranked[0].priority, ranked[0].state) if ranked else None
