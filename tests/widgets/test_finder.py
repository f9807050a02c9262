"""The search finds by any part of a name, in either language, the best hit first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.model.text import LocalText
from app.pubsub.frame import AlarmsChanged
from tests.widgets import plant, screen
from widgets import plant_names
from widgets.alarm.page import AlarmPage
from widgets.findable import Findable, actions_of
from widgets.finder import Finder
from widgets.main_window import MainWindow
from widgets.navigation import Navigation
from widgets.target import Target

# what the platform without a display cannot do for a popup
pytestmark = pytest.mark.qt_log_ignore("does not support raise", "does not support grabbing the keyboard")


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    window = screen.window(tmp_path)
    qtbot.addWidget(window)
    yield window
    window.feed.close()


@pytest.fixture
def navigation(window: MainWindow) -> Navigation:
    return window.navigation


@pytest.fixture
def targets(window: MainWindow) -> Findable:
    window.findable.prepare(lambda: None)
    return window.findable


def titles(targets: Findable, text: str) -> list[str]:
    return [target.title for target in targets.search(text)]


def test_that_an_exact_name_comes_first(targets: Findable) -> None:
    assert titles(targets, "p01")[0] == "Cooling pump P01"
    assert titles(targets, "alarms")[0] == "Alarms"


def test_that_all_words_must_be_found_in_any_order(targets: Findable) -> None:
    assert titles(targets, "temperature furnace") == ["Furnace temperature", "Furnace temperature high"]
    assert titles(targets, "temperature nowhere") == []


def test_that_chinese_names_are_found_while_the_screens_are_english(targets: Findable) -> None:
    assert titles(targets, "排气温度")[0] == "Discharge temperature"


def test_that_tags_are_found_by_their_identifier(targets: Findable, navigation: Navigation) -> None:
    hit = targets.search("ac01.p_d")[0]
    hit.open()
    assert (navigation.page, navigation.equipment, navigation.tag) == ("equipment", "AC01", "AC01.P_D")


def test_that_arrows_choose_and_enter_opens(qtbot: QtBot, targets: Findable, navigation: Navigation) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    finder = Finder(targets, window)
    finder.appear(QPoint(400, 100))
    finder.field.setText("compressor")
    assert finder.list.currentRow() == 0
    qtbot.keyClick(finder.field, Qt.Key.Key_Down)  # type: ignore[no-untyped-call] # pytest-qt's keys
    assert finder.list.currentRow() == 1
    chosen: Target = finder.list.currentItem().data(Qt.ItemDataRole.UserRole)
    qtbot.keyClick(finder.field, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
    assert navigation.equipment == chosen.detail


def test_that_nothing_found_is_said(qtbot: QtBot, targets: Findable) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    finder = Finder(targets, window)
    finder.appear(QPoint(400, 100))
    finder.search("no such thing")
    assert finder.nothing.isVisible()
    assert not finder.list.isVisible()
    finder.close()


def test_that_actions_of_the_window_can_be_found(window: MainWindow) -> None:
    actions = [target.title for target in actions_of(window)]
    assert "Switch between dark and light" in actions
    assert "Acknowledge all in view" in actions


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("pqwd", "Discharge temperature"),  # 排气温度
        ("dt", "Discharge temperature"),
        ("debv", "Drive-end bearing vibration"),
        ("chyc", "Oil tank T01"),  # 淬火油槽
        ("ott", "Oil tank T01"),
    ],
)
def test_that_initials_find_a_name_in_either_language(targets: Findable, typed: str, first: str) -> None:
    assert first in titles(targets, typed)[:3]


def test_that_a_part_of_a_name_comes_before_initials_within(targets: Findable) -> None:
    found = titles(targets, "al")
    assert found[0] == "Alarms"


def test_that_what_was_opened_last_comes_first(qtbot: QtBot, window: MainWindow) -> None:
    window.show()
    window.search()
    finder = window.findChild(Finder)
    assert isinstance(finder, Finder)
    finder.field.setText("p01.dp")
    qtbot.keyClick(finder.field, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
    assert window.navigation.tag == "P01.DP"
    assert window.preferences.recent(window.feed.plant.id) == ("P01.DP",)
    assert window.findable.search("", recent=["P01.DP"])[0].keys[0] == "P01.DP"
    equal = window.findable.search("p", recent=["P01.DP"])
    assert equal[0].keys[0] == "P01.DP", "of equally good ones"


def test_that_an_alarm_that_stands_opens_in_the_list_whatever_hides_it(window: MainWindow) -> None:
    window.show()
    screen.bad_day(window.feed)
    page = window.page("alarms")
    assert isinstance(page, AlarmPage)
    page.active.filter.text.setText("no such alarm")
    page.active.filter.text.editingFinished.emit()
    standing = [target for target in window.findable.search("t01 oil") if target.kind == "Active alarm"]
    standing[0].open()
    assert window.navigation.page == "alarms"
    assert [record.alarm for record in page.active.selected()] == ["T01.T.H"]
    silent = [target for target in window.findable.search("f01.t.h") if target.kind == "Alarm"]
    silent[0].open()
    assert (window.navigation.page, window.navigation.tag) == ("equipment", "F01.T")


def test_that_names_of_a_large_plant_come_to_an_open_search_by_themselves(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plant_names, "FEW", 0)
    finder = Finder(window.findable, window)
    finder.field.setText("compressor")
    assert "Gathering" in finder.nothing.text()
    qtbot.waitUntil(lambda: finder.list.count() > 0, timeout=20_000)
    chosen: Target = finder.list.item(0).data(Qt.ItemDataRole.UserRole)
    assert chosen.title == "Compressor AC01"
    finder.field.setText("no such thing")
    assert finder.nothing.text().startswith("Nothing found")
    finder.close()


def test_that_a_search_closed_before_the_names_have_come_does_no_harm(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plant_names, "FEW", 0)
    Finder(window.findable, window).close()
    names = plant_names.plant_names(window.feed)
    qtbot.waitUntil(lambda: names.names is not None, timeout=20_000)
    assert Finder(window.findable, window).list.count() > 0


def test_that_alarms_that_stand_come_first_among_those_alike(window: MainWindow) -> None:
    screen.bad_day(window.feed)
    window.findable.prepare(lambda: None)
    kinds = [target.kind for target in window.findable.search("high") if "larm" in target.kind]
    assert kinds == ["Active alarm"] * 5 + ["Alarm"]


def test_that_an_alarm_that_no_plant_file_names_is_found_while_it_stands(window: MainWindow) -> None:
    record = replace(plant.alarm("T01.T"), alarm="stock.bearing", message=LocalText("Too few bearings", "轴承不足"))
    window.feed.receive([AlarmsChanged((record,))])
    assert [target.title for target in window.findable.search("bearings")] == ["Too few bearings"]
    assert [target.kind for target in window.findable.search("zcbz")] == ["Active alarm"]


def test_that_whoever_has_gone_down_to_a_line_stays_on_it_when_more_is_found(qtbot: QtBot, targets: Findable) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    finder = Finder(targets, window)
    finder.appear(QPoint(400, 100))
    finder.field.setText("compressor")
    qtbot.keyClick(finder.field, Qt.Key.Key_Down)  # type: ignore[no-untyped-call]
    chosen: Target = finder.list.currentItem().data(Qt.ItemDataRole.UserRole)
    finder.renew()
    assert finder.list.currentItem().data(Qt.ItemDataRole.UserRole).keys == chosen.keys
    finder.close()
