"""A model as one file that goes from plant to plant: JSON to be read by people, with a digest, nothing to execute."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from app.learning.refusal import ModelRefused
from app.model.learned_model import ModelRecord, ModelTrial

FORMAT = "foreshift model 1"
_MOST_BYTES = 128 << 20


@dataclass(frozen=True, slots=True)
class SharedModel:
    """What a file holds: a model, the class of the equipment it is of ("" where it had none), and its last trial."""

    record: ModelRecord
    equipment_class: str
    plant: str
    trial: ModelTrial | None = None


class _File(msgspec.Struct):
    format: str
    digest: str
    model: SharedModel


def write_model(path: Path, shared: SharedModel) -> None:
    """Write a model; raise OSError."""
    file = _File(FORMAT, _digest(shared), shared)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n")


def read_model(path: Path) -> SharedModel:
    """Read a model; raise ModelRefused, naming the file and the remedy, for what is none."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ModelRefused(f"{path}: larger than any model: choose another file")
        data = path.read_bytes()
    except OSError as error:
        raise ModelRefused(f"{path}: cannot be read: {error.strerror or error}") from error
    try:
        file = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ModelRefused(f"{path}: not a model that was exported: {error}") from error
    if file.format != FORMAT:
        raise ModelRefused(f"{path}: written in another format ({file.format}); this version reads {FORMAT}")
    if file.digest != _digest(file.model):
        raise ModelRefused(f"{path}: altered or damaged since it was exported: export it again")
    return file.model


def _digest(shared: SharedModel) -> str:
    whole = msgspec.to_builtins(shared)
    if not shared.record.modes:
        del whole["record"]["modes"]  # files from before models had any
    return sha256(msgspec.json.encode(whole)).hexdigest()
