"""The one formatter: how a value with its unit and status, a count, a duration or a time is written on every screen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.model import clock, status
from app.model.content import Content, StateNames
from app.model.datavalue import DataValue
from app.model.exact import DataType
from app.model.tag import TagDefinition, TagKind
from app.model.unit_symbol import unit_symbol
from widgets.translation import local, tr

NO_VALUE = "—"
MINUS = "−"
GROUP = "\N{NO-BREAK SPACE}"

LARGEST_FIXED = 1e9
_LONGEST_TEXT = 40
STALE_CODES = {
    status.UNCERTAIN_LAST_USABLE_VALUE,
    status.UNCERTAIN_NO_COMMUNICATION_LAST_USABLE_VALUE,
}


class Quantity(Protocol):
    """What is shown: a tag, or an argument of a method."""

    @property
    def unit(self) -> str:
        """Return its unit as a UCUM code."""
        ...

    @property
    def kind(self) -> TagKind:
        """Return how its values behave."""
        ...

    @property
    def data_type(self) -> DataType:
        """Return what its values are."""
        ...

    @property
    def decimals(self) -> int:
        """Return with how many decimals it is shown."""
        ...

    @property
    def states(self) -> StateNames:
        """Return what its values are called."""
        ...


class Quality(StrEnum):
    """What an operator may believe of a written value."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    STALE = "stale"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Reading:
    """A value as it is written: `text` (NO_VALUE where there is none), `unit` as a symbol, and what is wrong with it.

    `note` is "" for good values, else short ("12 s old", "no communication"): a value that is not good is never shown
    without it.
    """

    text: str
    unit: str
    quality: Quality
    note: str = ""

    @property
    def full(self) -> str:
        """Return value, unit and note in one line, for tool tips and screen readers."""
        value = f"{self.text} {self.unit}" if self.unit and self.text != NO_VALUE else self.text
        return f"{value} ({self.note})" if self.note else value


def reading_of(sample: DataValue, *, tag: TagDefinition, now: int, is_linked: bool = True) -> Reading:
    """Return how the newest sample of a tag is written; see `reading`."""
    return reading(
        sample.value,
        sample.status,
        tag=tag,
        time=sample.source_time,
        now=now,
        is_linked=is_linked,
        exact=sample.text,
    )


def reading(
    value: float, code: int, *, tag: TagDefinition, time: int, now: int, is_linked: bool = True, exact: str = ""
) -> Reading:
    """Return how one sample is written; `time`, `now`: int64 ns UTC, `time` 0 where there never was a sample.

    `exact`: the value itself where a float64 cannot hold it: a text, or the digits of a whole number.
    `code`: the OPC UA StatusCode. `is_linked`: False while the collector does not answer, so that its last values are
    written with their age and never look live.
    """
    unit = unit_symbol(tag.unit)
    if time == 0:
        return Reading(NO_VALUE, unit, Quality.BAD, tr("no value yet"))
    if code >= status.BAD or (math.isnan(value) and not tag.is_text):
        return Reading(NO_VALUE, unit, Quality.BAD, status_text(code))
    text = exact_text(value, exact, tag=tag)
    if not is_linked or (code & 0xFFFF_0000) in STALE_CODES:
        age = duration(max(0.0, (now - time) / clock.NS_PER_S))
        return Reading(text, unit, Quality.STALE, tr("{age} old", age=age))
    if code >= status.UNCERTAIN:
        return Reading(text, unit, Quality.DOUBTFUL, status_text(code))
    return Reading(text, unit, Quality.GOOD)


def exact_text(value: float, exact: str, *, tag: TagDefinition) -> str:
    """Return a value without its unit, `exact` where a float64 cannot hold it; of a long text its beginning."""
    if tag.is_text:
        line = " ".join(exact.split())
        return (line if len(line) <= _LONGEST_TEXT else f"{line[: _LONGEST_TEXT - 1]}…") or tr("empty")
    if tag.data_type.is_exact and exact and not tag.states:
        return exact.replace("-", MINUS)
    return value_text(value, tag=tag)


def value_text(value: float, *, tag: Quantity) -> str:
    """Return a value of a tag without its unit: a state with its name, on or off if discrete, else its decimals."""
    name = next((name for number, name in tag.states if number == value), None) if tag.states else None
    if name is not None:
        return f"{value:.0f} {local(name)}"
    if tag.kind is TagKind.DISCRETE:
        if value in {0.0, 1.0} and not tag.unit:
            return tr("On") if value else tr("Off")
        return number(value, decimals=0)
    return number(value, decimals=tag.decimals)


def content_text(content: Content, *, tag: Quantity) -> str:
    """Return what is written into a device with its unit, to the last digit: a text in quotes, a number, a name."""
    if isinstance(content, str):
        return f'"{content}"' if content else tr("empty")
    if isinstance(content, int) and tag.kind is not TagKind.DISCRETE:
        unit = unit_symbol(tag.unit)
        return " ".join(part for part in (str(content).replace("-", MINUS), unit) if part)
    return with_unit(content, tag=tag)


def with_unit(value: float, *, tag: Quantity) -> str:
    """Return a value of a tag with its unit."""
    text = value_text(value, tag=tag)
    unit = unit_symbol(tag.unit)
    return f"{text} {unit}" if unit and text != NO_VALUE else text


def number(value: float, *, decimals: int = 1) -> str:
    """Return a number with fixed decimals, NO_VALUE for NaN; powers of ten only where it would fill the screen."""
    if math.isnan(value):
        return NO_VALUE
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    text = f"{value:.{decimals}f}" if abs(value) < LARGEST_FIXED else f"{value:.3e}"
    if text.startswith("-"):
        return text[1:] if float(text) == 0 else MINUS + text[1:]
    return text


def count(value: float) -> str:
    """Return a whole number in groups of three digits."""
    return f"{value:,.0f}".replace(",", GROUP)


def duration(seconds: float) -> str:
    """Return a length of time in its largest fitting unit: "40 s", "12 min", "2.3 h", "11 d"."""
    if math.isnan(seconds):
        return NO_VALUE
    if seconds < 90:
        return tr("{n} s", n=f"{seconds:.0f}")
    if seconds < 90 * 60:
        return tr("{n} min", n=f"{seconds / 60:.0f}")
    hours = seconds / 3600
    if hours < 36:
        return tr("{n} h", n=_two_digits(hours))
    return tr("{n} d", n=_two_digits(hours / 24))


def spacing(seconds: float) -> str:
    """Return how far apart samples are: "20 ms", "0.5 s"; from ten seconds on as `duration`."""
    if seconds < 0.1:
        return tr("{n} ms", n=_two_digits(seconds * 1_000))
    return tr("{n} s", n=_two_digits(seconds)) if seconds < 9.95 else duration(seconds)


def plain_duration(seconds: float) -> str:
    """Return a length of time that somebody chose as it is said: "15 min", "8 h", "3 d"; else as `duration`."""
    for size, text in ((86_400, tr("{n} d")), (3_600, tr("{n} h")), (60, tr("{n} min"))):
        if seconds >= size and seconds % size == 0:
            return text.replace("{n}", f"{seconds / size:.0f}")
    return duration(seconds)


def countdown(seconds: float) -> str:
    """Return what is left of a time in two units: "12 s", "4:05" min, "3 h 07 min"."""
    left = max(0, int(seconds))
    if left < 60:
        return tr("{n} s", n=left)
    if left < 3_600:
        return tr("{minutes}:{seconds} min", minutes=left // 60, seconds=f"{left % 60:02d}")
    return uptime(left)


def _two_digits(value: float) -> str:
    return f"{value:.1f}" if value < 9.95 else f"{value:.0f}"


def uptime(seconds: float) -> str:
    """Return how long something has been running, in two units: "3 d 04 h", "4 h 12 min", "12 min"."""
    minutes = int(seconds // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return tr("{days} d {hours} h", days=days, hours=f"{hours:02d}")
    if hours:
        return tr("{hours} h {minutes} min", hours=hours, minutes=f"{rest:02d}")
    return duration(seconds)


def time_of_day(time: int) -> str:
    """Return an instant (int64 ns UTC) as local hh:mm:ss."""
    return _local(time, "%H:%M:%S")


def hour_minute(time: int) -> str:
    """Return an instant (int64 ns UTC) as local hh:mm."""
    return _local(time, "%H:%M")


def day(time: int) -> str:
    """Return an instant (int64 ns UTC) as its local date, ISO 8601."""
    return _local(time, "%Y-%m-%d")


def day_and_time(time: int) -> str:
    """Return an instant (int64 ns UTC) as local date and time."""
    return _local(time, "%Y-%m-%d %H:%M:%S")


def day_and_millisecond(time: int) -> str:
    """Return an instant (int64 ns UTC) as local date and time with milliseconds, by which events are told apart."""
    return f"{day_and_time(time)}.{time // clock.NS_PER_MS % 1000:03d}"


def moment(time: int, *, now: int) -> str:
    """Return an instant as its time of day where it is of the same day as `now`, else with month and day."""
    if time == 0:
        return NO_VALUE
    return time_of_day(time) if day(time) == day(now) else _local(time, "%m-%d %H:%M:%S")


def zone_text(time: int) -> str:
    """Return the offset of this PC's time zone from UTC at an instant (int64 ns UTC), as in "UTC+08:00"."""
    offset = _local(time, "%z")
    return f"UTC{offset[:3]}:{offset[3:5]}"


def _local(time: int, pattern: str) -> str:
    return clock.to_datetime(time).astimezone().strftime(pattern)


def status_text(code: int) -> str:
    """Return what a StatusCode means for an operator; its standard name where there is no plainer word."""
    limit = code & status.LIMIT_MASK
    kind = code & 0xFFFF_0000
    if kind == status.UNCERTAIN_SENSOR_NOT_ACCURATE:
        return tr("sensor does not move") if limit == status.LIMIT_CONSTANT else tr("sudden jump")
    if kind == status.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED:
        return tr("below its range") if limit == status.LIMIT_LOW else tr("above its range")
    return _status_texts().get(kind) or status.name(code)


def _status_texts() -> Mapping[int, str]:
    return {
        status.GOOD: tr("no value"),
        status.BAD_COMMUNICATION_ERROR: tr("communication error"),
        status.BAD_NO_COMMUNICATION: tr("no communication"),
        status.BAD_NOT_CONNECTED: tr("not connected"),
        status.BAD_TIMEOUT: tr("no answer in time"),
        status.BAD_SENSOR_FAILURE: tr("sensor failure"),
        status.BAD_DEVICE_FAILURE: tr("device failure"),
        status.BAD_OUT_OF_SERVICE: tr("out of service"),
        status.BAD_WAITING_FOR_INITIAL_DATA: tr("waiting for the first value"),
        status.BAD_NODE_ID_UNKNOWN: tr("address unknown to the device"),
        status.BAD_CONFIGURATION_ERROR: tr("wrong configuration"),
        status.BAD_TYPE_MISMATCH: tr("wrong data type"),
        status.BAD_NOT_READABLE: tr("not readable"),
        status.BAD_USER_ACCESS_DENIED: tr("access denied"),
        status.BAD_DATA_LOST: tr("data lost"),
        status.BAD_NO_DATA: tr("without content"),
        status.BAD_SHUTDOWN: tr("device is shutting down"),
        status.UNCERTAIN_INITIAL_VALUE: tr("initial value"),
        status.UNCERTAIN_SUB_NORMAL: tr("fewer sources than needed"),
    }
