"""What a device may have beside the contract of every driver: alarms of its own, told and acknowledged there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """What a device tells of one of its conditions, or of something that has happened once (no `condition`).

    `condition`: its name in the device, "" for none; `branch`: of a former state of it that still stands. `event_id`
    stands for just this state, to acknowledge no other. `source`: what it is about, `name`: of the condition, `kind`:
    of the event. `severity`: 1 to 1000, the worst. `time`: int64 ns UTC. `is_retained`: False once there is nothing
    more to be said of it.
    """

    condition: str
    event_id: bytes
    source: str
    message: str
    severity: int
    time: int
    name: str = ""
    kind: str = ""
    is_active: bool = False
    is_acknowledged: bool = True
    is_retained: bool = False
    comment: str = ""
    user: str = ""
    branch: str = ""


@dataclass(frozen=True, slots=True)
class DeviceEvents:
    """Some of what a device tells, in its order; `is_whole`: it has now told every condition that is of interest."""

    events: tuple[DeviceEvent, ...]
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class DeedResult:
    """What a device has answered to something that it was asked to do: its StatusCode, and the reason if it is bad."""

    status: int
    reason: str = ""


@runtime_checkable
class AlarmSource(Protocol):
    """A driver whose device has alarms of its own."""

    async def listen(self, tell: Callable[[DeviceEvents], None]) -> None:
        """Let every event be told from now on, first the conditions that stand; raise ConnectionLost.

        `tell` must not block. A device that refuses is noted in `diagnose`, it is no reason to lose its tags.
        """
        ...

    async def acknowledge(self, condition: str, event_id: bytes, comment: str) -> DeedResult:
        """Say that somebody has seen this state of a condition; its next event confirms it. Raise ConnectionLost."""
        ...
