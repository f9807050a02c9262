"""The window's border to its source, live or replayed: pulls on a frame clock and tells the widgets what changed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

import numpy as np
from msgspec import structs
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.model import clock, status
from app.model.alarm import AlarmRecord, AlarmState
from app.model.block import empty
from app.model.case import CaseRecord
from app.model.collector import CollectorReport
from app.model.datavalue import DataValue
from app.model.forecast import Forecast, Health
from app.model.model_command import ModelJob
from app.model.plant import Plant
from app.model.provision import PartStock
from app.model.remaining_life import LifeForecast
from app.model.score import ClaimKind, Score
from app.model.work_order import WorkOrder
from app.plant.folder import PlantFolder
from app.pubsub.frame import (
    AlarmsChanged,
    CasesChanged,
    CollectorChanged,
    CommandDone,
    ConfigurationTaken,
    ControlChanged,
    Event,
    ForecastsChanged,
    HealthChanged,
    LearningChanged,
    LivesChanged,
    ProvisionChanged,
    ScoresChanged,
    SessionChanged,
    WorkChanged,
)
from app.pubsub.live import LatestValues
from widgets.live.source import LiveSource
from widgets.prediction.health_course import HealthCourse
from widgets.requests import Requests
from widgets.source import Source, ValuesChanged
from widgets.translation import tr

FRAME_MS = 50
BLINK_NS = 500 * clock.NS_PER_MS
ENSURE_NS = 3 * clock.NS_PER_S
AGE_NS = clock.NS_PER_S

log = logging.getLogger(__name__)

__all__ = ["Feed", "ValuesChanged", "no_values"]


class Feed(QObject):
    """The present state of a plant as this window knows it, and one signal per kind of change and frame.

    `alarms` holds those that are not normal, by their id, `hidden_alarms` those that are shelved, suppressed or out of
    service, of which `alarms_changed` tells as well: look at `state.is_hidden`. `forecasts` by theirs, `healths` and
    their `courses` by equipment, open `cases` by number; `latest` is indexed by handle. While `is_linked` is False
    nothing here is live: show it as stale, with `link_text`.
    `work_orders` holds those that are not closed, by number. `tags` and `equipment` are the plant's by name and id.
    `ensure_collector` is called when the collector is silent, at most every three seconds. `source`: the collector of
    the plant, unless another one is given; of a replay nothing is live, and every command is refused. `requests` sends
    what is asked of it.
    """

    values_changed = Signal(object)  # ValuesChanged
    rewound = Signal()  # a replay has gone back: forget what is later than now
    alarms_changed = Signal(object)  # tuple[AlarmRecord, ...]: those that changed, also to normal
    forecasts_changed = Signal(object)  # tuple[Forecast, ...]
    healths_changed = Signal(object)  # tuple[Health, ...]
    cases_changed = Signal(object)  # tuple[CasesChanged, ...]
    scores_changed = Signal()  # how well what was foretold has held: look at `scores`
    collector_changed = Signal(object)  # CollectorReport
    collector_link_changed = Signal(bool, str)
    control_changed = Signal(object)  # ControlRecord: of any window's write
    pictures_taken = Signal()  # only process pictures have changed: read them again
    pictures_changed = Signal()  # `plant` has other pictures now
    configuration_taken = Signal()  # the collector works by another plant file: open the plant anew
    work_changed = Signal(object)  # tuple[WorkOrder, ...]: those that changed, also to closed
    provision_changed = Signal()  # planned stops and spare parts: look at `stops` and `stock`
    lives_changed = Signal()  # learned remaining lives, by equipment: look at `lives`
    learning_changed = Signal(object)  # ModelJob: how far a model is that is being learned or tried
    session_changed = Signal(object)  # SessionChanged: who is signed in at this window
    _news = Signal()  # something has come from the collector: told by the thread of its connection
    refused = Signal(str)  # somebody wants to act in a replay: why that cannot be
    blinked = Signal(bool)  # the phase of what blinks, while any alarm waits for an acknowledgement

    def __init__(
        self,
        plant: Plant,
        folder: PlantFolder,
        *,
        ensure_collector: Callable[[], None] | None = None,
        source: Source | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.plant = plant
        self.folder = folder
        self.tags = {tag.name: tag for tag in plant.tags}
        self.equipment = {equipment.id: equipment for equipment in plant.equipment}
        self.latest = no_values(len(plant.tags))
        self.alarms: dict[str, AlarmRecord] = {}
        self.hidden_alarms: dict[str, AlarmRecord] = {}
        self.forecasts: dict[str, Forecast] = {}
        self.healths: dict[str, Health] = {}
        self.work_orders: dict[int, WorkOrder] = {}
        self.courses: dict[str, HealthCourse] = {}
        self.cases: dict[int, CaseRecord] = {}
        self.scores: dict[tuple[str, ClaimKind, str], Score] = {}
        self.learning: ModelJob | None = None
        self.lives: dict[str, LifeForecast] = {}
        self.stops = plant.stops
        self.stock: dict[str, PartStock] = {}
        self.report: CollectorReport | None = None
        self.is_linked = False
        self.blink_phase = True
        self._ensure_collector = ensure_collector
        self._ensured = -ENSURE_NS
        self._aged = 0
        self._source: Source = source or LiveSource(folder, tags=len(plant.tags))
        self._source.begin(self, self._news)
        self.requests = Requests(self._source, self)
        self._news.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._free = 0
        self._late_hearing = QTimer(self)
        self._late_hearing.setSingleShot(True)
        self._late_hearing.timeout.connect(self._pull_events)
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.frame)

    @property
    def is_replay(self) -> bool:
        """Whether what is shown is past, and nothing can be commanded."""
        return self._source.is_replay

    @property
    def link_text(self) -> str:
        """Return why nothing is live, "" while it is."""
        if self.is_linked:
            return ""
        return self._source.problem or tr("The collector does not answer; waiting for it")

    def start(self) -> None:
        """Begin to pull."""
        self._timer.start()
        self.frame()

    def close(self) -> None:
        """Stop pulling and let go of the collector, which goes on alone."""
        self._timer.stop()
        self._late_hearing.stop()
        self._source.close()

    def value(self, handle: int) -> DataValue:
        """Return the newest sample of a tag; its `source_time` is 0 where there is none yet."""
        latest = self.latest
        value, code, time = float(latest.value[handle]), int(latest.status[handle]), int(latest.time[handle])
        return DataValue(value, code, time, text=latest.text.get(handle, ""))

    def frame(self) -> None:
        """Pull once: called by the frame clock, and by tests."""
        change = self._source.values()
        if change is not None:
            self.receive_values(change)
        self._set_linked(is_linked=self._source.is_linked)
        self._age()
        self._pull_events()
        self._blink()

    def _hear(self) -> None:
        """Take events without waiting for the next frame; in a flood half of the time is left for what shows them."""
        if self._timer.isActive() and not self._late_hearing.isActive():
            self._late_hearing.start(max(0, (self._free - clock.monotonic_ns()) // clock.NS_PER_MS))

    def _pull_events(self) -> None:
        began = time.thread_time_ns()  # not the clock: what other programs take is no reason to wait as long again
        events = self._source.events()
        if self._source.has_dropped:
            self.requests.refuse_waiting()
            self.session_changed.emit(SessionChanged(0, "", None))  # the session has ended with the connection
        if events:
            self.receive(events)
            self._free = clock.monotonic_ns() + time.thread_time_ns() - began

    def receive_values(self, change: ValuesChanged) -> None:
        """Take new samples into the present state and tell them."""
        self.latest = change.latest
        if change.is_rewound:
            for later in (self.courses, self.healths, self.forecasts, self.lives, self.scores):
                later.clear()
            self.rewound.emit()
            self.healths_changed.emit(())
            self.forecasts_changed.emit(())
            self.lives_changed.emit()
        self.values_changed.emit(change)

    def receive(self, events: Sequence[Event]) -> None:  # noqa: C901 - one case per kind of event
        """Take events into the present state; tell each kind at most once."""
        alarms: dict[str, AlarmRecord] = {}
        forecasts: dict[str, Forecast] = {}
        healths: dict[str, Health] = {}
        report: CollectorReport | None = None
        answers: list[CommandDone] = []
        cases: list[CasesChanged] = []
        for event in events:
            match event:
                case AlarmsChanged(changed, is_snapshot):
                    if is_snapshot:
                        alarms.update(self._gone_since(changed))
                    alarms.update((record.alarm, record) for record in changed)
                case ForecastsChanged(made):
                    forecasts.update((forecast.forecast, forecast) for forecast in made)
                case HealthChanged(found):
                    healths.update((health.equipment, health) for health in found)
                case CasesChanged():
                    cases.append(event)
                case CollectorChanged(latest):
                    report = latest
                case CommandDone():
                    answers.append(event)
                case LearningChanged() | LivesChanged() | ProvisionChanged():
                    self._take_upkeep(event)
                case ControlChanged() | SessionChanged() | ConfigurationTaken() | ScoresChanged() | WorkChanged():
                    self._pass_on(event)
        self._take_alarms(alarms)
        self._take_findings(forecasts, healths)
        self._take_cases(cases)
        if report is not None:
            self.report = report
            self.collector_changed.emit(report)
        for answer in answers:
            self.requests.settle(answer)

    def _take_upkeep(self, event: LearningChanged | LivesChanged | ProvisionChanged) -> None:
        if isinstance(event, LearningChanged):
            self.learning = event.job
            self.learning_changed.emit(event.job)
        elif isinstance(event, ProvisionChanged):
            self.stops, self.stock = event.stops, {each.part: each for each in event.stock}
            self.provision_changed.emit()
        else:
            self.lives.update((life.equipment, life) for life in event.lives)
            self.lives_changed.emit()

    def _pass_on(
        self, event: ControlChanged | SessionChanged | ConfigurationTaken | ScoresChanged | WorkChanged
    ) -> None:
        """Tell what comes rarely, one by one."""
        if isinstance(event, ControlChanged):
            self.control_changed.emit(event.record)
        elif isinstance(event, ConfigurationTaken) and event.is_of_pictures:
            self.pictures_taken.emit()
        elif isinstance(event, ConfigurationTaken):
            QTimer.singleShot(0, self, self.configuration_taken.emit)  # behind the answer to whoever asked for it
        elif isinstance(event, ScoresChanged):
            self.scores.update(((each.equipment, each.kind, each.subject), each) for each in event.scores)
            self.scores_changed.emit()
        elif isinstance(event, WorkChanged):
            if event.is_snapshot:
                self.work_orders.clear()
            for order in event.orders:
                self.work_orders.pop(order.id, None)
                if not order.state.is_final:
                    self.work_orders[order.id] = order
            self.work_changed.emit(event.orders)
        else:
            self.session_changed.emit(event)

    def may_act(self) -> bool:
        """Return whether anything can be commanded; where not, tell why by `refused`, before anything is asked."""
        if self.is_replay:
            self.refused.emit(self._source.refusal)
        return not self.is_replay

    def take_pictures(self, plant: Plant) -> None:
        """Show `plant`, the same with other process pictures, from now on."""
        self.plant = plant
        self.pictures_changed.emit()

    def _gone_since(self, standing: Sequence[AlarmRecord]) -> dict[str, AlarmRecord]:
        """Return as normal the alarms that ended while this window was not connected."""
        known = self.alarms | self.hidden_alarms
        left = known.keys() - {record.alarm for record in standing}
        return {alarm: structs.replace(known[alarm], state=AlarmState.NORMAL) for alarm in left}

    def _take_alarms(self, changes: dict[str, AlarmRecord]) -> None:
        for alarm, record in changes.items():
            if record.state is AlarmState.NORMAL or record.state.is_hidden:
                self.alarms.pop(alarm, None)
            else:
                self.alarms[alarm] = record
            if record.state.is_hidden:
                self.hidden_alarms[alarm] = record
            else:
                self.hidden_alarms.pop(alarm, None)
        if changes:
            self.alarms_changed.emit(tuple(changes.values()))

    def _take_findings(self, forecasts: dict[str, Forecast], healths: dict[str, Health]) -> None:
        self.forecasts.update(forecasts)
        self.healths.update(healths)
        for equipment, health in healths.items():
            self.courses.setdefault(equipment, HealthCourse()).note(health)
        if forecasts:
            self.forecasts_changed.emit(tuple(forecasts.values()))
        if healths:
            self.healths_changed.emit(tuple(healths.values()))

    def _take_cases(self, changes: Sequence[CasesChanged]) -> None:
        for change in changes:
            if change.is_snapshot:
                self.cases = {}
            for record in change.cases:
                if record.is_open:
                    self.cases[record.number] = record
                else:
                    self.cases.pop(record.number, None)
        if changes:
            self.cases_changed.emit(tuple(changes))

    def _set_linked(self, *, is_linked: bool) -> None:
        if not is_linked:
            self._ensure()
        if is_linked != self.is_linked:
            self.is_linked = is_linked
            log.info("collector.%s plant=%s", "linked" if is_linked else "lost", self.plant.id)
            self.collector_link_changed.emit(is_linked, self.link_text)

    def _age(self) -> None:
        """While nothing new comes, let the age of every value be written anew once a second."""
        now = clock.monotonic_ns()
        if not self.is_linked and now - self._aged >= AGE_NS:
            self._aged = now
            self.receive_values(ValuesChanged(empty(), self.latest))

    def _ensure(self) -> None:
        now = clock.monotonic_ns()
        if self._ensure_collector is not None and now - self._ensured >= ENSURE_NS:
            self._ensured = now
            self._ensure_collector()

    def _blink(self) -> None:
        phase = clock.monotonic_ns() // BLINK_NS % 2 == 0
        if not any(record.state.needs_acknowledge for record in self.alarms.values()):
            phase = True
        if phase != self.blink_phase:
            self.blink_phase = phase
            self.blinked.emit(phase)


def no_values(tags: int) -> LatestValues:
    """Return the latest values of a plant of which nothing is known yet; arrays of shape (tags,)."""
    return LatestValues(
        np.zeros(tags, np.int64),
        np.full(tags, np.nan),
        np.full(tags, status.BAD_WAITING_FOR_INITIAL_DATA, np.uint32),
    )
