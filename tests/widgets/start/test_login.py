"""Being let into a device from the connect page: real servers with users and certificates, and what is kept of them."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from asyncua import ua
from pytestqt.qtbot import QtBot

from app.command.login_keeping import kept_plant
from app.command.services import window_services
from app.model.plant import Plant
from app.plant.folder import PlantFolder
from app.plant.writer import plant_text
from drivers.driver import DriverError
from drivers.login import LoginKind, LoginOffer, Misfit, MisfitCode, OfferedSecurity
from drivers.opcua.settings import parse_settings
from drivers.secret import hold_typed
from drivers.secret_store import PASSPHRASE, PASSPHRASE_FILE
from tests.drivers.modbus.certificates import signed
from tests.drivers.modbus.test_tls import secured
from tests.drivers.opcua.authority import Made, made
from tests.drivers.opcua.known_users import KnownUsers
from tests.drivers.opcua.server_thread import running, served
from tests.widgets.engineering.lines import let_go
from widgets.connection.trust_dialog import TrustDialog
from widgets.desktop import Services
from widgets.engineering.login_text import misfit_text
from widgets.start.connect import CHOOSING, ConnectPage
from widgets.translation import Language, set_language

TYPES = ua.SecurityPolicyType


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FORESHIFT_HOME", str(tmp_path / "home"))
    for name in (PASSPHRASE, PASSPHRASE_FILE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("drivers.secret_store._keyring", lambda: None)
    return tmp_path / "home"


@pytest.fixture(scope="module")
def certificate() -> Made:
    return made()


@pytest.fixture
def services() -> Iterator[Services]:
    with window_services(is_kept=True) as found:
        yield found


@pytest.fixture
def page(qtbot: QtBot, services: Services) -> Iterator[ConnectPage]:
    shown = ConnectPage(services.devices, services.certificates)
    qtbot.addWidget(shown)
    shown.resize(1300, 800)
    shown.show()
    yield shown
    shown.leave()


def trust_when_asked(qtbot: QtBot, page: ConnectPage) -> None:
    qtbot.waitUntil(lambda: any(each.isVisible() for each in page.findChildren(TrustDialog)), timeout=10_000)
    next(each for each in page.findChildren(TrustDialog) if each.isVisible()).trust.click()


def browsed(qtbot: QtBot, page: ConnectPage) -> None:
    qtbot.waitUntil(lambda: page.steps.currentIndex() == CHOOSING, timeout=15_000)
    let_go(qtbot, page.device)


def made_plant(page: ConnectPage) -> Plant:
    page.device.tree.tick_all(is_ticked=True)
    page.device.next.click()
    page.naming.name.setText("press")
    return page.plant()


def test_that_a_server_with_users_asks_for_its_login_and_the_password_is_kept_outside_the_plant_file(
    qtbot: QtBot, page: ConnectPage, services: Services, certificate: Made, tmp_path: Path
) -> None:
    users = KnownUsers()
    with served(certificate, tmp_path, tokens=[ua.UserNameIdentityToken], users=users) as server:
        page.url.setText(server.url)
        assert not page.login.isVisible()
        page.look()
        qtbot.waitUntil(page.login.isVisible, timeout=10_000)
        told = page.message.text()
        assert told.startswith("The device does not take: Nobody (anonymous). It takes: User and password.")
        qtbot.waitUntil(lambda: "It will be: Signed and encrypted (Aes256" in page.login.opcua.advice.text())
        assert page.login.opcua.kind is LoginKind.PASSWORD
        page.look()
        assert page.message.text() == "Fill in: User"
        page.login.opcua.user.setText("op")
        page.login.opcua.password.setText("wrong")
        page.login.opcua.password.returnPressed.emit()
        trust_when_asked(qtbot, page)
        qtbot.waitUntil(lambda: "refuses this user" in page.message.text(), timeout=10_000)
        assert page.login.isVisible()
        page.login.opcua.password.setText("right")
        page.look()
        browsed(qtbot, page)
        assert not page.login.isVisible()
        folder = PlantFolder(tmp_path / "press")
        plant = services.adopt(folder, made_plant(page))
        (definition,) = plant.connections
        assert definition.options == {"user": "op", "password_file": "secrets/device.txt"}
        text = plant_text(plant)
        assert "right" not in text
        assert 'password_file = "secrets/device.txt"' in text
        kept = folder.path / "secrets" / "device.txt"
        if sys.platform != "win32":
            assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert services.devices.look(replace(definition, folder=str(folder.path)), (), lambda _, __: None).found


def test_that_a_password_is_kept_encrypted_where_there_is_a_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSPHRASE, "of the plant")
    page_options: dict[str, object] = {"user": "op", "password_secret": hold_typed("hush")}
    plant = kept_plant(_plant("opc.tcp://plc:4840", page_options), tmp_path)
    (definition,) = plant.connections
    assert definition.options == {"user": "op", "password_secret": "device"}
    assert parse_settings(replace(definition, folder=str(tmp_path))).password() == "hush"
    assert "hush" not in (tmp_path / "secrets.json").read_text("utf-8")
    assert kept_plant(plant, tmp_path) == plant


def test_that_a_user_certificate_is_taken_along_into_the_plants_folder(
    qtbot: QtBot, page: ConnectPage, services: Services, certificate: Made, tmp_path: Path
) -> None:
    operator = made("operator", uri="", hosts=())
    stick = tmp_path / "stick"
    stick.mkdir()
    operator.put(stick, "operator")
    users = KnownUsers(operator.certificate)
    with served(certificate, tmp_path, tokens=[ua.X509IdentityToken], users=users) as server:
        page.url.setText(server.url)
        page.secure.setChecked(True)
        qtbot.waitUntil(lambda: page.login.opcua.kind is LoginKind.CERTIFICATE, timeout=10_000)
        page.login.opcua.certificate.edit.setText(str(stick / "operator.der"))
        page.login.opcua.key.edit.setText(str(stick / "operator.key.pem"))
        page.look()
        trust_when_asked(qtbot, page)
        browsed(qtbot, page)
        folder = PlantFolder(tmp_path / "press")
        (definition,) = services.adopt(folder, made_plant(page)).connections
        for file in stick.iterdir():
            file.unlink()  # the stick is pulled out
        assert definition.options["user_key"] == "pki/device/operator.key.pem"
        assert services.devices.look(replace(definition, folder=str(folder.path)), (), lambda _, __: None).found


def test_that_security_is_chosen_from_what_the_server_offers_and_what_can_be_broken_is_said_to_be_so(
    qtbot: QtBot, page: ConnectPage, certificate: Made, tmp_path: Path
) -> None:
    with served(certificate, tmp_path, policies=[TYPES.Basic256_SignAndEncrypt]) as server:
        page.url.setText(server.url)
        page.secure.setChecked(True)
        box = page.login.opcua.security
        qtbot.waitUntil(lambda: box.count() == 2, timeout=10_000)
        assert box.itemText(1) == "Signed and encrypted (Basic256) – can be broken"
        assert "only what can be broken" in page.login.opcua.advice.text()
        qtbot.waitUntil(lambda: "pki" in page.login.opcua.note.text(), timeout=10_000)
        page.look()
        qtbot.waitUntil(lambda: "offers only what can be broken" in page.message.text(), timeout=10_000)
        box.setCurrentIndex(1)
        page.look()
        trust_when_asked(qtbot, page)
        browsed(qtbot, page)
    assert page.definition().options == {"security": "Basic256/SignAndEncrypt", "legacy_security": True}


def test_that_a_modbus_device_with_tls_asks_for_its_files_and_takes_them_along(
    qtbot: QtBot, page: ConnectPage, services: Services, tmp_path: Path
) -> None:
    authority = signed(tmp_path, "authority")
    own = signed(tmp_path, "client", authority)
    with running(secured(tmp_path, authority)) as port:
        page.url.setText(f"modbus+tls://127.0.0.1:{port}?unit=1")
        page.look()
        assert page.message.text() == "Fill in: Certificate of the device or its authority"
        form = page.login.tls
        assert form.isVisible()
        assert not page.login.opcua.isVisible()
        form.authority.edit.setText(str(authority.certificate_file))
        form.certificate.edit.setText(str(own.certificate_file))
        form.key.edit.setText(str(own.key_file))
        page.look()
        browsed(qtbot, page)
        (definition,) = services.adopt(PlantFolder(tmp_path / "press"), made_plant(page)).connections
    assert definition.options["authority"] == "pki/device/authority.pem"
    assert (tmp_path / "press" / "pki" / "device" / "client-key.pem").read_bytes() == own.key_file.read_bytes()


def test_that_what_is_no_certificate_is_not_copied(tmp_path: Path) -> None:
    large = tmp_path / "disk.img"
    large.write_bytes(bytes(1 << 21))
    with pytest.raises(DriverError, match="too large for a certificate"):
        kept_plant(_plant("modbus+tls://plc", {"authority": str(large)}), tmp_path / "press")
    assert not (tmp_path / "press").exists()


def test_that_leaving_an_address_forgets_what_another_server_offered(qtbot: QtBot, page: ConnectPage) -> None:
    page.url.setText("opc.tcp://10.0.0.1:4840")
    page.login.opcua.show_offer(LoginOffer("opc.tcp://10.0.0.1:4840", (OfferedSecurity("None"),)))
    assert page.login.opcua.security.count() == 2
    page.url.setText("opc.tcp://10.0.0.2:4840")
    assert page.login.opcua.security.count() == 1
    page.url.setText("modbus://10.0.0.2")
    assert not page.secure.isVisible()


@pytest.mark.parametrize("code", list(MisfitCode))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_that_each_way_not_to_fit_is_told_in_both_languages(code: MisfitCode, language: Language) -> None:
    set_language(language)
    offer = LoginOffer("opc.tcp://a", (OfferedSecurity("Basic256/Sign", True, (LoginKind.PASSWORD,)),))
    told = misfit_text(Misfit("", code, offer), "None", LoginKind.ANONYMOUS)
    assert len(told) > 10
    assert told.isascii() is (language == "en")


def _plant(url: str, options: dict[str, object]) -> Plant:
    from app.model.connection import ConnectionDefinition
    from app.model.text import LocalText

    driver = "opcua" if url.startswith("opc") else "modbus"
    return Plant("press", LocalText("Press"), (), (ConnectionDefinition("device", driver, url, options),), ())
