"""The small JSON file beside a backup that says what it holds and by which checksum it is known."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from app.database import DatabaseDamaged
from app.exchange.failure import ExchangeError
from app.exchange.progress import OnProgress, unheard
from app.plant.atomic import replace_text

FORMAT = "foreshift-backup-1"
_BLOCK = 1 << 20


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds. `made`, `first`, `last`: ISO 8601 UTC; `rows`: of every table of the SQLite file.

    `damaged`: how many parts of the history could not be read in the plant's own file either.
    """

    format: str
    plant: str
    made: str
    foreshift: str
    sqlite: str
    bytes: int
    sha256: str
    samples: int
    rows: dict[str, int]
    damaged: int = 0
    first: str = ""
    last: str = ""


def manifest_path(backup: Path) -> Path:
    """Return where the manifest of a backup stands: "FILE.json"."""
    return backup.with_name(backup.name + ".json")


def write_manifest(backup: Path, manifest: Manifest) -> None:
    """Write the manifest of a backup, durably; raise OSError."""
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2).decode()
    replace_text(manifest_path(backup), text + "\n")


def read_manifest(backup: Path) -> Manifest | None:
    """Return the manifest of a backup, None where it has none; raise ExchangeError where it cannot be read."""
    path = manifest_path(backup)
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as reason:
        raise ExchangeError(f"{path}: is no manifest of a backup ({reason}): take another backup") from reason
    if manifest.format != FORMAT:
        raise ExchangeError(f"{path}: was written by a newer version ({manifest.format}): install that version")
    return manifest


def digest_of(path: Path, *, on_progress: OnProgress = unheard) -> str:
    """Return the SHA-256 of a file in hexadecimal digits; `on_progress` counts MB. Raise OSError, or Cancelled."""
    digest = hashlib.sha256()
    size = path.stat().st_size
    done = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            done += len(block)
            on_progress(done / size, done // 1_000_000)
    return digest.hexdigest()


def refuse_changed(backup: Path, manifest: Manifest, digest: str) -> None:
    """Raise DatabaseDamaged where a backup is not what its manifest says."""
    if digest != manifest.sha256:
        raise DatabaseDamaged(f"{backup}: is not what was backed up (its SHA-256 has changed): take another backup")
