"""The straight way of every block: cleaned, then to the alarms, the live border, the history and the predictions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future

from app.alarm.evaluation import AlarmEvaluation
from app.collector.recorder import Recorder
from app.control.readings import Readings
from app.model import clock
from app.model.alarm import AlarmDefinition, AlarmRecord
from app.model.alarm_command import AlarmCommand, AlarmRefusal
from app.model.block import Block, HandleArray, concatenate
from app.model.forecast import Forecast, Health, UnusualSignals
from app.model.work_order import MaintenanceEvent
from app.pipeline.chain import CleaningChain
from app.prediction.foresight import Foresight
from app.pubsub.live import LivePublisher


class Stages:
    """Everything behind the drivers, called from the collector's event loop only."""

    def __init__(
        self,
        *,
        chain: CleaningChain,
        live: LivePublisher,
        recorder: Recorder,
        alarms: AlarmEvaluation,
        on_alarms: Callable[[Sequence[AlarmRecord]], None],
        readings: Readings,
    ) -> None:
        """Wire the stages; `on_alarms` hears every change of an alarm's state. Predictions begin with `foresee`.

        `readings`: the samples that writes are judged by.
        """
        self.samples = 0
        self._chain = chain
        self._live = live
        self._recorder = recorder
        self._alarms = alarms
        self._foresight: Foresight | None = None
        self._renewed: list[MaintenanceEvent] = []
        self._unforeseen: list[Block] = []
        self._on_alarms = on_alarms
        self._readings = readings
        self._inbox: list[Block] = []

    def deliver(self, block: Block) -> None:
        """Take a block from a connection; it is processed at the next `turn`."""
        self._inbox.append(block)

    def deliver_late(self, block: Block) -> Future[None]:
        """Take samples of the past for the history alone; the future is done once they are on disk.

        They change neither what is shown as live nor alarms nor predictions: an alarm that nobody could see rise is
        not raised afterwards, and what learns from the present must not be told the past behind it.
        """
        return self._recorder.add_late(self._chain.clean_late(block))

    def turn(self) -> None:
        """Process all that was delivered, and what time alone changes: stale values, delays that ran out."""
        now = clock.now_ns()
        delivered, self._inbox = self._inbox, []
        blocks = [self._chain.clean(concatenate(delivered))] if delivered else []
        blocks.append(self._chain.tick(now))
        block = concatenate([part for part in blocks if len(part)])
        if len(block):
            self._fan_out(block)
        self._change(self._alarms.tick(now))

    def expect(self, cyclic: HandleArray) -> None:
        """Take note of the tags (handles) that give a sample every scan."""
        self._chain.expect(cyclic)

    def observe(self, faults: Mapping[str, bool]) -> None:
        """Alarm those faults of the station that are present."""
        self._change(self._alarms.observe(faults, clock.now_ns()))

    def foresee(self, foresight: Foresight) -> None:
        """Predict with `foresight` from now on; it gets the samples that came while it was learning first."""
        for block in self._unforeseen:
            foresight.update(block)
        self._unforeseen.clear()
        self._foresight = foresight
        for event in self._renewed:
            foresight.renew(event.equipment)
        self._renewed.clear()

    def renew(self, event: MaintenanceEvent) -> None:
        """Let predictions learn renewed equipment anew, from now on."""
        if self._foresight is None:
            self._renewed.append(event)
        else:
            self._foresight.renew(event.equipment)

    def findings(self) -> list[Forecast | Health]:
        """Return the forecasts and health values that are new, after alarms have seen them."""
        found = self._foresight.results(clock.now_ns()) if self._foresight is not None else []
        self._change(self._alarms.foresee(found, clock.now_ns()))
        return found

    def unusual(self) -> list[UnusualSignals]:
        """Return which single signals are news."""
        return self._foresight.unusual(clock.now_ns()) if self._foresight is not None else []

    def standing(self) -> list[AlarmRecord]:
        """Return the alarms that are not normal."""
        return self._alarms.standing()

    def obey(self, command: AlarmCommand, by: str) -> tuple[Future[None], list[AlarmRefusal]]:
        """Do something to alarms; return a future that is done when that is on disk, and what was refused."""
        changes, refusals = self._alarms.obey(command, by, clock.now_ns())
        self._on_alarms(changes)
        return self._recorder.journal(changes), refusals

    def revise(self, definition: AlarmDefinition) -> None:
        """Watch an alarm by other dead bands and delays from now on."""
        self._alarms.revise(definition)

    def announce(self, changes: Sequence[AlarmRecord]) -> None:
        """Journal and tell changes of alarms that are not ours."""
        self._change(changes)

    def _fan_out(self, block: Block) -> None:
        # Alarms come first: an operator waits for them. They are told before they are on disk, as values are; what is
        # waited for until it is there is the answer to a deed. A block and what it changed go into one commit.
        self.samples += len(block)
        changes = self._alarms.evaluate(block)
        if changes:
            self._on_alarms(changes)
        self._live.publish(block)
        self._recorder.add(block, changes)
        self._readings.take(block)
        if self._foresight is not None:
            self._foresight.update(block)
        else:
            self._unforeseen.append(block)

    def _change(self, changes: Sequence[AlarmRecord]) -> None:
        if changes:
            self._recorder.journal(changes)
            self._on_alarms(changes)
