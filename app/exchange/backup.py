"""Takes a backup of a plant while it is collected, and finds out whether a backup is good."""

from __future__ import annotations

import shutil
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from app.database import DatabaseDamaged, DatabaseFull
from app.exchange.failure import ExchangeError
from app.exchange.manifest import (
    FORMAT,
    Manifest,
    digest_of,
    manifest_path,
    read_manifest,
    refuse_changed,
    write_manifest,
)
from app.exchange.part_file import refuse_existing, written_whole
from app.exchange.progress import Stage, unheard_stage
from app.exchange.store import ENGINE, Contents, check_copy, copy_file, size_of
from app.exchange.time_text import iso_text
from app.history.reader import HistoryReader
from app.model import clock
from app.plant.folder import PlantFolder
from app.plant.picture.path import picture_texts

PLANT_FILE = "plant.toml"
_MARGIN_BYTES = 64 << 20


def backup(
    folder: PlantFolder, plant: str, target: Path, *, may_replace: bool = False, stage: Stage = unheard_stage
) -> Manifest:
    """Copy history and plant file of the plant called `plant` to `target`, and check the copy before it gets its name.

    The collector goes on meanwhile. Raise ExchangeError, DatabaseError (DatabaseFull where there is too little space),
    OSError, or Cancelled; then nothing new is left behind.
    """
    refuse_existing(target, may_replace=may_replace)
    require_space(target, size_of(folder.history))
    documents = {PLANT_FILE: folder.configuration.read_text(encoding="utf-8")} | picture_texts(folder.path)
    made = clock.now_ns()
    with written_whole(target) as part:
        contents = copy_file(folder.history, part, documents, on_pages=stage("copying", "pages"))
        found = check_copy(part, on_progress=stage("checking", "parts"))
        _compare(part, contents, found)
        manifest = _manifest(part, plant, made, found, digest_of(part, on_progress=stage("digesting", "MB")))
        manifest_path(target).unlink(missing_ok=True)
    write_manifest(target, manifest)
    return manifest


def verify(backup_file: Path, *, stage: Stage = unheard_stage) -> tuple[Contents, Manifest | None]:
    """Return what a backup holds, with its manifest where it has one, once it was found to be good.

    Raise DatabaseDamaged where its checksum, its structure or the number of its samples is not what it was,
    DatabaseForeign or ExchangeError where it is no backup, OSError, or Cancelled.
    """
    if not backup_file.is_file():
        raise ExchangeError(f"{backup_file}: there is no such file; give a backup that foreshift backup wrote")
    manifest = read_manifest(backup_file)
    if manifest is not None:
        refuse_changed(backup_file, manifest, digest_of(backup_file, on_progress=stage("digesting", "MB")))
    contents = check_copy(backup_file, on_progress=stage("checking", "parts"))
    if PLANT_FILE not in contents.documents:
        raise ExchangeError(f"{backup_file}: is no backup: give a file that foreshift backup wrote")
    if manifest is not None and (manifest.rows, manifest.samples) != (contents.rows, contents.samples):
        raise DatabaseDamaged(f"{backup_file}: holds other rows than its manifest says: take another backup")
    return contents, manifest


def require_space(target: Path, needed: int) -> None:
    """Raise DatabaseFull where the disk of `target` has not `needed` bytes and some more."""
    free = shutil.disk_usage(target.parent).free
    if free < needed + _MARGIN_BYTES:
        raise DatabaseFull(
            f"{target}: needs {(needed + _MARGIN_BYTES) / 1e6:,.0f} MB and its disk has {free / 1e6:,.0f} MB free: "
            "free some space, or choose another disk"
        )


def _compare(part: Path, expected: Contents, found: Contents) -> None:
    if replace(found, damaged=0) != expected:
        raise DatabaseDamaged(f"{part}: the copy is not what was copied: check this disk and take the backup again")


def _manifest(part: Path, plant: str, made: int, contents: Contents, digest: str) -> Manifest:
    with HistoryReader(part) as reader:
        extent = reader.extent()
    return Manifest(
        format=FORMAT,
        plant=plant,
        made=iso_text(made),
        foreshift=version("foreshift"),
        sqlite=ENGINE,
        bytes=part.stat().st_size,
        sha256=digest,
        samples=contents.samples,
        rows=contents.rows,
        damaged=contents.damaged,
        first="" if extent is None else iso_text(extent[0]),
        last="" if extent is None else iso_text(extent[1]),
    )
