"""The signals of a recording: their names, their places in the servers of its replay and what is proposed for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from app.model.clock import NS_PER_S
from app.plant.recording.column_name import column_name
from app.plant.recording.proposal import SignalProposal, propose
from drivers.replay.recording import Recording

SLOPE_WINDOW_S = 5.0
REGISTERS_PER_UNIT = 60_000
_UNSAFE = re.compile(r"[^\w.-]+")
_SHORT_NAME = re.compile(r"[\d_.-]*|.{1,2}")
_SAYS_NOTHING = {"value", "values", "y", "v", "x", "data", "signal"}


@dataclass(frozen=True, slots=True)
class Signal:
    """One column of a recording; `key`: its name in the servers and, below its equipment, among the tags.

    `unit_id`, `register`: the Modbus unit and the offset of its two holding registers.
    """

    column: int
    key: str
    title: str
    unit: str
    unit_id: int
    register: int
    proposal: SignalProposal


def recording_name(path: Path) -> str:
    """Return a short name for the recording in a file: its stem, with the folder's name where that says too little."""
    stem = path.stem
    folder = path.absolute().parent.name
    if _SHORT_NAME.fullmatch(stem) and folder:
        stem = f"{folder}-{stem}"
    return _UNSAFE.sub("_", stem).strip("_.-") or "recording"


def recording_title(path: Path) -> str:
    """Return what people call the recording in a file: its name in words."""
    words = recording_name(path).replace("_", " ")
    return words[:1].upper() + words[1:]


def signals_of(recording: Recording, *, speed: float) -> list[Signal]:
    """Return the signals of a recording that is replayed `speed` times as fast as it was recorded."""
    window = int(SLOPE_WINDOW_S * NS_PER_S * speed)
    keys: dict[str, None] = {}
    signals = []
    for column, heading in enumerate(recording.columns):
        name = column_name(heading)
        key = _free_key(_UNSAFE.sub("_", name.title).strip("_") or f"column_{column + 1}", keys)
        keys[key] = None
        unit_id, register = divmod(2 * column, REGISTERS_PER_UNIT)
        proposal = propose(recording.time, recording.values[:, column], slope_window=window)
        title = _title(name.title, recording.path)
        signals.append(Signal(column, key, title, name.unit, unit_id + 1, register, proposal))
    return signals


def _free_key(wanted: str, taken: dict[str, None]) -> str:
    number, key = 1, wanted
    while key in taken:
        number += 1
        key = f"{wanted}_{number}"
    return key


def _title(heading: str, path: Path) -> str:
    """Return the heading, or what the file is called where the heading says nothing."""
    return recording_title(path) if heading.lower() in _SAYS_NOTHING else heading
