"""The window on the past: it cannot be taken for the present, nothing can be done in it, and nothing live is missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.alarm import AlarmState, Priority
from app.plant.catalogue import PlantCatalogue
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.pubsub.frame import AlarmsChanged, CollectorChanged
from tests.widgets import plant, screen
from tests.widgets.replay.recorded_day import at, record_day, recorded_plant
from widgets import theme
from widgets.desktop import Desktop, Services
from widgets.feed import Feed
from widgets.model.journal_table import JournalQuery
from widgets.pages import journal_of
from widgets.preference import Preferences
from widgets.replay.desktop import ReplayDesktop, ReplayStart
from widgets.replay.dialog import InstantDialog
from widgets.replay.playhead import Playhead
from widgets.replay.source import ReplaySource
from widgets.replay.timeline import day_of
from widgets.replay.window import FRAME, ReplayWindow
from widgets.screen import open_dialogs
from widgets.translation import set_language


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> PlantFolder:
    return record_day(tmp_path_factory.mktemp("day"))


@pytest.fixture
def live(tmp_path: Path) -> Feed:
    """The present: a feed that knows what the test tells it."""
    feed = plant.feed(tmp_path)
    feed.is_linked = True
    feed.receive([AlarmsChanged((), is_snapshot=True), CollectorChanged(plant.report())])
    return feed


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, day: PlantFolder, live: Feed) -> Iterator[ReplayWindow]:
    preferences = Preferences(tmp_path / "replay.ini")
    preferences.operator = "L. Chen"
    definition = replace(recorded_plant(), is_read_only=True)
    playhead = Playhead(at(95))
    source = ReplaySource(day, definition, playhead)
    feed = Feed(definition, day, source=source)
    clock.live_at(lambda: playhead.shown)
    window = ReplayWindow(feed, live, source, preferences=preferences, pages=screen.pages)
    qtbot.addWidget(window)
    window.resize(1920, 1080)
    window.show()
    until(qtbot, feed, lambda: feed.is_linked)
    yield window
    feed.close()
    clock.live_at(None)


def until(qtbot: QtBot, feed: Feed, is_so: Callable[[], bool]) -> None:
    def pull() -> bool:
        feed.frame()
        return is_so()

    qtbot.waitUntil(pull, timeout=20_000)


def press(window: ReplayWindow, sequence: str) -> None:
    wanted = QKeySequence(sequence)
    (shortcut,) = [key for key in window.findChildren(QShortcut) if key.key() == wanted]
    shortcut.activated.emit()


def head(window: ReplayWindow) -> Playhead:
    assert window.playhead is not None
    return window.playhead


@pytest.mark.parametrize("name", ["dark", "light"])
def test_that_the_frame_the_bar_and_the_title_say_that_it_is_past(
    qapp: QApplication, window: ReplayWindow, name: theme.ThemeName
) -> None:
    theme.apply(qapp, theme.load(name))
    assert window.bar.day.text() in window.windowTitle()
    assert window.bar.instant.text() in window.windowTitle()
    assert window.windowTitle().startswith("REPLAY")
    picture = window.grab().toImage()
    middle = picture.height() // 2
    edge = {picture.pixelColor(x, y).name() for x in range(FRAME) for y in range(middle, middle + 40)}
    assert edge == {theme.theme().color("replay").name(), theme.theme().color("background").name()}, "striped"


def test_that_the_sign_of_a_replay_keeps_away_from_alarm_colours_and_can_be_read(window: ReplayWindow) -> None:
    from tests.widgets.test_theme import SIGHT, contrast, lab

    for name in ("dark", "light"):
        look = theme.load(name)
        assert contrast(look.color("replay_text"), look.color("replay")) >= 4.5
        for priority in Priority:
            apart = lab(look.color("replay"), SIGHT["normal"]) - lab(look.priority(priority), SIGHT["normal"])
            assert (apart**2).sum() ** 0.5 >= 60, (name, priority)


def test_that_nothing_is_acknowledged_and_nobody_is_asked_anything(qtbot: QtBot, window: ReplayWindow) -> None:
    head(window).jump(at(61))
    until(qtbot, window.feed, lambda: bool(window.banner.shown))
    assert not window.banner.button.isEnabled()
    for call in (
        window.banner.acknowledge,
        window.ask_operator,
        window.engineering.import_tags,
        window.engineering.add_device,
    ):
        window.status.show_notice("")
        call()
        assert "replay" in window.status.problem.text
    assert open_dialogs(window) == []
    assert window.feed.alarms["AC01.T_D.H"].state is AlarmState.UNACKNOWLEDGED
    titles = [target.title for target in window.findable.actions()]
    assert "Back to live" in titles
    assert not [title for title in titles if title.startswith(("Acknowledge", "Write", "Add", "Take"))]


def test_that_no_sound_is_made_of_the_past(window: ReplayWindow) -> None:
    assert window._player() is None
    assert not window.banner.sound.isVisible()


def test_that_live_alarms_are_counted_and_a_new_one_is_named(window: ReplayWindow, live: Feed) -> None:
    chip = window.bar.chip
    assert chip.text == "Live: nothing unacknowledged"
    live.receive([AlarmsChanged((plant.alarm("P01.VIB", priority=Priority.CRITICAL),))])
    assert "Drive-end bearing vibration high" in chip.text
    assert chip.newest is not None
    live.receive([AlarmsChanged((plant.alarm("P01.VIB", state=AlarmState.ACKNOWLEDGED),))])
    assert chip.newest is None
    live.is_linked = False
    live.collector_link_changed.emit(False, "")
    assert "no connection" in chip.text


def test_that_alarms_that_stood_when_the_replay_began_are_counted_and_not_called_new(
    qtbot: QtBot, tmp_path: Path
) -> None:
    from widgets.replay.live_chip import LiveChip

    feed = plant.feed(tmp_path)
    chip = LiveChip(feed)
    qtbot.addWidget(chip)
    feed.is_linked = True
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"),), is_snapshot=True), CollectorChanged(plant.report())])
    assert (chip.text, chip.newest) == ("Live: 1 unacknowledged", None)


def test_that_keys_run_step_jump_and_lead_back(qtbot: QtBot, window: ReplayWindow) -> None:
    playhead = head(window)
    press(window, "F7")
    assert playhead.wanted == at(96)
    press(window, "Ctrl+Shift+F7")
    assert playhead.wanted == at(36)
    press(window, "F6")
    until(qtbot, window.feed, lambda: playhead.shown == at(60))
    assert list(window.feed.alarms) == ["AC01.T_D.H"]
    press(window, "F9")
    assert (playhead.speed, window.bar.speed.currentData()) == (2, 2)
    press(window, "F5")
    assert playhead.is_playing
    press(window, "F5")
    assert not playhead.is_playing
    press(window, "Ctrl+G")
    (dialog,) = open_dialogs(window)
    assert isinstance(dialog, InstantDialog)
    dialog.field.setText(clock.to_datetime(at(205)).astimezone().strftime("%Y-%m-%d %H:%M:%S"))
    dialog.take()
    until(qtbot, window.feed, lambda: playhead.shown == at(205))
    assert window.feed.alarms == {}
    with qtbot.waitSignal(window.live_asked):
        press(window, "F8")
    assert not window.isVisible()


def test_that_a_press_on_the_day_goes_there_and_its_alarms_are_marked(qtbot: QtBot, window: ReplayWindow) -> None:
    line = window.bar.timeline
    until(qtbot, window.feed, lambda: bool(line._marks))
    assert [(instant, priority) for instant, priority in line._marks] == [
        (at(60), Priority.HIGH),
        (at(500), Priority.HIGH),
    ]
    start, end = day_of(at(0))
    assert line.instant_at(0) == start
    assert line.instant_at(line.width()) == end - 1


def test_that_the_journal_of_a_replay_ends_at_its_instant(day: PlantFolder) -> None:
    read = journal_of(day)
    assert len(read(JournalQuery()).entries) == 4
    clock.live_at(lambda: at(120))
    try:
        assert [entry.time for entry in read(JournalQuery()).entries] == [at(90), at(60)]
    finally:
        clock.live_at(None)


@pytest.mark.parametrize("text", ["nonsense", "2999-01-01"])
def test_that_what_is_no_instant_of_the_past_is_told(qtbot: QtBot, text: str) -> None:
    dialog = InstantDialog(now=clock.now_ns(), is_jump=False)
    qtbot.addWidget(dialog)
    dialog.field.setText(text)
    dialog.take()
    assert dialog.result() != QDialog.DialogCode.Accepted
    assert text in dialog.message.text() or "not happened" in dialog.message.text()


def test_that_the_texts_follow_the_language(qapp: QApplication, window: ReplayWindow) -> None:
    set_language("zh")
    qapp.processEvents()
    assert window.bar.to_live.text() == "返回实时  F8"
    assert window.windowTitle().startswith("回放")


@pytest.fixture
def home(tmp_path: Path) -> PlantCatalogue:
    return PlantCatalogue(tmp_path / "home")


def test_that_the_desktop_of_a_replay_shows_the_past_and_lives_there_until_it_is_closed(
    qtbot: QtBot, qapp: QApplication, home: PlantCatalogue
) -> None:
    folder = home.new_folder("day")
    folder.path.mkdir(parents=True)
    record_day(folder.path)
    write_plant(folder.configuration, plant.plant())
    shared = Preferences(home.home / "window.ini")
    shared.page = "alarms"
    shared.save()
    qapp.setQuitOnLastWindowClosed(False)
    desktop = ReplayDesktop(
        qapp,
        Services(lambda _: None, lambda: folder),
        catalogue=home,
        start=ReplayStart(at(95), is_playing=False),
        pages=lambda _, acknowledgement: screen.pages(acknowledgement),
    )
    assert desktop.open(folder)
    window = desktop.window
    assert isinstance(window, ReplayWindow)
    qtbot.waitUntil(lambda: window.feed.is_linked, timeout=20_000)
    assert clock.now_ns() == at(95)
    assert window.navigation.page == "alarms", "it begins where the live window is"
    window.navigation.open_page("equipment")
    desktop.close()
    assert not clock.is_replaying()
    assert Preferences(home.home / "window.ini").page == "alarms", "and leaves its memory alone"
    qapp.setQuitOnLastWindowClosed(True)


def test_that_the_live_window_asks_from_when_and_opens_the_replay_there(
    qtbot: QtBot, qapp: QApplication, home: PlantCatalogue
) -> None:
    folder = home.new_folder("day")
    folder.path.mkdir(parents=True)
    write_plant(folder.configuration, plant.plant())
    opened: list[tuple[PlantFolder, int, int]] = []
    services = Services(
        lambda _: None, lambda: folder, open_replay=lambda where, instant, speed: opened.append((where, instant, speed))
    )
    qapp.setQuitOnLastWindowClosed(False)
    desktop = Desktop(qapp, services, catalogue=home, pages=lambda _, acknowledgement: screen.pages(acknowledgement))
    desktop.open(folder)
    assert desktop.window is not None
    desktop.window.navigation.replay_asked.emit(at(7))
    qtbot.waitUntil(lambda: opened == [(folder, at(7), 1)], timeout=20_000)
    desktop.window.navigation.replay_asked.emit(0)
    (dialog,) = open_dialogs(desktop.window)
    assert isinstance(dialog, InstantDialog)
    dialog.speeds.setCurrentIndex(3)
    dialog._choose(60)
    qtbot.waitUntil(lambda: len(opened) == 2, timeout=20_000)
    assert opened[1][2] == 10
    assert 3_590 <= (clock.now_ns() - opened[1][1]) / clock.NS_PER_S <= 3_660
    desktop.close()
    qapp.setQuitOnLastWindowClosed(True)
