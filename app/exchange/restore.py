"""Puts a backup in the place of a plant's history; what stood there is kept beside it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.database import DatabaseDamaged
from app.exchange.backup import PLANT_FILE, require_space, verify
from app.exchange.manifest import digest_of
from app.exchange.part_file import written_whole
from app.exchange.progress import OnProgress, Stage, unheard_stage
from app.exchange.store import drop_documents, settle_wal
from app.model import clock
from app.plant.atomic import replace_text, sync_folder
from app.plant.folder import PlantFolder
from app.plant.picture.path import picture_in

_BLOCK = 1 << 20
_SIDE_FILES = ("-wal", "-shm", "-journal")


class PlantFileFate(StrEnum):
    """What became of the plant.toml in a backup."""

    WRITTEN = "written"
    SAME = "same"
    LEFT = "left"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was restored. `kept`: where the file that was replaced is now, None where there was none.

    `plant_file`: what became of the plant.toml in the backup. `left`: the files of pictures that differ and were left.
    """

    samples: int
    made: str
    kept: Path | None
    plant_file: PlantFileFate
    left: tuple[str, ...] = ()


def restore(
    backup_file: Path, folder: PlantFolder, *, with_plant_file: bool = False, stage: Stage = unheard_stage
) -> RestoreReport:
    """Verify a backup, copy it into the plant's folder, and let it take the history's name at once.

    Nobody may collect the plant meanwhile. An own plant.toml and its pictures are kept unless `with_plant_file`. Raise
    as `verify` does,
    DatabaseFull where there is too little space, or OSError; then nothing has changed.
    """
    contents, manifest = verify(backup_file, stage=stage)
    folder.path.mkdir(parents=True, exist_ok=True)
    require_space(folder.history, backup_file.stat().st_size)
    moment = clock.to_datetime(clock.now_ns()).strftime("%Y%m%dT%H%M%SZ")
    with written_whole(folder.history) as part:
        digest = _copy(backup_file, part, on_progress=stage("copying", "MB"))
        if digest_of(part, on_progress=stage("comparing", "MB")) != digest:
            raise DatabaseDamaged(f"{part}: the copy is not what was copied: check this disk")
        drop_documents(part)
        kept = _keep(folder.history, moment)
    return RestoreReport(
        samples=contents.samples,
        made="" if manifest is None else manifest.made,
        kept=kept,
        plant_file=_restore_text(
            folder.configuration, contents.documents[PLANT_FILE], moment, replaces=with_plant_file
        ),
        left=tuple(_left_pictures(folder, contents.documents, moment, replaces=with_plant_file)),
    )


def _copy(source: Path, target: Path, *, on_progress: OnProgress) -> str:
    """Copy a file at rest; return the SHA-256 of what was read."""
    digest = hashlib.sha256()
    size = source.stat().st_size
    done = 0
    with source.open("rb") as reading, target.open("wb") as writing:
        while block := reading.read(_BLOCK):
            digest.update(block)
            writing.write(block)
            done += len(block)
            on_progress(done / size, done // 1_000_000)
    return digest.hexdigest()


def _keep(history: Path, moment: str) -> Path | None:
    """Give the present history a second name, and take its side files away, which would be taken for the new one's."""
    if not history.exists():
        return None
    kept = history.with_name(f"{history.name}.before-restore-{moment}")
    if not settle_wal(history):
        _move_aside(history, kept)
        return kept
    try:
        os.link(history, kept)  # so that there is a history at every moment
    except OSError:
        history.replace(kept)
    return kept


def _move_aside(history: Path, kept: Path) -> None:
    """Move a file whose WAL cannot be brought into it, together with that WAL."""
    for suffix in _SIDE_FILES:
        with suppress(FileNotFoundError):
            history.with_name(history.name + suffix).replace(kept.with_name(kept.name + suffix))
    history.replace(kept)
    sync_folder(history.parent)


def _left_pictures(folder: PlantFolder, documents: Mapping[str, str], moment: str, *, replaces: bool) -> Iterator[str]:
    """Restore the process pictures in a backup; yield the names of those that differ and were left."""
    for name, text in documents.items():
        path = picture_in(folder.path, name)
        if path is not None and _restore_text(path, text, moment, replaces=replaces) is PlantFileFate.LEFT:
            yield name


def _restore_text(path: Path, text: str, moment: str, *, replaces: bool) -> PlantFileFate:
    if not path.exists():
        replace_text(path, text)
        return PlantFileFate.WRITTEN
    present = path.read_text(encoding="utf-8")
    if present == text:
        return PlantFileFate.SAME
    if not replaces:
        return PlantFileFate.LEFT
    replace_text(path.with_name(f"{path.name}.before-restore-{moment}"), present)
    replace_text(path, text)
    return PlantFileFate.REPLACED
