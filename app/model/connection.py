"""The state of a connection to a device, as operators and the log see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.model.missed import NO_ARREARS, Arrears

START_S = 15.0
"""So long devices may take to be there when the station starts: after a power cut all start at once."""
LOST_AFTER_S = 3.0
"""So long a connection may be gone before it is alarmed: its tags are bad at once, and most breaks are shorter."""
FIRST_VALUE_S = START_S + LOST_AFTER_S + 2.0
"""So much longer the first value of a tag may be away than one that was there; by then a lost connection is alarmed."""


class LinkState(StrEnum):
    """The life of a connection."""

    DISCONNECTED = "disconnected"
    CONNECTING = "connecting"
    RUNNING = "running"
    DEGRADED = "degraded"
    BACKOFF = "backoff"


@dataclass(frozen=True, slots=True)
class ConnectionDefinition:
    """How a device is reached: the driver's name, its URL and the driver's own options.

    `group`: connections of one group share a worker process; those that name none share that of their driver.
    `backfill`: whether the device is asked, after a break, for what it has kept meanwhile.
    `alarms`: whether the device's own alarms are shown beside ours.
    `folder`: where the driver may keep what it needs beside these, such as certificates: that of the plant, of the user
    for a device without a plant, "" where nothing can be kept.
    """

    id: str
    driver: str
    url: str
    options: dict[str, object] = field(default_factory=dict)
    group: str = ""
    backfill: bool = False
    alarms: bool = False
    folder: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """What is known of one connection now; `since`: int64 ns UTC; `reason`: why it is not running, with the remedy.

    `security`: how it is protected, "None" where nothing is signed although the protocol could, "" where the protocol
    has no such thing or nothing is connected. `notes`: what people should know of it although it runs.
    `clock_ahead_s`: how far the device's clock is ahead of ours, 0 where that is not known.
    `certificate_days`: until the first certificate that it needs expires, below 0 if it has; None if it needs none.
    `is_cyclic`: whether every tag gives a sample each scan, False while nothing is connected.
    `arrears`: what the device has kept of breaks and is still to be fetched.
    """

    connection: str
    driver: str
    url: str
    state: LinkState
    since: int
    tags: int
    tags_good: int = 0
    samples: int = 0
    attempts: int = 0
    reason: str = ""
    security: str = ""
    notes: tuple[str, ...] = ()
    clock_ahead_s: float = 0.0
    certificate_days: float | None = None
    is_cyclic: bool = False
    arrears: Arrears = NO_ARREARS
