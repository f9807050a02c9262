"""The forms in which recordings write an instant, and how a column of them becomes int64 ns UTC.

An instant without a zone is taken as UTC: a replay needs only how far apart the rows are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import numpy as np

from app.model.block import TimeArray
from app.model.clock import NS_PER_S

NO_TIME = np.iinfo(np.int64).min

_YEAR_FIRST = r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"
_YEAR_LAST = r"(?P<a>\d{1,2})(?P<s>[./-])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4})"
_COMPACT = r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})[T ]?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})(?:[.](?P<f>\d+))?(?P<z>Z)?"
_CLOCK = (
    r"(?P<H>\d{1,2})[:时](?P<M>\d{1,2})(?:[:分](?P<S>\d{1,2})(?:[.,:](?P<f>\d+))?秒?)?分?"
    r"(?:\s*(?P<p>[AaPp])\.?[Mm]\.?)?"
    r"(?:\s*(?P<z>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?"
)
_BETWEEN = r"(?:T|,?\s+)"
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?")
_ZONE = re.compile(r"(?:Z|[+-]\d{2}:\d{2})$")
_ANY_ZONE = re.compile(r"(?:Z|UTC|GMT|[:时][^+-]*[+-]\d{2}(?::?\d{2})?)\s*$")
_DAY_NS = 86_400 * NS_PER_S
_LAST = 2**63 - 1
_EPOCH_UNITS = (  # from, below, ns; below what int64 ns can tell
    (10**8, _LAST // NS_PER_S, NS_PER_S),
    (10**11, _LAST // 1_000_000, 1_000_000),
    (10**14, _LAST // 1_000, 1_000),
    (10**17, _LAST, 1),
)


@dataclass(frozen=True, slots=True)
class TimeForm:
    """A way of writing an instant; `parse` returns int64 ns, NO_TIME where a cell is none; `is_epoch`: as a number."""

    name: str
    parse: Callable[[Sequence[str]], TimeArray]
    is_epoch: bool = False


def parse_year_first(cells: Sequence[str]) -> TimeArray:
    """Return the instants of "2020-03-09 15:56:30", with "/", "." or 年月日 for "-", with or without clock and zone."""
    quick = _parse_iso(cells)
    return _each(_YEAR_FIRST_TIME, cells) if quick is None else quick


def parse_compact(cells: Sequence[str]) -> TimeArray:
    """Return the instants of "20200309155630" and "20200309T155630"."""
    return _each(_COMPACT_TIME, cells)


def parse_day_first(cells: Sequence[str]) -> TimeArray:
    """Return the instants of "09.03.2020 15:56:30", with "/" or "-" for "."."""
    return _each(_YEAR_LAST_TIME, cells, day="a", month="b")


def parse_month_first(cells: Sequence[str]) -> TimeArray:
    """Return the instants of "3/9/2020 3:56:30 PM"."""
    return _each(_YEAR_LAST_TIME, cells, day="b", month="a")


def parse_epoch(cells: Sequence[str]) -> TimeArray:
    """Return the instants of numbers of s, ms, us or ns since 1970, told apart by their size (1973 to 2262)."""
    try:
        return _scaled(np.array([cell or "0" for cell in cells]).astype(np.int64))
    except (ValueError, OverflowError):
        return np.array([_epoch(cell) for cell in cells], np.int64)


YEAR_FIRST = TimeForm("year-month-day", parse_year_first)
DAY_FIRST = TimeForm("day.month.year", parse_day_first)
MONTH_FIRST = TimeForm("month/day/year", parse_month_first)
COMPACT = TimeForm("yyyymmddhhmmss", parse_compact)
EPOCH = TimeForm("seconds, ms, us or ns since 1970", parse_epoch, is_epoch=True)
FORMS = (YEAR_FIRST, DAY_FIRST, MONTH_FIRST, COMPACT, EPOCH)

_YEAR_FIRST_TIME = re.compile(f"{_YEAR_FIRST}(?:{_BETWEEN}?{_CLOCK})?")
_YEAR_LAST_TIME = re.compile(f"{_YEAR_LAST}(?:{_BETWEEN}{_CLOCK})?")
_COMPACT_TIME = re.compile(_COMPACT)
_CLOCK_ALONE = re.compile(_CLOCK)


def is_clock_alone(cell: str) -> bool:
    """Return whether a cell is a time of day, whose date stands in another column."""
    return _CLOCK_ALONE.fullmatch(cell.strip()) is not None


def has_zone(cell: str) -> bool:
    """Return whether a cell says by how much its clock is ahead of UTC."""
    return _ANY_ZONE.search(cell) is not None


def _parse_iso(cells: Sequence[str]) -> TimeArray | None:
    """Return the instants by numpy, which is ten times quicker, where all cells are ISO 8601 of one zone, else None."""
    if not cells or not min(cells) >= "1900" or not max(cells) < "2200":
        return None
    zone = _ZONE.search(cells[0])
    shift = 0
    if zone is not None and ":" in cells[0][:16]:
        suffix = zone.group()
        if not all(cell.endswith(suffix) for cell in cells):
            return None
        shift = _zone_ns(suffix)
        cells = [cell[: -len(suffix)] for cell in cells]
    if min(map(len, cells)) < 16 or _ISO.fullmatch(cells[0]) is None:
        return None
    if zone is None and any(cell[-1] == "Z" or cell[-6] in "+-" for cell in cells):
        return None
    try:
        return np.array(cells, "datetime64[ns]").astype(np.int64) - shift
    except ValueError:
        return None


def _each(pattern: re.Pattern[str], cells: Sequence[str], *, day: str = "d", month: str = "m") -> TimeArray:
    return np.array([_instant(pattern, cell, day, month) for cell in cells], np.int64)


def _instant(pattern: re.Pattern[str], cell: str, day: str, month: str) -> int:
    match = pattern.fullmatch(cell.strip())
    if match is None:
        return int(NO_TIME)
    parts = match.groupdict()
    days = _days(int(parts["y"]), int(parts[month]), int(parts[day]))
    return int(NO_TIME) if days is None else _add_clock(days * _DAY_NS, parts)


@lru_cache(maxsize=4096)
def _days(year: int, month: int, day: int) -> int | None:
    """Return the days from 1970-01-01 to a date, None where there is no such date or it is far from any recording."""
    try:
        return date(year, month, day).toordinal() - date(1970, 1, 1).toordinal() if 1900 <= year < 2200 else None
    except ValueError:
        return None


def _add_clock(midnight: int, parts: dict[str, str | None]) -> int:
    hour, minute, second = (int(parts[key] or 0) for key in "HMS")
    if half := parts.get("p"):
        hour = hour % 12 + (12 if half in "Pp" else 0)
    if hour > 24 or minute > 59 or second > 60:
        return int(NO_TIME)
    fraction = int((parts["f"] or "0")[:9].ljust(9, "0"))
    return midnight + (hour * 3600 + minute * 60 + second) * NS_PER_S + fraction - _zone_ns(parts["z"] or "")


def _zone_ns(zone: str) -> int:
    """Return how far a zone is ahead of UTC."""
    if not zone.startswith(("+", "-")):
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    ahead = (int(digits[:2]) * 60 + int(digits[2:])) * 60 * NS_PER_S
    return -ahead if zone.startswith("-") else ahead


def _scaled(numbers: TimeArray) -> TimeArray:
    result = np.full(len(numbers), NO_TIME, np.int64)
    for first, end, scale in _EPOCH_UNITS:
        is_unit = (numbers >= first) & (numbers < end)
        result[is_unit] = numbers[is_unit] * scale
    return result


def _epoch(cell: str) -> int:
    try:
        number = Decimal(cell.strip().replace(",", "."))
    except InvalidOperation:
        return int(NO_TIME)
    for first, end, scale in _EPOCH_UNITS:
        if number.is_finite() and first <= number < end:
            return int(number * scale)
    return int(NO_TIME)
