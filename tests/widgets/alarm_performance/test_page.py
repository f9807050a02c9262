from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
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
from widgets.alarm_performance.rate_strip import bars_of
from widgets.alarm_performance.reading import Performance, performance_of
from widgets.alarm_performance.what_if import Answer
from widgets.navigation import Navigation


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
    assert page.nothing.text() == "No alarm came in this time"


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
    for most in (1, 7, 100, 10_000):
        bars = bars_of(performance.figures, most)
        assert len(bars.came) <= max(most, 1)
        assert bars.came.max() == performance.figures.per_period.max()


def test_that_the_strip_tells_the_place_of_the_pointer(qtbot: QtBot, tmp_path: Path) -> None:
    write_journal(tmp_path / "history.sqlite", occurrences(clock.now_ns()), clock.now_ns())
    page, _ = shown(qtbot, tmp_path)
    qtbot.waitUntil(lambda: len(page.actors.rows) == 2)
    plot = page.strip._plot()
    told = [page.strip.told_at(x) for x in range(int(plot.left()), int(plot.right()))]
    assert page._shown is not None
    most = page._shown.figures.per_period.max()
    assert any(f"Most alarms in 10 min: {most}\n" in text for text in told)
    assert page.strip.told_at(0) == ""


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
