"""Looking at the certificate of a server from the command line, trusting it, and reading the server after that."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.__main__ import main
from app.audit.journal import page
from app.database import open_reader
from app.model import clock
from app.model.connection import ConnectionDefinition
from app.model.plant import Plant
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from drivers.trust import Untrusted
from tests.drivers.opcua.authority import made
from tests.drivers.opcua.server_thread import ServedUrl, served

PLANT = """
[plant]
id = "line"
name = "Line"

[[equipment]]
id = "E"
name = "E"

[connection.press]
driver = "opcua"
url = "{url}"

[connection.valves]
driver = "modbus"
url = "modbus://127.0.0.1:502"
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedUrl]:
    with served(made(ends_d=10), tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FORESHIFT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path, server: ServedUrl) -> PlantFolder:
    folder = PlantFolder(tmp_path / "line")
    folder.path.mkdir()
    folder.configuration.write_text(PLANT.format(url=server.url), encoding="utf-8")
    return folder


def _thumbprint(out: str) -> str:
    (line,) = [line for line in out.splitlines() if line.startswith("thumbprint")]
    return line.partition(" ")[2].strip()


def test_that_a_server_is_read_once_its_certificate_was_shown_and_trusted(
    server: ServedUrl, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", server.url, "i=2267"]) == 2
    refused = capsys.readouterr().err
    assert f'look at it with: foreshift trust {server.url} --folder "{home}"' in refused
    assert main(["trust", server.url]) == 1
    shown = capsys.readouterr()
    for word in (
        "subject     CN=server",
        "in words",
        "hosts       localhost, 127.0.0.1",
        "valid",
        "nobody has trusted",
    ):
        assert word in shown.out
    mark = _thumbprint(shown.out)
    assert f"foreshift trust {server.url} --yes {mark.replace(' ', '')}" in shown.err
    assert main(["trust", server.url, "--yes", mark]) == 0
    assert main(["read", server.url, "i=2267"]) == 0
    assert "255" in capsys.readouterr().out
    assert main(["browse", server.url, "--depth", "1"]) == 0
    assert main(["read", server.url, "i=2267", "--security", "Basic256Sha256/Sign", "-o", "timeout_ms=2000"]) == 0


def test_that_another_thumbprint_than_the_one_shown_is_not_trusted(
    server: ServedUrl, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trust", server.url, "--yes", "AB" * 20]) == 2
    assert "shows another certificate than ABAB" in capsys.readouterr().err
    assert main(["read", server.url, "i=2267"]) == 2


def test_that_whoever_is_asked_can_say_no(
    server: ServedUrl, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal("no\n"))
    assert main(["trust", server.url]) == 1
    monkeypatch.setattr("sys.stdin", Terminal("yes\n"))
    assert main(["trust", server.url]) == 0
    assert "trusted from now on" in capsys.readouterr().out


def test_that_a_certificate_that_is_trusted_and_out_of_date_is_told_as_not_usable_with_the_remedy(
    server: ServedUrl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    then = clock.now_ns() + 20 * 86_400 * clock.NS_PER_S
    monkeypatch.setattr(clock, "_wall", lambda: then)
    folder = str(tmp_path / "press")
    assert main(["trust", server.url, "--folder", folder]) == 1
    said = capsys.readouterr()
    mark = _thumbprint(said.out).replace(" ", "")
    assert f'foreshift trust {server.url} --yes {mark} --folder "{folder}"' in said.err
    assert main(["trust", server.url, "--folder", folder, "--yes", mark]) == 0
    (first, *rest) = capsys.readouterr().out.partition("trusted from now on")[2].splitlines()
    assert first == ", but it cannot be used yet:"
    assert 'or go on until then with the option accept = "expired"' in rest[0]


def test_that_the_servers_of_a_plant_are_trusted_in_its_own_folder_and_audited(
    server: ServedUrl, folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trust", str(folder.path), "--refuse"]) == 1
    mark = _thumbprint(capsys.readouterr().out)
    assert main(["trust", str(folder.path), "press", "--yes", mark]) == 0
    assert len(list((folder.path / "pki" / "trusted").iterdir())) == 1
    connection = open_reader(folder.history)
    records = [line.record for line in page(connection)]
    connection.close()
    lines = [record for record in records if record is not None and record.action.kind != "log"]
    assert [record.action for record in lines] == ["certificate.trusted", "certificate.refused"]
    assert server.url in lines[0].reason
    assert main(["read", server.url, "i=2267", "--folder", str(folder.path)]) == 0
    capsys.readouterr()
    assert main(["check", str(folder.path)]) == 0
    warned = capsys.readouterr().err
    assert "the certificate of" in warned
    assert "renew it this week" in warned


def test_that_connections_without_certificates_are_told(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trust", str(folder.path), "valves"]) == 2
    assert "with certificates there are: press" in capsys.readouterr().err
    assert main(["trust", "modbus://127.0.0.1:502"]) == 2
    assert "have no certificates to trust" in capsys.readouterr().err


def test_that_our_own_certificate_is_shown_with_its_file_and_renewed(
    server: ServedUrl, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trust", server.url, "--own"]) == 0
    first = capsys.readouterr().out
    assert str(home / "pki" / "own" / "foreshift.der") in first
    assert main(["trust", server.url, "--own"]) == 0
    assert capsys.readouterr().out == first
    assert main(["trust", server.url, "--renew"]) == 0
    assert _thumbprint(capsys.readouterr().out) != _thumbprint(first)
    assert (home / "pki" / "own" / "former" / "foreshift.der").exists()


def test_that_an_option_without_a_value_is_told(server: ServedUrl, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", server.url, "i=2267", "-o", "timeout_ms"]) == 2
    assert "--option timeout_ms: write KEY=VALUE" in capsys.readouterr().err
    assert main(["read", server.url, "i=2267", "-o", "timeout_ms=fast"]) == 2
    assert "option timeout_ms" in capsys.readouterr().err


def test_that_wrong_security_in_a_plant_file_is_told_at_its_line(
    folder: PlantFolder, server: ServedUrl, capsys: pytest.CaptureFixture[str]
) -> None:
    text = folder.configuration.read_text(encoding="utf-8")
    url = f'url = "{server.url}"\n'
    folder.configuration.write_text(
        text.replace(url, f'{url}accept = "host"\nsecurity = "Basic256"\n'), encoding="utf-8"
    )
    line = folder.configuration.read_text(encoding="utf-8").splitlines().index('security = "Basic256"') + 1
    assert main(["check", str(folder.path)]) == 2
    assert f"plant.toml:{line}: option security" in capsys.readouterr().err


def test_that_a_plant_made_in_the_window_is_known_to_the_servers_that_it_was_browsed_from(
    server: ServedUrl, tmp_path: Path, home: Path
) -> None:
    from app.command.services import window_services

    definition = ConnectionDefinition("device", "opcua", server.url)
    plant = Plant("new", LocalText("New"), (), (definition,), ())
    folder = PlantFolder(tmp_path / "new")
    with window_services(is_kept=True) as services:
        with pytest.raises(Untrusted) as caught:
            services.devices.look(definition, (), lambda _share, _what: None)
        assert caught.value.identity.offered is not None
        services.certificates.trust(definition, caught.value.identity.offered.thumbprint, "")
        assert services.devices.look(definition, (), lambda _share, _what: None).found
        services.adopt(folder, plant)
        inside = replace(definition, folder=str(folder.path))
        known = services.certificates.identity(inside)
        assert known is not None
        assert known.known == caught.value.identity.offered
        assert services.certificates.identity(ConnectionDefinition("m", "modbus", "modbus://127.0.0.1")) is None
    ours = "pki/own/foreshift.der"
    assert (folder.path / ours).read_bytes() == (home / ours).read_bytes()


def test_that_the_file_of_a_certificate_is_judged_for_a_server_that_shows_it_to_nobody(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "opc.tcp://127.0.0.1:1"
    path, _ = made().put(tmp_path)
    assert main(["trust", url, "--certificate", str(path)]) == 1
    mark = _thumbprint(capsys.readouterr().out)
    assert main(["trust", url, "--certificate", str(path), "--yes", mark]) == 0
    assert len(list((home / "pki" / "trusted").iterdir())) == 1
    (tmp_path / "made.der").write_bytes(b"no certificate")
    assert main(["trust", url, "--certificate", str(path)]) == 2
    assert "cannot be read as a certificate" in capsys.readouterr().err
