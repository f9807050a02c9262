"""Promotion and return of a model in a plant's file, and the file that another plant gets."""

from __future__ import annotations

from app.database import PlantConnection
from app.learning import store
from app.learning.model_file import SharedModel
from app.learning.promotion import active_of, going_back, promotion, was_returned
from app.model.learned_model import ModelRecord, ModelStep
from app.model.plant import Plant


def promoted(connection: PlantConnection, record: ModelRecord, *, by: str, reason: str, now: int) -> list[ModelStep]:
    """Return the steps that make a candidate count from `now` (ns UTC) on; raise ModelRefused."""
    states = store.states_of(connection)
    trials = store.trials_of(connection, record.number)
    return promotion(
        record,
        state=states[record.number],
        active=active_of(record, store.models(connection), states),
        trial=trials[-1] if trials else None,
        by=by,
        reason=reason,
        now=now,
    )


def returned(connection: PlantConnection, record: ModelRecord, *, by: str, reason: str, now: int) -> list[ModelStep]:
    """Return the steps that let the former model count again; raise ModelRefused."""
    return going_back(record, store.models(connection), store.steps_of(connection), by=by, reason=reason, now=now)


def is_held(connection: PlantConnection, number: int) -> bool:
    """Return whether a person has taken back the last model of the same kind and subject."""
    return was_returned(store.whole_model(connection, number), store.models(connection), store.steps_of(connection))


def shared(connection: PlantConnection, plant: Plant, number: int) -> SharedModel:
    """Return what another plant gets of a model, with its newest trial; raise ModelRefused."""
    record = store.whole_model(connection, number)
    trials = store.trials_of(connection, number)
    kinds = {each.id: each.kind for each in plant.equipment}
    of = record.subject if record.is_class else kinds.get(record.subject, "")
    return SharedModel(record, of, plant.id, trials[-1] if trials else None)
