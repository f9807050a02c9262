"""A window that goes to a display of another scale is drawn for that one: nothing blurred, shifted, cut or stale."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.exceptions import TimeoutError as NeverHeld
from pytestqt.qtbot import QtBot

from app.model import clock
from tests.displays import bring
from tests.widgets import plant
from tests.widgets.trend.air_station import Station, build_station, make_forecasts, make_healths, raise_alarms
from widgets import theme
from widgets.alarm.page import AlarmPage
from widgets.equipment.page import EquipmentPage
from widgets.main_window import MainWindow
from widgets.operation import wait_for_all
from widgets.pages import pages_of
from widgets.picture.view import PictureView
from widgets.pictures import settle
from widgets.preference import Preferences
from widgets.translation import set_language

pytestmark = pytest.mark.qt_log_ignore("does not support")
SIZE, RATIO = (1280, 720), 1.5
CURSOR = plant.NOW - 600 * plant.SECOND
PAGES = ("equipment", "alarms")
Pixels = NDArray[np.uint32]


@pytest.fixture(scope="module")
def station(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """A plant whose clock stands still: whenever it is drawn, it is drawn alike."""
    theme.apply(qapp, theme.load("dark"))
    set_language("en")
    with clock.frozen(plant.NOW):
        station = build_station(tmp_path_factory.mktemp("plant"), now=plant.NOW, hours=0.5, step_s=2.0)
        raise_alarms(station)
        make_forecasts(station)
        make_healths(station)
        yield station
        wait_for_all()


@pytest.fixture(scope="module")
def moved(station: Station, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """A window that was drawn on a display of ratio 1, and then brought to another."""
    with shown(station, 1.0, tmp_path_factory.mktemp("moved") / "window.ini") as window:
        for page in reversed(PAGES):
            window.navigation.open_page(page)
            settle(shortest_ms=100)
        bring(window, RATIO)
        yield window


@contextmanager
def shown(station: Station, ratio: float, settings: Path) -> Iterator[MainWindow]:
    """Show a window on a display."""
    folder = station.feed.folder
    preferences = Preferences(settings)
    preferences.language = "en"
    pages = lambda deeds: [each for each in pages_of(folder, deeds) if each.key in PAGES]  # noqa: E731
    window = MainWindow(station.feed, preferences=preferences, pages=pages)
    window.resize(*SIZE)
    bring(window, ratio)
    window.show()
    window.navigation.select_equipment("C-201")
    window.setFocus()
    page = window.page("equipment")
    assert isinstance(page, EquipmentPage)
    page.window_of_time.show(plant.NOW - 1_200 * plant.SECOND, plant.NOW)  # held: nothing but the display differs
    page.window_of_time.move_cursor(CURSOR)
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()


def pixels(image: QImage) -> Pixels:
    whole = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(whole.constBits(), np.uint32).reshape(whole.height(), whole.bytesPerLine() // 4)
    return (rows[:, : whole.width()] & 0xFFFFFF).astype(np.uint32)


def on_glass(window: QWidget) -> Pixels:
    """Return what stands on the display, painted piece by piece as it changed."""
    store = window.backingStore().paintDevice()
    assert isinstance(store, QImage)
    return pixels(store.copy()) if not store.isNull() else np.empty((0, 0), np.uint32)


def difference(qtbot: QtBot, one: MainWindow, other: MainWindow, page: str) -> int:
    """Return how many pixels of two windows that show a page differ, once both are drawn."""

    def count() -> int:
        first, second = on_glass(one), on_glass(other)
        return int(np.count_nonzero(first != second)) if first.shape == second.shape else -1

    for window in (one, other):
        window.navigation.open_page(page)
    with suppress(NeverHeld):
        qtbot.waitUntil(lambda: count() == 0, timeout=20_000)
    return count()


def test_that_a_window_from_another_display_looks_as_one_that_was_made_there(
    qtbot: QtBot, station: Station, moved: MainWindow, tmp_path: Path
) -> None:
    moved.setFocus()
    with shown(station, RATIO, tmp_path / "window.ini") as made:
        for page in PAGES:
            assert difference(qtbot, moved, made, page) == 0, page
    assert on_glass(moved).shape == (round(SIZE[1] * RATIO), round(SIZE[0] * RATIO))


def test_that_what_stands_on_the_display_is_what_a_fresh_painting_gives(qtbot: QtBot, moved: MainWindow) -> None:
    moved.navigation.open_page("alarms")
    page = moved.page("alarms")
    assert isinstance(page, AlarmPage)
    rows = page.active.view

    def is_fresh() -> bool:
        return moved.devicePixelRatioF() == RATIO and np.array_equal(on_glass(moved), pixels(moved.grab().toImage()))

    QTest.keyClick(rows, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: rows.isVisible() and is_fresh(), timeout=20_000)
    for phase in (False, True):  # a part of each row: the signs alone blink
        rows.blink(phase)
        QApplication.processEvents()
    qtbot.waitUntil(is_fresh, timeout=20_000)


def test_that_the_pointer_finds_what_it_points_at(qtbot: QtBot, moved: MainWindow) -> None:
    moved.navigation.open_page("equipment")
    page = moved.page("equipment")
    assert isinstance(page, EquipmentPage)
    plot = page.grid.panes[0].plot
    qtbot.waitUntil(lambda: plot.frame is not None and plot.frame.look[-1] == RATIO, timeout=20_000)
    place, none = QPointF(150, 60), Qt.MouseButton.NoButton
    move = QMouseEvent(
        QEvent.Type.MouseMove, place, plot.mapToGlobal(place), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(plot, move)
    frame = plot.frame
    assert frame is not None
    assert page.window_of_time.cursor == frame.geometry.time(150.0)
    view = page.findChild(PictureView)
    assert isinstance(view, PictureView)
    stops, scene = view.stops(), view._present()
    assert scene is not None
    assert len(stops) > 4
    for stop in stops:
        assert stop.of in (view.symbol_at(stop.place.center()), scene.readout_at(stop.place.center()))
    page.window_of_time.move_cursor(CURSOR)
