"""Waveforms out of the files that data collectors write."""

from __future__ import annotations

import math
import wave
from pathlib import Path

import numpy as np
import pytest

from app.vibration.waveform import BadWaveform
from app.vibration.waveform_file import read_waveform

VALUES = np.round(np.sin(np.arange(512) / 7.0), 6)


def test_that_time_and_value_tell_the_rate(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("time,acc\n" + "".join(f"{k / 2560:.9f},{v}\n" for k, v in enumerate(VALUES)), encoding="utf-8")
    found = read_waveform(file)
    np.testing.assert_array_equal(found.values, VALUES)
    assert found.rate_hz == pytest.approx(2560.0)


def test_that_decimal_commas_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    rows = (f"{k / 2560:.9f};{v:.6f}".replace(".", ",") for k, v in enumerate(VALUES))
    file.write_text("Zeit;Wert\n" + "\n".join(rows), encoding="utf-8")
    np.testing.assert_allclose(read_waveform(file).values, VALUES)


def test_that_one_column_has_no_rate_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("\n".join(map(str, VALUES)), encoding="utf-8")
    found = read_waveform(file)
    np.testing.assert_array_equal(found.values, VALUES)
    assert math.isnan(found.rate_hz)


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_that_a_wav_file_of_any_width_is_scaled(tmp_path: Path, width: int) -> None:
    file = tmp_path / "a.wav"
    whole = np.round(VALUES * 2.0 ** (8 * width - 1) * 0.5).astype(np.int64)
    raw = b"".join(
        int(v + 128).to_bytes(1, "little") if width == 1 else int(v).to_bytes(width, "little", signed=True)
        for v in whole
    )
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(width)
        out.setframerate(25_600)
        out.writeframes(raw)
    found = read_waveform(file, full_scale=20.0)
    assert found.rate_hz == 25_600.0
    np.testing.assert_allclose(found.values, VALUES * 10.0, atol=20.0 / 2.0 ** (8 * width - 1))


def test_that_a_column_of_an_array_is_taken(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.stack([VALUES, 2.0 * VALUES], axis=1))
    np.testing.assert_array_equal(read_waveform(tmp_path / "a.npy", column=2).values, 2.0 * VALUES)
    with pytest.raises(BadWaveform, match="no column 3"):
        read_waveform(tmp_path / "a.npy", column=3)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"1\n2\nx\n", "line 3"),
        ("a.csv", b"", "no columns"),
        ("a.csv", b"1,2\n3\n", "one length"),
        ("a.csv", b"0,1\n1,1\n5,1\n", "no time in even steps"),
        ("a.wav", b"RIFF", "no WAV"),
        ("a.npy", b"\x93NUMPY", "no array"),
        ("a.xyz", b"1", "give a file that ends in"),
    ],
)
def test_that_what_cannot_be_read_is_told(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadWaveform, match=told):
        read_waveform(tmp_path / name)
