"""The alarm banner counts by priority, shows what is most urgent, and acknowledges only what is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.model import clock, status
from app.model.alarm import AlarmRecord, AlarmState, Priority
from app.model.text import LocalText
from app.pubsub.frame import AlarmsChanged
from tests.widgets import plant
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.alarm.banner import AlarmBanner
from widgets.feed import Feed
from widgets.navigation import Navigation
from widgets.preference import Preferences
from widgets.translation import set_language


class Sent:
    """Stands for the collector: remembers what was acknowledged."""

    def __init__(self, feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
        self.orders: list[tuple[list[str], str, str]] = []
        monkeypatch.setattr(feed.requests, "acknowledge", self._acknowledge)

    def _acknowledge(self, alarms: list[AlarmRecord], *, operator: str, comment: str) -> int:
        self.orders.append(([record.alarm for record in alarms], operator, comment))
        return len(self.orders)


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    feed = plant.feed(tmp_path)
    feed.is_linked = True
    return feed


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path / "window.ini")


@pytest.fixture
def navigation(feed: Feed) -> Navigation:
    return Navigation(feed.plant)


@pytest.fixture
def banner(qtbot: QtBot, feed: Feed, preferences: Preferences, navigation: Navigation) -> AlarmBanner:
    window = QWidget()
    qtbot.addWidget(window)
    banner = AlarmBanner(feed, navigation, Acknowledgement(feed, preferences, window))
    qtbot.addWidget(banner)
    banner.resize(1904, 66)
    banner.show()
    return banner


def four_alarms() -> tuple[AlarmRecord, ...]:
    return (
        plant.alarm("AC01.T_D", priority=Priority.HIGH, age_s=30),
        plant.alarm("P01.VIB", priority=Priority.CRITICAL, age_s=600, value=7.4, limit=7.1),
        plant.alarm("F01.T", priority=Priority.MEDIUM, age_s=5),
        plant.alarm("T01.T", priority=Priority.HIGH, age_s=10),
        plant.alarm("P01.DP", priority=Priority.HIGH, state=AlarmState.ACKNOWLEDGED),
    )


def test_that_counters_tell_the_waiting_from_the_standing(banner: AlarmBanner, feed: Feed) -> None:
    feed.receive([AlarmsChanged(four_alarms())])
    spoken = {priority: counter.accessibleName() for priority, counter in banner.counters.items()}
    assert spoken[Priority.CRITICAL] == "Critical: 1 unacknowledged of 1 alarms"
    assert spoken[Priority.HIGH] == "High: 2 unacknowledged of 3 alarms"
    assert spoken[Priority.DIAGNOSTIC] == "Diagnostic: 0 unacknowledged of 0 alarms"


def test_that_a_counter_is_an_outline_while_all_its_alarms_have_returned(banner: AlarmBanner, feed: Feed) -> None:
    signs = []
    for state in (AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED):
        feed.receive([AlarmsChanged((plant.alarm("P01.VIB", priority=Priority.CRITICAL, state=state),))])
        signs.append(banner.counters[Priority.CRITICAL].grab().toImage())
    assert signs[0] != signs[1]
    assert "1 unacknowledged of 1" in banner.counters[Priority.CRITICAL].accessibleName()


def test_that_the_most_urgent_come_first_and_the_newest_of_alike(banner: AlarmBanner, feed: Feed) -> None:
    feed.receive([AlarmsChanged(four_alarms())])
    assert [record.tag for record in banner.shown] == ["P01.VIB", "T01.T", "AC01.T_D"]
    assert [card.isVisible() for card in banner.cards] == [True, True, True]


def test_that_a_narrow_banner_shows_fewer_cards_instead_of_cut_texts(
    qtbot: QtBot, banner: AlarmBanner, feed: Feed
) -> None:
    feed.receive([AlarmsChanged(four_alarms())])
    plant.fill(feed, [104.8, 7.7, 7.43, 38.2, 851.3, 81.4], time=clock.now_ns())
    banner.resize(1350, 66)
    assert len(banner.shown) == 2
    qtbot.waitUntil(lambda: banner.cards[0].width() > 400)
    banner.grab()
    assert not any(card.is_elided for card in banner.cards if card.isVisible())


def test_that_one_card_is_as_wide_as_each_of_three(qtbot: QtBot, banner: AlarmBanner, feed: Feed) -> None:
    feed.receive([AlarmsChanged(four_alarms())])
    qtbot.waitUntil(lambda: banner.cards[2].width() > 400)
    width = banner.cards[0].width()
    feed.receive([AlarmsChanged(tuple(structs.replace(each, state=AlarmState.NORMAL) for each in four_alarms()[1:]))])
    assert [card.isVisible() for card in banner.cards] == [True, False, False]
    banner.grab()
    assert banner.cards[0].width() == pytest.approx(width, abs=8)


def test_that_a_message_that_is_a_little_too_long_is_written_smaller_instead_of_cut(
    qtbot: QtBot, banner: AlarmBanner, feed: Feed
) -> None:
    alarms = four_alarms()
    long = structs.replace(alarms[0], message=LocalText("Strainer will clog within two hours"))
    feed.receive([AlarmsChanged((long, *alarms[1:]))])
    card = next(card for card in banner.cards if "two hours" in card.accessibleName())
    for short in (0, 20):
        card.setFixedWidth(card.needed_width() - short)
        assert not card.grab().isNull()
        assert not card.is_elided
    card.setFixedWidth(card.needed_width() - 120)
    assert not card.grab().isNull()
    assert card.is_elided
    del qtbot


def test_that_a_long_message_takes_the_room_of_cards_that_are_not_there(
    qtbot: QtBot, banner: AlarmBanner, feed: Feed
) -> None:
    message = "Machine temperature system failure very low at the outlet of the hall's second cooler"
    long = structs.replace(plant.alarm("AC01.T_D"), message=LocalText(message))
    feed.receive([AlarmsChanged((long,))])
    plant.fill(feed, [104.8], time=clock.now_ns())
    banner.grab()
    qtbot.waitUntil(lambda: banner.cards[0].width() >= banner.cards[0].needed_width())
    banner.grab()
    assert not banner.cards[0].is_elided


def test_that_a_card_tells_value_limit_and_place_now(banner: AlarmBanner, feed: Feed) -> None:
    feed.receive([AlarmsChanged((plant.alarm("P01.VIB", value=7.4, limit=7.1),))])
    plant.fill(feed, [0.0, 0.0, 7.62], time=clock.now_ns())
    assert "7.6 mm/s" in banner.cards[0].accessibleName()
    assert "> 7.1" in banner.cards[0].accessibleName()
    assert "P01.VIB" in banner.cards[0].accessibleName()


def test_that_a_bad_value_on_a_card_says_why_instead_of_a_number(banner: AlarmBanner, feed: Feed) -> None:
    feed.receive([AlarmsChanged((plant.alarm("P01.VIB"),))])
    plant.fill(feed, [0.0, 0.0, 7.62], code=status.BAD_NO_COMMUNICATION)
    assert "— (no communication)" in banner.cards[0].accessibleName()


def test_that_acknowledging_takes_only_the_alarms_in_view(
    banner: AlarmBanner, feed: Feed, preferences: Preferences, monkeypatch: pytest.MonkeyPatch
) -> None:
    preferences.operator = "L. Chen"
    sent = Sent(feed, monkeypatch)
    feed.receive([AlarmsChanged(four_alarms())])
    banner.button.click()
    assert sent.orders == [(["P01.VIB.H", "T01.T.H", "AC01.T_D.H"], "L. Chen", "")]


def test_that_a_card_leads_to_its_tag(qtbot: QtBot, banner: AlarmBanner, feed: Feed, navigation: Navigation) -> None:
    feed.receive([AlarmsChanged(four_alarms())])
    with qtbot.waitSignal(navigation.tag_changed) as told:
        banner.cards[0].click()
    assert told.args == ["P01.VIB"]
    assert navigation.page == "equipment"


def test_that_a_quiet_plant_says_so(banner: AlarmBanner, feed: Feed) -> None:
    assert banner.calm.isVisible()
    assert banner.calm.text() == "No unacknowledged alarms"
    assert not banner.button.isEnabled()


def test_that_a_silent_collector_is_no_quiet_plant(banner: AlarmBanner, feed: Feed) -> None:
    feed.receive([AlarmsChanged(four_alarms())])
    feed.is_linked = False
    banner.refresh()
    assert banner.notice.isVisible()
    assert banner.notice.accessibleName().startswith("Nothing on the screen is live, The collector")
    assert not banner.calm.isVisible()
    assert [record.tag for record in banner.shown] == ["P01.VIB", "T01.T"], "its place is taken from the alarms"


def test_that_the_banner_speaks_chinese_after_a_switch(qtbot: QtBot, banner: AlarmBanner, feed: Feed) -> None:
    feed.receive([AlarmsChanged(four_alarms())])
    set_language("zh")
    qtbot.waitUntil(lambda: banner.button.text() == "确认可见报警")
    assert banner.cards[0].accessibleName().startswith("驱动端轴承振动高")


def test_that_only_signs_of_waiting_alarms_blink(banner: AlarmBanner, feed: Feed) -> None:
    steady_one = plant.alarm("F01.T", state=AlarmState.ACKNOWLEDGED)
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D", priority=Priority.CRITICAL), steady_one))])
    banner.grab()
    waiting, steady = banner.counters[Priority.CRITICAL], banner.counters[Priority.HIGH]
    on = waiting.grab().toImage(), steady.grab().toImage()
    feed.blinked.emit(False)
    off = waiting.grab().toImage(), steady.grab().toImage()
    assert on[0] != off[0]
    assert on[1] == off[1]
