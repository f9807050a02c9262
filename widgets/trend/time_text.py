"""Times and lengths of time as an operator types them: "2026-11-24 08:00", "08:00", "-8 h", "90 s", "2 years"."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from app.model import clock
from app.model.clock import NS_PER_S
from widgets.translation import tr

_DAY_S = 86_400
_UNITS: tuple[tuple[float, tuple[str, ...]], ...] = (
    (0.001, ("ms", "毫秒")),
    (1, ("s", "sec", "second", "seconds", "秒", "秒钟")),
    (60, ("min", "m", "minute", "minutes", "分", "分钟")),
    (3_600, ("h", "hour", "hours", "小时", "时")),
    (_DAY_S, ("d", "day", "days", "天", "日")),
    (7 * _DAY_S, ("w", "week", "weeks", "周", "星期")),
    (30 * _DAY_S, ("mo", "month", "months", "月", "个月")),
    (365 * _DAY_S, ("y", "a", "year", "years", "年")),
)
_SECONDS = {name: seconds for seconds, names in _UNITS for name in names}
_LENGTH = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,6})?))?")
_DATE = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")
_NOW = {"now", "现在"}
_DAYS = {"today": 0, "今天": 0, "yesterday": 1, "昨天": 1}


def length_of(text: str) -> int:
    """Return a length of time in ns, such as of "1 h 30 min"; raise ValueError, in the operator's words."""
    parts = _LENGTH.findall(text.casefold())
    rest = _LENGTH.sub("", text.casefold()).strip()
    if not parts or rest or any(unit not in _SECONDS for _, unit in parts):
        raise ValueError(
            tr('"{typed}" is no length of time: write for example 90 s, 15 min, 8 h, 3 d, 2 y', typed=text)
        )
    return round(sum(float(number.replace(",", ".")) * _SECONDS[unit] for number, unit in parts) * NS_PER_S)


def instant_of(text: str, *, now: int) -> int:
    """Return an instant, int64 ns UTC, of a local date and time, or of a length before `now`.

    A time alone is today's, a date alone its midnight, a date without a year the last one that has passed. Raise
    ValueError, in the operator's words.
    """
    plain = text.strip().casefold()
    if plain in _NOW:
        return now
    try:
        if plain.startswith(("-", "\N{MINUS SIGN}")):
            return now - length_of(plain[1:])
        return _local_instant(plain, now)
    except (ValueError, OverflowError) as error:
        example = clock.to_datetime(now).astimezone().strftime("%Y-%m-%d %H:%M")
        raise ValueError(
            tr(
                '"{typed}" is no time: write for example {example}, 08:00, yesterday, -8 h, now',
                typed=text,
                example=example,
            )
        ) from error


def _local_instant(text: str, now: int) -> int:
    today = clock.to_datetime(now).astimezone()
    clock_time = _CLOCK.search(text)
    day_text = _CLOCK.sub("", text).strip().rstrip("t")
    if clock_time is None and not day_text:
        raise ValueError(text)
    day = _day_of(day_text, today)
    hour, minute, second = clock_time.groups() if clock_time is not None else ("0", "0", None)
    whole, _, fraction = (second or "0").partition(".")
    local = datetime(day.year, day.month, day.day, int(hour), int(minute), int(whole))  # noqa: DTZ001 - of this PC
    return clock.from_datetime(local.astimezone()) + round(float(f"0.{fraction or 0}") * NS_PER_S)


def _day_of(text: str, today: datetime) -> datetime:
    if not text:
        return today
    if text in _DAYS:
        return today - timedelta(days=_DAYS[text])
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day = found.groups()
    chosen = today.replace(year=int(year) if year else today.year, month=int(month), day=int(day))
    return chosen if year or chosen <= today else chosen.replace(year=today.year - 1)
