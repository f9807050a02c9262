"""A page of any kind that was closed leaves nothing behind, however often one is opened."""

from __future__ import annotations

import gc
from collections import Counter
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QDeadlineTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.plant.demo import demo_plant
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from tests.widgets import plant
from tests.widgets.left_behind import alive, close_page
from tests.widgets.screen import PAGES
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.feed import Feed
from widgets.navigation import Navigation
from widgets.pages import pages_of
from widgets.pictures import settle
from widgets.preference import Preferences

WARM, OPENED = 4, 85
ENOUGH_MS = 20_000
MOST_GROWTH_BYTES = 64_000_000
"""64 kB for each of a thousand pages."""


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    """What the demo plant tells whose collector does not run."""
    folder, definition = PlantFolder(tmp_path / "plant"), demo_plant()
    folder.path.mkdir()
    write_plant(folder.configuration, definition)
    feed = Feed(definition, folder)
    feed.is_linked = True
    plant.fill(feed, [50.0] * len(definition.tags))
    return feed


def open_and_close(feed: Feed, acknowledgement: Acknowledgement, key: str) -> None:
    """Open a page as the window does, let it read what it shows, and close it."""
    navigation = Navigation(feed.plant)
    factory = next(each for each in pages_of(feed.folder, acknowledgement) if each.key == key)
    page = factory.build(feed, navigation)
    page.resize(1_200, 800)
    page.show()
    settle(shortest_ms=1)
    close_page(page, navigation)


def left_over(feed: Feed, tmp_path: Path, key: str, times: int) -> Counter[str]:
    """Return what stays of a page that was opened so often."""
    window = QWidget()
    acknowledgement = Acknowledgement(feed, Preferences(tmp_path / "window.ini"), window)
    open_and_close(feed, acknowledgement, key)
    before = alive()
    for _ in range(times):
        open_and_close(feed, acknowledgement, key)
    longest = QDeadlineTimer(ENOUGH_MS)
    while (left := alive() - before) and not longest.hasExpired():
        settle(shortest_ms=50)  # what a closed page has begun may still end
    return left


@pytest.mark.usefixtures("qapp")
def test_that_a_closed_page_of_maintenance_leaves_no_object_of_ours(feed: Feed, tmp_path: Path) -> None:
    assert left_over(feed, tmp_path, "maintenance", 1) == Counter()


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("key", PAGES)
def test_that_closed_pages_of_each_kind_leave_no_object_of_ours(feed: Feed, tmp_path: Path, key: str) -> None:
    assert left_over(feed, tmp_path, key, 5) == Counter()


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_that_memory_is_flat_over_a_thousand_pages_of_all_kinds(qapp: QApplication, feed: Feed, tmp_path: Path) -> None:
    window = QWidget()
    acknowledgement = Acknowledgement(feed, Preferences(tmp_path / "window.ini"), window)
    process = psutil.Process()
    for _ in range(WARM):
        for key in PAGES:
            open_and_close(feed, acknowledgement, key)
    gc.collect()
    before = process.memory_info().rss
    for _ in range(OPENED):
        for key in PAGES:
            open_and_close(feed, acknowledgement, key)
        gc.collect()
    assert OPENED * len(PAGES) > 1_000
    assert process.memory_info().rss - before < MOST_GROWTH_BYTES
