"""The commands that say who may sign in and that prove the audit trail."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.__main__ import main
from app.model.role import Role
from app.plant.folder import PlantFolder
from app.security.users import User, Users
from tests.app.plant.sample import SAMPLE


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlantFolder:
    monkeypatch.setenv("FORESHIFT_HOME", str(tmp_path / "home"))
    folder = PlantFolder(tmp_path / "plant")
    folder.path.mkdir()
    folder.configuration.write_text(SAMPLE, encoding="utf-8")
    return folder


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_that_users_are_added_listed_and_removed_and_that_the_trail_says_so(
    folder: PlantFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "2468\n")
    assert main(["user", "add", str(folder.path), "Li Na", "--role", "operator"]) == 0
    assert Users(folder.users).verify("Li Na", "2468") == User("Li Na", Role.OPERATOR)
    assert main(["user", "list", str(folder.path)]) == 0
    assert "Li Na  operator" in capsys.readouterr().out
    assert main(["user", "remove", str(folder.path), "Li Na"]) == 0
    assert main(["user", "list", str(folder.path)]) == 0
    assert "nobody may sign in" in capsys.readouterr().err
    assert main(["verify", str(folder.path), "--show", "5"]) == 0
    shown = capsys.readouterr().out
    assert "user.added  Li Na  operator" in shown
    assert "user.removed  Li Na  operator" in shown
    assert "2468" not in shown


def test_that_a_short_pin_is_refused_with_a_reason(
    folder: PlantFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "12\n")
    assert main(["user", "add", str(folder.path), "Li Na", "--role", "operator"]) == 2
    assert "a PIN or password has 4 to 200 characters" in capsys.readouterr().err


def test_that_an_altered_trail_fails_the_verification(
    folder: PlantFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        typed(monkeypatch, "2468\n")
        main(["user", "add", str(folder.path), name, "--role", "engineer"])
    main(["verify", str(folder.path)])
    assert "the newest checkpoint is of 3 records; 0 came after it" in capsys.readouterr().out
    assert main(["verify", str(folder.path), "--checkpoint"]) == 0
    noted = folder.path / "noted.txt"
    noted.write_text(capsys.readouterr().out)
    assert main(["verify", str(folder.path), "--checkpoint", str(noted)]) == 0
    with closing(sqlite3.connect(folder.history)) as attacker, attacker:
        attacker.execute("DROP TRIGGER audit_is_not_deleted")
        attacker.execute("DELETE FROM audit WHERE seq = 3")
    capsys.readouterr()
    assert main(["verify", str(folder.path), "--checkpoint", str(noted)]) == 1
    assert "truncated: the checkpoint that was given speaks of 3 records, and there are 2" in capsys.readouterr().err
    assert main(["verify", str(folder.path), "--noted", "nonsense"]) == 2
