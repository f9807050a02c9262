"""Events and commands as msgpack frames, each checked against its type when it is read."""

from __future__ import annotations

import msgspec

from app.pubsub.frame import (
    MAX_FRAME,
    AlarmsChanged,
    CasesChanged,
    Command,
    Event,
    ForecastsChanged,
    HealthChanged,
    WorkChanged,
)

_encoder = msgspec.msgpack.Encoder()
_events: msgspec.msgpack.Decoder[Event] = msgspec.msgpack.Decoder(Event)
_commands: msgspec.msgpack.Decoder[Command] = msgspec.msgpack.Decoder(Command)


class FrameRefused(ValueError):
    """Bytes that are no frame of this protocol, or one that is out of place."""


def encode_command(command: Command) -> bytes:
    """Return the frame of a command; raise FrameRefused where it is longer than MAX_FRAME."""
    return _checked(_encoder.encode(command))


def encode_event(event: Event) -> list[bytes]:
    """Return the frames of an event, several where one would be longer than MAX_FRAME."""
    frame = _encoder.encode(event)
    if len(frame) <= MAX_FRAME:
        return [frame]
    halves = _halves(event)
    if not halves:
        return [_checked(frame)]
    return [frame for half in halves for frame in encode_event(half)]


def decode_event(frame: bytes) -> Event:
    """Return the event of a frame; raise FrameRefused where it is none."""
    try:
        return _events.decode(frame)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise FrameRefused(f"not an event: {error}") from error


def decode_command(frame: bytes) -> Command:
    """Return the command of a frame; raise FrameRefused where it is none."""
    try:
        return _commands.decode(frame)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise FrameRefused(f"not a command: {error}") from error


def _checked(frame: bytes) -> bytes:
    if len(frame) > MAX_FRAME:
        raise FrameRefused(f"a frame of {len(frame)} bytes: at most {MAX_FRAME}")
    return frame


def _halves(event: Event) -> tuple[Event, ...]:
    """Return the event as two of half the length; only the first of a snapshot is a snapshot, the second adds to it."""
    match event:
        case AlarmsChanged(alarms=alarms, is_snapshot=is_snapshot) if len(alarms) > 1:
            middle = len(alarms) // 2
            return AlarmsChanged(alarms[:middle], is_snapshot), AlarmsChanged(alarms[middle:])
        case ForecastsChanged(forecasts=forecasts) if len(forecasts) > 1:
            middle = len(forecasts) // 2
            return ForecastsChanged(forecasts[:middle]), ForecastsChanged(forecasts[middle:])
        case CasesChanged(cases=cases, effects=effects, is_snapshot=is_snapshot) if len(cases) > 1:
            middle = len(cases) // 2
            return CasesChanged(cases[:middle], effects, is_snapshot), CasesChanged(cases[middle:])
        case HealthChanged(healths=healths) if len(healths) > 1:
            middle = len(healths) // 2
            return HealthChanged(healths[:middle]), HealthChanged(healths[middle:])
        case WorkChanged(orders=orders, is_snapshot=is_snapshot) if len(orders) > 1:
            middle = len(orders) // 2
            return WorkChanged(orders[:middle], is_snapshot), WorkChanged(orders[middle:])
        case _:
            return ()
