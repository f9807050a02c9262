"""Waveforms out of files of data collectors: text in columns, WAV and NumPy arrays."""

from __future__ import annotations

import math
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.vibration.waveform import MOST, BadWaveform, Signal

_MOST_BYTES = 256 << 20
_EVEN = 0.01
"""By so much of a sample's distance times in a text file may be off."""


@dataclass(frozen=True, slots=True)
class FileWaveform:
    """`values`: float64, shape (n,); `rate_hz`: NaN where the file does not say."""

    values: Signal
    rate_hz: float = math.nan


def read_waveform(path: Path, *, column: int = 0, full_scale: float = 1.0) -> FileWaveform:
    """Return the waveform in a file, by its ending: .csv, .txt, .tsv, .wav or .npy.

    `column`: which one, from 1; 0 for the only one, or the second of two, whose first is the time in seconds.
    `full_scale`: what the largest number of a WAV file means. Raise BadWaveform, OSError.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise BadWaveform(f"{path.name}: more than {_MOST_BYTES >> 20} MiB: cut the record into shorter ones")
    ending = path.suffix.lower()
    if ending == ".wav":
        return _read_wav(path, column, full_scale)
    if ending == ".npy":
        return _read_npy(path, column)
    if ending in {".csv", ".txt", ".tsv"}:
        return _read_text(path, column)
    raise BadWaveform(f"{path.name}: {ending or 'no ending'}: give a file that ends in .csv, .txt, .tsv, .wav or .npy")


def _read_wav(path: Path, column: int, full_scale: float) -> FileWaveform:
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            raw = file.readframes(min(file.getnframes(), MOST))
    except (wave.Error, EOFError) as error:
        raise BadWaveform(f"{path.name}: no WAV file of whole numbers ({error}): save it as PCM") from error
    if width == 3:
        bytes_of = np.frombuffer(raw, np.uint8).reshape(-1, 3).astype(np.int32)
        numbers = ((bytes_of[:, 0] | bytes_of[:, 1] << 8 | bytes_of[:, 2] << 16) << 8 >> 8).astype(np.float64)
    elif width == 1:
        numbers = np.frombuffer(raw, np.uint8).astype(np.float64) - 128.0
    else:
        numbers = np.frombuffer(raw, np.dtype(f"<i{width}")).astype(np.float64)
    table = numbers[: len(numbers) // channels * channels].reshape(-1, channels)
    return FileWaveform(_column(path, table, column or 1) * (full_scale / 2.0 ** (8 * width - 1)), float(rate))


def _read_npy(path: Path, column: int) -> FileWaveform:
    try:
        array = np.load(path, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise BadWaveform(f"{path.name}: no array of numbers ({error}): save it with numpy.save") from error
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiu" or array.ndim not in {1, 2}:
        raise BadWaveform(f"{path.name}: no array of numbers in one row or in columns")
    table = array.reshape(len(array), -1).astype(np.float64)
    return FileWaveform(_column(path, table, column or 1))


def _read_text(path: Path, column: int) -> FileWaveform:
    rows: list[list[float]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1):
        if ";" in line and "." not in line:
            line = line.replace(",", ".")  # noqa: PLW2901 - a decimal comma
        fields = line.replace(";", " ").replace("\t", " ").replace(",", " ").split()
        if not fields:
            continue
        try:
            rows.append([float(field) for field in fields])
        except ValueError:
            if rows:
                raise BadWaveform(f"{path.name}, line {number}: {line[:40]!r} is no number: correct the line") from None
    if not rows or len({len(row) for row in rows}) != 1:
        raise BadWaveform(f"{path.name}: no columns of numbers of one length, with a decimal point")
    table = np.array(rows)
    has_time = table.shape[1] == 2 and column in {0, 2}
    values = _column(path, table, column or (2 if has_time else 1))
    return FileWaveform(values, _rate(path, table[:, 0]) if has_time else math.nan)


def _rate(path: Path, times: Signal) -> float:
    steps = np.diff(times)
    step = float(steps.mean()) if len(steps) else 0.0
    if step <= 0.0 or np.abs(times - times[0] - step * np.arange(len(times))).max() > max(_EVEN * step, 1e-9):
        raise BadWaveform(f"{path.name}: its first column is no time in even steps: give --column and --rate")
    return 1.0 / step


def _column(path: Path, table: Signal, column: int) -> Signal:
    if not 1 <= column <= table.shape[1]:
        raise BadWaveform(f"{path.name}: there is no column {column}, only {table.shape[1]}")
    return np.ascontiguousarray(table[:, column - 1])
