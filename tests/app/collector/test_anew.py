"""A demo or a replay that begins anew forgets what an earlier one left, but nothing under a collector's hands."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.collector.anew import begin_anew
from app.collector.lock import AlreadyCollecting, collector_lock
from app.plant.folder import PlantFolder


def test_that_the_history_is_forgotten_and_the_rest_stays(tmp_path: Path) -> None:
    folder = PlantFolder(tmp_path / "demo")
    folder.path.mkdir()
    folder.configuration.write_text("[plant]", encoding="utf-8")
    for ending in ("", "-wal", "-shm"):
        folder.history.with_name(folder.history.name + ending).write_bytes(b"past")
    begin_anew(folder)
    assert {path.name for path in folder.path.iterdir()} == {"plant.toml", "run"}
    begin_anew(folder)


def test_that_a_copy_that_a_restore_or_a_migration_kept_stays(tmp_path: Path) -> None:
    folder = PlantFolder(tmp_path)
    kept = [folder.history.with_name(folder.history.name + ending) for ending in (".before-restore-1", ".before-views")]
    for path in (folder.history, *kept):
        path.write_bytes(b"past")
    begin_anew(folder)
    assert not folder.history.exists()
    assert [path.read_bytes() for path in kept] == [b"past", b"past"]


def test_that_nothing_is_forgotten_while_a_collector_works(tmp_path: Path) -> None:
    folder = PlantFolder(tmp_path)
    folder.run.mkdir()
    folder.history.write_bytes(b"past")
    with collector_lock(folder), pytest.raises(AlreadyCollecting, match="foreshift stop"):
        begin_anew(folder)
    assert folder.history.read_bytes() == b"past"
