"""The active models of a plant at work: beside the collector they read what it has stored, a little later than live."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from app.anomaly.equipment import EquipmentModel, Phase, Reading
from app.learning import store
from app.learning.refusal import ModelRefused
from app.model import clock
from app.model.case import EQUIPMENT_INDICATOR, CaseRecord, Indication, RankedCause
from app.model.forecast import Contribution
from app.model.learned_model import ModelKind, ModelRecord
from app.model.plant import Plant
from app.model.remaining_life import LifeForecast
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.training.equipment_lesson import opened, rows_and_modes
from app.training.fault_lesson import bound_signals, diagnose
from app.training.lesson import School, open_school
from app.training.life_watch import LifeWatch
from app.training.rows import Array
from app.training.subject import Signals

LOOK_BACK_ROWS = 3_000
"""From so many stored rows a model finds its baseline again after a start."""
LONGEST_LOOK_ROWS = 5_000
WORTH_TELLING, MOST_CAUSES = 0.1, 3
_LARGEST, _JUST_GOOD = 100.0, 0.99
_USUAL_PACE = 0.01
_LEAST_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class RoundFinding:
    """What the models say now: of each Equipment's state, of open cases (by number) the causes, best first, and lives.

    `versions`: which model was asked about a case, also where it knows no such fault. `lives`: none where nobody asked.
    """

    indications: tuple[Indication, ...] = ()
    causes: dict[int, tuple[RankedCause, ...]] = field(default_factory=dict)
    versions: dict[int, str] = field(default_factory=dict)
    lives: tuple[LifeForecast, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class _Watching:
    """An equipment model at work. `seen`: ns UTC up to which rows were taken; `usual`: rows while it is normal."""

    record: ModelRecord
    signals: Signals
    model: EquipmentModel
    seen: int
    usual: Array


class LiveModels:
    """Looks at the active models of a plant now and then; not thread-safe, and blocks while it reads."""

    def __init__(self, folder: PlantFolder, plant: Plant) -> None:
        """Begin without any: what is active is looked up in each round, so that a promotion holds at once."""
        self._folder, self._plant = folder, plant
        self._watching: dict[int, _Watching] = {}
        self._lives = LifeWatch()

    def round(self, cases: Iterable[CaseRecord], now: int) -> RoundFinding:
        """Return what the models say of the rows stored up to `now` (ns UTC), and of `cases`; raise DatabaseError."""
        with open_school(self._folder, self._plant) as school:
            problems: list[str] = []
            found = self._watch(school, now, problems)
            causes, versions = self._diagnose(school, cases, now, problems)
            lives = self._lives.round(school, now)
        return RoundFinding(tuple(found), causes, versions, lives, tuple(problems))

    def _watch(self, school: School, now: int, problems: list[str]) -> list[Indication]:
        records = store.active_models(school.connection, ModelKind.EQUIPMENT)
        for gone in set(self._watching) - {record.number for record in records}:
            del self._watching[gone]
        found = []
        for record in records:
            try:
                watching = self._watching.get(record.number) or _begun(school, record, now)
                self._watching[record.number] = watching
                indication = _followed(school, watching, now)
            except ModelRefused as refused:
                problems.append(str(refused))
                continue
            if indication is not None:
                found.append(indication)
        return found

    def _diagnose(
        self, school: School, cases: Iterable[CaseRecord], now: int, problems: list[str]
    ) -> tuple[dict[int, tuple[RankedCause, ...]], dict[int, str]]:
        wanted = list(cases)
        records = store.active_models(school.connection, ModelKind.DIAGNOSIS) if wanted else []
        found: dict[int, tuple[RankedCause, ...]] = {}
        versions: dict[int, str] = {}
        for case in wanted:
            record = self._model_for(records, case.equipment)
            if record is None:
                continue
            latest = case.opened + round(LONGEST_LOOK_ROWS * record.period_s * clock.NS_PER_S)
            try:
                told = diagnose(school, record, case.equipment, noticed=case.opened, until=min(now, latest))
            except ModelRefused as refused:
                problems.append(str(refused))
                continue
            if told is not None:
                versions[case.number] = f"model {record.number}"
                found[case.number] = () if told.is_unknown else tuple(
                    RankedCause(f"model {record.number}: {each.cause}", LocalText(each.cause), LocalText(""),
                                each.probability, f"model {record.number}")
                    for each in told.causes[:MOST_CAUSES] if each.probability >= WORTH_TELLING
                )  # fmt: skip
        return found, versions

    def _model_for(self, records: Sequence[ModelRecord], equipment: str) -> ModelRecord | None:
        """Return the model of an Equipment itself, or else the one of its class."""
        kind = next((each.kind for each in self._plant.equipment if each.id == equipment), "")
        own = (each for each in records if not each.is_class and each.subject == equipment)
        return next(own, next((each for each in records if each.is_class and kind and each.subject == kind), None))


def _begun(school: School, record: ModelRecord, now: int) -> _Watching:
    signals = bound_signals(school, record, record.subject)
    seen = now - round(LOOK_BACK_ROWS * record.period_s * clock.NS_PER_S)
    return _Watching(record, signals, opened(record), seen, np.full(len(signals.tags), np.nan))


def _followed(school: School, watching: _Watching, now: int) -> Indication | None:
    """Take the rows that are new, on the grid of the model's period, and return what the newest says."""
    period = round(watching.record.period_s * clock.NS_PER_S)
    begin = -(-watching.seen // period) * period
    rows, modes = rows_and_modes(school, watching.record, watching.signals, begin, now)
    for time, row, mode in zip(rows.times.tolist(), rows.values, modes, strict=True):
        watching.model.update(time, row, mode=mode)
        if watching.model.reading().phase is Phase.NORMAL:
            step = _USUAL_PACE * (row - watching.usual)
            watching.usual = np.where(np.isnan(watching.usual), row, watching.usual + np.where(np.isnan(step), 0, step))
        watching.seen = time + period
    reading = watching.model.reading()
    if not len(rows) or reading.phase in {Phase.LEARNING, Phase.NO_DATA} or math.isnan(reading.score):
        return None
    return _indication(watching, reading, int(rows.times[-1]), rows.values[-1])


def _indication(watching: _Watching, reading: Reading, time: int, row: Array) -> Indication:
    is_bad = reading.phase is Phase.ALARM
    score = min(max(reading.score, 1.0), _LARGEST) if is_bad else min(reading.score, _JUST_GOOD)
    shares = reading.contributions / max(float(reading.contributions.sum()), 1e-300)
    changes = np.nan_to_num(row - watching.usual)
    parts = [
        Contribution(tag, float(share), float(change))
        for tag, share, change in zip(watching.signals.tags, shares, changes, strict=True)
        if share >= _LEAST_SHARE
    ]
    parts.sort(key=lambda each: -each.share)
    number = watching.record.number
    return Indication(watching.record.subject, EQUIPMENT_INDICATOR, time, score, 1.0, tuple(parts), f"model {number}")
