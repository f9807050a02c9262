"""All predictions of one plant: samples go in, forecasts and health values that changed come out."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.model import status as status_code
from app.model.block import Block, block_of, concatenate
from app.model.clock import NS_PER_S
from app.model.forecast import Forecast, Health, UnusualSignals
from app.model.plant import Plant
from app.model.series import Series
from app.model.status import StatusArray
from app.model.tag import TagDefinition, TagKind
from app.prediction.health import HealthModel
from app.prediction.signal_watch import SignalWatch
from app.prediction.state import PredictionState, StateMisfit
from app.prediction.subject import subject_of_forecast, subject_of_health, subject_of_signals
from app.prediction.trend import TrendForecast

log = logging.getLogger(__name__)

_MOST_WAITING = 20_000
_FORECASTS_AT_ONCE = 6
_CREDIBLE_SKEW = 2 * NS_PER_S
_LARGEST = 1e100


_Prediction = tuple[HealthModel | TrendForecast | SignalWatch, list[TagDefinition]]


class Foresight:
    """Health of every Equipment that has signals, and every defined forecast.

    `update` only takes samples in; the work is done by `results`, where forecasts take turns. The outcome depends on
    the samples, the instants given and the sequence of the calls alone; health does not even depend on the latter.

    Used are good samples, and those beyond their range: other doubtful ones (spikes, stuck and stale sensors) count as
    missing. Time is the source's, unless it is more than two seconds from when the sample was received: then its clock
    is wrong.
    """

    def __init__(self, plant: Plant) -> None:
        """Prepare for the tags, equipment and forecasts of `plant`, whose time scale applies."""
        self._plant = plant
        self._trends = [self._new_trend(place) for place in range(len(plant.forecasts))]
        self._trends_of = _by_handle(plant, self._trends)
        self._tags_of = {
            equipment.id: [tag for tag in plant.tags_of(equipment.id) if not tag.is_text]
            for equipment in plant.equipment
        }
        self._models = [
            self._new_model(equipment)
            for equipment, tags in self._tags_of.items()
            if any(tag.kind is not TagKind.DISCRETE for tag in tags)
        ]
        self._signals = [self._new_signals(model.equipment) for model in self._models]
        self._model_of = np.full(len(plant.tags), -1, np.intp)
        self._column_of = np.zeros(len(plant.tags), np.intp)
        for place, model in enumerate(self._models):
            for column, tag in enumerate(self._tags_of[model.equipment]):
                self._model_of[tag.handle], self._column_of[tag.handle] = place, column
        self._newest = np.zeros(len(plant.tags), np.int64)
        self._since: dict[str, Mapping[str, int]] = {}
        self._known = np.zeros((2, len(plant.tags)), np.int64)
        self._told_signals: dict[str, UnusualSignals] = {}
        self._waiting: list[Block] = []
        self._waiting_samples = 0
        self._told: dict[str, Forecast] = {}
        self._told_health: dict[str, Health] = {}
        self._seen: dict[str, tuple[int, bool]] = {}
        self._next_trend = 0

    def update(self, block: Block) -> None:
        """Take samples; they are digested when results are asked for, or sooner where many wait."""
        self._waiting.append(block)
        self._waiting_samples += len(block)
        if self._waiting_samples > _MOST_WAITING:
            self._digest()

    def results(self, now: int) -> list[Forecast | Health]:
        """Return the forecasts and health values that changed up to `now` (ns UTC)."""
        self._digest()
        return [*self._healths(now), *self._forecasts(now)]

    def unusual(self, now: int) -> list[UnusualSignals]:
        """Return of which equipment other single signals are unusual than when this was asked last, at `now`."""
        self._digest()
        changed = []
        for each in self._signals:
            found, before = each.unusual(now), self._told_signals.get(each.equipment)
            if (before.score, before.contributions) != (found.score, found.contributions) if before else found.score:
                self._told_signals[each.equipment] = found
                changed.append(found)
        return changed

    def renew(self, equipment: str) -> None:
        """Forget what was learned of an Equipment, whose part was renewed: its baseline, trends and their record."""
        self._digest()
        self._models = [self._new_model(equipment) if model.equipment == equipment else model for model in self._models]
        self._signals = [
            self._new_signals(equipment) if each.equipment == equipment else each for each in self._signals
        ]
        self._told_signals.pop(equipment, None)
        self._trends = [
            self._new_trend(place) if trend.definition.equipment == equipment else trend
            for place, trend in enumerate(self._trends)
        ]
        self._trends_of = _by_handle(self._plant, self._trends)
        for trend in self._trends:
            if trend.definition.equipment == equipment:
                self._told.pop(trend.definition.id, None)
                self._seen.pop(trend.definition.id, None)
        self._told_health.pop(equipment, None)

    @property
    def subjects(self) -> tuple[str, ...]:
        """Return what has a state of its own: the health of each Equipment, and each forecast."""
        return tuple(self._predictions())

    def state_of(self, subject: str) -> PredictionState:
        """Return all that is known of a subject up to the samples that came last."""
        self._digest()
        prediction, tags = self._predictions()[subject]
        seen = {tag.name: int(self._newest[tag.handle]) for tag in tags}
        return PredictionState(subject, prediction.basis, seen, prediction.save())

    def restore(self, states: Mapping[str, PredictionState]) -> None:
        """Go on where states (by subject) were taken; `warm` then gives each what it has not seen.

        A state that does not fit any more, since its tags or its definition are others, is left out: what it was of
        learns from the past that `warm` gives.
        """
        for subject, (prediction, _) in self._predictions().items():
            state = states.get(subject)
            if state is None or state.basis != prediction.basis:
                continue
            try:
                prediction.restore(state.body)
            except StateMisfit as misfit:
                log.warning("foresight.state_unusable subject=%s %s", subject, misfit)
                continue
            self._since[subject] = state.seen

    def wanted_since(self, start: int) -> dict[str, int]:
        """Return from when on (ns UTC) the past of each tag (by name) is wanted by `warm`; `start`: where all is."""
        wanted: dict[str, int] = {}
        for subject, (_, tags) in self._predictions().items():
            for tag in tags:
                known = self._since.get(subject, {}).get(tag.name, 0)
                since = known + 1 if known else start
                wanted[tag.name] = min(wanted.get(tag.name, since), since)
        return wanted

    def _predictions(self) -> dict[str, _Prediction]:
        found: dict[str, _Prediction] = {}
        for model in self._models:
            found[subject_of_health(model.equipment)] = model, self._tags_of[model.equipment]
        for signals in self._signals:
            found[subject_of_signals(signals.equipment)] = signals, self._tags_of[signals.equipment]
        tags = {tag.name: tag for tag in self._plant.tags}
        for trend in self._trends:
            found[subject_of_forecast(trend.definition.id)] = trend, [tags[trend.definition.tag]]
        return found

    def warm(self, series: Mapping[str, Series]) -> None:
        """Learn from the past of tags (by name), oldest first, as if its newest part had just been streamed."""
        blocks = []
        for tag in self._plant.tags:
            past = series.get(tag.name)
            if past is None or not len(past):
                continue
            blocks.append(block_of(tag.handle, past.time, past.value, past.status))
        whole = concatenate(blocks)
        self._set_known()
        self.update(whole.select(np.argsort(whole.time, kind="stable")))
        self._digest()
        self._since = {}
        self._set_known()

    def _set_known(self) -> None:
        """Set up to when models know their tags, ns UTC: only while the past comes, for a clock may be set back."""
        for model in self._models:
            for row, subject in enumerate((subject_of_health, subject_of_signals)):
                since = self._since.get(subject(model.equipment), {})
                for tag in self._tags_of[model.equipment]:
                    self._known[row, tag.handle] = since.get(tag.name, 0)

    def _new_signals(self, equipment: str) -> SignalWatch:
        return SignalWatch(equipment, self._tags_of[equipment], time_scale=self._plant.time_scale)

    def _new_trend(self, place: int) -> TrendForecast:
        return TrendForecast(self._plant.forecasts[place], time_scale=self._plant.time_scale, phase=place)

    def _new_model(self, equipment: str) -> HealthModel:
        return HealthModel(
            equipment,
            self._tags_of[equipment],
            alarms=self._plant.alarms,
            time_scale=self._plant.time_scale,
            phase=list(self._tags_of).index(equipment),
        )

    def _digest(self) -> None:
        if not self._waiting_samples:
            return
        block = concatenate(self._waiting)
        self._waiting, self._waiting_samples = [], 0
        np.maximum.at(self._newest, block.handle, block.time)
        is_skewed = np.abs(block.time - block.received) > _CREDIBLE_SKEW
        times = np.where(is_skewed, block.received, block.time)
        usable = _usable(block.status) & (np.abs(block.value) < _LARGEST)
        self._add_to_trends(block, times, usable)
        self._add_to_models(block, times, usable)

    def _add_to_trends(self, block: Block, times: NDArray[np.int64], usable: NDArray[np.bool_]) -> None:
        is_followed = np.isin(block.handle, list(self._trends_of))
        columns = (block.handle, times, block.value, usable)
        for handle, time, value, is_usable in zip(*(column[is_followed].tolist() for column in columns), strict=True):
            for trend in self._trends_of[handle]:
                if self._since and time <= self._known_by(trend):
                    continue
                if is_usable:
                    trend.add(time, value)
                else:
                    trend.lose()

    def _known_by(self, trend: TrendForecast) -> int:
        definition = trend.definition
        return self._since.get(subject_of_forecast(definition.id), {}).get(definition.tag, 0)

    def _add_to_models(self, block: Block, times: NDArray[np.int64], usable: NDArray[np.bool_]) -> None:
        places = self._model_of[block.handle]
        order = np.argsort(places, kind="stable")
        bounds = np.searchsorted(places[order], np.arange(len(self._models) + 1))
        for model, signals, begin, end in zip(self._models, self._signals, bounds[:-1], bounds[1:], strict=True):
            if begin == end:
                continue
            consumers: list[HealthModel | SignalWatch] = [model, signals]
            for consumer, known in zip(consumers, self._known, strict=True):
                rows = order[begin:end]
                rows = rows[block.time[rows] > known[block.handle[rows]]]
                if len(rows):
                    column = self._column_of[block.handle[rows]]
                    consumer.add(column, times[rows], block.value[rows], usable=usable[rows])

    def _healths(self, now: int) -> list[Health]:
        changed = []
        for model in self._models:
            health = model.health(now)
            if _differs(health, self._told_health.get(model.equipment)):
                self._told_health[model.equipment] = health
                changed.append(health)
        return changed

    def _forecasts(self, now: int) -> list[Forecast]:
        changed: list[Forecast] = []
        made = 0
        for _ in range(len(self._trends)):
            if made == _FORECASTS_AT_ONCE:
                break
            trend = self._trends[self._next_trend]
            self._next_trend = (self._next_trend + 1) % len(self._trends)
            name, basis = trend.definition.id, (trend.newest_bucket, trend.is_silent(now))
            if self._seen.get(name) == basis:
                continue
            self._seen[name] = basis
            made += 1
            forecast = self._with_causes(trend.forecast(now))
            if forecast.p50 or not _same_but_for_time(forecast, self._told.get(name)):
                self._told[name] = forecast
                changed.append(forecast)
        return changed

    def _with_causes(self, forecast: Forecast) -> Forecast:
        health = self._told_health.get(forecast.equipment)
        return replace(forecast, contributions=health.contributions) if health and forecast.p50 else forecast


def _by_handle(plant: Plant, trends: list[TrendForecast]) -> dict[int, list[TrendForecast]]:
    handles = {tag.name: tag.handle for tag in plant.tags}
    found: dict[int, list[TrendForecast]] = {}
    for trend in trends:
        found.setdefault(handles[trend.definition.tag], []).append(trend)
    return found


def _usable(codes: StatusArray) -> NDArray[np.bool_]:
    beyond = (codes & np.uint32(0xFFFF_0000)) == status_code.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED
    usable: NDArray[np.bool_] = status_code.good_mask(codes) | beyond
    return usable


def _same_but_for_time(forecast: Forecast, before: Forecast | None) -> bool:
    if before is None or forecast.state is not before.state:
        return False
    is_near = math.isclose(forecast.level, before.level, rel_tol=1e-3, abs_tol=1e-9)
    return is_near or (math.isnan(forecast.level) and math.isnan(before.level))


def _differs(health: Health, before: Health | None) -> bool:
    """Return whether a health value is news: another state, a whole point, more progress, or another first cause."""
    if before is None or health.state is not before.state or abs(health.progress - before.progress) >= 0.02:
        return True
    if abs(health.health - before.health) >= 1.0 or len(health.contributions) != len(before.contributions):
        return True
    return any(
        now.tag != then.tag or not math.isclose(now.change, then.change, rel_tol=0.1)
        for now, then in zip(health.contributions[:1], before.contributions[:1], strict=True)
    )
