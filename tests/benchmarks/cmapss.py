"""The C-MAPSS sets of NASA (Saxena et al., 2008): engines that run to failure, and engines stopped before it."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.remaining_life.history import Fleet, FloatArray, MachineHistory
from tests.benchmarks.history_store import Absent

CONDITIONS = tuple(f"setting {number}" for number in range(1, 4))
SIGNALS = tuple(f"sensor {number}" for number in range(1, 22))


@dataclass(frozen=True, slots=True)
class EngineSet:
    """`fleet`: engines that ran to failure. `stopped`: others, `truth` how long each would have run, uncapped."""

    name: str
    fleet: Fleet
    stopped: tuple[MachineHistory, ...]
    truth: FloatArray


def read_set(folder: Path, name: str) -> EngineSet:
    """Return one of FD001 to FD004; raise Absent where it is not there."""
    truth = folder / f"RUL_{name}.txt"
    if not truth.is_file():
        raise Absent(f"{name} absent")
    fleet = Fleet(CONDITIONS, SIGNALS, _engines(folder, f"train_{name}"))
    return EngineSet(name, fleet, _engines(folder, f"test_{name}"), np.loadtxt(truth, ndmin=1))


def _engines(folder: Path, name: str) -> tuple[MachineHistory, ...]:
    rows = _rows(folder, name)
    return tuple(
        MachineHistory(f"{name}/{number:.0f}", rows[rows[:, 0] == number, 2:5], rows[rows[:, 0] == number, 5:26])
        for number in np.unique(rows[:, 0])
    )


def _rows(folder: Path, name: str) -> FloatArray:
    """Read NASA's text, or the same rows as CSV with a header in an archive; nothing beyond the sensors is used."""
    text, archive = folder / f"{name}.txt", folder / f"{name}.tar.gz"
    if text.is_file():
        return np.loadtxt(text, usecols=range(26))
    if not archive.is_file():
        raise Absent(f"{name} absent")
    with tarfile.open(archive) as files:
        content = files.extractfile(files.getmembers()[0])
        if content is None:
            raise Absent(f"{archive.name} holds no file")
        return np.loadtxt(io.StringIO(content.read().decode()), delimiter=",", skiprows=1, usecols=range(26))
