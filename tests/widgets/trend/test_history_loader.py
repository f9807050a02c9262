"""History comes off the GUI thread, from the plant's own file, and a missing or broken file is no disaster."""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.database import open_reader, open_writer
from app.history.layout import HOUR_NS
from app.history.reader import HistoryReader
from app.history.retention import RetentionRules, retention_steps
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.retention import Retention
from app.model.tag import TagDefinition
from app.model.text import LocalText
from widgets.trend.history_loader import HistoryLoader, read_history
from widgets.trend.live_buffer import LiveBuffer
from widgets.trend.trace import HistoryQuery, Trace

T0 = 1_795_530_000 * NS_PER_S
TAG = TagDefinition(0, "T", "E", LocalText("T"), "c", "a", scan_ms=1_000)


@pytest.fixture
def history(tmp_path: Path) -> Path:
    path = tmp_path / "history.sqlite"
    connection = open_writer(path)
    seconds = np.arange(1_000)
    codes = np.where(seconds % 100 == 50, status.BAD_TIMEOUT, status.GOOD)
    values = np.where(codes == status.GOOD, np.sin(seconds / 50), np.nan)
    values[777] = 40.0
    HistoryWriter(connection, [TAG]).write(block_of(0, T0 + seconds * NS_PER_S, values, codes))
    connection.close()
    return path


def trace() -> Trace:
    return Trace(TAG, LiveBuffer(16))


def test_that_samples_are_brought_into_the_curve(history: Path, qtbot: QtBot) -> None:
    owner, target = QObject(), trace()
    loader = HistoryLoader(history, owner)
    with qtbot.waitSignal(loader.loaded, timeout=5_000):
        loader.ask(HistoryQuery("T", T0, T0 + 1_000 * NS_PER_S), target)
    assert not loader.is_loading
    columns = target.columns(T0 // NS_PER_S, T0 // NS_PER_S + 1_000, NS_PER_S)
    assert len(columns) == 990
    assert columns.high.max() == 40.0


@pytest.mark.parametrize("buckets", [0, 400])
def test_that_a_curve_of_samples_that_are_no_longer_kept_is_that_of_their_minutes(tmp_path: Path, buckets: int) -> None:
    seconds = np.arange(6 * 3_600)
    start = T0 // HOUR_NS * HOUR_NS
    with (
        closing(open_writer(tmp_path / "history.sqlite")) as connection,
        closing(open_reader(connection.path)) as reading,
    ):
        HistoryWriter(connection, [TAG]).write(block_of(0, start + seconds * NS_PER_S, np.sin(seconds / 500)))
        HistoryUpkeep(connection.path, lambda step: step(connection)).settle()
        for step in retention_steps(reading, RetentionRules(Retention(1.0)), start + 48 * HOUR_NS):
            step(connection)
    query = HistoryQuery("T", start, start + 6 * HOUR_NS, buckets)
    loaded = read_history(HistoryReader(tmp_path / "history.sqlite"), query)
    assert len(loaded.stretch) == 6 * 60
    target = trace()
    target.take(loaded)
    columns = target.columns(start // (10 * NS_PER_S), (start + 6 * HOUR_NS) // (10 * NS_PER_S), 10 * NS_PER_S)
    assert not columns.severed[1:].any()
    assert columns.high.max() > 0.999


def test_that_buckets_keep_the_spike_and_are_only_doubtful_where_a_sample_was_bad(history: Path) -> None:
    query = HistoryQuery("T", T0, T0 + 1_000 * NS_PER_S, 50)
    loaded = read_history(HistoryReader(history), query)
    assert loaded.stretch.high.max() == 40.0
    assert set(loaded.stretch.status.tolist()) == {status.GOOD, status.UNCERTAIN}
    assert bool((np.diff(loaded.stretch.time) > 0).all())


def test_that_a_missing_file_is_an_empty_history(tmp_path: Path, qtbot: QtBot) -> None:
    owner, target = QObject(), trace()
    loader = HistoryLoader(tmp_path / "none.sqlite", owner)
    with qtbot.waitSignal(loader.loaded, timeout=5_000):
        loader.ask(HistoryQuery("T", T0, T0 + NS_PER_S), target)
    assert target.loaded is not None
    assert len(target.loaded.stretch) == 0


def test_that_a_broken_file_is_told_once_and_not_asked_at_once_again(
    tmp_path: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "history.sqlite"
    path.write_bytes(b"no database at all" * 100)
    owner, target = QObject(), trace()
    loader = HistoryLoader(path, owner)
    with caplog.at_level(logging.ERROR):
        loader.ask(HistoryQuery("T", T0, T0 + NS_PER_S), target)
        qtbot.waitUntil(lambda: bool(loader.problem), timeout=5_000)
    assert str(path) in loader.problem
    assert len([record for record in caplog.records if "history.unreadable" in record.message]) == 1
    loader.ask(HistoryQuery("T", T0, T0 + NS_PER_S), target)
    assert not loader.is_loading


def test_that_a_second_question_waits_for_the_first(history: Path, qtbot: QtBot) -> None:
    owner, target = QObject(), trace()
    loader = HistoryLoader(history, owner)
    first = HistoryQuery("T", T0, T0 + 10 * NS_PER_S)
    with qtbot.waitSignal(loader.loaded, timeout=5_000):
        loader.ask(first, target)
        loader.ask(HistoryQuery("T", T0, T0 + 20 * NS_PER_S), target)
    assert target.loaded is not None
    assert target.loaded.query == first
