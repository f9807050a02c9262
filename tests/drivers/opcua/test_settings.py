"""The URL and the options of an OPC UA connection."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.model.connection import ConnectionDefinition
from drivers import secret_store
from drivers.driver import BadAddress, BadOption, ConnectionLost
from drivers.opcua.settings import OPTIONS, OpcUaSettings, parse_settings

VARIABLE = "PLANT_PASSWORD"


def _parse(url: str, **options: object) -> OpcUaSettings:
    return parse_settings(ConnectionDefinition("c", "opcua", url, options))


def test_that_url_and_options_are_read() -> None:
    settings = _parse("opc.tcp://plc/UA/Server", user="op", trigger="value", timeout_ms=500, security="None")
    assert settings == OpcUaSettings(
        "opc.tcp://plc:4840/UA/Server", user="op", trigger="value", timeout_ms=500, security="None"
    )


def test_that_ipv6_hosts_keep_their_brackets() -> None:
    assert _parse("opc.tcp://[::1]:4841").url == "opc.tcp://[::1]:4841"


@pytest.mark.parametrize("url", ["opc.tcp://", "http://plc", "opc.tcp://plc:99999", "opc.tcp://plc?x=1"])
def test_that_a_wrong_url_is_refused_with_the_grammar(url: str) -> None:
    with pytest.raises(BadAddress, match=r"write opc\.tcp://host"):
        _parse(url)


def test_that_a_password_in_the_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadAddress, match="password_env or password_file") as caught:
        _parse("opc.tcp://op:geheim@plc")
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("option", "value"),
    [("timeout_ms", 1), ("queue_size", "ten"), ("queue_size", True), ("user", 5), ("trigger", "always")],
)
def test_that_a_wrong_value_names_its_option(option: str, value: object) -> None:
    with pytest.raises(BadAddress, match=rf"option {option} = .*: give"):
        _parse("opc.tcp://plc", **{option: value})


def test_that_an_unknown_option_is_named_with_the_known_ones() -> None:
    with pytest.raises(BadAddress, match='unknown option "queue"') as caught:
        _parse("opc.tcp://plc", queue=1)
    assert all(option in str(caught.value) for option in OPTIONS)


def test_that_where_certificates_stand_is_told_to_whoever_names_one() -> None:
    with pytest.raises(BadOption, match="ours in pki/own, a server's in pki/trusted") as caught:
        _parse("opc.tcp://plc", certificate="a.der")
    assert caught.value.name == "certificate"


@pytest.mark.parametrize("security", ["auto", "None", "Basic256Sha256", "Aes256_Sha256_RsaPss/Sign"])
def test_that_each_way_to_write_security_is_taken(security: str) -> None:
    assert _parse("opc.tcp://plc", security=security).security == security


@pytest.mark.parametrize(
    ("options", "name", "remedy"),
    [
        ({"security": "basic256sha256"}, "security", 'write "auto", "None", or Aes256'),
        ({"security": "Basic256Sha256/Encrypt"}, "security", 'write "auto"'),
        ({"security": "None/Sign"}, "security", 'write "auto"'),
        (
            {"security": "Basic256"},
            "security",
            "withdrawn: write Basic256Sha256, or allow it with legacy_security = true",
        ),
        ({"legacy_security": "yes"}, "legacy_security", "give true or false"),
        ({"accept": "host, revoked"}, "accept", '"revoked" cannot be accepted: write some of expired'),
        ({"user_certificate": "a.der"}, "user_certificate", "give user_certificate and user_key together"),
        ({"user_key": "a.pem"}, "user_key", "give user_certificate and user_key together"),
        ({"user": "op", "user_certificate": "a", "user_key": "b"}, "user", "leave one out"),
    ],
)
def test_that_wrong_security_is_told_at_its_option_with_the_remedy(
    options: dict[str, object], name: str, remedy: str
) -> None:
    with pytest.raises(BadOption, match=remedy) as caught:
        _parse("opc.tcp://plc", **options)
    assert caught.value.name == name


def test_that_a_withdrawn_policy_can_be_allowed() -> None:
    assert _parse("opc.tcp://plc", security="Basic256/Sign", legacy_security=True).security == "Basic256/Sign"


def test_that_the_password_comes_from_the_environment_or_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "one")
    (tmp_path / "secret").write_text("two\n", encoding="utf-8")
    assert _parse("opc.tcp://plc", password_env=VARIABLE).password() == "one"
    assert _parse("opc.tcp://plc", password_file=str(tmp_path / "secret")).password() == "two"
    assert _parse("opc.tcp://plc").password() == ""


def test_that_the_password_may_be_kept_under_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_store, "_keyring", lambda: None)
    monkeypatch.setenv(secret_store.PASSPHRASE, "open sesame")
    definition = ConnectionDefinition(
        "c", "opcua", "opc.tcp://plc", {"user": "op", "password_secret": "press"}, folder=str(tmp_path)
    )
    with pytest.raises(ConnectionLost, match=r'no secret "press": give it with: foreshift secret set .* press'):
        parse_settings(definition).password()
    secret_store.SecretStore(tmp_path).write("press", "three")
    assert parse_settings(definition).password() == "three"


def test_that_a_missing_password_is_named_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(ConnectionLost, match="set the environment variable PLANT_PASSWORD"):
        _parse("opc.tcp://plc", password_env=VARIABLE).password()
    with pytest.raises(ConnectionLost, match="nowhere cannot be read"):
        _parse("opc.tcp://plc", password_file=str(tmp_path / "nowhere")).password()
