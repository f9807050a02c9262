"""Adding a device to the plant that is open: found and named, shown as a dry run, written, and taken over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.audit.journal import page
from app.command.services import window_services
from app.database import open_reader
from app.model.plant import Plant
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.pubsub.frame import CommandDone, ConfigurationTaken, TakeConfiguration
from drivers.secret import hold_typed
from tests.app.command.test_device_look import modbus
from tests.app.plant.test_addition import plant_file
from tests.drivers.opcua.authority import made
from tests.drivers.opcua.server_thread import running, served
from tests.widgets.engineering.lines import let_go
from widgets.connection.trust_dialog import TrustDialog
from widgets.desktop import Services
from widgets.engineering.taking import Taking
from widgets.feed import Feed
from widgets.start.add_device import REVIEW, AddDeviceDialog
from widgets.start.connect import CHOOSING


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORESHIFT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("drivers.secret_store._keyring", lambda: None)
    for name in ("FORESHIFT_PASSPHRASE", "FORESHIFT_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def services() -> Iterator[Services]:
    with window_services(is_kept=True) as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> PlantFolder:
    (tmp_path / "line").mkdir()
    plant_file(tmp_path / "line")
    return PlantFolder(tmp_path / "line")


def dialog_on(
    qtbot: QtBot, folder: PlantFolder, services: Services, parent: QWidget | None = None
) -> tuple[AddDeviceDialog, Feed]:
    plant: Plant = read_plant(folder.configuration)
    feed = Feed(plant, folder)
    dialog = AddDeviceDialog(
        plant,
        folder,
        parent,
        devices=services.devices,
        certificates=services.certificates,
        editing=services.editing,
        taking=Taking(feed),
        user="eve",
    )
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog, feed


def test_that_the_dialog_is_no_larger_than_the_window_of_a_small_screen(
    qtbot: QtBot, folder: PlantFolder, services: Services
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1_280, 690)
    window.show()
    dialog, _ = dialog_on(qtbot, folder, services, window)
    assert dialog.height() <= 690


def test_that_a_device_is_added_and_its_lines_are_shown_before_they_are_written(
    qtbot: QtBot, folder: PlantFolder, services: Services
) -> None:
    before = folder.configuration.read_text("utf-8")
    dialog, feed = dialog_on(qtbot, folder, services)
    with running(modbus()) as url:
        dialog.page.url.setText(f"{url}?unit=5")
        dialog.page.look()
        qtbot.waitUntil(lambda: dialog.page.steps.currentIndex() == CHOOSING, timeout=15_000)
        let_go(qtbot, dialog.page.device)
        dialog.page.device.tree.tick_all(is_ticked=True)
        dialog.page.device.next.click()
        dialog.page.naming.name.setText("Inverter hall")
        assert dialog.page.naming.make_button.text().startswith("Show what would be written")
        dialog.page.naming.make_button.click()
        qtbot.waitUntil(lambda: dialog.page.steps.currentIndex() == REVIEW)
    shown = dialog.review.lines.toPlainText()
    assert "+ [connection.inverter-hall]" in shown
    assert '+ parent = "P"' in shown
    assert folder.configuration.read_text("utf-8") == before
    dialog.review.write_button.click()
    qtbot.waitUntil(lambda: "No collector runs now" in dialog.page.message.text(), timeout=10_000)
    made = read_plant(folder.configuration)
    assert [each.id for each in made.connections] == ["plc", "inverter-hall"]
    assert made.tags[1].connection == "inverter-hall"
    assert len(list(folder.path.glob("plant-before-*.toml"))) == 1
    with open_reader(folder.history) as connection:
        records = [line.record for line in page(connection) if line.record is not None]
    (record,) = [each for each in records if "inverter-hall" in each.reason]
    assert (record.user, record.window) == ("eve", "window")
    feed.close()


def test_that_the_dry_run_keeps_nothing_and_writing_keeps_the_password(
    qtbot: QtBot, folder: PlantFolder, services: Services
) -> None:
    dialog, feed = dialog_on(qtbot, folder, services)
    dialog.page.url.setText("opc.tcp://127.0.0.1:1")
    dialog.page.login.opcua.login.setCurrentIndex(1)
    dialog.page.login.opcua.user.setText("op")
    dialog.page.login.opcua.password.setText("hush")
    dialog.page.naming.name.setText("press")
    dialog.plan()
    qtbot.waitUntil(lambda: dialog.page.steps.currentIndex() == REVIEW)
    assert '+ password_file = "secrets/press.txt"' in dialog.review.lines.toPlainText()
    assert "hush" not in dialog.review.lines.toPlainText()
    assert not (folder.path / "secrets").exists()
    dialog.write()
    qtbot.waitUntil(lambda: "plant.toml is written" in dialog.page.message.text(), timeout=10_000)
    assert (folder.path / "secrets" / "press.txt").read_text("utf-8") == "hush\n"
    assert hold_typed("hush") not in folder.configuration.read_text("utf-8")
    feed.close()


def test_that_a_file_that_was_changed_meanwhile_is_not_overwritten(
    qtbot: QtBot, folder: PlantFolder, services: Services
) -> None:
    dialog, feed = dialog_on(qtbot, folder, services)
    dialog.page.url.setText("modbus://127.0.0.1:1")
    dialog.page.naming.name.setText("press")
    dialog.plan()
    qtbot.waitUntil(lambda: dialog.page.steps.currentIndex() == REVIEW)
    changed = folder.configuration.read_text("utf-8") + "# changed\n"
    folder.configuration.write_text(changed, "utf-8")
    dialog.write()
    qtbot.waitUntil(lambda: "was changed by somebody else" in dialog.page.message.text(), timeout=10_000)
    assert dialog.review.write_button.isEnabled()
    assert folder.configuration.read_text("utf-8") == changed
    feed.close()


def test_that_the_collector_is_asked_and_its_answer_ends_the_dialog_or_is_told(
    qtbot: QtBot, folder: PlantFolder, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog, feed = dialog_on(qtbot, folder, services)
    feed.is_linked = True
    sent: list[int] = []

    def send(command: TakeConfiguration) -> bool:
        sent.append(command.request)
        return True

    monkeypatch.setattr(feed._source, "send", send)
    dialog._taking.ask()
    feed.receive([CommandDone(sent[0], done=False, reason="somebody is writing")])
    assert "somebody is writing" in dialog.page.message.text()
    assert dialog.isVisible()
    dialog._taking.ask()
    with qtbot.waitSignal(feed.configuration_taken):
        feed.receive([ConfigurationTaken(), CommandDone(sent[1], done=True)])
    assert not dialog.isVisible()
    feed.close()


def test_that_a_server_is_trusted_for_the_plant_that_it_is_added_to(
    qtbot: QtBot, folder: PlantFolder, services: Services, tmp_path: Path
) -> None:
    dialog, feed = dialog_on(qtbot, folder, services)
    with served(made(), tmp_path) as server:
        dialog.page.url.setText(server.url)
        dialog.page.look()
        qtbot.waitUntil(lambda: bool(dialog.findChildren(TrustDialog)), timeout=10_000)
        dialog.findChildren(TrustDialog)[0].trust.click()
        qtbot.waitUntil(lambda: dialog.page.steps.currentIndex() == CHOOSING, timeout=15_000)
        let_go(qtbot, dialog.page.device)
        assert len(list((folder.path / "pki" / "trusted").iterdir())) == 1
        assert not (tmp_path / "home" / "pki").exists()
        dialog.reject()
    feed.close()
