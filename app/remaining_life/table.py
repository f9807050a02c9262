"""Histories of machines in a CSV file: machine and life in the first two columns, conditions and signals behind."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.remaining_life.history import Fleet, LifeError, MachineHistory

MOST_ROWS = 20_000_000
_FEWEST_COLUMNS = 3


@dataclass(slots=True)
class _Machine:
    name: str
    last_life: float
    rows: list[list[float]]


def read_fleet(path: Path, conditions: Sequence[str] = ()) -> Fleet:
    """Return the machines of a file, in their order; raise LifeError, naming the line and the remedy.

    The first column names the machine, the second its life (growing from row to row); of the others `conditions` are
    what is asked of it, the rest what is measured. The rows of a machine stand together.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            header = [name.strip() for name in next(lines, [])]
            _check_header(path, header, conditions)
            machines = list(_machines(path, lines, header))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LifeError(f"{path}: cannot be read: {error}") from error
    if not machines:
        raise LifeError(f"{path}: it holds no machine: write one line per unit of life below the header")
    places = [header.index(name) - 1 for name in conditions]
    others = [place for place in range(1, len(header) - 1) if place not in places]
    return Fleet(
        tuple(conditions),
        tuple(header[place + 1] for place in others),
        tuple(_history(machine, places, others) for machine in machines),
    )


def _check_header(path: Path, header: Sequence[str], conditions: Sequence[str]) -> None:
    if len(header) < _FEWEST_COLUMNS:
        raise LifeError(f"{path}:1: give a machine, its life and at least one signal, with commas between")
    for name in conditions:
        if name not in header[2:]:
            raise LifeError(f"{path}:1: no column {name!r}; there are {', '.join(header[2:])}")
    if len(set(header)) < len(header):
        raise LifeError(f"{path}:1: two columns have the same name")


def _machines(path: Path, lines: Iterator[list[str]], header: Sequence[str]) -> Iterator[_Machine]:
    machine: _Machine | None = None
    ended: set[str] = set()
    for number, line in enumerate(lines, 2):
        if not line:
            continue
        if number > MOST_ROWS:
            raise LifeError(f"{path}: more than {MOST_ROWS:,} rows: give a coarser unit of life")
        place = f"{path}:{number}"
        if len(line) != len(header):
            raise LifeError(f"{place}: {len(line)} columns, the header has {len(header)}")
        row = [_number(place, name, text) for name, text in zip(header[1:], line[1:], strict=True)]
        name = line[0].strip()
        if machine is None or name != machine.name:
            if name in ended:
                raise LifeError(f"{place}: the rows of {name} do not stand together: sort them")
            if machine is not None:
                yield machine
            ended.add(name)
            machine = _Machine(name, -math.inf, [])
        if row[0] <= machine.last_life:
            raise LifeError(f"{place}: the life of {name} does not grow: {row[0]:g} after {machine.last_life:g}")
        machine.last_life = row[0]
        machine.rows.append(row)
    if machine is not None:
        yield machine


def _number(place: str, name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise LifeError(f"{place}: {name} is {text!r}, not a number") from error
    if not math.isfinite(value):
        raise LifeError(f"{place}: {name} is {text!r}: bridge or leave out this row")
    return value


def _history(machine: _Machine, places: Sequence[int], others: Sequence[int]) -> MachineHistory:
    rows = np.array(machine.rows)
    return MachineHistory(machine.name, rows[:, list(places)], rows[:, list(others)])
