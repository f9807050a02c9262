"""Connecting to a device: it is looked at in the background, signals are ticked and named, and a plant is made."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.model import status
from app.model.connection import ConnectionDefinition
from app.model.tag import TagKind
from drivers.driver import BrowseEntry, ConnectionLost
from drivers.probe import Decoding
from drivers.trust import Untrusted
from tests.widgets.connection import identities
from tests.widgets.engineering.lines import KnownLine
from tests.widgets.start.connecting import OFFER, REGISTERS, index_of, looked_at, page_of, text_at
from widgets.connection.certificates import Certificates
from widgets.connection.trust_dialog import TrustDialog
from widgets.engineering.devices import (
    Found,
    Offer,
    OnStep,
    Reading,
)
from widgets.model.chosen_table import ChosenColumn
from widgets.model.device_tree import DeviceColumn
from widgets.start.new_plant import UnknownScheme, driver_of, plant_of, tags_of


def test_that_what_a_device_offers_is_ticked_named_and_becomes_a_plant(qtbot: QtBot) -> None:
    page = page_of(qtbot, OFFER)
    told: list[str] = []
    page.steps.currentChanged.connect(lambda _: told.append(page.message.text()))
    looked_at(qtbot, page)
    assert "Signals found: 3" in told[-1]  # later the silent line may be told instead
    assert not page.device.next.isEnabled()
    page.device.filter.setText("oil")
    page.device.all.click()
    page.device.filter.setText("")
    assert page.device.next.text() == "Name 1 signals"
    page.device.next.click()
    assert page.naming.chosen.setData(page.naming.chosen.index(0, ChosenColumn.NAME), "OIL.T")
    assert page.naming.chosen.setData(page.naming.chosen.index(0, ChosenColumn.UNIT), "°F")
    assert page.naming.chosen.setData(page.naming.chosen.index(0, ChosenColumn.HIGH), "200,5")
    page.naming.name.setText("Oil")
    with qtbot.waitSignal(page.plant_made) as made:
        page.naming.make_button.click()
    assert made.args is not None
    (tag,) = made.args[0].tags
    assert (tag.name, tag.unit, tag.low, tag.high, tag.address) == ("OIL.T", "[degF]", 0.0, 200.5, "ns=2;s=T")


def test_that_a_whole_folder_is_ticked_and_shows_when_only_some_of_it_are(qtbot: QtBot) -> None:
    page = page_of(qtbot, OFFER)
    looked_at(qtbot, page)
    folder, role = page.device.tree.index(0, 0), Qt.ItemDataRole.CheckStateRole
    assert page.device.tree.setData(folder, Qt.CheckState.Checked, role)
    assert len(page.device.tree.ticked) == 3
    assert page.device.tree.setData(index_of(page, "Running"), Qt.CheckState.Unchecked, role)
    assert page.device.tree.data(folder, role) == Qt.CheckState.PartiallyChecked
    assert page.device.next.text() == "Name 2 signals"


def test_that_what_a_server_says_of_itself_is_not_meant_by_all(qtbot: QtBot) -> None:
    status_of_server = Found(0, BrowseEntry("i=2259", "State", data_type="ServerState"))
    page = page_of(qtbot, Offer((*OFFER.found, status_of_server)))
    told: list[str] = []
    page.steps.currentChanged.connect(lambda _: told.append(page.message.text()))
    looked_at(qtbot, page)
    assert "Signals found: 3, beside 1 in which the server tells of itself" in told[-1]
    page.device.all.click()
    assert [each.entry.name for each in page.device.tree.ticked] == ["Temperature", "Running", "Temperature"]
    page.device.tree.filter("state")
    page.device.none.click()
    page.device.all.click()
    assert "State" in [each.entry.name for each in page.device.tree.ticked]
    page.leave()


def test_that_diagnostics_of_sessions_are_of_the_server_in_whatever_namespace_they_stand(qtbot: QtBot) -> None:
    folders = [("i=2253", "Server"), ("i=2274", "ServerDiagnostics"), ("nsu=urn:own;g=1", "Session1")]
    found = [
        Found(level, BrowseEntry(address, name, is_readable=False, has_children=True))
        for level, (address, name) in enumerate(folders)
    ]
    own = Found(3, BrowseEntry("nsu=urn:own;i=50002", "ClientConnectionTime", data_type="UtcTime"))
    page = page_of(qtbot, Offer((*found, own, *OFFER.found)))
    looked_at(qtbot, page)
    assert page.device.tree.of_server == 1
    page.device.all.click()
    assert [each.entry.name for each in page.device.tree.ticked] == ["Temperature", "Running", "Temperature"]
    page.leave()


def test_that_wrong_names_and_ranges_are_refused_with_the_reason(qtbot: QtBot) -> None:
    page = page_of(qtbot, OFFER)
    looked_at(qtbot, page)
    page.device.all.click()
    page.device.next.click()
    for column, text, reason in (
        (ChosenColumn.NAME, "", "1 to 200"),
        (ChosenColumn.NAME, "Running", "another tag"),
        (ChosenColumn.LOW, "500", "below its high end"),
        (ChosenColumn.LOW, "x", "x is not a number"),
        (ChosenColumn.DECIMALS, "12", "0 to 9"),
    ):
        assert not page.naming.chosen.setData(page.naming.chosen.index(0, column), text)
        assert reason in page.message.text()
    page.naming.again_button.click()
    page.device.next.click()
    assert [tag.name for tag in page.naming.chosen.tags] == ["Temperature", "Running", "Temperature_2"]


def test_that_values_in_view_are_read_live_and_bad_ones_say_why(qtbot: QtBot) -> None:
    line = KnownLine({"ns=2;s=T": Reading(21.5, 0), "ns=2;s=RUN": Reading(True, 0),
                      "ns=3;s=T": Reading(float("nan"), status.BAD_COMMUNICATION_ERROR)})  # fmt: skip
    page = page_of(qtbot, OFFER, line)
    looked_at(qtbot, page)
    qtbot.waitUntil(lambda: text_at(page, "Running", DeviceColumn.VALUE) == "on")
    assert text_at(page, "Temperature", DeviceColumn.VALUE) == "21.5"
    assert (
        page.device.tree.data(page.device.tree.index(2, DeviceColumn.VALUE, page.device.tree.index(0, 0)))
        == "communication error"
    )
    line.values = {"ns=2;s=T": Reading(22.0, 0)}
    qtbot.waitUntil(lambda: text_at(page, "Temperature", DeviceColumn.VALUE) == "22")
    page.back.click()
    assert line.is_closed


def test_that_a_device_that_falls_silent_is_told_and_asked_again(qtbot: QtBot) -> None:
    page = page_of(qtbot, OFFER)
    looked_at(qtbot, page)
    qtbot.waitUntil(lambda: "does not answer any more" in page.message.text())
    assert page.device.preview._timer.isActive()
    page.leave()


def test_that_a_register_is_shown_in_four_orders_and_one_press_takes_one(qtbot: QtBot) -> None:
    values = {"ABCD": 1e-30, "CDAB": 55.81, "BADC": -9.3e28, "DCBA": float("nan")}
    decodings = [
        Decoding("F32", order, (f"5/HR100:F32:{order}",), (value,), (0.0,), 1.0 if order == "CDAB" else 0.1)
        for order, value in values.items()
    ]
    line = KnownLine({"5/HR100:F32:CDAB": Reading(55.81, 0), "INV": Reading(4321.0, 0)}, decodings)
    page = page_of(qtbot, REGISTERS, line)
    looked_at(qtbot, page, "modbus://127.0.0.1:502")
    assert "something was left out" in page.message.text()
    assert "Acme" in page.device.facts.text()
    page.device.view.expandAll()
    page.device.view.setCurrentIndex(index_of(page, "HR100"))
    buttons = page.device.decoding.buttons
    qtbot.waitUntil(lambda: buttons["F32", "CDAB"].text() == "55.81")
    assert [buttons["F32", order].text() for order in values] == ["1e-30", "55.81", "-9.3e+28", "NaN"]
    assert buttons["F32", "CDAB"].property("kind") == "primary"
    buttons["F32", "CDAB"].click()
    assert [each.entry.address for each in page.device.tree.ticked] == ["5/HR100:F32:CDAB"]
    qtbot.waitUntil(
        lambda: page.device.tree.data(page.device.view.currentIndex().siblingAtColumn(DeviceColumn.VALUE)) == "55.81"
    )
    qtbot.waitUntil(lambda: text_at(page, "INV.W", DeviceColumn.VALUE) == "432.1")
    page.leave()


def test_that_what_a_device_proposes_keeps_its_scale() -> None:
    (tag,) = tags_of([REGISTERS.found[3]])
    assert (tag.address, tag.gain, tag.unit, tag.title.en) == ("5/HR9:I16N", 0.1, "W", "Power")


def test_that_a_device_that_does_not_answer_is_told_with_the_reason(qtbot: QtBot) -> None:
    def look(definition: ConnectionDefinition, units: Sequence[int], on_step: OnStep) -> Offer:
        raise ConnectionLost(f"{definition.url}: no answer: check the cable")

    page = page_of(qtbot, look)
    page.url.setText("modbus://127.0.0.1:1")
    page.look()
    qtbot.waitUntil(lambda: "check the cable" in page.message.text())
    assert page.steps.currentIndex() == 0


def test_that_a_server_that_is_not_trusted_is_judged_and_then_browsed(qtbot: QtBot) -> None:
    trusted: list[str] = []

    def look(definition: ConnectionDefinition, units: Sequence[int], on_step: OnStep) -> Offer:
        if not trusted:
            raise Untrusted(f"{definition.url}: nobody has trusted it yet", identities.unknown())
        return OFFER

    page = page_of(qtbot, look, None, Certificates(trust=lambda _, thumbprint, __: trusted.append(thumbprint)))
    page.url.setText(identities.URL)
    page.look()
    qtbot.waitUntil(lambda: any(dialog.isVisible() for dialog in page.findChildren(TrustDialog)))
    assert "nobody has trusted it yet" in page.message.text()
    page.findChildren(TrustDialog)[0].trust.click()
    qtbot.waitUntil(lambda: page.device.tree.readable == 3)
    assert trusted == [identities.facts().thumbprint]
    page.leave()


def test_that_what_cannot_be_asked_for_is_refused_with_examples(qtbot: QtBot) -> None:
    page = page_of(qtbot, OFFER)
    page.url.setText("http://127.0.0.1")
    page.look()
    assert "opc.tcp://" in page.message.text()
    page.url.setText("modbus://127.0.0.1")
    page.units.setText("1-999")
    page.look()
    assert "1-20" in page.message.text()
    assert page.device.tree.readable == 0


def test_that_waiting_for_a_device_can_be_stopped_and_ends_its_work(qtbot: QtBot) -> None:
    begun, is_over = threading.Event(), threading.Event()

    def look(definition: ConnectionDefinition, units: Sequence[int], on_step: OnStep) -> Offer:
        begun.set()
        try:
            while True:
                on_step(0.5, "")
        finally:
            is_over.set()

    page = page_of(qtbot, look)
    page.url.setText("opc.tcp://127.0.0.1:4840")
    page.look_up.click()
    assert page.look_up.text() == "Stop"
    assert page.progress.isVisible()
    assert begun.wait(5)
    page.look_up.click()
    assert page.look_up.text() == "Browse"
    assert is_over.wait(5)
    assert page.steps.currentIndex() == 0
    assert not page.progress.isVisible()


def test_that_a_plant_has_unique_tags_with_what_the_device_told() -> None:
    tags = tags_of([each for each in OFFER.found if each.entry.is_readable])
    plant = plant_of("Oil line 2", ConnectionDefinition("device", "opcua", "opc.tcp://10.0.0.9:4840"), tags)
    assert [tag.name for tag in plant.tags] == ["Temperature", "Running", "Temperature_2"]
    assert [tag.handle for tag in plant.tags] == [0, 1, 2]
    temperature, running, _ = plant.tags
    assert (temperature.unit, temperature.low, temperature.high) == ("Cel", 0.0, 150.0)
    assert temperature.title.en == "Oil temperature"
    assert running.kind is TagKind.DISCRETE
    assert plant.connections[0].driver == "opcua"
    assert plant.id == "oil-line-2"


def test_that_a_state_shows_number_and_name_and_its_tag_keeps_the_names(qtbot: QtBot) -> None:
    mode = BrowseEntry("ns=2;s=MODE", "Mode", data_type="Mode (0 Off, 1 On)", states=((0, "Off"), (1, "On")))
    line = KnownLine({"ns=2;s=MODE": Reading(1, 0, "On")})
    page = page_of(qtbot, Offer((Found(0, mode),)), line)
    looked_at(qtbot, page)
    qtbot.waitUntil(lambda: text_at(page, "Mode", DeviceColumn.VALUE) == "1  On")
    assert text_at(page, "Mode", DeviceColumn.RANGE) == "0 Off, 1 On"
    assert text_at(page, "Mode", DeviceColumn.TYPE) == "Mode"
    page.device.all.click()
    page.device.next.click()
    (tag,) = page.naming.chosen.tags
    assert tag.kind is TagKind.DISCRETE
    assert [(value, name.en) for value, name in tag.states] == [(0, "Off"), (1, "On")]
    assert page.naming.chosen.data(page.naming.chosen.index(0, ChosenColumn.HIGH)) == "1 On"
    page.leave()


@pytest.mark.parametrize(
    ("url", "driver"),
    [("opc.tcp://a:1", "opcua"), ("modbus://a", "modbus"), ("tcp://a", "modbus"), ("modbus://[::bad", "modbus")],
)
def test_that_the_scheme_names_the_driver(url: str, driver: str) -> None:
    assert driver_of(url) == driver


def test_that_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(UnknownScheme, match=r"opc\.tcp:// or modbus://"):
        driver_of("ftp://a")


def registers(unit: int, *offsets: int) -> list[Found]:
    entries = [BrowseEntry(f"{unit}/HR{at}:U16", f"HR{at}", data_type="U16") for at in offsets]
    folder = BrowseEntry(f"unit{unit}", f"Unit {unit}", is_readable=False, has_children=True)
    return [Found(0, folder), *(Found(1, each) for each in entries)]


def test_that_all_values_behind_one_are_understood_as_it_is_with_one_press(qtbot: QtBot) -> None:
    page = page_of(qtbot, Offer(tuple(registers(5, *range(100, 107), 108))))
    looked_at(qtbot, page, "modbus://127.0.0.1:502")
    panel, view = page.device.decoding, page.device.view
    view.setCurrentIndex(index_of(page, "HR100"))
    assert not panel.others.isVisible()
    panel.taken.emit(Decoding("F32", "CDAB", ("5/HR100:F32:CDAB",), (20.0,), (0.0,), 0.9))
    assert panel.others.isVisible()
    assert "2 values" in panel.others.text()  # 102 and 104: of 106 the second register is not there
    panel.others.click()
    assert [each.entry.address for each in page.device.tree.ticked] == [
        "5/HR100:F32:CDAB",
        "5/HR102:F32:CDAB",
        "5/HR104:F32:CDAB",
    ]
    assert not panel.others.isVisible()
    assert page.device.tree.found_at(view.currentIndex()) == page.device.tree.ticked[0]
    page.leave()


def test_that_values_of_several_units_are_named_by_them() -> None:
    of_two = [Found(1, BrowseEntry(f"{unit}/HR0:U16", "HR0", data_type="U16")) for unit in (1, 5)]
    assert [tag.name for tag in tags_of(of_two)] == ["U1_HR0", "U5_HR0"]
    assert [tag.name for tag in tags_of(of_two[:1])] == ["HR0"]
