"""Two real windows on one real collector: the first acknowledges, the second is told by whom and when."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.model.alarm import AlarmRecord, AlarmState
from app.model.alarm_command import AlarmAction
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from tests.app.collector.bench import serving, small_folder, start_collector
from widgets import number
from widgets.alarm.deed_dialog import DeedDialog
from widgets.alarm.page import AlarmPage
from widgets.feed import Feed
from widgets.main_window import MainWindow
from widgets.pages import pages_of
from widgets.preference import Preferences

ALARM = "P.T0.H"
WAIT_MS = 20_000


@pytest.fixture
def port() -> Iterator[int]:
    """A Modbus server in a thread of its own, whose first register is beyond its limit."""
    ready, found, stopping = threading.Event(), list[int](), list[tuple[asyncio.AbstractEventLoop, asyncio.Event]]()

    async def serve() -> None:
        async with serving(lambda _: 80.0) as server:
            stop = asyncio.Event()
            found.append(server.port)
            stopping.append((asyncio.get_running_loop(), stop))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), name="modbus-server")
    thread.start()
    assert ready.wait(20)
    yield found[0]
    stopping[0][0].call_soon_threadsafe(stopping[0][1].set)
    thread.join()


@pytest.fixture
def folder(tmp_path: Path, port: int) -> Iterator[PlantFolder]:
    folder = small_folder(tmp_path / "plant", port)
    process: subprocess.Popen[str] = start_collector(folder)
    yield folder
    process.terminate()
    process.communicate(timeout=20)


@pytest.fixture
def windows(qtbot: QtBot, tmp_path: Path, folder: PlantFolder) -> tuple[MainWindow, MainWindow]:
    return _window(qtbot, tmp_path, folder, "Li"), _window(qtbot, tmp_path, folder, "Chen")


def _window(qtbot: QtBot, home: Path, folder: PlantFolder, operator: str) -> MainWindow:
    preferences = Preferences(home / f"{operator}.ini")
    preferences.operator, preferences.language, preferences.page = operator, "en", "alarms"
    feed = Feed(read_plant(folder.configuration), folder)
    window = MainWindow(feed, preferences=preferences, pages=lambda deeds: pages_of(folder, deeds))
    qtbot.addWidget(window)
    window.closed.connect(feed.close)
    window.show()
    feed.start()
    return window


def alarms(window: MainWindow) -> AlarmPage:
    page = window.page("alarms")
    assert isinstance(page, AlarmPage)
    return page


def standing(window: MainWindow) -> AlarmRecord | None:
    return window.feed.alarms.get(ALARM)


def test_that_the_second_acknowledgement_is_told_who_was_first_and_when(
    qtbot: QtBot, windows: tuple[MainWindow, MainWindow]
) -> None:
    first, second = windows
    qtbot.waitUntil(lambda: standing(first) is not None and standing(second) is not None, timeout=WAIT_MS)
    seen = standing(second)
    assert seen is not None
    with qtbot.waitSignal(second.acknowledgement.refused, timeout=WAIT_MS) as told:
        first.banner.acknowledge()
        qtbot.waitUntil(lambda: getattr(standing(first), "state", None) is AlarmState.ACKNOWLEDGED, timeout=WAIT_MS)
        second.acknowledgement.acknowledge([seen])  # what was on its screen before it heard of the other
    assert told.args is not None
    (text,) = told.args
    assert text.startswith("Not acknowledged: T0 high: already done by Li at ")
    assert second.status.problem.text == text
    record = standing(second)
    assert record is not None
    assert record.acknowledged_by == "Li"
    assert number.time_of_day(record.acknowledged) in text


def test_that_two_comments_at_once_are_both_kept_and_a_second_shelving_is_told(
    qtbot: QtBot, windows: tuple[MainWindow, MainWindow]
) -> None:
    first, second = windows
    qtbot.waitUntil(lambda: standing(first) is not None and standing(second) is not None, timeout=WAIT_MS)
    for window, words in ((first, "pump is running hot"), (second, "called the workshop")):
        _say(window, AlarmAction.COMMENT, words)
    table = alarms(first).journal.table

    def comments() -> list[tuple[str, str]]:
        table.renew()
        return [(each.record.by, each.record.reason or each.record.comment) for each in table.entries]

    wanted = {("Li", "pump is running hot"), ("Chen", "called the workshop")}
    qtbot.waitUntil(lambda: wanted <= set(comments()), timeout=WAIT_MS)
    with qtbot.waitSignal(second.acknowledgement.refused, timeout=WAIT_MS) as told:
        open_dialog = _ask(second, AlarmAction.SHELVE, "me too")
        _say(first, AlarmAction.SHELVE, "sensor is being changed")
        qtbot.waitUntil(lambda: ALARM in second.feed.hidden_alarms, timeout=WAIT_MS)
        open_dialog.accept()
    assert told.args is not None
    assert told.args[0].startswith("Not done: T0 high: already done by Li at ")
    assert [record.alarm for record in alarms(second).hidden.table.rows] == [ALARM]


def _ask(window: MainWindow, action: AlarmAction, words: str) -> DeedDialog:
    panel = alarms(window).active
    panel.view.selectRow(0)
    panel.act(action)
    dialog = next(each for each in panel.findChildren(DeedDialog) if each.isVisible())
    dialog.reason.setText(words)
    return dialog


def _say(window: MainWindow, action: AlarmAction, words: str) -> None:
    _ask(window, action, words).accept()
