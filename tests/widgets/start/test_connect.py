"""Connecting to a device: it is browsed in the background, signals are ticked, and a plant is made of them."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from pytestqt.qtbot import QtBot

from app.model.tag import TagKind
from drivers.driver import BrowseEntry, ConnectionLost
from drivers.trust import Untrusted
from tests.widgets.connection import identities
from widgets.connection.certificates import Certificates
from widgets.connection.trust_dialog import TrustDialog
from widgets.start.connect import Browse, ConnectPage
from widgets.start.new_plant import UnknownScheme, driver_of, plant_of

ENTRIES = [
    BrowseEntry("ns=2;s=Line", "Line", is_readable=False, has_children=True),
    BrowseEntry("ns=2;s=T", "Temperature", "Oil temperature", "Double", "Cel", 0.0, 150.0),
    BrowseEntry("ns=2;s=RUN", "Running", data_type="Boolean"),
    BrowseEntry("ns=3;s=T", "Temperature", data_type="Double"),
]


def page_of(qtbot: QtBot, browse: Browse) -> ConnectPage:
    page = ConnectPage(browse)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    return page


def test_that_what_a_device_offers_can_be_ticked(qtbot: QtBot) -> None:
    page = page_of(qtbot, lambda _: ENTRIES)
    page.url.setText("opc.tcp://127.0.0.1:4840")
    page.look()
    qtbot.waitUntil(lambda: page.table.rowCount() == 3)
    assert page.message.text() == "Signals found: 3"
    assert not page.make_button.isEnabled()
    page.table.filter("oil")
    page.table.tick_all(is_ticked=True)
    page.table.filter("")
    assert page.make_button.isEnabled()
    assert [entry.address for entry in page.table.ticked] == ["ns=2;s=T"]
    with qtbot.waitSignal(page.plant_made) as made:
        page.make_button.click()
    assert made.args is not None
    assert [tag.name for tag in made.args[0].tags] == ["Temperature"]


def test_that_a_device_that_does_not_answer_is_told_with_the_reason(qtbot: QtBot) -> None:
    def browse(url: str) -> Sequence[BrowseEntry]:
        raise ConnectionLost(f"{url}: no answer: check the cable")

    page = page_of(qtbot, browse)
    page.url.setText("modbus://127.0.0.1:1")
    page.look()
    qtbot.waitUntil(lambda: "check the cable" in page.message.text())
    assert not page.view.isVisible()


def test_that_a_server_that_is_not_trusted_is_judged_and_then_browsed(qtbot: QtBot) -> None:
    trusted: list[str] = []

    def browse(url: str) -> Sequence[BrowseEntry]:
        if not trusted:
            raise Untrusted(f"{url}: nobody has trusted it yet", identities.unknown())
        return ENTRIES

    page = ConnectPage(browse, Certificates(trust=lambda _, thumbprint, __: trusted.append(thumbprint)))
    qtbot.addWidget(page)
    page.show()
    page.url.setText(identities.URL)
    page.look()
    qtbot.waitUntil(lambda: any(dialog.isVisible() for dialog in page.findChildren(TrustDialog)))
    assert "nobody has trusted it yet" in page.message.text()
    page.findChildren(TrustDialog)[0].trust.click()
    qtbot.waitUntil(lambda: page.table.rowCount() == 3)
    assert trusted == [identities.facts().thumbprint]


def test_that_an_address_of_no_driver_is_refused_with_examples(qtbot: QtBot) -> None:
    page = page_of(qtbot, lambda _: ENTRIES)
    page.url.setText("http://127.0.0.1")
    page.look()
    assert "opc.tcp://" in page.message.text()
    assert page.table.rowCount() == 0


def test_that_waiting_for_a_device_can_be_stopped(qtbot: QtBot) -> None:
    answer = threading.Event()

    def browse(url: str) -> Sequence[BrowseEntry]:
        answer.wait(5)
        return ENTRIES

    page = page_of(qtbot, browse)
    page.url.setText("opc.tcp://127.0.0.1:4840")
    page.look_up.click()
    assert page.look_up.text() == "Stop"
    page.look_up.click()
    assert page.look_up.text() == "Browse"
    answer.set()
    qtbot.wait(50)
    assert page.table.rowCount() == 0


def test_that_a_plant_has_unique_tags_with_what_the_device_told() -> None:
    plant = plant_of("Oil line 2", "opc.tcp://10.0.0.9:4840", [entry for entry in ENTRIES if entry.is_readable])
    assert [tag.name for tag in plant.tags] == ["Temperature", "Running", "Temperature_2"]
    assert [tag.handle for tag in plant.tags] == [0, 1, 2]
    temperature, running, _ = plant.tags
    assert (temperature.unit, temperature.low, temperature.high) == ("Cel", 0.0, 150.0)
    assert temperature.title.en == "Oil temperature"
    assert running.kind is TagKind.DISCRETE
    assert plant.connections[0].driver == "opcua"
    assert plant.id == "oil-line-2"


@pytest.mark.parametrize(
    ("url", "driver"),
    [("opc.tcp://a:1", "opcua"), ("modbus://a", "modbus"), ("tcp://a", "modbus"), ("modbus://[::bad", "modbus")],
)
def test_that_the_scheme_names_the_driver(url: str, driver: str) -> None:
    assert driver_of(url) == driver


def test_that_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(UnknownScheme, match=r"opc\.tcp:// or modbus://"):
        driver_of("ftp://a")
