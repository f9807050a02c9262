"""A write from the window to a real device, through the collector in its own process, and its trail."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.model.control import ControlState
from tests.app.collector.bench import start_collector
from tests.app.collector.writing import PIN, made_folder, serving, trail, writable_plant
from tests.drivers.opcua.server_thread import running
from widgets.feed import Feed
from widgets.main_window import MainWindow
from widgets.preference import Preferences

LONG_MS = 20_000


def test_that_an_operator_writes_from_the_window_and_the_next_one_finds_a_trace(tmp_path: Path, qtbot: QtBot) -> None:
    with running(serving()) as servers:
        plant = writable_plant(servers.relay.port)
        folder = made_folder(tmp_path, plant)
        collector = start_collector(folder)
        feed = Feed(plant, folder)
        window = MainWindow(feed, preferences=Preferences(tmp_path / "window.ini"), pages=lambda _: ())
        qtbot.addWidget(window)
        try:
            window.show()
            feed.start()
            qtbot.waitUntil(lambda: feed.value(0).is_good and feed.value(2).is_good, timeout=LONG_MS)
            qtbot.waitUntil(lambda: feed.report is not None, timeout=LONG_MS)
            window.writing.session.sign_in("operate", PIN)
            qtbot.waitUntil(lambda: window.writing.session.is_signed_in, timeout=LONG_MS)
            plate = window.writing.open("P.SP")
            assert plate is not None
            qtbot.waitUntil(lambda: plate.state is ControlState.SELECTED, timeout=LONG_MS)
            plate.entry.setText("6.5")
            plate.check()
            qtbot.waitUntil(lambda: plate.state is ControlState.CHECKED, timeout=LONG_MS)
            assert servers.taken == []
            plate.write()
            qtbot.waitUntil(lambda: plate.state is ControlState.DONE, timeout=LONG_MS)
            assert plate.message.text() == "Done: the device reads 6.5"
            qtbot.waitUntil(lambda: plate.present.text() == "6.5", timeout=LONG_MS)
        finally:
            feed.close()
            window.close()
            collector.terminate()
            collector.communicate()
        assert servers.taken == [("P.SP", 6.5)]
    actions = [(record.action, record.user) for record in trail(folder) if record.user]
    assert actions[:3] == [("sign_in", "operate"), ("write.intent", "operate"), ("write.result", "operate")]
