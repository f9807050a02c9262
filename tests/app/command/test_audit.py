"""What is done to the log of a plant at the command line, and what it says of files."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.__main__ import main
from app.audit.checkpoints import CheckpointKeeper
from app.audit.configuration import log_configuration
from app.audit.journal import AuditJournal, page
from app.audit.key import KeyFolder
from app.collector.handover_log import write_handover
from app.collector.recorder import Recorder
from app.database import open_reader, open_writer
from app.handover.desk import HandoverDesk
from app.model.audit import AuditAction, AuditRecord
from app.plant.folder import PlantFolder
from drivers import secret_store
from tests.app.handover.test_desk import CALENDAR, done, note
from tests.app.plant.sample import SAMPLE


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_store, "_keyring", lambda: None)


@pytest.fixture
def folder(tmp_path: Path) -> PlantFolder:
    folder = PlantFolder(tmp_path / "plant")
    folder.path.mkdir()
    folder.configuration.write_text(SAMPLE, "utf-8")
    collect(folder, 5)
    return folder


def collect(folder: PlantFolder, count: int) -> None:
    """Let a collector write some records and end."""
    recorder = Recorder(folder.history, [], on_stored=lambda _: None)
    recorder.start()
    recorder.audit([AuditRecord(n, AuditAction.SIGN_IN, user="李娜") for n in range(1, count + 1)]).result()
    recorder.stop()


def records(folder: PlantFolder, action: AuditAction) -> list[AuditRecord]:
    with closing(open_reader(folder.history)) as connection:
        found = [line.record for line in reversed(page(connection, limit=1_000))]
    return [record for record in found if record is not None and record.action == action]


def test_that_every_version_of_the_plant_file_is_in_the_log_with_what_changed(folder: PlantFolder) -> None:
    collect(folder, 1)
    folder.configuration.write_text(SAMPLE.replace("time_scale = 60.0", "time_scale = 30.0"), "utf-8")
    collect(folder, 1)
    first, second = records(folder, AuditAction.CONFIGURATION_CHANGED)
    assert (first.outcome, first.window, first.subject) == ("first", "collector", "plant.toml")
    assert second.detail.splitlines()[-2:] == ["-time_scale = 60.0", "+time_scale = 30.0"]
    with closing(open_writer(folder.history)) as connection:
        documents = dict(connection.execute("SELECT digest, content FROM audit_document").fetchall())
        assert documents[first.digest] == SAMPLE
        assert set(documents) == {first.digest, second.digest}
        assert not log_configuration(AuditJournal(connection), folder.configuration, window="window 1", user="李娜")
        folder.configuration.write_text(SAMPLE + "\n" * 500 + "# end\n", "utf-8")
        assert log_configuration(AuditJournal(connection), folder.configuration, window="window 1", user="李娜")
    assert records(folder, AuditAction.CONFIGURATION_CHANGED)[-1].detail.endswith("lines more")


def test_that_a_restored_backup_says_so_and_the_branch_that_was_given_up_is_told(
    folder: PlantFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup = str(tmp_path / "backup.sqlite")
    assert main(["backup", str(folder.path), backup]) == 0
    collect(folder, 30)
    kept = tmp_path / "kept.txt"
    capsys.readouterr()
    main(["verify", str(folder.path), "--checkpoint"])
    kept.write_text(capsys.readouterr().out, "utf-8")
    assert main(["restore", backup, str(folder.path)]) == 0
    (told,) = records(folder, AuditAction.HISTORY_RESTORED)
    assert told.subject == backup
    collect(folder, 40)
    capsys.readouterr()
    assert main(["verify", str(folder.path)]) == 0
    assert "was given up (record " in capsys.readouterr().out
    assert main(["verify", str(folder.path), "--checkpoint", str(kept)]) == 1
    assert "forked" in capsys.readouterr().err


def test_that_an_older_copy_put_in_place_is_found_until_somebody_accepts_it(
    folder: PlantFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(folder.history, tmp_path / "older.sqlite")
    collect(folder, 30)
    for left in folder.path.glob("history.sqlite*"):
        left.unlink()
    shutil.copy(tmp_path / "older.sqlite", folder.history)
    assert main(["verify", str(folder.path)]) == 1
    assert "truncated: the checkpoint beside the file" in capsys.readouterr().err
    collect(folder, 60)
    assert main(["verify", str(folder.path)]) == 1
    assert "forked: records " in capsys.readouterr().err
    assert main(["audit", "accept", str(folder.path), "--reason", "disk failed, copy of Monday"]) == 0
    assert main(["verify", str(folder.path)]) == 0
    assert "disk failed, copy of Monday" in capsys.readouterr().out
    assert main(["audit", "accept", str(folder.path), "--reason", "again"]) == 2


def test_that_a_backup_on_another_computer_goes_on_with_a_key_of_its_own(
    folder: PlantFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup = str(tmp_path / "backup.sqlite")
    main(["backup", str(folder.path), backup])
    other = tmp_path / "other"
    assert main(["restore", backup, str(other)]) == 0
    capsys.readouterr()
    assert main(["verify", str(other)]) == 0
    assert "another key signs from here on" in capsys.readouterr().out


def test_that_a_key_is_rotated_with_the_word_of_the_one_before_or_else_accepted(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    first = KeyFolder.of(folder.history).known()
    assert main(["audit", "new-key", str(folder.path), "--reason", "yearly"]) == 0
    assert main(["verify", str(folder.path), "--key", str(first)]) == 0
    KeyFolder.of(folder.history).private.unlink()
    assert main(["audit", "new-key", str(folder.path), "--reason", "lost"]) == 0
    assert main(["verify", str(folder.path)]) == 1
    assert main(["audit", "accept", str(folder.path), "--reason", "the disk of the key failed"]) == 0
    assert main(["verify", str(folder.path)]) == 0
    capsys.readouterr()


def test_that_texts_are_dropped_by_a_record_and_the_log_still_proves(
    folder: PlantFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["verify", str(folder.path), "--checkpoint"])
    kept = tmp_path / "kept.txt"
    kept.write_text(capsys.readouterr().out, "utf-8")
    command = ["audit", "drop", str(folder.path), "--before", "2000-01-01", "--reason", "five years are over"]
    assert main(command) == 0
    assert "the texts of 0 records" in capsys.readouterr().out  # record 1, the plant file, is of today
    with closing(open_writer(folder.history)) as connection:
        journal = AuditJournal(connection)
        journal.append([AuditRecord(2, AuditAction.SIGN_IN, user="李娜 Li Na")])
        CheckpointKeeper(journal).make()
    assert main([*command[:4], "2100-01-01", *command[5:]]) == 0
    assert "李娜 Li Na".encode() not in folder.history.read_bytes()
    assert main(["verify", str(folder.path), "--checkpoint", str(kept)]) == 0
    assert "dropped by retention" in capsys.readouterr().out
    assert main(["audit", "export", str(folder.path), str(tmp_path / "stick")]) == 0
    with closing(sqlite3.connect(folder.history)) as attacker, attacker:
        attacker.execute("DROP TRIGGER audit_is_not_altered")
        attacker.execute("UPDATE audit SET body = NULL WHERE action = 'log.anchored'")
    assert main(["verify", str(folder.path)]) == 1
    assert "no record says why" in capsys.readouterr().err


def test_that_an_export_can_be_anchored_and_tells_so(
    folder: PlantFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path / "stick"
    assert main(["audit", "export", str(folder.path), str(stick), "--from", "2100-01-01"]) == 2
    assert "no record of that time" in capsys.readouterr().err
    assert main(["audit", "export", str(folder.path), str(stick)]) == 0
    (anchored,) = records(folder, AuditAction.LOG_ANCHORED)
    assert anchored.subject == str(stick)
    assert main(["verify", str(folder.path), "--checkpoint", str(stick / "checkpoint.txt")]) == 0
    assert {path.name for path in stick.iterdir()} == {"pack.json", "checkpoint.txt", "verify.html", "verify.py"}


def test_that_verify_names_a_handover_that_was_changed_afterwards(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    step = done(HandoverDesk(CALENDAR, ["PU01"]), note("Seal drips"))
    with closing(open_writer(folder.history)) as connection:
        write_handover(connection, AuditJournal(connection), step, b"")
        CheckpointKeeper(AuditJournal(connection)).make()
    assert main(["verify", str(folder.path)]) == 0
    with closing(sqlite3.connect(folder.history)) as connection:
        connection.execute("DROP TRIGGER handover_step_is_not_altered")
        connection.execute("UPDATE handover_step SET body = replace(body, 'drips', 'is dry')")
        connection.commit()
    capsys.readouterr()
    assert main(["verify", str(folder.path)]) == 1
    assert "handover step 1 is not as it was written" in capsys.readouterr().err
