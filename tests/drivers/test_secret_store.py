"""Passwords of devices are kept in a keyring or encrypted, and never to be read without the passphrase."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from drivers import secret_store
from drivers.secret_store import PASSPHRASE, PASSPHRASE_FILE, SecretStore, SecretUnavailable

CANARY = "kanarienvogel"


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_store, "_keyring", lambda: None)
    monkeypatch.delenv(PASSPHRASE_FILE, raising=False)
    monkeypatch.setenv(PASSPHRASE, "open sesame")


def test_that_a_secret_is_read_back_and_stands_nowhere_in_plain_text(tmp_path: Path) -> None:
    store = SecretStore(tmp_path)
    assert store.write("press", CANARY) == str(store.path)
    store.write("oven", "other")
    assert SecretStore(tmp_path).read("press") == CANARY
    assert store.names() == ("oven", "press")
    assert all(CANARY.encode() not in path.read_bytes() for path in tmp_path.iterdir())
    if sys.platform != "win32":
        assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    store.remove("press")
    assert store.names() == ("oven",)
    with pytest.raises(SecretUnavailable, match="there is no secret"):
        store.remove("press")


def test_that_another_passphrase_or_an_exchanged_secret_opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SecretStore(tmp_path)
    store.write("press", CANARY)
    text = store.path.read_text(encoding="utf-8")
    store.path.write_text(text.replace("press", "oven"), encoding="utf-8")
    with pytest.raises(SecretUnavailable, match="not the passphrase it was kept with, or the file was altered"):
        store.read("oven")
    store.path.write_text(text, encoding="utf-8")
    monkeypatch.setenv(PASSPHRASE, "open barley")
    with pytest.raises(SecretUnavailable) as caught:
        store.read("press")
    assert CANARY not in str(caught.value)
    assert "barley" not in str(caught.value)


def test_that_the_passphrase_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SecretStore(tmp_path).write("press", CANARY)
    monkeypatch.delenv(PASSPHRASE)
    (tmp_path / "credential").write_text("open sesame\n", encoding="utf-8")
    with pytest.raises(SecretUnavailable, match="set FORESHIFT_PASSPHRASE, or FORESHIFT_PASSPHRASE_FILE"):
        SecretStore(tmp_path).read("press")
    monkeypatch.setenv(PASSPHRASE_FILE, str(tmp_path / "credential"))
    assert SecretStore(tmp_path).read("press") == CANARY
    monkeypatch.setenv(PASSPHRASE_FILE, str(tmp_path / "nowhere"))
    with pytest.raises(SecretUnavailable, match="nowhere, which FORESHIFT_PASSPHRASE_FILE names, cannot be read"):
        SecretStore(tmp_path).read("press")


def test_that_a_keyring_is_used_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[tuple[str, str], str] = {}
    ring = SimpleNamespace(
        get_password=lambda service, name: kept.get((service, name)),
        set_password=lambda service, name, secret: kept.update({(service, name): secret}),
        delete_password=lambda service, name: kept.pop((service, name)),
    )
    monkeypatch.setattr(secret_store, "_keyring", lambda: ring)
    monkeypatch.delenv(PASSPHRASE)
    store = SecretStore(tmp_path / "line 3")
    assert store.write("press", CANARY) == "the keyring of this user"
    assert kept == {("foreshift", "line 3/press"): CANARY}
    assert store.read("press") == CANARY
    assert not store.path.exists()
    store.remove("press")
    assert kept == {}


def test_that_a_damaged_file_is_named(tmp_path: Path) -> None:
    store = SecretStore(tmp_path)
    store.path.write_text("{", encoding="utf-8")
    with pytest.raises(SecretUnavailable, match=r"secrets\.json cannot be read"):
        store.read("press")
