"""`foreshift configuration`: versions of a plant file, their difference, and the return to one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.__main__ import main
from app.audit.checkpoints import CheckpointKeeper
from app.audit.configuration import log_configuration, version_text, versions
from app.audit.journal import AuditJournal
from app.command.plant_change import change_plant
from app.database import open_reader, open_writer
from app.plant.folder import PlantFolder
from drivers import secret_store
from tests.app.plant.class_sample import CLASSED


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_store, "_keyring", lambda: None)


@pytest.fixture
def folder(tmp_path: Path) -> PlantFolder:
    """Return a plant whose first file a collector has seen."""
    folder = PlantFolder(tmp_path)
    folder.configuration.write_text(CLASSED, "utf-8")
    with closing(open_writer(folder.history)) as connection:
        journal = AuditJournal(connection)
        log_configuration(journal, folder.configuration, window="collector")
        CheckpointKeeper(journal).keep(is_ending=True)
    return folder


def change(folder: PlantFolder, old: str, new: str, reason: str) -> None:
    before = folder.configuration.read_text("utf-8")
    assert old in before
    change_plant(folder, before, before.replace(old, new), reason=reason, user="li")


def out(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["configuration", *arguments]) == 0
    return capsys.readouterr().out


def test_that_each_version_is_listed_with_who_and_why_and_is_kept_whole(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder, "span = 16.0", "span = 25.0", "stronger pumps")
    newest, first = out(capsys, "history", str(folder.path)).splitlines()
    assert newest.split()[0] == "2"
    assert newest.split()[4] == "li"
    assert newest.endswith(": stronger pumps")
    assert first.split()[0] == "1"
    with closing(open_reader(folder.history)) as connection:
        found = versions(connection)
        assert [version_text(connection, version) for version in found] == [
            CLASSED,
            CLASSED.replace("span = 16.0", "span = 25.0"),
        ]
    assert out(capsys, "history", str(folder.path), "--limit", "1").splitlines()[1].startswith("... and 1 older")


def test_that_two_versions_are_compared_by_number_by_digest_and_with_the_file(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder, "span = 16.0", "span = 25.0", "stronger pumps")
    expected = "~ equipment_class pump  defaults.span: 16.0 -> 25.0".replace("equipment_class", "equipment class")
    told = out(capsys, "diff", str(folder.path), "1", "2").splitlines()
    assert told == [expected, "in all: tags 1 changed; alarms 1 changed"]
    with closing(open_reader(folder.history)) as connection:
        digest = versions(connection)[0].digest
    assert out(capsys, "diff", str(folder.path), digest[:10]).splitlines() == told
    assert out(capsys, "diff", str(folder.path)) == "the same\n"
    folder.configuration.write_text(folder.configuration.read_text("utf-8") + "# end\n", "utf-8")
    assert out(capsys, "diff", str(folder.path)) == "only comments or the layout are otherwise\n"
    assert "+# end\n" in out(capsys, "diff", str(folder.path), "--text")


def test_that_a_return_is_told_first_then_checked_and_is_a_version_of_its_own(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder, "span = 16.0", "span = 25.0", "stronger pumps")
    assert "nothing was changed" in out(capsys, "return", str(folder.path), "1")
    assert main(["configuration", "return", str(folder.path), "1", "--apply"]) != 0
    assert "--reason" in capsys.readouterr().err
    assert "span = 25.0" in folder.configuration.read_text("utf-8")
    out(capsys, "return", str(folder.path), "1", "--reason", "they were not", "--apply")
    assert folder.configuration.read_text("utf-8") == CLASSED
    newest = out(capsys, "history", str(folder.path)).splitlines()[0]
    assert newest.split()[0] == "3"
    assert newest.endswith("return to version 1: they were not")
    assert out(capsys, "return", str(folder.path), "1").rstrip().endswith("has it already")
    assert main(["verify", str(folder.path)]) == 0


def test_that_a_change_by_hand_before_a_change_by_command_is_a_version_too(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    text = CLASSED.replace('name = "Pump 2"', 'name = "Pump two"')
    folder.configuration.write_text(text, "utf-8")
    change(folder, "span = 16.0", "span = 25.0", "stronger pumps")
    with closing(open_reader(folder.history)) as connection:
        found = versions(connection)
        assert len(found) == 3
        assert version_text(connection, found[1]) == text
    assert found[1].reason.startswith("found as it is")


def test_that_a_version_that_is_not_there_or_was_tampered_with_is_told(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["configuration", "diff", str(folder.path), "7"]) != 0
    assert "7: there is no such version; there are 1 to 1" in capsys.readouterr().err
    with closing(sqlite3.connect(folder.history)) as connection, connection:
        connection.execute("UPDATE audit_document SET content = replace(content, '16.0', '61.0')")
    assert main(["configuration", "return", str(folder.path), "1"]) != 0
    assert "version 1: its text is not as it was written" in capsys.readouterr().err
    with closing(sqlite3.connect(folder.history)) as connection, connection:
        connection.execute("DELETE FROM audit_document")
    assert main(["configuration", "return", str(folder.path), "1"]) != 0
    assert "its text was not kept" in capsys.readouterr().err


def test_that_a_plant_without_a_history_has_no_versions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "plant.toml").write_text(CLASSED, "utf-8")
    assert out(capsys, "history", str(tmp_path)) == ""
    assert main(["configuration", "diff", str(tmp_path)]) != 0
    assert "there is none: no collector has run yet" in capsys.readouterr().err


def test_that_a_file_with_the_line_ends_of_windows_returns_byte_by_byte(folder: PlantFolder) -> None:
    content = CLASSED.replace("\n", "\r\n").encode()
    folder.configuration.write_bytes(content)
    with closing(open_writer(folder.history)) as connection:
        assert log_configuration(AuditJournal(connection), folder.configuration, window="collector")
        assert not log_configuration(AuditJournal(connection), folder.configuration, window="collector")
        assert version_text(connection, versions(connection)[-1]).encode() == content
