"""A page that was closed leaves nothing behind, however often one is opened."""

from __future__ import annotations

import gc
from collections import Counter
from pathlib import Path

import psutil
import pytest
from PySide6.QtWidgets import QApplication

from app.model import clock
from app.model.block import block_of
from tests.widgets.left_behind import alive, close_page
from tests.widgets.trend.air_station import Station, build_station, make_forecasts, make_healths, raise_alarms, receive
from widgets.equipment.page import EquipmentPage
from widgets.navigation import Navigation
from widgets.tidying import Tidying

OPENED, WARM = 1_000, 200
MOST_GROWTH_BYTES = 64_000_000
"""64 kB for each page; a page whose history is kept with it takes more than a megabyte."""


def open_and_close(station: Station) -> None:
    """Open a page with trends, picture, health and forecasts, let it show a new value, and close it."""
    navigation = Navigation(station.plant)
    navigation.select_equipment("C-201")
    page = EquipmentPage(station.feed, navigation)
    page.resize(1_200, 800)
    page.show()
    QApplication.processEvents()
    tag = station.plant.tag("TT-201-D")
    receive(station.feed, block_of(tag.handle, clock.now_ns(), 99.0, 0), station.plant)
    QApplication.processEvents()
    close_page(page, navigation)


@pytest.fixture
def full_station(tmp_path: Path) -> Station:
    station = build_station(tmp_path, now=clock.now_ns(), hours=0.15, step_s=2.0)
    raise_alarms(station)
    make_forecasts(station)
    make_healths(station)
    return station


def test_that_ten_closed_pages_leave_no_object_of_ours(qapp: QApplication, full_station: Station) -> None:
    open_and_close(full_station)
    before = alive()
    for _ in range(10):
        open_and_close(full_station)
    assert alive() - before == Counter()


@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_that_memory_is_flat_over_a_thousand_pages(qapp: QApplication, full_station: Station) -> None:
    process = psutil.Process()
    tidying = Tidying(qapp)
    for _ in range(WARM):
        open_and_close(full_station)
    gc.collect()
    before = process.memory_info().rss
    for _ in range(OPENED):
        open_and_close(full_station)
    tidying.close()
    gc.collect()
    assert process.memory_info().rss - before < MOST_GROWTH_BYTES
