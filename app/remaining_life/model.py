"""A model of remaining life as data: what it has learned from, what it tells, and how it is kept in a file."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec
import numpy as np

from app.remaining_life.band import Band
from app.remaining_life.features import PER_SIGNAL, features
from app.remaining_life.history import FloatArray, LifeError, MachineHistory
from app.remaining_life.regime import Regimes
from app.remaining_life.trees import Trees

VERSION = 1
_MAGIC = b"foreshift life\n"
_MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class LifeEstimate:
    """Remaining life in units of life: with 80 % the truth lies between `p10` and `p90`.

    `is_beyond`: the model has never told more than its cap; more than `p10` is all that can be said.
    `failures`: how many machines have failed for this to be known.
    """

    p10: float
    p50: float
    p90: float
    is_beyond: bool
    failures: int


class _Array(msgspec.Struct, array_like=True):
    kind: str
    shape: tuple[int, ...]
    data: bytes


class _File(msgspec.Struct):
    version: int
    machine_class: str
    unit: str
    cap: float
    failures: int
    learned_from: str
    conditions: list[str]
    signals: list[str]
    arrays: dict[str, _Array]
    share: float


@dataclass(frozen=True, slots=True)
class LifeModel:
    """Learned from `failures` machines of `machine_class`; `unit`: of life (a cycle, an hour of running).

    `cap`: remaining life above it was learned as it, since a healthy machine does not show how long it will live.
    `learned_from`: SHA-256 of the histories. `conditions`, `signals`: names of the columns that are asked for.
    """

    machine_class: str
    unit: str
    cap: float
    failures: int
    learned_from: str
    conditions: tuple[str, ...]
    signals: tuple[str, ...]
    regimes: Regimes
    trees: Trees
    band: Band

    def forecast(self, machine: MachineHistory) -> FloatArray:
        """Return the P50 for each row of a machine's history, told with what was known then."""
        if machine.signals.shape[1] != len(self.signals) or machine.conditions.shape[1] != len(self.conditions):
            raise LifeError(f"{machine.machine}: the model asks for {', '.join((*self.conditions, *self.signals))}")
        return self.tell(features(self.regimes.normalised(machine)))

    def tell(self, rows: FloatArray) -> FloatArray:
        """Return the P50 for rows of features, between 0 and the cap."""
        return np.clip(self.trees.predict(rows), 0.0, self.cap)

    def estimate(self, machine: MachineHistory) -> LifeEstimate:
        """Return what can be said at the end of a machine's history."""
        p50 = self.forecast(machine)[-1:]
        low, high = self.band.around(p50)
        p90 = min(self.cap, float(high[0]))
        return LifeEstimate(max(0.0, float(low[0])), float(p50[0]), p90, p90 >= self.cap, self.failures)

    def save(self, path: Path) -> None:
        """Write the model; raise OSError."""
        path.write_bytes(self.to_bytes())

    def to_bytes(self) -> bytes:
        """Return the model as a file holds it: a line that names the format, a checksum, MessagePack."""
        arrays = {
            f"{part}.{name}": _packed(getattr(getattr(self, part), name))
            for part, names in _PARTS.items()
            for name in names
        }
        body = msgspec.msgpack.encode(
            _File(
                VERSION,
                self.machine_class,
                self.unit,
                self.cap,
                self.failures,
                self.learned_from,
                list(self.conditions),
                list(self.signals),
                arrays,
                self.band.share,
            )
        )
        return _MAGIC + zlib.crc32(body).to_bytes(4, "big") + body


_PARTS = {
    "regimes": ("centres", "span", "mean", "deviation", "kept"),
    "trees": ("feature", "threshold", "left", "right", "value", "root"),
    "band": ("edges", "low", "high"),
}


def load(path: Path) -> LifeModel:
    """Read a model; raise LifeError, naming the file and the remedy, for what is none."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise LifeError(f"{path}: larger than any model: choose another file")
        data = path.read_bytes()
    except OSError as error:
        raise LifeError(f"{path}: cannot be read: {error.strerror or error}") from error
    try:
        return from_bytes(data)
    except LifeError as error:
        raise LifeError(f"{path}: {error}") from error


def from_bytes(data: bytes) -> LifeModel:
    """Return the model that `to_bytes` wrote; raise LifeError for anything else."""
    start = len(_MAGIC) + 4
    if not data.startswith(_MAGIC) or len(data) < start:
        raise LifeError("not a model of remaining life")
    body = data[start:]
    if zlib.crc32(body).to_bytes(4, "big") != data[len(_MAGIC) : start]:
        raise LifeError("damaged: get it again, or learn it anew")
    try:
        file = msgspec.msgpack.decode(body, type=_File)
        if file.version != VERSION:
            raise LifeError(f"written by another version of this program ({file.version}, this one reads {VERSION})")
        parts = {
            part: {name: _unpacked(file.arrays[f"{part}.{name}"]) for name in names} for part, names in _PARTS.items()
        }
    except (msgspec.DecodeError, KeyError, ValueError, TypeError) as error:
        raise LifeError(f"not a whole model: {error}") from error
    model = LifeModel(
        file.machine_class,
        file.unit,
        file.cap,
        file.failures,
        file.learned_from,
        tuple(file.conditions),
        tuple(file.signals),
        Regimes(**parts["regimes"]),
        Trees(**parts["trees"]),
        Band(**parts["band"], share=file.share),
    )
    _check(model)
    return model


def digest(machines: tuple[MachineHistory, ...]) -> str:
    """Return SHA-256 over the histories, so that a model tells what it has learned from."""
    found = sha256()
    for machine in machines:
        found.update(machine.machine.encode())
        found.update(np.ascontiguousarray(machine.conditions).tobytes())
        found.update(np.ascontiguousarray(machine.signals).tobytes())
    return found.hexdigest()


def _check(model: LifeModel) -> None:
    regimes, band = model.regimes, model.band
    kept = len(regimes.kept)
    is_whole = (
        regimes.centres.shape == (len(regimes.mean), len(model.conditions))
        and regimes.mean.shape == regimes.deviation.shape == (len(regimes.centres), kept)
        and regimes.span.shape == (len(model.conditions),)
        and kept
        and 0 <= int(regimes.kept.min()) <= int(regimes.kept.max()) < len(model.signals)
        and (regimes.deviation > 0).all()
        and (regimes.span > 0).all()
        and len(band.low) == len(band.high) == len(band.edges) + 1
        and np.isfinite(model.cap)
    )
    if not is_whole:
        raise LifeError("not a whole model: its parts do not fit together")
    model.trees.check(PER_SIGNAL * kept + 2)


def _packed(array: np.ndarray) -> _Array:
    return _Array(array.dtype.str, array.shape, np.ascontiguousarray(array).tobytes())


def _unpacked(packed: _Array) -> np.ndarray:
    if packed.kind not in {"<f8", "<i4", "<i8"}:
        raise ValueError(f"numbers of kind {packed.kind}")
    return np.frombuffer(packed.data, packed.kind).reshape(packed.shape)
