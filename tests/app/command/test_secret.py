"""The command that keeps passwords of devices."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from app.__main__ import main
from app.plant.folder import PlantFolder
from drivers import secret_store
from tests.app.plant.sample import SAMPLE


def test_that_a_password_is_kept_listed_and_forgotten_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = PlantFolder(tmp_path / "plant")
    folder.path.mkdir()
    folder.configuration.write_text(SAMPLE, encoding="utf-8")
    monkeypatch.setattr(secret_store, "_keyring", lambda: None)
    monkeypatch.delenv(secret_store.PASSPHRASE, raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO("kanarienvogel\n"))
    assert main(["secret", "set", str(folder.path), "press"]) == 2
    assert "set FORESHIFT_PASSPHRASE" in capsys.readouterr().err
    monkeypatch.setenv(secret_store.PASSPHRASE, "open sesame")
    monkeypatch.setattr("sys.stdin", io.StringIO("kanarienvogel\n"))
    assert main(["secret", "set", str(folder.path), "press"]) == 0
    assert secret_store.SecretStore(folder.path).read("press") == "kanarienvogel"
    assert main(["secret", "list", str(folder.path)]) == 0
    assert main(["secret", "remove", str(folder.path), "press"]) == 0
    shown = capsys.readouterr()
    assert 'password_secret = "press"' in shown.out
    assert "\npress\n" in shown.out
    assert "kanarienvogel" not in shown.out + shown.err
    assert secret_store.SecretStore(folder.path).names() == ()
