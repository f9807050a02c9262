"""The remaining life of every machine of a plant, by the active models of their classes, now and then."""

from __future__ import annotations

from app.database import PlantConnection
from app.learning import store
from app.learning.refusal import ModelRefused
from app.maintenance.store import renewal_count
from app.model import clock
from app.model.learned_model import ModelKind, ModelRecord
from app.model.remaining_life import LifeForecast, LifeState
from app.remaining_life.training import FEWEST_FAILURES
from app.training.lesson import School
from app.training.life_lesson import LifeTold, tell_life

EVERY_S = 600.0
"""Of wall clock: a life is read from its first day on, and an hour of running more changes little."""
_FARTHEST_H = 100 * 365.25 * 24.0


class LifeWatch:
    """Asks again every EVERY_S, and at once when a model was promoted or returned, or work was completed."""

    def __init__(self, *, every_s: float = EVERY_S) -> None:
        """Begin with nothing told."""
        self._every = round(every_s * clock.NS_PER_S)
        self._told_at = -self._every
        self._seen: tuple[object, ...] = ()

    def round(self, school: School, now: int) -> tuple[LifeForecast, ...]:
        """Return what can be said of each machine that has a class at `now` (ns UTC); none where nothing is due."""
        records = store.active_models(school.connection, ModelKind.REMAINING_LIFE)
        seen = _state_of(school.connection, records)
        if seen == self._seen and now - self._told_at < self._every:
            return ()
        active = {record.subject: record for record in records}
        measured = {tag.equipment for tag in school.plant.tags}
        told = tuple(
            life_of(school, active.get(each.kind), each.id, now)
            for each in school.plant.equipment
            if each.kind and each.id in measured
        )
        self._seen, self._told_at = seen, now  # only now: a file that was locked is asked again in the next round
        return told


def life_of(school: School, record: ModelRecord | None, equipment: str, now: int) -> LifeForecast:
    """Return what can be said of one machine at `now` (ns UTC)."""
    kind = next(each.kind for each in school.plant.equipment if each.id == equipment)
    version = f"model {record.number}" if record is not None else ""
    try:
        told = tell_life(school, record, equipment, now)
    except ModelRefused as refused:
        return LifeForecast(equipment, now, LifeState.UNUSABLE, kind, version, reason=str(refused))
    return _forecast(told, now, kind, version, school.plant.time_scale)


def _forecast(told: LifeTold, now: int, kind: str, version: str, scale: float) -> LifeForecast:
    found = told.estimate
    p10_h, p50_h, p90_h = (0.0, 0.0, 0.0) if found is None else (found.p10, found.p50, found.p90)
    if found is not None and found.is_beyond:  # more than P10 is all that can be said
        p50_h = p90_h = 0.0

    def instant(hours: float) -> int:
        ahead_h = hours / told.rate if told.rate > 0.0 else 0.0
        return now + round(ahead_h * 3_600 / scale * clock.NS_PER_S) if 0.0 < ahead_h < _FARTHEST_H else 0

    return LifeForecast(
        told.equipment, now, told.state, kind, version,
        failures=told.failures, needed=FEWEST_FAILURES, evidence=told.evidence, ran_h=told.ran_h, rate=told.rate,
        p10_h=p10_h, p50_h=p50_h, p90_h=p90_h, p10=instant(p10_h), p50=instant(p50_h), p90=instant(p90_h),
        reason=told.reason,
    )  # fmt: skip


def _state_of(connection: PlantConnection, records: list[ModelRecord]) -> tuple[object, ...]:
    """Return what makes another answer likely: which models count, and how many lives have ended."""
    return (*(record.number for record in records), renewal_count(connection))
