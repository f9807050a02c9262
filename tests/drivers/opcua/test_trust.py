"""A server is believed only where its certificate is: each fault has its own reason, and trusting is an act."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asyncua import ua

from app.model import clock
from app.model.connection import ConnectionDefinition
from drivers.driver import ConnectionLost, DriverError
from drivers.opcua.client import OpcUaDriver
from drivers.opcua.renewal import BY, is_renewal
from drivers.trust import Fault, Untrusted, spoken
from tests.drivers.opcua.authority import URI, Authority, Made, key_of, made
from tests.drivers.opcua.plant_folder import Plant
from tests.drivers.opcua.secured_server import secured_server

ONE = (ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt,)


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    return Plant(tmp_path / "plant")


WRONG: dict[Fault, dict[str, Any]] = {
    Fault.EXPIRED: {"begins_d": -30, "ends_d": -2},
    Fault.NOT_YET_VALID: {"begins_d": 3},
    Fault.HOST: {"hosts": ("plc-1", "10.9.9.9")},
    Fault.URI: {"uri": "urn:somebody:else"},
    Fault.USAGE: {"is_encrypting": False},
    Fault.REVOKED: {},
}


def _wrong(fault: Fault, authority: Authority) -> Made:
    """Return a certificate with one fault, of an authority that is trusted but for the first two faults."""
    if fault is Fault.UNKNOWN:
        return Authority("other CA").issue()
    if fault is Fault.CHANGED:
        return made(key=key_of("second"))
    if fault is Fault.KEY:
        return authority.issue("small", key=key_of("small", 1024))
    issued = authority.issue(**WRONG[fault])
    if fault is Fault.REVOKED:
        authority.revoke(issued.certificate)
    return issued


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.UNKNOWN, r'issued by "other CA", an authority that is not known here'),
        (Fault.CHANGED, r"certificate has changed: .* compare both before you trust the new one"),
        (Fault.EXPIRED, r'"server" expired on \d{4}-\d\d-\d\d .* UTC: give the server a new one'),
        (Fault.NOT_YET_VALID, r"is not valid before .*, and this PC's clock says"),
        (Fault.HOST, r'made out for plc-1, 10\.9\.9\.9, not for 127\.0\.0\.1: connect to plc-1, or .* accept = "host"'),
        (Fault.URI, rf"calls itself {URI}, its certificate urn:somebody:else"),
        (Fault.USAGE, r"not meant for a server: it lacks key_encipherment, data_encipherment"),
        (Fault.KEY, r"an RSA key of 1024 bits, not one of 2048 to 4096"),
        (Fault.REVOKED, r'was revoked by "plant CA": it must not be used any more'),
    ],
)
async def test_that_each_fault_of_a_certificate_is_refused_with_its_own_reason(
    plant: Plant, tmp_path: Path, fault: Fault, reason: str
) -> None:
    authority = Authority()
    shown = _wrong(fault, authority)
    authority.made.put(plant.pki.trusted_folder, "authority")
    authority.put_list(plant.pki.trusted_folder)
    async with secured_server(shown, tmp_path, policies=ONE) as url:
        if fault is Fault.CHANGED:
            plant.pki.trust(made().certificate, url, accepted=(), by="engineer")
        with pytest.raises(Untrusted, match=reason) as caught:
            await plant.connect(url)
    assert [found.fault for found in caught.value.identity.faults] == [fault]
    assert url in str(caught.value)


@pytest.mark.parametrize("fault", [Fault.EXPIRED, Fault.NOT_YET_VALID, Fault.HOST, Fault.URI, Fault.USAGE, Fault.KEY])
async def test_that_an_accepted_fault_is_passed_over_and_told(plant: Plant, tmp_path: Path, fault: Fault) -> None:
    authority = Authority()
    shown = _wrong(fault, authority)
    authority.made.put(plant.pki.trusted_folder, "authority")
    async with secured_server(shown, tmp_path, policies=ONE) as url:
        if fault is Fault.KEY:  # chains with such keys are not built at all
            plant.pki.trust(shown.certificate, url, accepted=(), by="engineer")
        driver = await plant.connect(url, accept=fault.value)
    assert any(note.startswith("accepted: ") for note in driver.diagnose().notes)


async def test_that_an_unknown_certificate_is_kept_for_somebody_to_judge_and_believed_after_that(
    plant: Plant, tmp_path: Path
) -> None:
    async with secured_server(made(), tmp_path, policies=ONE) as url:
        refusal = await plant.refusal(url)
        assert "nobody has trusted it yet; look at it with: foreshift trust" in refusal
        assert len(list(plant.pki.rejected_folder.iterdir())) == 1
        waiting = OpcUaDriver.known_identity(plant.definition(url))
        assert waiting.is_waiting
        assert waiting.offered is not None
        OpcUaDriver.trust(plant.definition(url), waiting.offered.thumbprint, by="engineer")
        driver = await plant.connect(url)
    assert driver.diagnose().security == "Basic256Sha256/SignAndEncrypt"
    assert list(plant.pki.rejected_folder.iterdir()) == []
    journal = (plant.folder / "pki" / "journal.jsonl").read_text(encoding="utf-8")
    assert '"act": "rejected"' in journal
    assert '"by": "engineer"' in journal
    assert not OpcUaDriver.known_identity(plant.definition(url)).is_waiting


async def test_that_the_former_certificate_is_believed_no_more_once_a_new_one_is(plant: Plant, tmp_path: Path) -> None:
    first, second = made(), made(key=key_of("second"))
    async with secured_server(first, tmp_path / "first", policies=ONE) as url:
        found = await OpcUaDriver.identify(plant.definition(url))
        assert found.offered is not None
        OpcUaDriver.trust(plant.definition(url), found.offered.fingerprint, by="engineer")
        await plant.connect(url)
    port = int(url.rstrip("/").rpartition(":")[2])
    async with secured_server(second, tmp_path / "second", policies=ONE, port=port):
        changed = await OpcUaDriver.identify(plant.definition(url))
        assert [found.fault for found in changed.faults] == [Fault.CHANGED]
        assert changed.known is not None
        assert changed.offered is not None
        assert changed.known.thumbprint != changed.offered.thumbprint
        OpcUaDriver.trust(plant.definition(url), changed.offered.thumbprint, by="engineer")
        await plant.connect(url)
    async with secured_server(first, tmp_path / "first", policies=ONE, port=port):
        assert "has changed" in await plant.refusal(url)


async def test_that_a_server_that_renews_its_certificate_and_keeps_its_key_is_believed_and_never_the_way_back(
    plant: Plant, tmp_path: Path
) -> None:
    first, renewed = made(begins_d=-300, ends_d=20), made(begins_d=-1)
    async with secured_server(first, tmp_path / "first", policies=ONE) as url:
        await plant.trust(url)
        await plant.connect(url)
    port = int(url.rstrip("/").rpartition(":")[2])
    used = plant.pki.memory(url).used
    async with secured_server(renewed, tmp_path / "renewed", policies=ONE, port=port):
        driver = await plant.connect(url)
        assert "the server has renewed its certificate, and kept its key" in driver.diagnose().notes
        assert "renewed" not in "".join((await plant.connect(url)).diagnose().notes)
    assert used == plant.pki.memory(url).used == "Basic256Sha256/SignAndEncrypt"
    assert renewed.certificate in plant.pki.trusted()
    assert f'"by": "{BY}"' in (plant.folder / "pki" / "journal.jsonl").read_text(encoding="utf-8")
    async with secured_server(first, tmp_path / "first", policies=ONE, port=port):
        assert "has changed" in await plant.refusal(url)


@pytest.mark.parametrize(
    "other",
    [
        {"key": key_of("second")},
        {"name": "another"},
        {"uri": "urn:somebody:else"},
        {"hosts": ("localhost", "127.0.0.1", "10.9.9.9")},
        {"begins_d": -301},
    ],
)
def test_that_only_the_same_key_under_the_same_names_begun_later_is_a_renewal(other: dict[str, Any]) -> None:
    former = made(begins_d=-300, ends_d=20).certificate
    assert is_renewal(former, made(begins_d=-1).certificate)
    assert not is_renewal(former, made(**{"begins_d": -1, "key": key_of("server"), **other}).certificate)


async def test_that_whoever_trusts_a_certificate_has_seen_whom_it_is_made_out_for(plant: Plant, tmp_path: Path) -> None:
    shown = made(hosts=("plc-1",), uri="urn:somebody:else")
    async with secured_server(shown, tmp_path, policies=ONE) as url:
        found = await OpcUaDriver.identify(plant.definition(url))
        assert [entry.fault for entry in found.faults] == [Fault.UNKNOWN, Fault.HOST, Fault.URI]
        assert found.offered is not None
        OpcUaDriver.trust(plant.definition(url), found.offered.thumbprint, by="engineer")
        await plant.connect(url)


async def test_that_trusting_an_expired_certificate_does_not_make_it_valid(plant: Plant, tmp_path: Path) -> None:
    async with secured_server(made(begins_d=-30, ends_d=-2), tmp_path, policies=ONE) as url:
        found = await OpcUaDriver.identify(plant.definition(url))
        assert found.offered is not None
        OpcUaDriver.trust(plant.definition(url), found.offered.thumbprint, by="engineer")
        assert "expired on" in await plant.refusal(url)


async def test_that_a_clock_that_is_far_off_is_named_beside_the_certificate(
    plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority()
    shown = authority.issue()
    authority.made.put(plant.pki.trusted_folder, "authority")
    async with secured_server(shown, tmp_path, policies=ONE) as url:
        then = clock.now_ns() - 400 * 86_400 * clock.NS_PER_S
        monkeypatch.setattr(clock, "_wall", lambda: then)
        refusal = await plant.refusal(url)
    assert "is not valid before" in refusal
    assert "the server's clock says" in refusal
    assert "is one of them wrong?" in refusal


async def test_that_an_authority_that_is_only_an_issuer_is_not_trusted(plant: Plant, tmp_path: Path) -> None:
    root = Authority("root")
    middle = Authority("middle", issuer=root.made)
    shown = middle.issue()
    middle.made.put(plant.pki.issuers_folder, "middle")
    async with secured_server(shown, tmp_path, policies=ONE) as url:
        assert '"middle", which is known here but not trusted' in await plant.refusal(url)
        root.made.put(plant.pki.trusted_folder, "root")
        await plant.connect(url)
        root.revoke(middle.made.certificate)
        root.put_list(plant.pki.trusted_folder)
        assert 'its issuer "middle" was revoked by "root"' in await plant.refusal(url)


async def test_that_a_list_that_the_authority_has_not_signed_revokes_nothing(plant: Plant, tmp_path: Path) -> None:
    authority = Authority()
    shown = authority.issue()
    authority.revoke(shown.certificate)
    authority.made.put(plant.pki.trusted_folder, "authority")
    authority.put_list(plant.pki.issuers_folder, signed_by=made("forger"))
    async with secured_server(shown, tmp_path, policies=ONE) as url:
        await plant.connect(url)
        authority.put_list(plant.pki.issuers_folder)
        assert "was revoked" in await plant.refusal(url)


async def test_that_the_serial_number_of_another_authority_revokes_nothing(plant: Plant, tmp_path: Path) -> None:
    authority, other = Authority(), Authority("other CA")
    shown = authority.issue()
    other.revoke(shown.certificate)
    for each in (authority, other):
        each.made.put(plant.pki.trusted_folder, each.name)
        each.put_list(plant.pki.trusted_folder)
    async with secured_server(shown, tmp_path, policies=ONE) as url:
        await plant.connect(url)


async def test_that_a_certificate_that_was_never_shown_cannot_be_trusted(plant: Plant) -> None:
    with pytest.raises(DriverError, match="ask it for its certificate first"):
        OpcUaDriver.trust(plant.definition("opc.tcp://127.0.0.1:1"), "AB" * 20, by="engineer")


async def test_that_a_certificate_is_named_by_a_good_part_of_its_thumbprint_only(plant: Plant) -> None:
    certificate = made().certificate
    plant.pki.reject(certificate, "opc.tcp://plc:4840")
    mark = OpcUaDriver.known_identity(plant.definition("opc.tcp://plc:4840")).offered
    assert mark is not None
    pairs = ":".join(mark.thumbprint[at : at + 2] for at in range(0, 40, 2)).lower()
    assert plant.pki.find(pairs) == certificate
    assert plant.pki.find(mark.fingerprint[:16]) == certificate
    assert plant.pki.find(mark.fingerprint[:8]) is None


async def test_that_a_server_without_a_folder_for_certificates_is_told_what_to_do(tmp_path: Path) -> None:
    async with secured_server(made(), tmp_path, policies=ONE) as url:
        driver = OpcUaDriver.from_definition(ConnectionDefinition("server", "opcua", url))
        with pytest.raises(ConnectionLost, match="no folder for them: name a plant"):
            await driver.open()
        await driver.close()


def test_that_a_damaged_memory_is_named_and_not_taken_for_an_empty_one(plant: Plant) -> None:
    plant.pki.remember("opc.tcp://plc:4840", trusted="AB")
    (plant.folder / "pki" / "servers.json").write_text("{", encoding="utf-8")
    with pytest.raises(DriverError, match=r"servers\.json cannot be read .* trust the servers anew"):
        plant.pki.memory("opc.tcp://plc:4840")


def test_that_the_words_are_the_proquints_of_their_author() -> None:
    assert spoken(bytes((127, 0, 0, 1))) == "lusab babad"
    assert spoken(bytes((63, 84, 220, 193))) == "gutih tugad"
