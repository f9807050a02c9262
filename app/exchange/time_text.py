"""Instants as ISO 8601 text with all nine digits of the nanoseconds, in UTC or with the offset of a zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

from app.exchange.failure import ExchangeError
from app.model.block import TimeArray
from app.model.clock import NS_PER_S, to_datetime
from drivers.replay.timestamp import NO_TIME, has_zone, parse_year_first

_QUARTER_NS = 900 * NS_PER_S
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Local:
    """Stands for the zone of this PC, whose rules only the system knows."""


Zone = tzinfo | Local
LOCAL = Local()


def in_zone(time: int, zone: Zone = UTC) -> datetime:
    """Return an instant (ns UTC) as clocks in the zone show it, to the microsecond."""
    return to_datetime(time).astimezone(None if isinstance(zone, Local) else zone)


def iso_texts(times: TimeArray, zone: Zone = UTC) -> list[str]:
    """Return "2026-03-09T15:56:30.123456789Z", in another zone with "+08:00" for "Z"; `times`: int64 ns UTC."""
    if zone is UTC:
        utc: list[str] = np.datetime_as_string(times.view("datetime64[ns]"), unit="ns", timezone="UTC").tolist()
        return utc
    ahead = offsets(times, zone)
    texts: list[str] = np.datetime_as_string((times + ahead).view("datetime64[ns]"), unit="ns").tolist()
    suffixes = {offset: _suffix(offset) for offset in np.unique(ahead).tolist()}
    return [text + suffixes[offset] for text, offset in zip(texts, ahead.tolist(), strict=True)]


def iso_text(time: int, zone: Zone = UTC) -> str:
    """Return one instant as text."""
    return iso_texts(np.array([time], np.int64), zone)[0]


def offsets(times: TimeArray, zone: Zone) -> TimeArray:
    """Return how far the zone is ahead of UTC at each instant, ns; zones change only at quarters of an hour."""
    quarters, place = np.unique(times // _QUARTER_NS, return_inverse=True)
    ahead = [_offset(_EPOCH + timedelta(seconds=900 * quarter), zone) for quarter in quarters.tolist()]
    return np.array(ahead, np.int64)[place]


def to_utc(wall: TimeArray, zone: Zone) -> TimeArray:
    """Return the instants (ns UTC) at which clocks in the zone show `wall` (ns); in a repeated hour, the first."""
    quarters, place = np.unique(wall // _QUARTER_NS, return_inverse=True)
    ahead = [_wall_offset(_EPOCH + timedelta(seconds=900 * quarter), zone) for quarter in quarters.tolist()]
    return wall - np.array(ahead, np.int64)[place]


def instant(text: str, zone: Zone = UTC) -> int:
    """Return the ns UTC of an ISO 8601 date, or date and time; without an offset it is in `zone`.

    Raise ExchangeError for anything else.
    """
    found = int(parse_year_first([text])[0])
    if found == NO_TIME:
        raise ExchangeError(f"{text}: is no time; write it as 2026-03-09, 2026-03-09T15:56 or 2026-03-09T15:56:30Z")
    if has_zone(text) or zone is UTC:
        return found
    return int(to_utc(np.array([found], np.int64), zone)[0])


def has_offsets(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Return which of the texts name their zone."""
    return np.array([has_zone(text) for text in texts], np.bool_)


def _offset(moment: datetime, zone: Zone) -> int:
    local = moment.astimezone(None if isinstance(zone, Local) else zone)
    return _ns(local.utcoffset())


def _wall_offset(wall: datetime, zone: Zone) -> int:
    naive = wall.replace(tzinfo=None)
    if isinstance(zone, Local):
        return _ns(naive.astimezone(None).utcoffset())
    return _ns(naive.replace(tzinfo=zone).utcoffset())


def _ns(offset: timedelta | None) -> int:
    """Return whole minutes: what stands behind a time has no seconds, as some offsets before 1930 had."""
    return 0 if offset is None else round(offset.total_seconds() / 60) * 60 * NS_PER_S


def _suffix(offset_ns: int) -> str:
    sign = "-" if offset_ns < 0 else "+"
    hours, minutes = divmod(abs(offset_ns) // (60 * NS_PER_S), 60)
    return f"{sign}{hours:02d}:{minutes:02d}"
