"""The life of one collector: what it opens, what runs at which pace, and how it ends."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Sequence

import numpy as np

from app.acquisition.acquisition import Acquisition
from app.alarm.evaluation import AlarmEvaluation
from app.collector.alarm_desk import AlarmDesk
from app.collector.backfill import Past
from app.collector.carried import carried_over
from app.collector.case_desk import CaseDesk
from app.collector.clock_watch import ClockWatch
from app.collector.configuration_desk import ConfigurationDesk
from app.collector.controls import Controls
from app.collector.disk_watch import DiskWatch
from app.collector.handover_desk import HandoverOffice
from app.collector.model_desk import ModelDesk
from app.collector.model_lessons import ModelLessons
from app.collector.model_rounds import ModelRounds
from app.collector.pace import Rate, Turns, every
from app.collector.prediction_memory import PredictionMemory
from app.collector.provision_desk import ProvisionDesk
from app.collector.recorder import Recorder
from app.collector.recovery import gap_since_last, restored_alarms, resumed_chain, warmed_foresight
from app.collector.report_rounds import ReportRounds
from app.collector.revision_desk import RevisionDesk
from app.collector.score_desk import ScoreDesk
from app.collector.server_alarms import ServerAlarmDesk, restored_server_alarms
from app.collector.stages import Stages
from app.collector.station_watch import StationWatch
from app.collector.vibration_desk import VibrationDesk
from app.collector.windows import Windows
from app.collector.work_desk import MaintenanceDesk
from app.control.readings import Readings
from app.database import DatabaseError
from app.history.retention import RetentionRules
from app.model import clock
from app.model.alarm import AlarmRecord
from app.model.block import Block
from app.model.collector import CollectorReport, ProblemKind
from app.model.plant import Plant
from app.model.work_order import MaintenanceEvent
from app.plant.folder import PlantFolder
from app.prediction.foresight import Foresight
from app.pubsub.frame import CasesChanged, Event, WorkChanged
from app.pubsub.live import LivePublisher
from app.write_ahead import stored_bytes

log = logging.getLogger(__name__)

TURN_S = 0.05
GATHER_S = 0.01
BEAT_S = 0.2
REPORT_S = 1.0


class Collector:
    """Collects one plant until `stop`, or until it shall be another one; made inside a running event loop."""

    def __init__(self, folder: PlantFolder, plant: Plant, predecessor: Collector | None = None) -> None:
        """Open the plant's files; raise DatabaseError or OSError where they cannot be used.

        `predecessor`: the one of this process that has just ended, whose workers went on: then nothing is missing.
        """
        self._folder = folder
        self._plant = plant
        self._started = clock.now_ns()
        self._stopping = asyncio.Event()
        self._rate = Rate()
        self._cyclic: frozenset[str] = frozenset()
        self._following: Plant | None = None
        faults = folder.path / "log" / "fault.log"
        if predecessor is None:
            self.acquisition = Acquisition(plant, deliver=self._deliver, faults=faults)
            self.acquisition.launch()
        else:
            self.acquisition = predecessor.acquisition
        went_on = self.acquisition.went_on
        carried = carried_over(folder.live, [tag for tag in plant.tags if tag.connection in went_on])
        self._live = LivePublisher(
            folder.live, len(plant.tags), texts=[tag.handle for tag in plant.tags if tag.data_type.is_exact]
        )
        rules = RetentionRules.of(plant.retention, plant.tags)
        self._recorder = Recorder(folder.history, plant.tags, on_stored=self._live.mark_stored, rules=rules)
        self._recorder.start()
        silence = gap_since_last(folder.history, self._started) if predecessor is None else None
        if silence is not None:
            self._recorder.note_gap(silence)
        self._clock_watch = ClockWatch()
        self._station = StationWatch(plant)
        self._disk_watch = DiskWatch(folder.history, rules)
        self._windows = Windows(folder)
        self._scores = ScoreDesk(folder.history, plant, recorder=self._recorder, tell=self._windows.tell_scores)
        readings = Readings(plant)
        self._stages = Stages(
            chain=resumed_chain(folder.history, plant),
            live=self._live,
            recorder=self._recorder,
            alarms=AlarmEvaluation(
                plant.tags,
                plant.alarms,
                restored_alarms(folder.history, plant, self._station.faults),
                faults=self._station.faults,
                rules=plant.alarm_rules,
                time_scale=plant.time_scale,
            ),
            on_alarms=self._on_alarms,
            readings=readings,
        )
        self._memory = PredictionMemory(self._recorder)
        self._turns = Turns(self._stages.turn, gather_s=GATHER_S, most_s=TURN_S)
        past = Past(folder.history, plant, self._recorder, silence)
        self.acquisition.fill_breaks(past.late_data(keep=self._stages.deliver_late))
        self._controls = Controls(
            folder,
            plant,
            readings=readings,
            acquisition=self.acquisition,
            recorder=self._recorder,
            tell=self._windows.tell,
        )
        self.server_alarms: ServerAlarmDesk = ServerAlarmDesk(
            plant,
            restored_server_alarms(folder.history) if predecessor is None else predecessor.server_alarms.alarms,
            acquisition=self.acquisition,
            announce=self._stages.announce,
        )
        self._alarm_desk = AlarmDesk(
            self._stages,
            self._controls.people,
            self._recorder,
            rules=plant.alarm_rules,
            servers=self.server_alarms,
        )
        self._maintenance = MaintenanceDesk(
            folder.history,
            plant,
            people=self._controls.people,
            recorder=self._recorder,
            tell=self._tell_work,
            renew=self._renew,
        )

        self._revisions = RevisionDesk(folder, self._controls.people, self._recorder, self._stages.revise)
        self._case_desk = CaseDesk(
            folder, plant, people=self._controls.people, recorder=self._recorder, tell=self._tell_cases
        )

        self._reports = ReportRounds(folder, plant)
        self._provision = ProvisionDesk(
            folder.history, plant, people=self._controls.people, recorder=self._recorder, tell=self._windows.tell
        )
        self._model_rounds = ModelRounds(folder, plant, self._case_desk, self._scores, self._windows.tell_lives)
        self._handovers = HandoverOffice(folder.history, plant, people=self._controls.people, recorder=self._recorder)
        self._models = ModelDesk(
            folder, plant, people=self._controls.people, recorder=self._recorder, tell=self._windows.tell
        )
        self._vibration = VibrationDesk(
            folder.history,
            plant,
            acquisition=self.acquisition,
            recorder=self._recorder,
            tell=self._case_desk.take,
        )
        self._configuration = ConfigurationDesk(folder, self._controls, self._windows.tell, self.follow, plant=plant)
        if predecessor is not None:
            self._deliver(carried)
            self.acquisition.attach(self._deliver)

    def stop(self) -> None:
        """End `run` once all that was delivered is on disk."""
        self._stopping.set()

    def follow(self, plant: Plant) -> None:
        """End `run` so that `plant` is collected, whose workers as far as they are the same go on meanwhile."""
        self._following = plant
        self._stopping.set()

    async def run(self) -> Plant | None:
        """Collect until `stop`, or until another plant is to be collected, which is returned."""
        self._windows.tell_scores(self._scores.scores())
        self._windows.open(
            self._stages,
            self._controls,
            self._alarm_desk,
            cases=self._case_desk,
            maintenance=self._maintenance,
            configuration=self._configuration,
            revisions=self._revisions,
            models=self._models,
            handovers=self._handovers,
            provision=self._provision,
        )
        self._windows.tell_alarms(self.server_alarms.standing())
        self.server_alarms.start()
        log.info("collector.started plant=%s tags=%d pid=%d", self._plant.id, len(self._plant.tags), os.getpid())
        try:
            async with asyncio.TaskGroup() as tasks:
                running = [
                    tasks.create_task(self.acquisition.run()),
                    tasks.create_task(self._turns.run()),
                    tasks.create_task(every(BEAT_S, self._live.beat)),
                    tasks.create_task(every(REPORT_S, self._tell)),
                    tasks.create_task(self._disk_watch.run()),
                    tasks.create_task(self._foresee()),
                    tasks.create_task(self._maintenance.run()),
                    tasks.create_task(self._vibration.run()),
                    tasks.create_task(self._model_rounds.run()),
                    tasks.create_task(self._reports.run()),
                    tasks.create_task(ModelLessons(self._folder, self._plant, self._models).run()),
                ]
                await self._stopping.wait()
                if self._following is not None:
                    self.acquisition.hold()
                await self._controls.close()
                await self._models.close()
                for task in running:
                    task.cancel()
        finally:
            if self._following is None:
                await asyncio.to_thread(self.acquisition.discard)
            self._stages.turn()
            self._memory.save_all(clock.now_ns())
            self._windows.close()
            self._recorder.stop()
            self._live.close()
            log.info("collector.stopped plant=%s stored=%d", self._plant.id, self._recorder.stored)
        return self._following

    def _deliver(self, block: Block) -> None:
        self._stages.deliver(block)
        self._turns.ask()

    def _on_alarms(self, changes: Sequence[AlarmRecord]) -> None:
        self._windows.tell_alarms(changes)
        self._scores.hear_alarms(changes)
        self._vibration.hear_alarms(changes)

    def _tell_cases(self, event: CasesChanged) -> None:
        self._windows.tell_cases(event)
        self._scores.hear_cases(event)

    def _tell_work(self, event: Event) -> None:
        self._windows.tell(event)
        if isinstance(event, WorkChanged) and not event.is_snapshot:
            self._case_desk.note_work(event.orders)
            self._scores.hear_work(event.orders)
            self._provision.hear_work(event.orders)

    def _renew(self, event: MaintenanceEvent) -> None:
        self._stages.renew(event)
        self._scores.renew(event)

    async def _foresee(self) -> None:
        """Learn from the past beside the work: a thousand tags take seconds, and no sample shall wait for that."""
        try:
            foresight = await asyncio.to_thread(warmed_foresight, self._folder.history, self._plant, self._started)
        except DatabaseError as error:
            log.error("foresight.without_past %s", error)  # noqa: TRY400 - the trace would name only this wait
            foresight = Foresight(self._plant)
        self._stages.foresee(foresight)
        self._memory.follow(foresight, clock.now_ns())

    def _tell(self) -> None:
        step = self._clock_watch.step()
        if step is not None:
            log.warning("clock.stepped by_s=%.3f", (step.end - step.start) / clock.NS_PER_S)
            self._recorder.note_gap(step)
        self._controls.tick()
        self._expect()
        self._stages.observe(
            self._station.present(
                self.acquisition.reports(),
                lost_workers=self.acquisition.lost_workers,
                disk_problem=self._disk_watch.problem,
                history_problem=self._recorder.problem,
                short_parts=self._provision.short_parts,
            )
        )
        findings = self._stages.findings()
        self._memory.tick(clock.now_ns())
        self._maintenance.see(findings)
        self._windows.tell_findings(findings)
        self._scores.follow(findings)
        self._case_desk.follow(findings, self._stages.unusual())
        self._windows.tell_report(self._report())

    def _expect(self) -> None:
        """Watch the age of what is read every scan; which connections do so is known once they run."""
        cyclic = frozenset(report.connection for report in self.acquisition.reports() if report.is_cyclic)
        if cyclic != self._cyclic:
            self._cyclic = cyclic
            handles = [tag.handle for tag in self._plant.tags if tag.connection in cyclic]
            self._stages.expect(np.array(handles, np.uint32))

    def _report(self) -> CollectorReport:
        kind, problem = self._problem()
        return CollectorReport(
            pid=os.getpid(),
            started=self._started,
            made=clock.now_ns(),
            samples=self._stages.samples,
            samples_per_s=self._rate.take(self._stages.samples),
            stored=self._recorder.stored,
            commit_ms=self._recorder.commit_ms,
            history_bytes=stored_bytes(self._folder.history),
            connections=self.acquisition.reports(),
            problem=problem,
            problem_kind=kind,
        )

    def _problem(self) -> tuple[ProblemKind | None, str]:
        """Return the worst that is wrong; of a history that cannot be written a full disk is the cause."""
        disk, history, reports = self._disk_watch.problem, self._recorder.problem, self._reports.problem
        if disk:
            return ProblemKind.DISK, history or disk
        if history:
            return ProblemKind.HISTORY, history
        return (ProblemKind.REPORT, reports) if reports else (None, "")
