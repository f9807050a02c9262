"""Reads a recording from a CSV file of any common layout: delimiter, header, encoding and time column are found."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from drivers.replay.csv_table import CsvTable
from drivers.replay.day_order import DayOrder
from drivers.replay.dialect import DELIMITERS, Dialect, find_dialect
from drivers.replay.encoding import survey
from drivers.replay.failure import RecordingError
from drivers.replay.recording import LeftOut, Reading, Recording
from drivers.replay.timestamp import DAY_FIRST, MONTH_FIRST, NO_TIME

log = logging.getLogger(__name__)

LABEL_COLUMNS = ("anomaly", "changepoint", "label")
MAX_CELLS = 200_000_000


def read_recording(
    path: Path,
    *,
    leave_out: Collection[str] = (),
    label_columns: Collection[str] = LABEL_COLUMNS,
    time_column: str = "",
    day_first: bool | None = None,
) -> Recording:
    """Return the recording in the CSV file at `path`.

    `leave_out`: columns that are not wanted. `label_columns`: those that hold answers rather than signals, which must
    stay hidden from what watches the machine; compared without regard to case. `time_column`: "" lets it be found.
    `day_first`: whether 3/4/2020 is in April; None asks the file, by which order its times rise. Raise RecordingError,
    naming file, line and remedy, where the file is no recording.
    """
    examined = survey(path)
    dialect = find_dialect(path, examined.encoding, time_column=time_column)
    if day_first is not None and dialect.time.forms[0] in {DAY_FIRST, MONTH_FIRST}:
        dialect = replace(dialect, time=replace(dialect.time, forms=(DAY_FIRST if day_first else MONTH_FIRST,)))
    unwanted = _unwanted(path, dialect, leave_out, label_columns)
    table = CsvTable(path, dialect, _columns(dialect, unwanted), most_rows=_bound(path, dialect, examined.lines))
    table.read(examined.encoding)
    return _finish(path, dialect, table, examined.encoding, unwanted)


def _unwanted(
    path: Path, dialect: Dialect, leave_out: Collection[str], label_columns: Collection[str]
) -> dict[str, LeftOut]:
    for name in leave_out:
        if name not in dialect.names:
            raise RecordingError(path, f'there is no column "{name}": it has {", ".join(dialect.names)}', line=1)
    labels = {label.lower() for label in label_columns}
    answers = {name: LeftOut(name, "holds answers, no signal") for name in dialect.names if name.lower() in labels}
    return answers | {name: LeftOut(name, "left out as asked") for name in leave_out}


def _columns(dialect: Dialect, unwanted: Collection[str]) -> list[int]:
    return [
        index for index, name in enumerate(dialect.names) if name not in unwanted and index not in dialect.time.columns
    ]


def _bound(path: Path, dialect: Dialect, lines: int) -> int:
    if lines * len(dialect.names) > MAX_CELLS:
        raise RecordingError(
            path,
            f"it has {lines} rows of {len(dialect.names)} cells, more than {MAX_CELLS} together: cut it into parts",
        )
    return lines


def _finish(path: Path, dialect: Dialect, table: CsvTable, encoding: str, unwanted: dict[str, LeftOut]) -> Recording:
    order = DayOrder(len(table.times))
    order.take(table.times)
    number = order.chosen(path)
    has_time = table.times[number] != NO_TIME
    signals = np.flatnonzero(table.is_signal)
    time, values = table.times[number], table.values
    if len(signals) < len(table.columns):
        values = values[:, signals]
    if not has_time.all():
        time, values = time[has_time], values[has_time]
    if len(time) < 2:
        raise RecordingError(path, "it has fewer than two rows with a time: give a recording with rows")
    if not len(signals):
        raise RecordingError(path, "no column but the time holds numbers: give a recording of numbers", line=2)
    out_of_order = int(np.count_nonzero(time[1:] < np.maximum.accumulate(time)[:-1]))
    if out_of_order:
        rising = np.argsort(time, kind="stable")
        time, values = time[rising], values[rising]
    reading = Reading(
        encoding=encoding,
        delimiter=DELIMITERS[dialect.delimiter],
        time_column=" + ".join(dialect.names[column] for column in dialect.time.columns),
        time_form=dialect.time.forms[number].name,
        has_decimal_comma=dialect.has_decimal_comma,
        left_out=(*unwanted.values(), *_no_signals(dialect, table)),
        without_time=table.without_time + int(np.count_nonzero(~has_time)),
        out_of_order=out_of_order,
        duplicates=int(np.count_nonzero(np.diff(time) == 0)),
        ragged=table.ragged,
    )
    names = tuple(dialect.names[table.columns[index]] for index in signals)
    return Recording(path, names, time, values, reading)


def _no_signals(dialect: Dialect, table: CsvTable) -> Iterator[LeftOut]:
    for column, is_signal, is_empty in zip(table.columns, table.is_signal, table.is_empty, strict=True):
        if not is_signal:
            yield LeftOut(dialect.names[column], "is empty" if is_empty else "holds no numbers")
