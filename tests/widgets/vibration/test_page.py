"""The page of vibration on a real file with the waveforms of a pump whose bearing fails."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.database import open_writer
from app.model import clock
from app.model.plant import Plant
from app.model.vibration import Trigger
from app.plant.folder import PlantFolder
from app.vibration.analysis import analyse
from app.vibration.store import WaveformStore
from app.vibration.waveform import Waveform
from drivers.simulation.definition import demo_plant
from drivers.simulation.pump import Pump, outer_race_hz
from drivers.simulation.waveform import RATE_HZ, drive_end
from tests.widgets import plant as small
from widgets import translation
from widgets.case.wording import indicator_text
from widgets.feed import Feed
from widgets.navigation import Navigation
from widgets.vibration.page import VibrationPage
from widgets.vibration.plot import Curve, LinePlot, Mark
from widgets.vibration.reading import VibrationReading

PLANT = demo_plant()
POINT = PLANT.measuring_points[0]
DAMAGE = (0.0, 0.2, 0.8)
MINUTE = 60 * clock.NS_PER_S


def write_records(folder: PlantFolder, now: int) -> None:
    """Three records of PU01, worse and worse, the last one by an alarm."""
    with closing(open_writer(folder.history)) as connection:
        store = WaveformStore(connection)
        for k, damage in enumerate(DAMAGE):
            pump = Pump("PU01", wanted=True, speed=1.0, race_damage=damage, shaft_kw=10.9)
            values = drive_end(pump, np.random.default_rng(k))
            trigger = Trigger.ALARM if damage == DAMAGE[-1] else Trigger.SCHEDULE
            time = now - (len(DAMAGE) - k) * MINUTE
            waveform = Waveform(POINT.id, "PU01", time, RATE_HZ, "m/s2", values, pump.rpm, trigger)
            store.add(waveform, analyse(waveform, POINT, PLANT.zones_of(POINT)).measure)


def page_of(qtbot: QtBot, path: Path, plant: Plant) -> VibrationPage:
    folder = PlantFolder(path)
    feed = Feed(plant, folder)
    page = VibrationPage(feed, Navigation(plant), reading=VibrationReading(folder, plant))
    page.resize(1500, 800)
    qtbot.addWidget(page)
    page.show()
    return page


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> VibrationPage:
    write_records(PlantFolder(tmp_path), clock.now_ns())
    made = page_of(qtbot, tmp_path, PLANT)
    qtbot.waitUntil(lambda: bool(made.hints.text()))
    return made


def test_that_the_newest_record_is_told_with_its_zone_and_hint(page: VibrationPage) -> None:
    assert [row.cells[2] for row in page.table.rows] == ["▲ C", "● A", "● A"]
    assert [row.cells[3] for row in page.table.rows] == ["alarm", "schedule", "schedule"]
    assert "zone ▲ C: not for long" in page.state.text()
    assert page.hints.text().startswith("Bearing, outer race: ×")
    assert "no standard" in page.source.text()


def test_that_a_former_record_is_chosen_and_stays_behind_the_next(page: VibrationPage, qtbot: QtBot) -> None:
    page.view.selectRow(2)
    qtbot.waitUntil(lambda: page.hints.text() == "No fault shows in the lines.")
    page.compare.click()
    assert page.compare.text().startswith("Compared with")
    page.view.selectRow(1)
    qtbot.waitUntil(lambda: "outer race" in page.hints.text())
    assert [curve.is_former for curve in page.envelope._curves] == [True, False]
    page.compare.click()
    assert [curve.is_former for curve in page.envelope._curves] == [False]


def test_that_a_press_finds_the_line_and_tells_its_order(page: VibrationPage) -> None:
    plot = page.envelope
    hz = outer_race_hz(page._shown.waveform.speed_rpm if page._shown else 0.0)
    at = QPoint(round(plot._x(hz)) + 3, plot.height() // 2)
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=at)
    assert plot.cursor_at == pytest.approx(hz, rel=0.03)
    assert "3.2" in plot.readout(plot.cursor_at or 0.0)
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.cursor_at is None


def test_that_a_hinted_line_stands_out(page: VibrationPage) -> None:
    strong = {mark.name for mark in page.envelope._marks if mark.is_strong}
    assert strong == {"BPFO", "2 BPFO", "3 BPFO", "4 BPFO"}


def test_that_another_point_without_records_shows_none_of_the_first(page: VibrationPage, qtbot: QtBot) -> None:
    page.show_equipment("PU02")
    assert page.table.rows == ()
    assert page.hints.text() == ""
    page.show_equipment("PU01")
    qtbot.waitUntil(lambda: bool(page.hints.text()))


def test_that_samples_that_are_no_longer_kept_are_told(page: VibrationPage, qtbot: QtBot, tmp_path: Path) -> None:
    with closing(open_writer(PlantFolder(tmp_path).history)) as connection:
        WaveformStore(connection).thin(POINT.id, clock.now_ns())
    page.renew()
    qtbot.waitUntil(lambda: page.table.rows[1].cells[3] == "schedule, figures only")
    page.view.selectRow(1)
    qtbot.waitUntil(lambda: "not kept any more" in page.note.text())
    assert page.hints.text() == ""


def test_that_a_plant_without_points_says_how_to_have_one(qtbot: QtBot, tmp_path: Path) -> None:
    page = page_of(qtbot, tmp_path, small.plant())
    assert page.nothing.isVisible()
    assert "[[measuring_point]]" in page.nothing.text()


def test_that_everything_is_told_in_chinese(page: VibrationPage) -> None:
    translation.set_language("zh")
    page.retranslate()
    assert page.hints.text().startswith("轴承外圈")
    assert "区域 ▲ C" in page.state.text()
    feed = page._feed
    assert indicator_text("vibration PU01.DE outer_race", feed) == "振动 PU01.DE：轴承外圈"
    assert indicator_text("vibration PU01.DE zone", feed) == "振动 PU01.DE：区域"


def test_that_zooming_keeps_the_place_under_the_pointer_and_ends_at_the_whole(qtbot: QtBot) -> None:
    plot = LinePlot()
    qtbot.addWidget(plot)
    plot.resize(600, 300)
    x = np.linspace(0.0, 1000.0, 5001)
    curve = Curve(x, np.where(np.abs(x - 250.0) < 0.15, 5.0, 0.1))
    plot.show_curves([curve], marks=[Mark(250.0, "1×")])
    plot.show()
    middle = plot._x(250.0)
    before = plot._value_at(middle)
    plot._span = (200.0, 400.0)
    plot.show_curves([replace(curve)], marks=[])
    assert plot.span == (200.0, 400.0)
    plot.reset()
    assert plot.span == (0.0, 1000.0)
    assert plot._value_at(plot._x(before)) == pytest.approx(250.0)
