"""What really happened in the demo plant, for those who judge predictions; the application never reads it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from drivers.simulation.fault import FAULTS


class EventKind(StrEnum):
    """What can happen in the demo plant: a fault begins or is undone, something trips, somebody acts."""

    FAULT = "fault"
    UNDONE = "undone"
    TRIP = "trip"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened at `time_s` of the plant; `fault` 0 where none is behind it."""

    time_s: float
    kind: EventKind
    equipment: str
    fault: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TruthHeader:
    """What the run is: `started` is the int64 ns UTC of the plant's time 0."""

    seed: int
    script: str
    time_factor: float
    started: int


def write_truth(path: Path, header: TruthHeader, events: Sequence[tuple[int, Event]]) -> None:
    """Replace the file by one that holds all `events`, each with its int64 ns UTC; raise OSError where it cannot."""
    text = json.dumps(
        {
            "seed": header.seed,
            "script": header.script,
            "time_factor": header.time_factor,
            "started": header.started,
            "events": [_row(time, event) for time, event in events],
        },
        ensure_ascii=False,
        indent=1,
    )
    draft = path.with_name(path.name + ".part")
    draft.write_text(text + "\n", encoding="utf-8")
    os.replace(draft, path)  # noqa: PTH105 - replaces on every platform, which Path.rename does not


def _row(time: int, event: Event) -> dict[str, object]:
    row: dict[str, object] = {
        "time": time,
        "plant_s": event.time_s,
        "event": event.kind.value,
        "equipment": event.equipment,
    }
    if event.fault:
        row |= {"fault": event.fault, "cause": FAULTS[event.fault].cause.en}
    if event.detail:
        row["detail"] = event.detail
    return row
