"""Devices are found without typing an address: who they are, unusual ports, slow ones, and a search that is stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.acquisition.host_scan import OpenPort
from app.model.connection import ConnectionDefinition
from drivers.probe import Introduction
from tests.widgets.engineering.lines import SilentLine
from tests.widgets.start.connecting import OFFER, REGISTERS, looked_at, page_of
from widgets.engineering.devices import (
    DeviceFound,
    Devices,
    Offer,
    OnStep,
    SearchEnd,
    SearchWish,
)
from widgets.engineering.introduction_text import introduction_text
from widgets.engineering.scan_panel import LOW
from widgets.line_delegate import DETAIL
from widgets.start.connect import ConnectPage
from widgets.theme import theme

OnFound = Callable[[DeviceFound], None]
GATEWAY = OpenPort("10.0.0.7", 502, "modbus://10.0.0.7:502")


def searching(qtbot: QtBot, end: SearchEnd, *devices: DeviceFound) -> tuple[ConnectPage, list[Sequence[int]]]:
    """Return a page whose search finds that, and the units that are asked for when a device is chosen."""
    units: list[Sequence[int]] = []

    def search(wish: SearchWish, on_found: OnFound, on_step: OnStep) -> SearchEnd:
        on_step(0.5, "")
        for device in devices:
            on_found(device)
        return end

    def look(definition: ConnectionDefinition, asked: Sequence[int], on_step: OnStep) -> Offer:
        units.append(asked)
        return REGISTERS

    page = ConnectPage(Devices(look=look, search=search, line=lambda _: SilentLine()))
    qtbot.addWidget(page)
    page.show()
    return page, units


def test_that_a_device_is_found_without_typing_its_address(qtbot: QtBot) -> None:
    page, units = searching(qtbot, SearchEnd(254), DeviceFound(GATEWAY))
    assert page.scan.isVisible()
    assert "Press Search" in page.scan.teaching.text()
    page.scan.network.setEditText("10.0.0.0/24")
    assert page.scan.told.text().startswith("254 addresses will be tried")
    assert "asked who they are" in page.scan.told.text()
    page.scan.ask.setChecked(False)
    assert "Nothing is sent to them" in page.scan.told.text()
    page.scan.start_button.click()
    qtbot.waitUntil(lambda: page.scan.list.count() == 1)
    assert not page.scan.teaching.isVisible()
    qtbot.waitUntil(lambda: "Addresses tried: 254" in page.scan.told.text())
    page.scan.list.itemActivated.emit(page.scan.list.item(0))
    qtbot.waitUntil(lambda: page.steps.currentIndex() == 1)
    assert page.url.text() == "modbus://10.0.0.7:502"
    assert units == [tuple(range(1, 11))]
    assert not page.scan.isVisible()
    page.leave()


def test_that_a_device_that_has_said_who_it_is_stands_once_and_is_asked_for_its_own_units(qtbot: QtBot) -> None:
    who = Introduction("Acme PM5", (2, 5), (0, 1, 2, 5))
    page, units = searching(qtbot, SearchEnd(1), DeviceFound(GATEWAY, is_asked=True), DeviceFound(GATEWAY, who))
    page.scan.search_at("10.0.0.7")
    qtbot.waitUntil(lambda: "Addresses tried: 1" in page.scan.told.text())
    assert page.scan.list.count() == 1
    assert page.scan.list.item(0).data(DETAIL) == "Acme PM5   units 2, 5"
    page.scan.list.itemActivated.emit(page.scan.list.item(0))
    qtbot.waitUntil(lambda: units == [(2, 5)])
    page.leave()


@pytest.mark.parametrize(
    ("device", "text"),
    [
        (DeviceFound(GATEWAY, is_asked=True), "is being asked who it is"),
        (DeviceFound(GATEWAY, is_silent=True), "says nothing"),
        (DeviceFound(GATEWAY, Introduction("", (), (1, 2))), "asked patiently"),
        (DeviceFound(GATEWAY, Introduction("", (3,), (3,))), "unit 3"),
        (DeviceFound(GATEWAY, Introduction("Press", is_guarded=True)), "Press   asks for a login or a certificate"),
        (DeviceFound(GATEWAY), ""),
    ],
    ids=["asked", "silent", "no-unit", "one-unit", "guarded", "unasked"],
)
def test_that_a_line_says_what_is_known_of_a_device(device: DeviceFound, text: str) -> None:
    shown = introduction_text(device)
    assert text in shown
    assert bool(text) == bool(shown)


def test_that_all_ports_of_an_address_without_a_device_are_tried_with_one_press(qtbot: QtBot) -> None:
    page, _ = searching(qtbot, SearchEnd(254, there=("10.0.0.9",)))
    page.scan.search_at("10.0.0.0/24")
    qtbot.waitUntil(lambda: "1 of 254 addresses are there" in page.scan.told.text())
    page.scan.list.itemClicked.emit(page.scan.list.item(0))
    assert page.scan.network.currentText() == "10.0.0.9:1-65535"
    qtbot.waitUntil(lambda: page.scan.start_button.text() == "Search")
    assert page.scan.list.count() == 0  # it stands there already what was tried


def test_that_an_address_without_a_protocol_is_searched_for_what_listens_there(qtbot: QtBot) -> None:
    page, _ = searching(qtbot, SearchEnd(1), DeviceFound(GATEWAY))
    page.search.setChecked(False)
    page.url.setText("10.0.0.7:502")
    page.look()
    assert "what listens at 10.0.0.7:502" in page.message.text()
    assert page.scan.isVisible()
    qtbot.waitUntil(lambda: page.steps.currentIndex() == 1)
    assert page.url.text() == "modbus://10.0.0.7:502", "there is but one, and it was asked for"
    page.leave()
    page.url.setText("plc-7")
    page.look()
    assert "Begin the address with opc.tcp://" in page.message.text()


def test_that_the_search_gives_way_to_what_a_device_has(qtbot: QtBot) -> None:
    page, _ = searching(qtbot, SearchEnd(1), DeviceFound(GATEWAY))
    page.resize(1_200, 700)
    page.scan.search_at("10.0.0.7")
    qtbot.waitUntil(lambda: page.scan.list.isVisible() and page.scan.list.height() > 2 * theme().px(LOW))
    page.scan.list.itemClicked.emit(page.scan.list.item(0))
    qtbot.waitUntil(lambda: page.steps.currentIndex() == 1)
    page.search.setChecked(True)
    assert page.scan.list.maximumHeight() == theme().px(LOW)
    qtbot.waitUntil(lambda: page.scan.isVisible() and page.scan.height() < 2 * theme().px(LOW))
    page.leave()


def test_that_a_device_that_needs_more_time_gets_it_in_the_address(qtbot: QtBot) -> None:
    slow = replace(REGISTERS, url="modbus://10.0.0.7:502?timeout_ms=3500")
    page = page_of(qtbot, slow)
    looked_at(qtbot, page, "modbus://10.0.0.7:502")
    assert page.url.text() == slow.url
    assert page.definition().url == slow.url
    page.leave()


def test_that_a_network_that_is_too_large_is_not_searched(qtbot: QtBot) -> None:
    page = page_of(qtbot, OFFER)
    page.scan.network.setEditText("10.0.0.0/8")
    assert not page.scan.start_button.isEnabled()
    assert "16,777,216 addresses" in page.scan.told.text()


def test_that_a_search_can_be_stopped_and_ends_its_work(qtbot: QtBot) -> None:
    begun, is_over = threading.Event(), threading.Event()

    def search(wish: SearchWish, on_found: OnFound, on_step: OnStep) -> SearchEnd:
        begun.set()
        try:
            while True:
                on_step(0.1, "")
        finally:
            is_over.set()

    page = ConnectPage(Devices(search=search))
    qtbot.addWidget(page)
    page.scan.network.setEditText("127.0.0.1")
    page.scan.start_button.click()
    assert begun.wait(5)
    page.scan.start_button.click()
    assert is_over.wait(5)
    assert page.scan.start_button.text() == "Search"


def test_that_nobody_is_said_to_be_asked_once_a_search_was_stopped(qtbot: QtBot) -> None:
    is_told = threading.Event()

    def search(wish: SearchWish, on_found: OnFound, on_step: OnStep) -> SearchEnd:
        on_found(DeviceFound(GATEWAY, is_asked=True))
        is_told.set()
        while True:
            on_step(0.1, "")

    page = ConnectPage(Devices(search=search))
    qtbot.addWidget(page)
    page.scan.search_at("10.0.0.7")
    assert is_told.wait(20)
    qtbot.waitUntil(lambda: page.scan.list.count() == 1)
    assert "is being asked" in page.scan.list.item(0).data(DETAIL)
    page.scan.stop()
    assert page.scan.list.item(0).data(DETAIL) == ""
