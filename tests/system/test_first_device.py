"""The first run: a device is found in the network, and its values are live in a plant, with nothing typed."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from app.command.device_search import search
from app.command.services import window_services
from app.model import status
from app.plant.catalogue import PlantCatalogue
from app.plant.folder import PlantFolder
from drivers import secret_store
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from tests.app.collector.bench import start_collector
from widgets.desktop import Desktop
from widgets.engineering.devices import DeviceFound, OnStep, SearchEnd, SearchWish

LONG = 60_000
NAMES = ("TT-101", "TT-102", "PT-201")


@contextmanager
def device() -> Iterator[int]:
    """An OPC UA server that another thread keeps; its port is given."""
    loop = asyncio.new_event_loop()
    ports: list[int] = []
    is_served, ending = threading.Event(), asyncio.Event()

    async def serve() -> None:
        server = OpcUaPublisher("127.0.0.1", 0, "urn:first", [OpcUaPoint(name) for name in NAMES])
        await server.start()
        server.publish(dict.fromkeys(NAMES, 20.5), 0)
        ports.append(server.port)
        is_served.set()
        await ending.wait()
        await server.stop()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), name="device")
    thread.start()
    assert is_served.wait(20)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join(20)
        loop.close()


def search_at(port: int) -> Callable[[SearchWish, Callable[[DeviceFound], None], OnStep], SearchEnd]:
    """Return the search of networks, of this PC alone and at one port: nobody else's devices are asked by a test."""
    return lambda _, on_found, on_step: search(SearchWish((f"127.0.0.1:{port}",)), on_found, on_step)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_that_a_device_is_found_and_live_in_a_plant_with_six_presses_and_nothing_typed(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORESHIFT_HOME", str(tmp_path))
    monkeypatch.setattr(secret_store, "_keyring", lambda: None)
    collectors: list[subprocess.Popen[str]] = []

    def ensure(folder: PlantFolder) -> None:
        if not collectors:
            collectors.append(start_collector(folder))

    qapp.setQuitOnLastWindowClosed(False)
    with device() as port, window_services(is_kept=True) as services:
        found = replace(services, ensure_collector=ensure, devices=replace(services.devices, search=search_at(port)))
        desktop = Desktop(qapp, found, catalogue=PlantCatalogue(tmp_path))
        desktop.show_start()
        try:
            _connect(qtbot, desktop)
            _await_values(qtbot, desktop)
        finally:
            desktop.close()
            qapp.setQuitOnLastWindowClosed(True)
            for process in collectors:
                process.terminate()
                process.communicate(timeout=20)


def _press(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.waitUntil(lambda: button.isVisible() and button.isEnabled(), timeout=LONG)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _connect(qtbot: QtBot, desktop: Desktop) -> None:
    window = desktop.start_window
    assert window is not None
    page = window.connect_page
    _press(qtbot, window.page.device)
    _press(qtbot, page.scan.start_button)
    devices = page.scan.list
    qtbot.waitUntil(lambda: devices.count() == 1, timeout=LONG)
    place = devices.visualItemRect(devices.item(0)).center()
    QTest.mouseClick(devices.viewport(), Qt.MouseButton.LeftButton, pos=place)
    _press(qtbot, page.device.all)
    _press(qtbot, page.device.next)
    _press(qtbot, page.naming.make_button)


def _await_values(qtbot: QtBot, desktop: Desktop) -> None:
    qtbot.waitUntil(lambda: desktop.window is not None and desktop.window.feed.is_linked, timeout=LONG)
    window = desktop.window
    assert window is not None
    assert sorted(tag.name for tag in window.feed.plant.tags) == sorted(NAMES)
    qtbot.waitUntil(lambda: bool((window.feed.latest.status == status.GOOD).all()), timeout=LONG)
    assert set(window.feed.latest.value.tolist()) == {20.5}
