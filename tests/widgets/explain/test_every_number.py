"""Every number that a page or a dialog shows can be explained, by the pointer and by the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QMenu, QVBoxLayout
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.alarm.statistics.assessment import RECOMMENDATIONS
from app.alarm.statistics.formulas import FORMULAS
from app.model import clock
from app.plant.demo import demo_plant
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from tests.widgets import plant
from tests.widgets.keys import let_go
from tests.widgets.shown_numbers import shown_numbers, unexplained
from tests.widgets.text_room import painted_texts
from widgets import theme
from widgets.control.faceplate import Faceplate
from widgets.explain.dialog import ExplainDialog
from widgets.explain.figure import Derivation, Figure, sections_of_figure
from widgets.explain.subject import Subject, SubjectKind, of_figure, of_tag
from widgets.explain.walk import ValueWalk, places_of
from widgets.feed import Feed
from widgets.finder import Finder
from widgets.main_window import MainWindow
from widgets.pages import pages_of
from widgets.pictures import settle
from widgets.preference import Preferences
from widgets.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("does not support")
PAGES = ("overview", "equipment")


@pytest.fixture(scope="module")
def window(qapp: QApplication, dark: Theme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """The window on the demo plant, each of whose tags has just had a value."""
    theme.apply(qapp, dark)
    home = tmp_path_factory.mktemp("plant")
    folder, definition = PlantFolder(home / "plant"), demo_plant()
    folder.path.mkdir()
    write_plant(folder.configuration, definition)
    preferences = Preferences(home / "window.ini")
    preferences.language = "en"
    feed = Feed(definition, folder)
    window = MainWindow(feed, preferences=preferences, pages=lambda deeds: pages_of(folder, deeds))
    feed.is_linked = True
    plant.fill(feed, [float(value) for value in np.linspace(1.0, 99.0, len(definition.tags))], time=clock.now_ns())
    window.resize(1600, 900)
    window.show()
    window.activateWindow()
    yield window
    let_go()
    window.close()
    feed.close()
    window.deleteLater()


@pytest.fixture(autouse=True)
def _fresh(window: MainWindow) -> Iterator[None]:
    """Each test begins without dialogs and panels."""
    yield
    for dialog in window.findChildren(QDialog):
        dialog.close()
    window.docks.clear()
    settle(shortest_ms=1)


def faults(window: MainWindow, shown: MainWindow | QDialog) -> tuple[int, list[str]]:
    """Return how many numbers are shown, and which of them nothing explains."""
    with painted_texts() as texts:
        shown.grab()
    return len(list(shown_numbers(shown, texts))), unexplained(shown, texts, window.explaining)


def test_that_each_number_of_the_pages_and_panels_is_explained(window: MainWindow) -> None:
    numbers, found = {}, []
    for page in PAGES:
        window.navigation.open_page(page)
        settle(shortest_ms=10)
        numbers[page], wrong = faults(window, window)
        found += [f"{page}: {each}" for each in wrong]
    window.docks.open("values")
    settle(shortest_ms=10)
    numbers["panels"], wrong = faults(window, window)
    assert found + wrong == []
    assert numbers["overview"] > 20
    assert numbers["panels"] > 10


def test_that_a_faceplate_explains_its_value_and_its_conditions(window: MainWindow) -> None:
    plate = window.writing.open(window.writing.tags[0].name)
    assert isinstance(plate, Faceplate)
    settle(shortest_ms=10)
    count, found = faults(window, plate)
    assert found == []
    assert count > 0
    window.explaining.attend(plate)
    QTest.keyClick(plate.entry, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = window.findChildren(ExplainDialog)
    assert dialog.subject == of_tag(plate.tag.name)


def test_that_a_number_which_nothing_explains_is_found(window: MainWindow) -> None:
    dialog = QDialog(window)
    column = QVBoxLayout(dialog)
    column.addWidget(QLabel("23.4 °C"))
    column.addWidget(QLabel("no number"))
    dialog.show()
    count, found = faults(window, dialog)
    assert count == 1
    assert found == ["QDialog/QLabel '23.4 °C': nothing explains it"]


def test_that_the_arrows_walk_over_the_values_and_return_explains_the_one_they_are_on(window: MainWindow) -> None:
    window.navigation.open_page("overview")
    settle(shortest_ms=10)
    walk = window.explaining.walk(window)
    assert walk is not None
    seen = []
    for _ in walk.places:
        seen.append(walk.place.subject)
        assert walk.place.subject.name in walk.accessibleName(), "a screen reader says where it is"
        QTest.keyClick(walk, Qt.Key.Key_Right)
    assert len(seen) > 20
    assert {SubjectKind.TAG, SubjectKind.FIGURE} <= {each.kind for each in seen}
    at = next(place for place, each in enumerate(seen) if each.kind is SubjectKind.TAG)
    for _ in range(at):
        QTest.keyClick(walk, Qt.Key.Key_Right)
    assert walk.shown_at(None) == seen[at], "keys that ask for a value mean this one"
    QTest.keyClick(walk, Qt.Key.Key_Return)
    (dialog,) = window.findChildren(ExplainDialog)
    assert dialog.subject == seen[at]
    assert walk.isHidden()


def test_that_escape_and_tab_end_the_walk_and_give_the_keyboard_back(window: MainWindow) -> None:
    window.navigation.open_page("alarms")
    window.tree.view.setFocus()
    before = window.focusWidget()
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Tab):
        walk = window.explaining.walk(window)
        assert walk is not None
        QTest.keyClick(walk, key)
        assert walk.isHidden()
        assert window.focusWidget() is before
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert window.findChildren(ValueWalk) == []


def test_that_a_search_amid_a_walk_has_the_keyboard_and_leaves_it_where_it_was_before(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.navigation.open_page("alarms")
    window.tree.view.setFocus()
    before = window.focusWidget()
    walk = window.explaining.walk(window)
    assert walk is not None
    with painted_texts() as texts:
        walk.grab()
    assert walk in texts.of
    window.search()
    (finder,) = window.findChildren(Finder)
    settle(shortest_ms=10)
    assert QApplication.focusWidget() is finder.field
    with painted_texts() as texts:
        walk.grab()
    assert walk not in texts.of, "it is unseen while the keyboard is elsewhere"
    finder.close()
    window.activateWindow()
    qtbot.waitUntil(lambda: not isValid(walk), timeout=20_000)
    assert window.focusWidget() is before


def test_that_a_walk_ends_where_something_else_of_the_window_takes_the_keyboard(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.navigation.open_page("alarms")
    window.tree.view.setFocus()
    walk = window.explaining.walk(window)
    assert walk is not None
    taker = next(each for each in window.findChildren(QLineEdit) if each.isVisible())
    taker.setFocus()
    qtbot.waitUntil(lambda: not isValid(walk), timeout=20_000)
    assert window.focusWidget() is taker, "nobody takes it back"


def test_that_the_menu_key_offers_what_can_be_done_with_the_value_that_has_the_keyboard(window: MainWindow) -> None:
    tag = window.writing.tags[0].name
    window.docks.open("values").content.show_tags([tag])  # type: ignore[union-attr] # there is room
    content = window.docks.panels[0].content
    content.view.setFocus()  # type: ignore[attr-defined] # a list of values
    content.view.selectRow([row.key for row in content.table.rows].index(tag))  # type: ignore[attr-defined]
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    assert window.explaining.answer_menu(event)
    menu = next(each for each in window.findChildren(QMenu) if each.isVisible())
    texts = [action.text() for action in menu.actions()]
    assert texts[:3] == ["Explain this number (Alt+Enter)", "Write this value…", "Show on the trends (Alt+T)"]
    asked: list[str] = []
    window.navigation.write_asked.connect(asked.append)
    menu.actions()[1].trigger()
    menu.close()
    assert asked == [tag]


def test_that_a_dialog_answers_the_menu_of_its_values(window: MainWindow) -> None:
    plate = window.writing.open(window.writing.tags[0].name)
    assert isinstance(plate, Faceplate)
    window.explaining.attend(plate)
    window.explaining.attend(plate)  # a second time nothing changes
    at = plate.present.geometry().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, plate.mapToGlobal(at))
    QApplication.sendEvent(plate, event)
    menus = [each for each in plate.findChildren(QMenu) if each.isVisible()]
    assert len(menus) == 1
    assert menus[0].actions()[0].text() == "Explain this number (Alt+Enter)"
    menus[0].close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_that_a_figure_tells_formula_inputs_period_and_the_share_of_good_data(qtbot: QtBot, tmp_path: Path) -> None:
    feed = plant.feed(tmp_path)
    feed.is_linked = True
    plant.fill(feed, [104.8, 7.7])
    figure = Figure(
        "Mean of a shift",
        (Derivation("Mean", "7.5 bar", "Σ value × time ÷ Σ time"), Derivation("Name", "7")),
        tags=("AC01.P_D", "gone"),
        inputs=("3 records",),
        start=plant.NOW - 3_600 * plant.SECOND,
        end=plant.NOW,
        good=0.9999,
        notes=("thinned",),
    )
    sections = {each.title: each for each in sections_of_figure(feed, figure, now=plant.NOW)}
    assert [line.value for line in sections["Value"].lines] == ["7.5 bar", "7"]
    assert [(line.name, line.value) for line in sections["Formula"].lines] == [("Mean", "Σ value × time ÷ Σ time")]
    inputs = {line.name: line for line in sections["Calculated from"].lines}
    assert inputs["AC01.P_D"].value == "Discharge pressure, now 7.7 bar"
    assert inputs["gone"].is_wrong
    assert inputs["Records"].value == "3 records"
    ground = {line.name: line for line in sections["Time and data"].lines}
    assert "60 min" in ground["Period"].value
    assert ground["Good data"].value == "> 99.9 %", "what is not quite all is never told as all"
    assert ground["Good data"].is_wrong
    dialog = ExplainDialog(feed, of_figure(figure))
    qtbot.addWidget(dialog)
    assert dialog.head.text() == "Mean of a shift"
    asked: list[str] = []
    dialog.trend_asked.connect(asked.append)
    dialog.trend.click()
    assert asked == ["AC01.P_D"]
    alone = ExplainDialog(feed, of_figure(replace(figure, tags=())))
    qtbot.addWidget(alone)
    assert alone.trend.isHidden()


def test_that_every_figure_of_alarm_performance_has_its_formula() -> None:
    assert {each.key for each in RECOMMENDATIONS} == set(FORMULAS)


def test_that_a_frame_that_tells_what_a_part_of_it_tells_is_no_place_of_its_own(window: MainWindow) -> None:
    window.navigation.open_page("equipment")
    settle(shortest_ms=10)
    places = places_of(window, partial(window.explaining.subject_at, within=window))
    assert len({(place.at.getRect(), place.subject) for place in places}) == len(places)
    assert all(isinstance(place.subject, Subject) for place in places)
    assert all(window.rect().contains(place.at.center()) for place in places)
