"""A backup taken while another process commits is one moment of the history; a bad one is never restored."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from app.database import DatabaseDamaged, DatabaseError, DatabaseForeign, DatabaseFull, open_writer
from app.exchange import store
from app.exchange.backup import backup, verify
from app.exchange.failure import Cancelled, ExchangeError
from app.exchange.manifest import manifest_path
from app.exchange.progress import OnProgress
from app.exchange.restore import PlantFileFate, restore
from app.history.reader import HistoryReader
from app.history.writer import HistoryWriter
from app.model.block import ValueArray, block_of
from app.plant.folder import PlantFolder
from tests.app.exchange.recorded import BEGIN, EVER, TAGS, record, some_block, stored
from tests.app.exchange.steady_writer import ROWS
from tests.app.exchange.steady_writer import TAGS as WRITTEN_TAGS

ROOT = Path(__file__).parents[3]
PLANT_FILE = '[plant]\nid = "p"\nname = { en = "P" }\n'


@pytest.fixture
def plant(tmp_path: Path) -> PlantFolder:
    folder = PlantFolder(tmp_path / "plant")
    folder.path.mkdir()
    folder.configuration.write_text(PLANT_FILE, encoding="utf-8")
    record(folder.history, some_block())
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick" / "copy.sqlite"


@contextmanager
def committing(history: Path) -> Iterator[subprocess.Popen[str]]:
    """Run another process that commits batches to `history` without a pause, each batch whole or not at all."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.app.exchange.steady_writer", str(history), "1"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "1\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def noise(count: int) -> ValueArray:
    """Return values that no codec makes small."""
    return np.random.default_rng(7).normal(0, 1, count)


def test_that_a_backup_holds_what_the_plant_holds(plant: PlantFolder, target: Path) -> None:
    manifest = backup(plant, "p", target)
    assert stored(target) == stored(plant.history)
    assert manifest.samples == len(some_block())
    assert sorted(path.name for path in target.parent.iterdir()) == ["copy.sqlite", "copy.sqlite.json"]
    told = json.loads(manifest_path(target).read_text("utf-8"))
    assert told["sha256"] == manifest.sha256
    assert (told["plant"], told["bytes"]) == ("p", target.stat().st_size)
    contents, read = verify(target)
    assert read == manifest
    assert contents.documents == {"plant.toml": PLANT_FILE}


def test_that_a_backup_brings_the_process_pictures_back(plant: PlantFolder, target: Path, tmp_path: Path) -> None:
    picture = plant.path / "pictures" / "air.toml"
    picture.parent.mkdir()
    picture.write_text('title = "空压站"\n', encoding="utf-8")
    backup(plant, "p", target)
    other = PlantFolder(tmp_path / "other")
    assert restore(target, other).left == ()
    copy = other.path / "pictures" / "air.toml"
    assert copy.read_text(encoding="utf-8") == picture.read_text(encoding="utf-8")
    copy.write_text('title = "mine"\n', encoding="utf-8")
    assert restore(target, other).left == ("pictures/air.toml",)
    assert "mine" in copy.read_text(encoding="utf-8")
    assert restore(target, other, with_plant_file=True).left == ()
    assert "空压站" in copy.read_text(encoding="utf-8")
    (kept,) = copy.parent.glob("air.toml.before-restore-*")
    assert "mine" in kept.read_text(encoding="utf-8")


def test_that_a_backup_can_be_read_where_nothing_can_be_written(plant: PlantFolder, target: Path) -> None:
    backup(plant, "p", target)
    with closing(sqlite3.connect(f"{target.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    verify(target)
    assert sorted(path.name for path in target.parent.iterdir()) == ["copy.sqlite", "copy.sqlite.json"]


def test_that_a_backup_is_one_moment_while_another_process_commits(plant: PlantFolder, target: Path) -> None:
    busy = PlantFolder(plant.path / "busy")
    busy.path.mkdir()
    busy.configuration.write_text(PLANT_FILE, encoding="utf-8")
    record(busy.history, block_of(0, BEGIN + np.arange(100_000), noise(100_000)))
    with committing(busy.history) as process:
        manifest = backup(busy, "p", target)
        assert process.poll() is None
    with HistoryReader(target) as copy, HistoryReader(busy.history) as reader:
        lengths = {len(copy.raw(f"T{number}", *EVER)) for number in range(1, WRITTEN_TAGS)}
        end = len(reader.raw("T1", *EVER))
    (length,) = lengths
    assert length % ROWS == 0
    assert ROWS <= length < end
    assert manifest.samples == 100_000 + length * WRITTEN_TAGS


def test_that_without_a_read_transaction_a_copy_would_begin_anew(plant: PlantFolder, target: Path) -> None:
    """Why the copy is taken as it is: the sabotage of its one read transaction must be seen."""
    record(plant.history, block_of(0, BEGIN + np.arange(200_000), noise(200_000)))
    remaining: list[int] = []
    with closing(open_writer(plant.history)) as writing, closing(sqlite3.connect(plant.history)) as reading:
        writer = HistoryWriter(writing, TAGS)

        def commit(_status: int, left: int, _total: int) -> None:
            remaining.append(left)
            if len(remaining) < 20:
                writer.write(block_of(0, BEGIN - len(remaining), 1.0))

        with closing(sqlite3.connect(target)) as copy:
            reading.backup(copy, pages=16, progress=commit)
    assert any(later > earlier for earlier, later in pairwise(remaining))


def test_that_a_cancelled_backup_leaves_nothing_behind(plant: PlantFolder, target: Path) -> None:
    stages = []

    def stage(name: str, _unit: str) -> OnProgress:
        stages.append(name)

        def cancel(share: float, samples: int) -> None:
            if name == stages_to_cancel[0]:
                raise Cancelled

        return cancel

    for name in ("copying", "digesting"):
        stages_to_cancel = [name]
        with pytest.raises(Cancelled):
            backup(plant, "p", target, stage=stage)
        assert list(target.parent.iterdir()) == []
    assert stages == ["copying", "copying", "checking", "digesting"]


def test_that_a_check_can_be_cancelled(plant: PlantFolder, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_OPERATIONS", 10)
    backup(plant, "p", target)

    def cancel(share: float, samples: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        store.check_copy(target, on_progress=cancel)


def test_that_an_existing_backup_is_kept_unless_asked_otherwise(plant: PlantFolder, target: Path) -> None:
    first = backup(plant, "p", target)
    with pytest.raises(ExchangeError, match="exists already"):
        backup(plant, "p", target)
    record(plant.history, block_of(0, 5, 1.0))
    second = backup(plant, "p", target, may_replace=True)
    assert second.samples == first.samples + 1
    assert verify(target)[1] == second


def test_that_a_disk_with_too_little_space_is_named_before_anything_is_written(
    plant: PlantFolder, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**9, 10**9, 1_000_000))
    with pytest.raises(DatabaseFull, match="1 MB free"):
        backup(plant, "p", target)
    assert list(target.parent.iterdir()) == []


def test_that_a_plant_without_a_history_has_no_backup(plant: PlantFolder, target: Path) -> None:
    plant.history.unlink()
    with pytest.raises(DatabaseError, match="does not exist yet"):
        backup(plant, "p", target)


# --- bad backups -----------------------------------------------------------------------------


def test_that_any_changed_byte_is_found(plant: PlantFolder, target: Path) -> None:
    backup(plant, "p", target)
    content = target.read_bytes()
    for place in np.random.default_rng(5).integers(0, len(content), 25).tolist():
        changed = bytearray(content)
        changed[place] ^= 1
        target.write_bytes(changed)
        with pytest.raises(DatabaseDamaged, match="SHA-256 has changed"):
            verify(target)


def test_that_damage_is_found_without_a_manifest_too(plant: PlantFolder, target: Path) -> None:
    backup(plant, "p", target)
    manifest_path(target).unlink()
    assert verify(target)[1] is None
    content = bytearray(target.read_bytes())
    content[8_192:16_384] = bytes(8_192)
    target.write_bytes(content)
    with pytest.raises(DatabaseDamaged):
        verify(target)


@pytest.mark.parametrize("kind", ["text", "foreign", "plain copy", "missing"])
def test_that_what_is_no_backup_is_refused(plant: PlantFolder, target: Path, kind: str) -> None:
    if kind == "text":
        target.write_text("a letter" * 1_000, encoding="utf-8")
    elif kind == "foreign":
        with closing(sqlite3.connect(target)) as connection:
            connection.execute("CREATE TABLE t (x)")
    elif kind == "plain copy":
        with closing(sqlite3.connect(plant.history)) as connection, closing(sqlite3.connect(target)) as copy:
            connection.backup(copy)
    expected = {"text": DatabaseDamaged, "foreign": DatabaseForeign}.get(kind, ExchangeError)
    before = stored(plant.history)
    with pytest.raises(expected):
        restore(target, plant)
    assert stored(plant.history) == before


# --- restore ---------------------------------------------------------------------------------


def test_that_a_restored_plant_is_what_it_was_and_what_it_replaced_is_kept(plant: PlantFolder, target: Path) -> None:
    backup(plant, "p", target)
    at_backup = stored(plant.history)
    record(plant.history, block_of(0, 5, 1.0))
    later = stored(plant.history)
    report = restore(target, plant)
    assert stored(plant.history) == at_backup
    assert report.kept is not None
    assert stored(report.kept) == later
    assert report.plant_file is PlantFileFate.SAME
    assert report.kept.name.startswith("history.sqlite.before-restore-2")


def test_that_a_restored_history_goes_on(plant: PlantFolder, target: Path) -> None:
    backup(plant, "p", target)
    restore(target, plant)
    before = stored(plant.history)["AC01.T"]
    record(plant.history, block_of(0, 5, 1.5))
    assert stored(plant.history)["AC01.T"] == [(5, "1.5", 0), *before]
    with closing(sqlite3.connect(plant.history)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE name LIKE 'backup%'").fetchall()
    assert tables == []


def test_that_a_plant_is_made_anew_from_its_backup(plant: PlantFolder, target: Path, tmp_path: Path) -> None:
    backup(plant, "p", target)
    fresh = PlantFolder(tmp_path / "another" / "place")
    report = restore(target, fresh)
    assert (report.kept, report.plant_file) == (None, PlantFileFate.WRITTEN)
    assert stored(fresh.history) == stored(plant.history)
    assert fresh.configuration.read_text("utf-8") == PLANT_FILE


def test_that_another_plant_file_is_left_unless_asked_otherwise(plant: PlantFolder, target: Path) -> None:
    backup(plant, "p", target)
    plant.configuration.write_text("# newer\n" + PLANT_FILE, encoding="utf-8")
    assert restore(target, plant).plant_file is PlantFileFate.LEFT
    assert plant.configuration.read_text("utf-8") == "# newer\n" + PLANT_FILE
    assert restore(target, plant, with_plant_file=True).plant_file is PlantFileFate.REPLACED
    assert plant.configuration.read_text("utf-8") == PLANT_FILE
    (kept,) = plant.path.glob("plant.toml.before-restore-*")
    assert kept.read_text("utf-8") == "# newer\n" + PLANT_FILE


def test_that_commits_still_in_the_wal_are_kept_with_the_file_they_belong_to(plant: PlantFolder, target: Path) -> None:
    backup(plant, "p", target)
    with committing(plant.history):
        pass  # killed: its last commits are in the WAL only
    assert plant.history.with_name("history.sqlite-wal").stat().st_size > 0
    before = stored(plant.history, ["T1"])
    report = restore(target, plant)
    assert report.kept is not None
    assert stored(report.kept, ["T1"]) == before
    assert stored(plant.history, ["T1"]) == {"T1": []}


def test_that_a_file_that_somebody_reads_is_moved_with_its_wal(plant: PlantFolder, target: Path) -> None:
    backup(plant, "p", target)
    with HistoryReader(plant.history) as reader:
        reader.extent()
        record(plant.history, block_of(0, 5, 1.0))
        later = stored(plant.history)
        report = restore(target, plant)
        assert report.kept is not None
    assert stored(report.kept) == later
    assert (5, "1.0", 0) not in stored(plant.history)["AC01.T"]


def test_that_a_damaged_history_is_replaced_and_kept(plant: PlantFolder, target: Path) -> None:
    backup(plant, "p", target)
    at_backup = stored(plant.history)
    plant.history.write_bytes(b"\x00" * 40_000)
    report = restore(target, plant)
    assert stored(plant.history) == at_backup
    assert report.kept is not None
    assert report.kept.read_bytes() == b"\x00" * 40_000


def test_that_a_cancelled_restore_changes_nothing(plant: PlantFolder, target: Path) -> None:
    backup(plant, "p", target)
    record(plant.history, block_of(0, 5, 1.0))
    before = stored(plant.history)

    def stage(name: str, _unit: str) -> OnProgress:
        def cancel(share: float, samples: int) -> None:
            if name == "comparing":
                raise Cancelled

        return cancel

    with pytest.raises(Cancelled):
        restore(target, plant, stage=stage)
    assert stored(plant.history) == before
    assert not list(plant.path.glob("*.part"))
    assert not list(plant.path.glob("*before*"))
