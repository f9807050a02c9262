"""What passes between the collector and its windows beside the values: events down, commands up.

Every frame is one msgpack message of at most MAX_FRAME bytes. A window that connects first says Hello with the token
of the plant's run folder, then gets the present state (one frame of each kind) and after it only changes.
"""

from __future__ import annotations

import msgspec

from app.model.alarm import AlarmRecord
from app.model.collector import CollectorReport
from app.model.forecast import Forecast, Health

PROTOCOL = 1
MAX_FRAME = 4 << 20


class AlarmsChanged(msgspec.Struct, frozen=True, tag=True):
    """Alarms whose state changed; with `is_snapshot` all that are not normal."""

    alarms: tuple[AlarmRecord, ...]
    is_snapshot: bool = False


class ForecastsChanged(msgspec.Struct, frozen=True, tag=True):
    """Forecasts made anew."""

    forecasts: tuple[Forecast, ...]


class HealthChanged(msgspec.Struct, frozen=True, tag=True):
    """Health values made anew."""

    healths: tuple[Health, ...]


class CollectorChanged(msgspec.Struct, frozen=True, tag=True):
    """The collector's own state, about once a second."""

    report: CollectorReport


class CommandDone(msgspec.Struct, frozen=True, tag=True):
    """The answer to a command: `done`, or the reason why not."""

    request: int
    done: bool
    reason: str = ""


class Hello(msgspec.Struct, frozen=True, tag=True):
    """The first message of a window."""

    protocol: int
    token: str


class Acknowledge(msgspec.Struct, frozen=True, tag=True):
    """An operator has seen these alarms.

    `raised`: the instants that were shown (ns), so that no newer one is taken unseen.
    """

    request: int
    alarms: tuple[str, ...]
    raised: tuple[int, ...]
    operator: str
    comment: str = ""


Event = AlarmsChanged | ForecastsChanged | HealthChanged | CollectorChanged | CommandDone
Command = Hello | Acknowledge
