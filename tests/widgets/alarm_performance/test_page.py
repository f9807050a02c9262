from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.alarm.refusal import AlarmError
from app.database import DatabaseDamaged
from app.model import clock
from app.plant.folder import PlantFolder
from tests.app.alarm.statistics.month import write_journal
from tests.app.alarm.statistics.plain_figures import MINUTE, Plain
from tests.widgets import plant
from widgets import translation
from widgets.alarm_performance.page import SPANS, PerformancePage
from widgets.alarm_performance.rate_strip import RateStrip
from widgets.alarm_performance.reading import Performance, performance_of
from widgets.alarm_performance.what_if import Answer
from widgets.navigation import Navigation
from widgets.plot.library import PlotDataItem


def occurrences(now: int) -> list[Plain]:
    """A flood of AC01 half a day ago, three alarms of F01 within the last hour."""
    flood = now - 720 * MINUTE
    found = [
        Plain("AC01.T_D.H", 2, flood + place * MINUTE // 2, flood + place * MINUTE // 2 + 9, None)
        for place in range(30)
    ]
    return [*found, *(Plain("F01.T.H", 3, now - age * MINUTE, now - age * MINUTE + 5, None) for age in (50, 30, 10))]


def nothing(alarm: str) -> Answer:
    raise AlarmError(f"{alarm}: cannot be told from the history")


def shown(qtbot: QtBot, folder: Path) -> tuple[PerformancePage, Navigation]:
    feed = plant.feed(folder)
    navigation = Navigation(feed.plant)
    page = PerformancePage(feed, navigation, read=performance_of(PlantFolder(folder)), ask=nothing)
    qtbot.addWidget(page)
    page.resize(1500, 700)
    page.show()
    return page, navigation


def cells(page: PerformancePage, key: str) -> tuple[str, ...]:
    return next(row.cells for row in page.figures.rows if row.key == key)


def test_that_the_page_tells_figures_beside_their_recommendation(qtbot: QtBot, tmp_path: Path) -> None:
    write_journal(tmp_path / "history.sqlite", occurrences(clock.now_ns()), clock.now_ns())
    page, _ = shown(qtbot, tmp_path)
    qtbot.waitUntil(lambda: len(page.actors.rows) == 2)
    assert cells(page, "peak")[2:] == ("≤ 10", "▲ not acceptable")
    assert cells(page, "stale")[1:] == ("0", "< 5, with a plan", "as recommended")
    assert [row.cells[3] for row in page.actors.rows] == ["30", "3"]
    translation.set_language("zh")
    qtbot.waitUntil(lambda: cells(page, "peak")[0] == "10 分钟内最多报警数")


def test_that_a_shift_leaves_out_what_came_before(qtbot: QtBot, tmp_path: Path) -> None:
    write_journal(tmp_path / "history.sqlite", occurrences(clock.now_ns()), clock.now_ns())
    page, _ = shown(qtbot, tmp_path)
    page.spans[0].click()
    qtbot.waitUntil(lambda: [row.key for row in page.actors.rows] == ["F01.T.H"])


def test_that_a_bad_actor_leads_to_its_trend(qtbot: QtBot, tmp_path: Path) -> None:
    write_journal(tmp_path / "history.sqlite", occurrences(clock.now_ns()), clock.now_ns())
    page, navigation = shown(qtbot, tmp_path)
    qtbot.waitUntil(lambda: len(page.actors.rows) == 2)
    assert not page.open_trend.isEnabled()
    page.actor_view.selectRow(1)
    assert page.open_trend.isEnabled()
    QTest.keyClick(page.actor_view, Qt.Key.Key_Return)
    assert (navigation.page, navigation.tag) == ("equipment", "F01.T")
    page.actor_view.selectRow(0)
    page.open_trend.click()
    assert navigation.tag == "AC01.T_D"


def test_that_a_plant_without_history_says_that_nothing_came(qtbot: QtBot, tmp_path: Path) -> None:
    page, _ = shown(qtbot, tmp_path)
    qtbot.waitUntil(lambda: page._operation is None)
    assert page.nothing.isVisible()
    assert page.nothing.text() == "No alarm came in this time. A longer one is chosen above."


def test_that_a_file_that_cannot_be_read_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    def fail(span: int) -> Performance | None:
        raise DatabaseDamaged("history.sqlite: is damaged: restore a backup")

    feed = plant.feed(tmp_path)
    page = PerformancePage(feed, Navigation(feed.plant), read=fail, ask=nothing)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: "restore a backup" in page.stretch.text())


@pytest.mark.parametrize("span", SPANS)
def test_that_no_peak_is_lost_in_the_strip(qtbot: QtBot, tmp_path: Path, span: int) -> None:
    write_journal(tmp_path / "history.sqlite", occurrences(clock.now_ns()), clock.now_ns())
    performance = performance_of(PlantFolder(tmp_path))(span)
    assert performance is not None
    strip = RateStrip()
    qtbot.addWidget(strip)
    strip.resize(600, 240)
    strip.show()
    strip.show_figures(performance.figures)
    QApplication.processEvents()
    for plot, values in ((strip.rate, performance.figures.per_period), (strip.active, performance.figures.standing)):
        curve = next(item for item in plot._items if isinstance(item, PlotDataItem))
        assert curve.curve.getData()[1].max() == values.max()


def test_that_the_strip_tells_the_place_of_the_pointer_and_of_the_cursor(qtbot: QtBot, tmp_path: Path) -> None:
    write_journal(tmp_path / "history.sqlite", occurrences(clock.now_ns()), clock.now_ns())
    page, _ = shown(qtbot, tmp_path)
    qtbot.waitUntil(lambda: len(page.actors.rows) == 2)
    assert page._shown is not None
    figures, strip = page._shown.figures, page.strip
    highest = int(figures.per_period.argmax())
    at = figures.start / 1e9 + (highest + 0.5) * 600
    told = strip.rate.told_at(QPointF(at, 0.0))
    assert f"Alarms: {figures.per_period[highest]} " in told
    assert told.endswith(f"Active: {figures.standing[highest]}")
    strip.active.move_cursor(at)
    assert strip.rate.cursor_at == at
    assert strip.rate._readout.text == told
    strip.rate.zoom(0.5)
    assert strip.active.span == pytest.approx(strip.rate.span)


def test_that_the_chosen_alarm_is_asked_about_and_a_refusal_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    write_journal(tmp_path / "history.sqlite", occurrences(clock.now_ns()), clock.now_ns())
    page, _ = shown(qtbot, tmp_path)
    qtbot.waitUntil(lambda: len(page.actors.rows) == 2)
    assert page.ask_what_if() is None
    page.actor_view.selectRow(1)
    dialog = page.ask_what_if()
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.summary.text() == "F01.T.H: cannot be told from the history")
    dialog.reject()
