"""Waveforms in a real file: bit for bit the same again, figures for good, samples for as long as is said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import IntegrityError

import numpy as np
import pytest

from app.database import PlantConnection, open_writer
from app.model.vibration import Trigger
from app.vibration.analysis import analyse
from app.vibration.codec import pack, unpack
from app.vibration.store import WaveformStore, newest_times, records_of, waveform_of
from app.vibration.waveform import BadWaveform, check_waveform
from tests.app.vibration.synthetic import COUNT, POINT, ZONES, noise, tone, waveform


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[PlantConnection]:
    with closing(open_writer(tmp_path / "history.sqlite")) as opened:
        yield opened


def test_that_a_waveform_comes_back_bit_for_bit(connection: PlantConnection) -> None:
    given = replace(waveform(noise(1.0) + tone(50.0, 2.0), time=7), trigger=Trigger.SCHEDULE)
    measure = analyse(given, POINT, ZONES).measure
    assert WaveformStore(connection).add(given, measure)
    (record,) = records_of(connection, "PU01.DE")
    assert record.measure == measure
    found = waveform_of(connection, record.id)
    assert found is not None
    np.testing.assert_array_equal(found.values, given.values)
    none = np.empty(0)
    assert str(replace(found, values=none)) == str(replace(given, id=record.id, values=none))
    assert newest_times(connection) == {"PU01.DE": 7}


def test_that_the_same_instant_is_stored_once(connection: PlantConnection) -> None:
    given = waveform(noise(1.0))
    store = WaveformStore(connection)
    measure = analyse(given, POINT).measure
    assert store.add(given, measure)
    assert not store.add(given, measure)
    assert len(records_of(connection)) == 1


def test_that_old_samples_go_but_not_figures_alarms_and_the_first(connection: PlantConnection) -> None:
    store = WaveformStore(connection)
    for time in range(1, 6):
        given = waveform(noise(1.0, seed=time), time=time)
        given = replace(given, trigger=Trigger.ALARM if time == 3 else Trigger.SCHEDULE)
        store.add(given, analyse(given, POINT).measure)
    assert store.thin("PU01.DE", 5) == 2
    assert [(each.time, each.has_samples) for each in records_of(connection)] == [
        (5, True),
        (4, False),
        (3, True),
        (2, False),
        (1, True),
    ]
    assert waveform_of(connection, records_of(connection)[1].id) is None
    assert store.thin("PU01.DE", 5) == 0


def test_that_a_record_cannot_be_deleted(connection: PlantConnection) -> None:
    given = waveform(noise(1.0))
    WaveformStore(connection).add(given, analyse(given, POINT).measure)
    with pytest.raises(IntegrityError, match="never deleted"):
        connection.execute("DELETE FROM vibration_record")


def test_that_values_of_single_precision_take_less_room() -> None:
    exact = noise(1.0)
    single = exact.astype(np.float32).astype(np.float64)
    assert len(pack(single)) < 0.6 * len(pack(exact))
    np.testing.assert_array_equal(unpack(pack(single), COUNT), single)


@pytest.mark.parametrize("damage", [b"", b"\x01", b"\x09d123", b"\x01d" + b"\x00" * 20, b"\x02f123"])
def test_that_damaged_samples_are_told(damage: bytes) -> None:
    with pytest.raises(BadWaveform):
        unpack(damage, COUNT)


def test_that_a_shorter_column_is_told() -> None:
    with pytest.raises(BadWaveform, match="damaged"):
        unpack(pack(noise(1.0)), COUNT + 1)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (waveform(noise(1.0, count=100)), "100 samples"),
        (waveform(np.append(noise(1.0), np.nan)), "1 samples are no numbers"),
        (waveform(noise(1.0), unit="bar"), "'bar' is no vibration"),
        (replace(waveform(noise(1.0)), rate_hz=0.0), "sample rate"),
    ],
)
def test_that_what_is_no_waveform_is_told(given: object, told: str) -> None:
    with pytest.raises(BadWaveform, match=told):
        check_waveform(given)  # type: ignore[arg-type]
