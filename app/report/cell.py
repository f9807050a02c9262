"""The cells of a report's tables: a number stays a number in a spreadsheet, and a time stays a time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from app.model.shift import ShiftCalendar

NOTHING = "–"
MINUS = "−"
GROUP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Number:
    """A number with so many decimals; None where there is none."""

    value: float | None
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """A share of 0..1, told in per cent; None where there is none."""

    value: float | None


@dataclass(frozen=True, slots=True)
class Span:
    """A duration in seconds, told as hours and minutes; None where there is none."""

    seconds: float | None


@dataclass(frozen=True, slots=True)
class Instant:
    """An instant, int64 ns UTC, told as the clock on the wall showed it; 0 where there is none."""

    time: int
    has_seconds: bool = False


Cell = str | Number | Share | Span | Instant


def cell_text(cell: Cell, calendar: ShiftCalendar) -> str:
    """Return a cell as a page shows it."""
    match cell:
        case str():
            return cell
        case Number(value, decimals):
            return NOTHING if value is None else number_text(value, decimals)
        case Share(value):
            return NOTHING if value is None else _share_text(value)
        case Span(seconds):
            return NOTHING if seconds is None else span_text(seconds)
        case Instant(time, has_seconds):
            pattern = "%Y-%m-%d %H:%M:%S" if has_seconds else "%Y-%m-%d %H:%M"
            return NOTHING if not time else wall_time(time, calendar).strftime(pattern)


def number_text(value: float, decimals: int) -> str:
    """Return a number with its groups of thousands and a sign that is as wide as a digit."""
    if not math.isfinite(value):
        return NOTHING
    text = f"{abs(value):,.{decimals}f}".replace(",", GROUP)
    return MINUS + text if value < 0 and any(digit in "123456789" for digit in text) else text


def span_text(seconds: float) -> str:
    """Return a duration as 7:30 h, or below a minute in seconds; 0 stands alone, to be passed over."""
    if not seconds:
        return "0"
    if 0 < seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 1 else "< 1 s"
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02d} h"


def _share_text(value: float) -> str:
    """Return a share in per cent; what is not quite all, or not quite nothing, is never told as that."""
    percent = value * 100
    if 99.95 <= percent < 100:
        return "> 99.9 %"
    if 0 < percent < 0.05:
        return "< 0.1 %"
    return f"{percent:.1f} %"


def wall_time(time: int, calendar: ShiftCalendar) -> datetime:
    """Return what the clock on the wall showed at an instant (ns UTC)."""
    return calendar.on_wall(time)
