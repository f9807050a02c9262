"""The way into a server: the best security it offers and never less than before, our certificate, and its users."""

from __future__ import annotations

import stat
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from asyncua import ua
from asyncua.common.utils import ServiceError
from asyncua.ua.status_codes import StatusCodes
from cryptography import x509

from drivers.driver import TagSpec
from drivers.opcua import own_certificate
from drivers.opcua.certificate import fingerprint, uris_of
from drivers.opcua.client import OpcUaDriver
from drivers.opcua.discovery import Offer, discover
from drivers.opcua.own_certificate import own_certificates, renew
from drivers.opcua.secure_client import SecureClient
from tests.drivers.opcua.authority import Made, made
from tests.drivers.opcua.known_users import KnownUsers
from tests.drivers.opcua.plant_folder import Plant
from tests.drivers.opcua.secured_server import ALL_SAFE, secured_server

TYPES = ua.SecurityPolicyType
SAFE = [
    f"{policy}/{mode}"
    for policy in ("Aes256_Sha256_RsaPss", "Basic256Sha256", "Aes128_Sha256_RsaOaep")
    for mode in ("SignAndEncrypt", "Sign")
]
LEGACY = (TYPES.Basic256_SignAndEncrypt, TYPES.Basic128Rsa15_SignAndEncrypt)
VARIABLE = "PLANT_SECRET"


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    return Plant(tmp_path / "plant")


@pytest.fixture(scope="module")
def server_certificate() -> Made:
    return made()


async def test_that_the_best_that_a_server_offers_is_used_and_each_other_can_be_chosen(
    plant: Plant, tmp_path: Path, server_certificate: Made
) -> None:
    async with secured_server(server_certificate, tmp_path, policies=[TYPES.NoSecurity, *ALL_SAFE]) as url:
        await plant.trust(url)
        assert (await plant.connect(url)).diagnose().security == SAFE[0]
        for security in SAFE:
            driver = OpcUaDriver.from_definition(plant.definition(url, security=security))
            try:
                await driver.open()
                block = await driver.read([TagSpec(0, "i=2267")])
                assert driver.diagnose().security == security
                assert block.value.tolist() == [255.0]
            finally:
                await driver.close()
        assert (await plant.connect(url, security="None")).diagnose().security == "None"


async def test_that_a_server_without_any_security_is_connected_to_and_said_to_be_so(
    plant: Plant, tmp_path: Path, server_certificate: Made
) -> None:
    async with secured_server(server_certificate, tmp_path, policies=[TYPES.NoSecurity]) as url:
        assert (await plant.connect(url)).diagnose().security == "None"


@pytest.mark.parametrize("left", [TYPES.NoSecurity, TYPES.Aes128Sha256RsaOaep_Sign])
async def test_that_less_security_than_before_is_not_taken_silently(
    plant: Plant, tmp_path: Path, server_certificate: Made, left: ua.SecurityPolicyType
) -> None:
    async with secured_server(server_certificate, tmp_path) as url:
        await plant.trust(url)
        await plant.connect(url)
    port = int(url.rstrip("/").rpartition(":")[2])
    async with secured_server(server_certificate, tmp_path, policies=[left], port=port):
        loss = await plant.loss(url)
        assert "Aes256_Sha256_RsaPss/SignAndEncrypt has been used with it so far: somebody may stand between" in loss
        text = "None" if left is TYPES.NoSecurity else "Aes128_Sha256_RsaOaep/Sign"
        assert f'set security = "{text}"' in loss
        assert (await plant.connect(url, security=text)).diagnose().security == text


async def test_that_withdrawn_policies_are_refused_unless_they_are_allowed_and_then_told(
    plant: Plant, tmp_path: Path, server_certificate: Made, caplog: pytest.LogCaptureFixture
) -> None:
    async with secured_server(server_certificate, tmp_path, policies=LEGACY) as url:
        assert "offers only Basic256/SignAndEncrypt, Basic128Rsa15/SignAndEncrypt, which can be broken" in (
            await plant.loss(url)
        )
        await plant.trust(url, legacy_security=True)
        driver = await plant.connect(url, legacy_security=True)
        assert driver.diagnose().security == "Basic256/SignAndEncrypt"
        assert any("Basic256 can be broken" in note for note in driver.diagnose().notes)
        assert "opcua.security.legacy" in caplog.text


async def test_that_a_policy_that_is_not_offered_is_told_with_those_that_are(
    plant: Plant, tmp_path: Path, server_certificate: Made
) -> None:
    async with secured_server(server_certificate, tmp_path, policies=[TYPES.Basic256Sha256_Sign]) as url:
        loss = await plant.loss(url, security="Aes256_Sha256_RsaPss")
        assert (
            'not offer Aes256_Sha256_RsaPss/SignAndEncrypt, only Basic256Sha256/Sign: set security = "Basic256' in loss
        )
        assert 'no endpoint without security: set security = "auto"' in await plant.loss(url, security="None")


async def test_that_endpoints_hidden_before_the_session_are_noticed_within_it(
    plant: Plant, tmp_path: Path, server_certificate: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody between changes the answer to GetEndpoints, which nobody signs."""

    async def stripped(url: str, *, timeout_s: float) -> Offer:
        offer = await discover(url, timeout_s=timeout_s)
        return Offer(tuple(entry for entry in offer.endpoints if entry[0].policy == "None"), offer.time)

    monkeypatch.setattr("drivers.opcua.access.discover", stripped)
    async with secured_server(server_certificate, tmp_path, policies=[TYPES.NoSecurity, *ALL_SAFE]) as url:
        assert "Aes256_Sha256_RsaPss/SignAndEncrypt, which was hidden from us before" in await plant.loss(url)


async def test_that_a_server_without_the_key_of_its_certificate_is_not_believed(
    plant: Plant, tmp_path: Path, server_certificate: Made
) -> None:
    forged = Made(server_certificate.certificate, made("forger").key)
    async with secured_server(forged, tmp_path) as url:
        plant.pki.trust(server_certificate.certificate, url, accepted=(), by="engineer")
        loss = await plant.loss(url, timeout_ms=1_500)
    assert "does not answer in a secure channel" in loss
    assert "it has not the key of its certificate" in loss


async def test_that_our_certificate_is_made_once_for_our_uri_with_a_key_that_nobody_else_can_read(plant: Plant) -> None:
    (first,) = own_certificates(plant.pki)
    (again,) = own_certificates(plant.pki)
    assert first.certificate == again.certificate
    assert uris_of(first.certificate) == (first.application_uri,)
    assert first.application_uri.startswith("urn:")
    assert first.key.key_size >= 2048
    usage = first.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert usage.key_encipherment
    assert usage.data_encipherment
    key_file = plant.pki.own / own_certificate.KEY
    if sys.platform != "win32":
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
        key_file.chmod(0o644)
        own_certificates(plant.pki)
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


async def test_that_a_key_of_another_certificate_is_named_and_nothing_is_replaced(plant: Plant) -> None:
    own_certificates(plant.pki)
    other = made("other")
    certificate, _ = other.put(plant.folder)
    target = plant.pki.own / own_certificate.CERTIFICATE
    target.write_bytes(certificate.read_bytes())
    with pytest.raises(own_certificate.OwnCertificateUnusable, match=r"key\.pem is not the RSA key of .* restore"):
        own_certificates(plant.pki)
    assert target.read_bytes() == certificate.read_bytes()


class _Known:
    """A server's list of clients: refuses whoever is not on it."""

    def __init__(self) -> None:
        self.trusted: set[str] = set()
        self.seen: list[str] = []

    async def __call__(self, certificate: x509.Certificate, application: ua.ApplicationDescription) -> None:
        self.seen.append(fingerprint(certificate))
        if fingerprint(certificate) not in self.trusted:
            raise ServiceError(StatusCodes.BadCertificateUntrusted)


async def test_that_a_server_that_does_not_trust_us_is_told_with_the_file_it_must_be_given(
    plant: Plant, tmp_path: Path, server_certificate: Made
) -> None:
    async with secured_server(server_certificate, tmp_path, validator=_Known()) as url:
        await plant.trust(url)
        loss = await plant.loss(url)
    assert "refuses our certificate (BadCertificateUntrusted)" in loss
    assert f"let the server's administrator trust the file {plant.pki.own / own_certificate.CERTIFICATE}" in loss


async def test_that_a_renewed_certificate_overlaps_with_the_former_one_until_the_server_trusts_it(
    plant: Plant, tmp_path: Path, server_certificate: Made
) -> None:
    known = _Known()
    (former,) = own_certificates(plant.pki)
    known.trusted.add(fingerprint(former.certificate))
    present = renew(plant.pki)
    assert present.application_uri == former.application_uri
    async with secured_server(server_certificate, tmp_path, validator=known) as url:
        await plant.trust(url)
        driver = await plant.connect(url)
        assert any("does not trust our renewed certificate yet" in note for note in driver.diagnose().notes)
        assert str(present.path) in " ".join(driver.diagnose().notes)
        known.trusted.add(fingerprint(present.certificate))
        known.seen.clear()
        assert (await plant.connect(url)).diagnose().notes == ()
    assert known.seen == [fingerprint(present.certificate)]


@pytest.mark.parametrize(
    ("days", "words"), [(59, "plan its renewal"), (13, "this week"), (0.5, "renew it now"), (-1, "expired on")]
)
async def test_that_the_end_of_a_certificate_is_told_in_time(
    plant: Plant, tmp_path: Path, days: float, words: str
) -> None:
    shown = made(begins_d=-30, ends_d=days)
    async with secured_server(shown, tmp_path) as url:
        await plant.trust(url)
        driver = await plant.connect(url, accept="expired")
        assert any(words in note and "the server's certificate" in note for note in driver.diagnose().notes)
        assert driver.diagnose().certificate_days == pytest.approx(days, abs=0.01)
        assert any(words in warning and url in warning for warning in OpcUaDriver.warnings(plant.definition(url)))


def certificate_notes(driver: OpcUaDriver) -> list[str]:
    """Return what is told of certificates, and not of a clock that seems wrong where the computer is busy."""
    return [note for note in driver.diagnose().notes if "certificate" in note]


async def test_that_the_end_of_our_own_certificate_is_told_and_nothing_long_before_it(
    plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with secured_server(made(ends_d=900), tmp_path) as url:
        await plant.trust(url)
        assert certificate_notes(await plant.connect(url)) == []
        monkeypatch.setattr(own_certificate, "VALID", timedelta(days=20))
        renew(plant.pki)
        notes = certificate_notes(await plant.connect(url))
    assert len(notes) == 1
    assert "our certificate" in notes[0]
    assert "plan its renewal" in notes[0]


@pytest.mark.parametrize("security", ["auto", "Basic256Sha256/Sign"])
async def test_that_a_password_opens_a_secured_session_and_a_wrong_one_says_so(
    plant: Plant, tmp_path: Path, server_certificate: Made, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    async with secured_server(
        server_certificate, tmp_path, tokens=[ua.UserNameIdentityToken], users=KnownUsers()
    ) as url:
        assert "does not take anonymous clients, only user and password: set user and" in await plant.loss(url)
        monkeypatch.setenv(VARIABLE, "right")
        login = {"user": "op", "password_env": VARIABLE, "security": security}
        await plant.trust(url, **login)
        await plant.connect(url, **login)
        monkeypatch.setenv(VARIABLE, "wrong")
        loss = await plant.loss(url, **login)
        assert "refuses this user (BadUserAccessDenied): check user and password" in loss
        assert "wrong" not in loss


async def test_that_a_password_is_not_sent_in_plain_text_unless_that_is_written_down(
    plant: Plant, tmp_path: Path, server_certificate: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "right")
    login = {"user": "op", "password_env": VARIABLE}
    async with secured_server(
        server_certificate, tmp_path, policies=[TYPES.NoSecurity], tokens=[ua.UserNameIdentityToken], users=KnownUsers()
    ) as url:
        assert 'the password in plain text: let it offer a security policy, or set security = "None"' in (
            await plant.loss(url, **login)
        )
        await plant.connect(url, **login, security="None")


async def test_that_a_user_certificate_opens_a_session(plant: Plant, tmp_path: Path, server_certificate: Made) -> None:
    operator = made("operator", uri="", hosts=())
    operator.put(plant.folder, "operator")
    login = {"user_certificate": "operator.der", "user_key": "operator.key.pem"}
    async with secured_server(
        server_certificate, tmp_path, tokens=[ua.X509IdentityToken], users=KnownUsers(operator.certificate)
    ) as url:
        await plant.trust(url, **login)
        await plant.connect(url, **login)
        made("stranger", uri="", hosts=()).put(plant.folder, "operator")
        assert "refuses this user" in await plant.loss(url, **login)
        (plant.folder / "operator.key.pem").unlink()
        assert "operator.key.pem cannot be read" in await plant.loss(url, **login)


def test_that_of_two_ways_to_log_in_the_one_that_hides_the_password_is_taken() -> None:
    client = SecureClient("opc.tcp://plc:4840", None, timeout_s=1, watchdog_s=1)
    plain = ua.UserTokenPolicy("plain", ua.UserTokenType.UserName, SecurityPolicyUri=f"{_PREFIX}None")
    hidden = ua.UserTokenPolicy("hidden", ua.UserTokenType.UserName, SecurityPolicyUri=f"{_PREFIX}Basic256Sha256")
    client._policy_ids = [plain, hidden]
    assert client.server_policy(ua.UserTokenType.UserName).PolicyId == "hidden"


_PREFIX = "http://opcfoundation.org/UA/SecurityPolicy#"


async def test_that_the_memory_of_security_outlives_a_restart_and_a_new_trust_begins_anew(plant: Plant) -> None:
    url = "opc.tcp://plc:4840"
    plant.pki.remember(url, used="Basic256Sha256/Sign")
    assert Plant(plant.folder).pki.memory(url).used == "Basic256Sha256/Sign"
    plant.pki.trust(made().certificate, url, accepted=("host",), by="engineer")
    assert plant.pki.memory(url).used == ""
    assert plant.pki.memory(url).accepted == ("host",)
