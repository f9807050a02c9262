"""What the page of models reads of a plant's file and of files of models, in a background thread."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from app.database import DatabaseMissing
from app.learning import store
from app.learning.model_file import SharedModel, read_model, write_model
from app.learning.standing import shared
from app.model.learned_model import ModelRecord, ModelState, ModelStep, ModelTrial
from app.model.plant import Plant
from app.past import open_as_known
from app.plant.folder import PlantFolder


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model with its present state, its steps and its trials, oldest first."""

    record: ModelRecord
    state: ModelState
    steps: tuple[ModelStep, ...]
    trials: tuple[ModelTrial, ...]


@dataclass(frozen=True, slots=True)
class OfferedModel:
    """A model in a file, and the SHA-256 of that file."""

    path: Path
    digest: str
    shared: SharedModel


@dataclass(frozen=True, slots=True)
class ModelReading:
    """Reads the models of one plant; every method may raise DatabaseError, those with files OSError, ModelRefused."""

    folder: PlantFolder
    plant: Plant

    def models(self) -> list[KnownModel]:
        """Return all models, the newest first; a plant without a history has none."""
        try:
            with closing(open_as_known(self.folder.history, store.PAST)) as connection:
                steps, states = store.steps_of(connection), store.states_of(connection)
                return [
                    KnownModel(
                        record,
                        states[record.number],
                        tuple(step for step in steps if step.model == record.number),
                        tuple(store.trials_of(connection, record.number)),
                    )
                    for record in reversed(store.models(connection))
                ]
        except DatabaseMissing:
            return []

    def write(self, number: int, target: Path) -> SharedModel:
        """Write a model into a file for another plant, and return what it holds."""
        with closing(open_as_known(self.folder.history, store.PAST)) as connection:
            found = shared(connection, self.plant, number)
        write_model(target, found)
        return found

    def offered(self, path: Path) -> OfferedModel:
        """Return what a file offers."""
        found = read_model(path)
        return OfferedModel(path, sha256(path.read_bytes()).hexdigest(), found)
