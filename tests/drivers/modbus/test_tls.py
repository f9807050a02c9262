"""Modbus/TCP Security against pymodbus's server, and in words what can be wrong with certificates."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from app.model import clock
from app.model.connection import ConnectionDefinition
from drivers.driver import BadOption, ConnectionLost, TagSpec, WriteItem
from drivers.modbus.client import ModbusDriver
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from drivers.secret_store import PASSPHRASE, SecretStore
from tests.drivers.modbus.certificates import Signed, server_context, signed

VALUES = {f"HR{2 * number}:F32": number * 1.5 for number in range(60)}


@pytest.fixture
def authority(tmp_path: Path) -> Signed:
    return signed(tmp_path, "authority")


@asynccontextmanager
async def secured(folder: Path, authority: Signed, *, days: int = 30, host: str = "127.0.0.1") -> AsyncIterator[int]:
    """Serve over TLS to whom `authority` has signed; `days`, `host`: of the server's certificate."""
    context = server_context(signed(folder, "server", authority, days=days, host=host), authority)
    points = [ModbusPoint(address, 1, address, writable=True) for address in VALUES]
    publisher = ModbusPublisher("127.0.0.1", 0, points, tls=context)
    await publisher.start()
    publisher.publish(VALUES, 0)
    try:
        yield publisher.port
    finally:
        await publisher.stop()


def driver_to(port: int, **options: object) -> ModbusDriver:
    return ModbusDriver.from_definition(ConnectionDefinition("c", "modbus", f"modbus+tls://127.0.0.1:{port}", options))


def shown(authority: Signed, own: Signed) -> dict[str, object]:
    return {
        "authority": str(authority.certificate_file),
        "certificate": str(own.certificate_file),
        "key": str(own.key_file),
    }


async def reason_of(driver: ModbusDriver) -> str:
    """Return why a connection is not made, or does not last."""

    async def use() -> None:
        await driver.open()
        # with TLS 1.3 a server judges the client's certificate only after the client's handshake is over
        await driver.subscribe([TagSpec(0, "HR0:F32", 20)])
        while True:
            await driver.batches().get()

    try:
        with pytest.raises(ConnectionLost) as caught:
            await use()
        return str(caught.value)
    finally:
        await driver.close()


async def test_that_values_are_read_and_written_over_tls(tmp_path: Path, authority: Signed) -> None:
    async with secured(tmp_path, authority) as port:
        driver = driver_to(port, **shown(authority, signed(tmp_path, "client", authority)))
        await driver.open()
        try:
            (result,) = await driver.write([WriteItem("HR2:F32", -2.5, clock.monotonic_ns() + 10**10)])
            block = await driver.read([TagSpec(row, address) for row, address in enumerate(VALUES)])
        finally:
            await driver.close()
    assert (result.status, result.reason) == (0, "")
    assert block.value.tolist() == [0.0, -2.5, *[number * 1.5 for number in range(2, 60)]]


async def test_that_each_failure_of_tls_is_told_with_its_remedy(tmp_path: Path, authority: Signed) -> None:
    stranger = signed(tmp_path, "stranger")
    own = signed(tmp_path, "client", authority)
    foreign = signed(tmp_path, "foreign", stranger)
    async with secured(tmp_path, authority) as port:
        told = {
            "stranger": await reason_of(driver_to(port, **shown(stranger, own))),
            "anonymous": await reason_of(driver_to(port, authority=str(authority.certificate_file))),
            "foreign": await reason_of(driver_to(port, **shown(authority, foreign))),
            "name": await reason_of(driver_to(port, **shown(authority, own), server_name="plc-7")),
        }
    assert "certificate is not accepted: " in told["stranger"]
    assert "does it trust our certificate (options certificate and key)" in told["anonymous"]
    assert "does it trust our certificate" in told["foreign"]
    assert "not valid for 'plc-7'" in told["name"]
    assert all(reason.startswith(f"modbus+tls://127.0.0.1:{port}: ") for reason in told.values())


@contextmanager
def openssl_server(context: ssl.SSLContext) -> Iterator[int]:
    """Accept connections as servers of OpenSSL do, which tell what they refuse; asyncio's close without a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with suppress(OSError), connection, context.wrap_socket(connection, server_side=True) as secured:
                    secured.recv(1)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_that_what_a_server_says_against_our_certificate_is_told(
    tmp_path: Path, authority: Signed, version: ssl.TLSVersion
) -> None:
    context = server_context(signed(tmp_path, "server", authority), authority)
    context.minimum_version = context.maximum_version = version
    foreign = signed(tmp_path, "foreign", signed(tmp_path, "stranger"))
    expired = signed(tmp_path, "expired", authority, days=-1)
    with openssl_server(context) as port:
        anonymous = await reason_of(driver_to(port, authority=str(authority.certificate_file)))
        for _ in range(5):  # the server may reset the connection before its reason has been read
            unknown = await reason_of(driver_to(port, **shown(authority, foreign)))
            if "reset" not in unknown:
                break
        for _ in range(5):
            old = await reason_of(driver_to(port, **shown(authority, expired)))
            if "reset" not in old:
                break
    assert "give the options certificate and key" in anonymous or "give certificate and key" in anonymous
    assert "does not know who signed our certificate" in unknown
    assert "our certificate has expired" in old


async def test_that_an_expired_certificate_and_another_service_are_told(tmp_path: Path, authority: Signed) -> None:
    options = shown(authority, signed(tmp_path, "client", authority))
    async with secured(tmp_path, authority, days=-1) as port:
        assert "certificate has expired" in await reason_of(driver_to(port, **options))
    plain = ModbusPublisher("127.0.0.1", 0, [ModbusPoint("a", 1, "HR0:F32")])
    await plain.start()
    try:
        reason = await reason_of(driver_to(plain.port, **options, connect_timeout_ms=300))
    finally:
        await plain.stop()
    assert "speaks no TLS" in reason or "does it speak TLS" in reason or "no connection within" in reason


async def test_that_a_name_is_not_asked_for_where_the_plant_says_so(tmp_path: Path, authority: Signed) -> None:
    options = shown(authority, signed(tmp_path, "client", authority))
    async with secured(tmp_path, authority, host="10.0.0.9") as port:
        assert "IP address mismatch" in await reason_of(driver_to(port, **options))
        driver = driver_to(port, **options, check_name=False)
        await driver.open()
        await driver.close()


async def test_that_a_wrong_file_is_told_by_its_option(tmp_path: Path, authority: Signed) -> None:
    own, other = signed(tmp_path, "client", authority), signed(tmp_path, "other", authority)
    text = tmp_path / "text.pem"
    text.write_text("no certificate", encoding="utf-8")
    right = shown(authority, own)
    for option, wrong in (
        ("authority", right | {"authority": str(tmp_path / "absent.pem")}),
        ("authority", right | {"authority": str(text)}),
        ("authority", {}),
        ("key", right | {"key": str(other.key_file)}),
        ("key", right | {"certificate": str(text)}),
        ("certificate", {"authority": right["authority"], "key": right["key"]}),
    ):
        driver = driver_to(1, **wrong)
        with pytest.raises(BadOption) as caught:
            await driver.open()
        await driver.close()
        assert caught.value.name == option


async def test_that_an_encrypted_key_in_the_plants_folder_is_opened_by_its_kept_passphrase(
    tmp_path: Path, authority: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSPHRASE, "open sesame")
    own = signed(tmp_path, "client", authority)
    encryption = serialization.BestAvailableEncryption(b"of the key")
    own.key_file.write_bytes(
        own.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    )
    (tmp_path / "authority.pem").write_bytes(authority.certificate_file.read_bytes())
    options: dict[str, object] = {"authority": "authority.pem", "certificate": own.certificate_file.name}
    kept = {"key_password_secret": "plc"}
    options |= {"key": own.key_file.name, "timeout_ms": 1_000}

    def driver_with(port: int, **more: object) -> ModbusDriver:
        url = f"modbus+tls://127.0.0.1:{port}"
        return ModbusDriver.from_definition(
            ConnectionDefinition("c", "modbus", url, options | more, folder=str(tmp_path))
        )

    async with secured(tmp_path, authority) as port:
        with pytest.raises(BadOption, match="give key_password_secret"):
            await driver_with(port).open()
        with pytest.raises(ConnectionLost, match="foreshift secret set"):
            await driver_with(port, **kept).open()
        SecretStore(tmp_path).write("plc", "of another key")
        with pytest.raises(BadOption, match="is the passphrase the right one"):
            await driver_with(port, **kept).open()
        SecretStore(tmp_path).write("plc", "of the key")
        driver = driver_with(port, **kept)
        await driver.open()
        block = await driver.read([TagSpec(0, "HR0:F32")])
        await driver.close()
    assert block.status.tolist() == [0]
