"""The script of a demo: which fault begins or is undone at which time of the plant.

Grammar: entries separated by commas, each `[undo]NUMBER@TIME[/DURATION]`, with times in plant hours ("0.5h"), plant
minutes ("30min"), plant seconds ("90s") or seconds of the wall clock ("13wall"); the duration is how long the fault
takes to its full severity. Named scripts: `default`, `healthy`, `all`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from drivers.driver import DriverError
from drivers.simulation.fault import FAULTS

GRAMMAR = '"default", "healthy", "all", or entries such as "3@0.5h,undo3@4h,1@30min/3h"'

_ENTRY = re.compile(
    r"(?P<undo>undo)?\s*(?P<number>\d+)\s*@\s*(?P<time>\d+(?:\.\d+)?)\s*(?P<unit>h|min|s|wall)"
    r"(?:/(?P<length>\d+(?:\.\d+)?)\s*(?P<length_unit>h|min|s|wall))?"
)
_PERIOD_H = 48.0
_LATER = "undo3@6h,1@7h,undo1@13h,2@14h,undo2@22h,4@23h,undo4@28h,5@29h,undo5@38h,8@39h,undo8@46h"  # within `_PERIOD_H`
_ALL = "1@1h,undo1@7h,2@8h,undo2@16h,3@17h,undo3@22h,4@23h,undo4@28h,5@29h,undo5@38h,8@39h,undo8@46h"


class ScriptError(DriverError):
    """A script is not in the grammar; the message shows the entry and the grammar."""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One event: at `time_s` of the plant a fault begins, or is undone; `hours` > 0 sets how long it develops."""

    time_s: float
    fault: int
    is_undo: bool = False
    hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Script:
    """Events in the order of their times; with `period_s` > 0 all of them come again after that time."""

    entries: tuple[Entry, ...] = ()
    period_s: float = 0.0

    def at(self, place: int) -> Entry | None:
        """Return the event number `place` (from 0), or None after the last one."""
        if place < len(self.entries):
            return self.entries[place]
        if not self.entries or self.period_s <= 0.0:
            return None
        turn, place = divmod(place, len(self.entries))
        entry = self.entries[place]
        return Entry(entry.time_s + turn * self.period_s, entry.fault, is_undo=entry.is_undo, hours=entry.hours)


def read_script(text: str, *, time_factor: float) -> Script:
    """Return the script that `text` means; raise ScriptError with the grammar.

    In `default` the strainer of PU02 begins to clog after 25 s of the wall clock, or after 13 s where the plant's time
    runs faster than 100-fold.
    """
    name = text.strip().lower()
    if name in {"healthy", ""}:
        return Script()
    if name == "all":
        return Script(_entries(_ALL, time_factor), period_s=_PERIOD_H * 3600.0)
    if name == "default":
        begin = 13 if time_factor > 100.0 else 25
        return Script(_entries(f"3@{begin}wall,{_LATER}", time_factor), period_s=_PERIOD_H * 3600.0)
    return Script(_entries(text, time_factor))


def _entries(text: str, time_factor: float) -> tuple[Entry, ...]:
    return tuple(sorted(_entry(part.strip(), time_factor) for part in text.split(",") if part.strip()))


def _entry(text: str, time_factor: float) -> Entry:
    match = _ENTRY.fullmatch(text.lower())
    if match is None:
        raise ScriptError(f'"{text}" is not an entry of a fault script: write {GRAMMAR}')
    number = int(match["number"])
    if number not in FAULTS:
        known = ", ".join(str(fault) for fault in FAULTS)
        raise ScriptError(f'"{text}": there is no fault {number}: name one of {known}')
    seconds = {"h": 3600.0, "min": 60.0, "s": 1.0, "wall": time_factor}
    length_s = float(match["length"]) * seconds[match["length_unit"]] if match["length"] else 0.0
    return Entry(
        float(match["time"]) * seconds[match["unit"]],
        number,
        is_undo=match["undo"] is not None,
        hours=length_s / 3600.0,
    )
