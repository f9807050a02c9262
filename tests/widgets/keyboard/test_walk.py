"""An operator's commonest deeds, done with real keys on the whole window: the keyboard is never lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.model import clock
from app.model.alarm import AlarmRecord, AlarmState
from app.model.plant import Plant
from app.plant.demo import demo_plant
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.pubsub.frame import Acknowledge, AlarmsChanged, Command
from tests.widgets.keys import let_go
from widgets.alarm.list_view import AlarmListView
from widgets.feed import Feed
from widgets.finder import Finder
from widgets.handover.page import HandoverPage
from widgets.main_window import MainWindow
from widgets.pages import pages_of
from widgets.preference import Preferences
from widgets.screen import open_dialogs
from widgets.trend.page import TrendPage
from widgets.trend.trend_plot import TrendPlot

pytestmark = pytest.mark.qt_log_ignore("does not support")
NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


class Hand:
    """Presses keys where the keyboard is, and lets the desktop do what it does when a dialog has gone."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        home, plant = PlantFolder(folder / "plant"), demo_plant()
        home.path.mkdir()
        write_plant(home.configuration, plant)
        preferences = Preferences(folder / "window.ini")
        preferences.language, preferences.operator = "en", "Erna"
        self.sent: list[Command] = []
        self.window = MainWindow(Feed(plant, home), preferences=preferences, pages=lambda deeds: pages_of(home, deeds))
        monkeypatch.setattr(self.window.feed, "may_act", lambda: True)
        monkeypatch.setattr(self.window.feed.requests, "ask", self._ask)
        self.window.resize(1600, 900)
        self.window.show()
        self.window.feed.receive([AlarmsChanged(tuple(standing(plant)))])
        QApplication.processEvents()

    def _ask(self, command: Callable[[int], Command]) -> int:
        self.sent.append(command(len(self.sent) + 1))
        return len(self.sent)

    @property
    def place(self) -> QWidget:
        """Return what has the keyboard; there is always something."""
        if QApplication.activeWindow() is None:  # the platform without a display leaves that to the desktop
            (open_dialogs(self.window) or [self.window])[-1].activateWindow()
            QApplication.processEvents()
        focused: QWidget | None = QApplication.focusWidget()
        assert focused is not None, "the keyboard is lost"
        assert focused.isVisible()
        return focused

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> QWidget:
        QTest.keyClick(self.place, key, held)
        QApplication.processEvents()
        return self.place

    def type(self, text: str) -> QWidget:
        QTest.keyClicks(self.place, text)
        QApplication.processEvents()
        return self.place

    def open_page(self, key: str) -> QWidget:
        number = [page.key for page in self.window.pages].index(key) + 1
        return self.press(Qt.Key(Qt.Key.Key_0 + number % 10), CONTROL)

    def dialogs(self) -> list[str]:
        return [type(each).__name__ for each in open_dialogs(self.window)]


def standing(plant: Plant) -> Iterator[AlarmRecord]:
    owners = {tag.name: tag.equipment for tag in plant.tags}
    for each in plant.alarms[:4]:
        yield AlarmRecord(
            alarm=each.id,
            tag=each.tag,
            equipment=owners[each.tag],
            state=AlarmState.UNACKNOWLEDGED,
            priority=each.priority,
            condition=each.condition,
            message=each.message,
            raised=clock.now_ns(),
            value=2.0,
            limit=1.0,
        )


@pytest.fixture
def hand(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hand]:
    del qapp
    hand = Hand(tmp_path, monkeypatch)
    yield hand
    let_go()
    for dialog in open_dialogs(hand.window):
        dialog.close()
    hand.window.close()
    hand.window.feed.close()
    hand.window.deleteLater()


def test_that_alarms_are_acknowledged_and_shelved_with_four_keys(hand: Hand) -> None:
    assert isinstance(hand.open_page("alarms"), AlarmListView)
    hand.press(Qt.Key.Key_Down)
    hand.press(Qt.Key.Key_A)
    assert hand.dialogs() == ["AcknowledgeDialog"]
    assert isinstance(hand.press(Qt.Key.Key_Return), AlarmListView)
    assert [type(each) for each in hand.sent] == [Acknowledge]
    hand.press(Qt.Key.Key_S)
    assert hand.dialogs() == ["DeedDialog"]
    assert isinstance(hand.press(Qt.Key.Key_Escape), AlarmListView), "back where it was"
    assert isinstance(hand.press(Qt.Key.Key_F2), AlarmListView)
    other = hand.press(Qt.Key.Key_Tab)
    hand.open_page("equipment")
    assert hand.open_page("alarms") is other, "the keyboard is where it was on the page last"
    assert len(hand.sent) == 2, "F2 acknowledges what is in view, on every page"


def test_that_anything_is_found_and_a_set_point_written(hand: Hand) -> None:
    hand.open_page("alarms")
    assert isinstance(hand.press(Qt.Key.Key_K, CONTROL).window(), Finder)
    assert isinstance(hand.press(Qt.Key.Key_Escape), AlarmListView)
    hand.press(Qt.Key.Key_K, CONTROL)
    hand.type("pu01")
    hand.press(Qt.Key.Key_Return)
    assert (hand.window.navigation.page, hand.window.navigation.equipment) == ("equipment", "PU01")
    before = hand.place
    hand.press(Qt.Key.Key_K, CONTROL)
    hand.type("write")
    assert hand.window.findable.search("write")[0].kind == "Action", "what can be done comes before its manual"
    hand.press(Qt.Key.Key_Return)
    assert hand.dialogs() == ["Faceplate"]
    assert hand.press(Qt.Key.Key_Escape) is before


def test_that_signals_are_added_zoomed_and_explained(hand: Hand) -> None:
    hand.open_page("trends")
    page = hand.window.page("trends")
    assert isinstance(page, TrendPage)
    hand.press(Qt.Key.Key_Insert)
    hand.type("suction")
    plot = hand.press(Qt.Key.Key_Return)
    assert isinstance(plot, TrendPlot), "it can be zoomed at once"
    span = page.window_of_time.span
    hand.press(Qt.Key.Key_Plus)
    assert page.window_of_time.span < span
    hand.press(Qt.Key.Key_T, CONTROL)
    assert hand.dialogs() == ["TimeDialog"]
    assert hand.press(Qt.Key.Key_Escape) is plot
    hand.press(Qt.Key.Key_I, CONTROL)
    assert hand.dialogs() == ["ExplainDialog"]
    assert hand.press(Qt.Key.Key_Escape) is plot
    hand.press(Qt.Key.Key_F1)
    assert hand.press(Qt.Key.Key_Escape) is plot
    hand.open_page("equipment")
    shown = hand.press(Qt.Key.Key_T, ALT)
    assert isinstance(shown, TrendPlot)
    assert shown is not plot, "the trend of the value that had the keyboard"


def test_that_a_shift_is_signed_from_the_list_of_shifts(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    place = hand.open_page("handover")
    page = hand.window.page("handover")
    assert isinstance(page, HandoverPage)
    hand.press(Qt.Key.Key_N, CONTROL)
    assert hand.dialogs() == ["HandoverDialog"]
    assert hand.press(Qt.Key.Key_Escape) is place
    asked: list[str] = []
    monkeypatch.setattr(page, "ask", asked.append)
    over = next(button for action, button in page.buttons.items() if action == "hand_over")
    over.setEnabled(True)
    hand.press(Qt.Key.Key_Return)
    assert asked == ["hand_over"]
