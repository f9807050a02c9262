"""Recorded multivariate sets with labels: SKAB's pump rig and the Tennessee Eastman process."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.history_store import Absent

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

TEP_TAGS = 52


@dataclass(frozen=True, slots=True)
class Recording:
    """Rows of signals, shape (n, tags), and whether each is labelled as an anomaly."""

    name: str
    rows: Array
    is_anomaly: Mask


def read_skab(folder: Path, *, free_rows: int) -> tuple[list[Recording], list[Recording]]:
    """Return the labelled and the anomaly-free recordings below `folder`/data; raise Absent where there are none.

    A recording without anomalies that has fewer than `free_rows` rows is too short for the one, and counts as labelled.
    """
    paths = sorted((folder / "data").rglob("*.csv"))
    if not paths:
        raise Absent(f"no recording in {folder / 'data'}")
    recordings = [_read_skab(path, path.relative_to(folder / "data").as_posix()) for path in paths]
    is_free = [not each.is_anomaly.any() and len(each.rows) >= free_rows for each in recordings]
    free = [each for each, its in zip(recordings, is_free, strict=True) if its]
    return [each for each, its in zip(recordings, is_free, strict=True) if not its], free


def _read_skab(path: Path, name: str) -> Recording:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    signals = [place for place, column in enumerate(header) if column not in {"datetime", "anomaly", "changepoint"}]
    table = np.array([[float(row[place]) for place in signals] for row in rows])
    is_anomaly = np.zeros(len(rows), np.bool_)
    if "anomaly" in header:
        label = header.index("anomaly")
        is_anomaly = np.array([float(row[label]) > 0.5 for row in rows])
    return Recording(name, table, is_anomaly)


@dataclass(frozen=True, slots=True)
class Process:
    """`learned_from`, `normal`: rows without a fault; `faults`: by number, each with its fault from row 161 on."""

    learned_from: Array
    normal: Array
    faults: dict[int, Array]


def read_tep(folder: Path) -> Process:
    """Return the runs of the Tennessee Eastman process that are in `folder`; raise Absent where one is missing."""
    try:
        learned_from, normal = _read_tep(folder / "d00.dat"), _read_tep(folder / "d00_te.dat")
    except OSError as error:
        raise Absent(f"{error.filename} is not there") from error
    faults = {
        int(found[1]): _read_tep(path)
        for path in sorted(folder.glob("d*_te.dat"))
        if (found := re.fullmatch(r"d(\d\d)_te\.dat", path.name)) and found[1] != "00"
    }
    if not faults:
        raise Absent(f"no run with a fault in {folder}")
    return Process(learned_from, normal, faults)


@dataclass(frozen=True, slots=True)
class FaultRuns:
    """Rows of the Tennessee Eastman process in health, and by fault those to learn from and those to be asked about."""

    healthy: Array
    learned_from: dict[int, Array]
    asked: dict[int, Array]


def read_tep_faults(folder: Path) -> FaultRuns:
    """Return the faults of which both runs are in `folder`; raise Absent where there are fewer than two."""
    process = read_tep(folder)
    paths = {number: folder / f"d{number:02}.dat" for number in process.faults}
    known = {number: _read_tep(path) for number, path in paths.items() if path.exists()}
    if len(known) < 2:
        raise Absent(f"fewer than two faults with both runs in {folder}")
    return FaultRuns(process.learned_from, known, {number: process.faults[number] for number in known})


def _read_tep(path: Path) -> Array:
    table = np.loadtxt(path)
    return table.T if table.shape[0] == TEP_TAGS else table
