"""The lives of a plant's equipment: from new or renewed to the failure that ended them, row by row of running."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from app.history.reader import HistoryReader
from app.learning.refusal import ModelRefused
from app.maintenance.meter_store import meter_readings
from app.maintenance.store import all_orders
from app.model import clock
from app.model.block import TimeArray
from app.model.status import good_mask
from app.remaining_life.history import MachineHistory
from app.training.lesson import School
from app.training.rows import Array
from app.training.subject import Signals

UNSEEN = 0.05
"""A life whose first part of so much was not recorded is not known from its beginning."""
MOST_UNITS = 20_000
_NS_PER_H = 3_600 * clock.NS_PER_S
_WEEK_H = 168.0


@dataclass(frozen=True, slots=True)
class Life:
    """An Equipment from `begin`, new or renewed, to `end` (int64 ns UTC), failed then or not (yet).

    `order`: the work order that renewed it, 0 while it lives.
    """

    equipment: str
    begin: int
    end: int
    is_failure: bool
    order: int = 0


def lives_of(school: School, equipment: Sequence[str], now: int) -> list[Life]:
    """Return the lives of equipment whose beginning is known, in time; the last of each ends at `now` (ns UTC).

    A life ends where completed work renewed the equipment. It failed when that work was asked for, if an alarm or a
    case asked for it.
    """
    found = []
    plates = {each.id: each.nameplate for each in school.plant.equipment}
    orders = [order for order in all_orders(school.connection) if order.renews and order.completed]
    for name in equipment:
        begin = _day(plates[name].overhauled or plates[name].commissioned)
        for order in sorted((each for each in orders if each.equipment == name), key=lambda each: each.completed):
            if begin is not None and begin < order.requested:
                found.append(Life(name, begin, order.requested, order.source.tells_failure, order.id))
            begin = order.completed
        if begin is not None and begin < now:
            found.append(Life(name, begin, now, is_failure=False))
    return found


def failures(school: School, equipment: Sequence[str], begin: int, end: int) -> list[Life]:
    """Return the recorded lives that ended with a failure in begin <= t < end (ns UTC), oldest failure first."""
    ended = [life for life in lives_of(school, equipment, end) if life.is_failure and begin <= life.end < end]
    return sorted((life for life in ended if is_recorded(school.reader, life)), key=lambda life: life.end)


def is_recorded(reader: HistoryReader, life: Life) -> bool:
    """Return whether nearly the whole of a life is in the history."""
    extent = reader.extent()
    return extent is not None and extent[0] <= life.begin + UNSEEN * (life.end - life.begin)


def history_of(school: School, signals: Signals, life: Life, *, unit_s: float) -> MachineHistory:
    """Return a life as one row for every `unit_s` seconds of running: means of the good samples of each signal.

    Running is counted by the meter of the equipment's nameplate, by the plant's clock where it has none. Raise
    ModelRefused where a signal is not known at all, or the rows would be too many.
    """
    edges = _edges(school, life, unit_s)
    if len(edges) < 2:
        raise ModelRefused(f"{life.equipment}: it has run for less than one unit of life ({unit_s / 3_600:g} h)")
    columns = [_means(school.reader, tag, edges) for tag in signals.tags]
    for tag, column in zip(signals.tags, columns, strict=True):
        if np.isnan(column).all():
            raise ModelRefused(f"{tag}: no good sample in the life that ended with order {life.order}")
    rows = np.stack([_bridged(column) for column in columns], axis=1)
    return MachineHistory(f"{life.equipment}/{life.order}", np.empty((len(rows), 0)), rows)


def _edges(school: School, life: Life, unit_s: float) -> TimeArray:
    """Return the instants at which another unit of life was full, the begin among them."""
    hours = unit_s / 3_600.0
    times, totals = _meter(school, life)
    count = int((totals[-1] - totals[0]) / hours) if len(totals) else 0
    if count > MOST_UNITS:
        raise ModelRefused(f"{life.equipment}: {count:,} rows in one life: choose a longer period")
    wanted = totals[0] + hours * np.arange(count + 1) if count else np.empty(0)
    edges: TimeArray = np.interp(wanted, totals, (times - life.begin).astype(np.float64)).astype(np.int64) + life.begin
    return np.unique(edges)


def _meter(school: School, life: Life) -> tuple[TimeArray, Array]:
    """Return instants and the hours that had been run then, from the begin of a life to its end."""
    plate = next(each.nameplate for each in school.plant.equipment if each.id == life.equipment)
    if not plate.meter:
        whole = (life.end - life.begin) / _NS_PER_H * school.plant.time_scale
        return np.array([life.begin, life.end], np.int64), np.array([0.0, whole])
    readings = meter_readings(school.connection).get(plate.meter, [])
    if not readings:
        raise ModelRefused(f"{plate.meter}: this meter has no reading yet, so nobody knows how long it has run")
    known = np.array([each.time for each in readings], np.int64)
    total = np.array([each.total for each in readings])
    inside = (known > life.begin) & (known < life.end)
    times = np.concatenate([[life.begin], known[inside], [life.end]]).astype(np.int64)
    since = (times - known[0]).astype(np.float64)
    return times, np.interp(since, (known - known[0]).astype(np.float64), total)


def running_of(school: School, life: Life) -> tuple[float, float]:
    """Return how many hours have been run in a life, and how many for each hour of the plant in its last week."""
    times, totals = _meter(school, life)
    week = round(_WEEK_H * _NS_PER_H / school.plant.time_scale)
    begin = max(life.begin, life.end - week)
    hours = (life.end - begin) / _NS_PER_H * school.plant.time_scale
    since = (times - times[0]).astype(np.float64)
    before = float(np.interp(float(begin - times[0]), since, totals))
    return float(totals[-1] - totals[0]), (float(totals[-1]) - before) / hours if hours > 0 else 0.0


def _means(reader: HistoryReader, tag: str, edges: TimeArray) -> Array:
    series = reader.raw(tag, int(edges[0]), int(edges[-1]))
    good = good_mask(series.status) & np.isfinite(series.value)
    place = np.searchsorted(edges, series.time[good], side="right") - 1
    count = np.bincount(place, minlength=len(edges) - 1)
    total = np.bincount(place, series.value[good], minlength=len(edges) - 1)
    mean: Array = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return mean


def _bridged(column: Array) -> Array:
    """Return a column whose missing values are the last one before, at the begin the first one after."""
    known = np.flatnonzero(~np.isnan(column))
    place = np.maximum(np.searchsorted(known, np.arange(len(column)), side="right") - 1, 0)
    whole: Array = column[known[place]]
    return whole


def _day(text: str) -> int | None:
    """Return the instant (ns UTC) at which a day of a nameplate begins, None where it names none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * clock.NS_PER_S


def histories(
    school: School, signals: dict[str, Signals], lives: Sequence[Life], *, unit_s: float
) -> Iterator[tuple[Life, MachineHistory]]:
    """Yield lives with their rows; those of which a signal is not known are left out."""
    for life in lives:
        try:
            yield life, history_of(school, signals[life.equipment], life, unit_s=unit_s)
        except ModelRefused:
            continue
