"""Secured sessions with a server that is not ours: open62541, which looks at our certificate with eyes of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.model import status
from app.model.connection import ConnectionDefinition
from drivers.driver import ConnectionLost, TagSpec
from drivers.opcua.client import OpcUaDriver
from drivers.opcua.own_certificate import own_certificates
from drivers.opcua.pki import Pki
from tests.drivers.opcua.authority import URI, made
from tests.drivers.opcua.plant_folder import Plant
from tests.peers.process import PeerServer, peer_server

pytestmark = pytest.mark.peer

LOGIN = {"user_certificate": "operator.der", "user_key": "operator.key.pem"}
SHOWN = made("open62541")
SECURITY = [
    f"{policy}/{mode}"
    for policy in ("Aes256_Sha256_RsaPss", "Basic256Sha256", "Aes128_Sha256_RsaOaep")
    for mode in ("SignAndEncrypt", "Sign")
]


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Plant:
    return Plant(tmp_path_factory.mktemp("plant"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def server(plant: Plant, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PeerServer]:
    certificate, key = SHOWN.put(tmp_path_factory.mktemp("server"))
    ours = own_certificates(plant.pki)[0].path
    operator, _ = made("operator", uri="urn:operator").put(plant.folder, "operator")
    trusted = (str(ours), str(operator))
    async with peer_server("o6", "o6_server.py", str(certificate), str(key), URI, *trusted) as peer:
        peer.publish({"ns=1;s=T": 21.5})
        with pytest.raises(ConnectionLost, match="shows its certificate to nobody: fetch the file"):
            await plant.connect(_url(peer))
        found = OpcUaDriver.present(plant.definition(_url(peer)), certificate)
        assert found.offered is not None
        OpcUaDriver.trust(plant.definition(_url(peer)), found.offered.thumbprint, by="engineer")
        yield peer


def _url(server: PeerServer) -> str:
    return f"opc.tcp://127.0.0.1:{server.port}"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("security", [*SECURITY, "auto"])
async def test_that_every_safe_policy_is_spoken_with_open62541(server: PeerServer, plant: Plant, security: str) -> None:
    driver = OpcUaDriver.from_definition(plant.definition(_url(server), security=security, **LOGIN))
    try:
        await driver.open()
        block = await driver.read([TagSpec(0, "ns=1;s=T")])
        used = driver.diagnose().security
    finally:
        await driver.close()
    assert block.value.tolist() == [21.5]
    assert block.status.tolist() == [status.GOOD]
    assert used == (SECURITY[0] if security == "auto" else security)


@pytest.mark.asyncio(loop_scope="module")
async def test_that_open62541_turning_us_away_is_told_with_the_file_to_hand_over(
    server: PeerServer, tmp_path: Path
) -> None:
    stranger = Plant(tmp_path / "stranger")
    stranger.pki.trust(SHOWN.certificate, _url(server), accepted=(), by="engineer")
    driver = OpcUaDriver.from_definition(
        ConnectionDefinition("server", "opcua", _url(server), {"timeout_ms": 20_000}, folder=str(stranger.folder))
    )
    with pytest.raises(ConnectionLost) as caught:
        await driver.open()
    await driver.close()
    ours = own_certificates(Pki(stranger.folder / "pki"))[0].path
    assert f"let the server's administrator trust the file {ours}" in str(caught.value)


@pytest.mark.asyncio(loop_scope="module")
async def test_that_a_way_to_log_in_that_open62541_does_not_take_is_told_with_those_it_takes(
    server: PeerServer, plant: Plant
) -> None:
    loss = await plant.loss(_url(server))
    assert "does not take anonymous clients, only a user certificate: set user_certificate and user_key" in loss
