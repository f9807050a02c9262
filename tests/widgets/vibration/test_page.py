"""The page of vibration on a real file with the waveforms of a pump whose bearing fails."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
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
from tests.widgets.plot.hand import press
from widgets import translation
from widgets.case.wording import indicator_text
from widgets.feed import Feed
from widgets.navigation import Navigation
from widgets.vibration.page import VibrationPage
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
    qtbot.waitUntil(lambda: bool(made.hints.text()), timeout=20_000)
    return made


def test_that_the_newest_record_is_told_with_its_zone_and_hint(page: VibrationPage) -> None:
    assert [row.cells[2] for row in page.table.rows] == ["▲ C", "● A", "● A"]
    assert [row.cells[3] for row in page.table.rows] == ["alarm", "schedule", "schedule"]
    assert "zone ▲ C: not for long" in page.state.text()
    assert page.hints.text().startswith("Bearing, outer race: ×")
    assert "no standard" in page.source.text()


def test_that_where_the_zones_come_from_is_told_in_the_operators_language(page: VibrationPage, qtbot: QtBot) -> None:
    translation.set_language("zh")
    qtbot.waitUntil(lambda: "演示工厂" in page.source.text(), timeout=20_000)
    assert "no standard" not in page.source.text()


def test_that_all_points_are_in_view_without_scrolling(page: VibrationPage) -> None:
    assert page.points.rowCount() > 1
    assert page.point_view.verticalScrollBar().maximum() == 0


def test_that_a_former_record_is_chosen_and_stays_behind_the_next(page: VibrationPage, qtbot: QtBot) -> None:
    page.view.selectRow(2)
    qtbot.waitUntil(lambda: page.hints.text() == "No fault shows in the lines.")
    page.compare.click()
    assert page.compare.text().startswith("Compared with")
    page.view.selectRow(1)
    qtbot.waitUntil(lambda: "outer race" in page.hints.text())
    assert [curve.is_former for curve in page.envelope.curves] == [True, False]
    page.compare.click()
    assert [curve.is_former for curve in page.envelope.curves] == [False]


def test_that_a_press_finds_the_line_and_tells_its_order(page: VibrationPage) -> None:
    plot = page.envelope
    hz = outer_race_hz(page._shown.waveform.speed_rpm if page._shown else 0.0)
    press(plot, hz, 3)
    assert plot.cursor_at == pytest.approx(hz, rel=0.03)
    assert "3.2" in plot.readout(plot.cursor_at or 0.0)
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.cursor_at is None


def test_that_a_hinted_line_stands_out(page: VibrationPage) -> None:
    strong = {mark.name for mark in page.envelope.marks if mark.is_strong}
    assert strong == {"BPFO", "2 BPFO", "3 BPFO", "4 BPFO"}


def test_that_causes_are_ranked_each_with_its_evidence_and_the_chosen_one_stands_out(page: VibrationPage) -> None:
    rows = page.causes.rows
    assert (rows[0].cells[0], rows[0].is_strong) == ("Bearing, outer race", True)
    assert "lines stand out" in rows[0].cells[2]
    assert " over the noise" in rows[0].cells[2]
    scores = [float(row.cells[1].removeprefix("×")) for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert {row.key for row in rows} >= {"unbalance", "misalignment", "looseness", "inner_race", "ball", "cage"}
    page.cause_view.selectRow([row.key for row in rows].index("inner_race"))
    strong = {mark.name for mark in page.envelope.marks if mark.is_strong}
    assert {"BPFO", "BPFI", "2 BPFI"} <= strong


def test_that_over_orders_records_of_other_speeds_lie_line_on_line(page: VibrationPage, qtbot: QtBot) -> None:
    shaft_hz = page._shaft_hz
    hz = {mark.name: mark.at for mark in page.velocity.marks}
    page.velocity.move_cursor(shaft_hz)
    page.orders.click()
    assert page.velocity.cursor_at is None
    orders = {mark.name: mark.at for mark in page.velocity.marks}
    assert orders["1×"] == 1.0
    assert orders["2×"] * shaft_hz == pytest.approx(hz["2×"])
    assert page.velocity.x_text(2.0) == "2×"
    assert float(page.velocity.readout(1.0).split(" Hz")[0]) == pytest.approx(shaft_hz, abs=0.5)
    first = page.velocity.curves[0].x
    assert first[1] - first[0] == pytest.approx(page._shown.velocity.step_hz / shaft_hz if page._shown else 0.0)
    page.compare.click()
    page.view.selectRow(2)
    qtbot.waitUntil(lambda: page._shown is not None and page._shown is not page._former)
    assert [curve.is_former for curve in page.velocity.curves] == [True, False]
    page.orders.click()
    assert page.velocity.x_text(50.0) == "50 Hz"


def test_that_another_point_without_records_shows_none_of_the_first(page: VibrationPage, qtbot: QtBot) -> None:
    page.show_equipment("PU02")
    assert page.table.rows == ()
    assert page.hints.text() == ""
    page.show_equipment("PU01")
    qtbot.waitUntil(lambda: bool(page.hints.text()), timeout=20_000)


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
    assert "Measuring points of Engineering" in page.nothing.text()


def test_that_everything_is_told_in_chinese(page: VibrationPage) -> None:
    translation.set_language("zh")
    page.retranslate()
    assert page.hints.text().startswith("轴承外圈")
    assert "区域 ▲ C" in page.state.text()
    feed = page._feed
    assert indicator_text("vibration PU01.DE outer_race", feed) == "振动 PU01.DE：轴承外圈"
    assert indicator_text("vibration PU01.DE zone", feed) == "振动 PU01.DE：区域"
