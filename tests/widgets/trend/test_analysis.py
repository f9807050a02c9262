"""The time shown as histogram, XY and spectrum, from the history."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.database import open_writer
from app.history.even_values import MOST, read_even_values
from app.history.reader import HistoryReader
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from tests.widgets.trend.air_station import Station
from widgets.navigation import Navigation
from widgets.operation import wait_for_all
from widgets.trend.page import TrendPage

T0 = 1_700_000_000 * NS_PER_S


@pytest.fixture
def page(station: Station, qtbot: QtBot) -> Iterator[TrendPage]:
    connection = open_writer(station.feed.folder.history)
    seconds = np.arange(4_000)
    wave = 7.0 + 0.5 * np.sin(2 * np.pi * seconds * 0.125)
    writer = HistoryWriter(connection, station.plant.tags)
    for name, values in (("PT-220", wave), ("TT-201-D", 90 + 10 * wave)):
        writer.write(block_of(station.plant.tag(name).handle, T0 + seconds * NS_PER_S, values, status.GOOD))
    connection.close()
    made = TrendPage(station.feed, Navigation(station.plant))
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()
    wait_for_all()


def test_that_a_wave_is_seen_in_all_three_pictures(page: TrendPage, qtbot: QtBot) -> None:
    page.grid.show_panes([["PT-220", "TT-201-D"]])
    page.window_of_time.show(T0, T0 + 4_000 * NS_PER_S)
    dialog = page.show_analysis()
    assert dialog is not None
    qtbot.waitUntil(lambda: len(dialog.xy) == 4_000, timeout=5_000)
    spectrum = dialog.spectrum.curves[0]
    assert spectrum.x[int(np.argmax(spectrum.y))] == pytest.approx(0.125, abs=0.001)
    assert spectrum.y.max() == pytest.approx(0.5, rel=0.02)
    histogram = dialog.histogram.curves[0]
    assert histogram.y[1:-1:2].sum() == pytest.approx(100.0)
    assert (histogram.x[0], histogram.x[-1]) == (pytest.approx(6.5), pytest.approx(7.5))
    line = dialog.xy.line
    assert line is not None
    assert (line.slope, line.offset, line.r2) == pytest.approx((0.1, -9.0, 1.0), abs=1e-6)
    for place in range(3):
        dialog.tabs.setCurrentIndex(place)
        assert not dialog.grab().isNull()
    dialog.close()


def test_that_an_empty_page_says_what_is_missing(page: TrendPage) -> None:
    assert page.show_analysis() is None
    assert "add a signal" in page.notice.text()


def test_that_ten_years_are_read_at_a_bounded_number_of_instants(page: TrendPage, station: Station) -> None:
    with HistoryReader(station.feed.folder.history) as reader:
        found = read_even_values(reader, ["PT-220"], T0 - 10**17, T0 + 10**17)
        fine = read_even_values(reader, ["PT-220"], T0, T0 + 100 * NS_PER_S, least_step=NS_PER_S, keeps_step=True)
        with pytest.raises(ValueError, match="empty"):
            read_even_values(reader, ["PT-220"], T0, T0)
    assert len(found.time) <= MOST
    assert np.diff(fine.time).tolist() == [NS_PER_S] * 99
