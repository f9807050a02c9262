"""The collector's side of its windows: what they are told, and the commands that they may give."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from app.collector.alarm_desk import AlarmDesk
from app.collector.case_desk import CaseDesk
from app.collector.configuration_desk import ConfigurationDesk
from app.collector.controls import Controls
from app.collector.handover_desk import HandoverOffice
from app.collector.model_desk import ModelDesk
from app.collector.provision_desk import ProvisionDesk
from app.collector.revision_desk import RevisionDesk
from app.collector.stages import Stages
from app.collector.work_desk import MaintenanceDesk
from app.model.alarm import AlarmRecord
from app.model.case import CaseRecord
from app.model.collector import CollectorReport
from app.model.forecast import Forecast, Health
from app.model.remaining_life import LifeForecast
from app.model.score import Score
from app.plant.folder import PlantFolder
from app.pubsub.channel import EventServer, Reply, address_of, new_token
from app.pubsub.frame import (
    Acknowledge,
    ActOnAlarms,
    ActOnCase,
    ActOnHandover,
    ActOnModel,
    AlarmsChanged,
    CasesChanged,
    CollectorChanged,
    Command,
    Event,
    ForecastsChanged,
    HealthChanged,
    LivesChanged,
    Provide,
    RequestWork,
    ReviseAlarm,
    ScoresChanged,
    StepWork,
    TakeConfiguration,
)


class Windows:
    """All windows of one plant, wherever they are; called from the collector's event loop, but for `_on_command`."""

    def __init__(self, folder: PlantFolder) -> None:
        """Prepare the socket of the plant in `folder`; nobody can connect before `open`."""
        self._alarm_desk: AlarmDesk | None = None
        self._controls: Controls | None = None
        self._maintenance: MaintenanceDesk | None = None
        self._configuration: ConfigurationDesk | None = None
        self._revisions: RevisionDesk | None = None
        self._handovers: HandoverOffice | None = None
        self._models: ModelDesk | None = None
        self._provision: ProvisionDesk | None = None
        self._forecasts: dict[str, Forecast] = {}
        self._healths: dict[str, Health] = {}
        self._alarms: dict[str, AlarmRecord] = {}
        self._cases: dict[int, CaseRecord] = {}
        self._case_desk: CaseDesk | None = None
        self._scores: dict[tuple[str, str, str], Score] = {}
        self._lives: dict[str, LifeForecast] = {}
        self._report: CollectorReport | None = None
        self._loop = asyncio.get_running_loop()
        self._server = EventServer(
            address_of(folder.path),
            new_token(),
            self._on_command,
            snapshot=self._snapshot,
            token_file=folder.token,
            on_gone=self._on_gone,
        )

    def open(
        self,
        stages: Stages,
        controls: Controls,
        alarm_desk: AlarmDesk,
        *,
        cases: CaseDesk,
        maintenance: MaintenanceDesk,
        configuration: ConfigurationDesk,
        revisions: RevisionDesk,
        models: ModelDesk,
        handovers: HandoverOffice,
        provision: ProvisionDesk,
    ) -> None:
        """Let windows connect; they are told what stands in `stages`, their commands go to the others."""
        self._controls, self._alarm_desk = controls, alarm_desk
        self._case_desk, self._maintenance, self._configuration = cases, maintenance, configuration
        self._revisions, self._models, self._handovers = revisions, models, handovers
        self._provision = provision
        self._cases = {record.number: record for record in cases.open_cases()}
        self._alarms = {record.alarm: record for record in stages.standing()}
        self._server.start()

    def close(self) -> None:
        """Disconnect every window."""
        self._server.stop()

    def tell_alarms(self, changes: Sequence[AlarmRecord]) -> None:
        """Tell changed alarms."""
        if changes:
            self._alarms.update((record.alarm, record) for record in changes)
            self._server.broadcast(AlarmsChanged(tuple(changes)))

    def tell_findings(self, findings: Sequence[Forecast | Health]) -> None:
        """Tell forecasts and health values that are new."""
        forecasts = tuple(finding for finding in findings if isinstance(finding, Forecast))
        healths = tuple(finding for finding in findings if isinstance(finding, Health))
        if forecasts:
            self._forecasts.update((forecast.forecast, forecast) for forecast in forecasts)
            self._server.broadcast(ForecastsChanged(forecasts))
        if healths:
            self._healths.update((health.equipment, health) for health in healths)
            self._server.broadcast(HealthChanged(healths))

    def tell_cases(self, event: CasesChanged) -> None:
        """Tell cases that changed, and what verdicts changed."""
        for record in event.cases:
            if record.is_open:
                self._cases[record.number] = record
            else:
                self._cases.pop(record.number, None)
        self._server.broadcast(event)

    def tell_scores(self, event: ScoresChanged) -> None:
        """Tell how well what was foretold has held."""
        self._scores.update(((each.equipment, each.kind, each.subject), each) for each in event.scores)
        self._server.broadcast(event)

    def tell_lives(self, event: LivesChanged) -> None:
        """Tell the remaining lives that learned models name, or why they name none."""
        self._lives.update((each.equipment, each) for each in event.lives)
        self._server.broadcast(event)

    def tell_report(self, report: CollectorReport) -> None:
        """Tell the collector's own state."""
        self._report = report
        self._server.broadcast(CollectorChanged(report))

    def tell(self, event: Event) -> None:
        """Tell every window an event that needs no place in the snapshot of later ones."""
        self._server.broadcast(event)

    def _snapshot(self) -> list[Event]:
        """Return the present state for a window that has just connected (called in its thread)."""
        standing = [record for record in list(self._alarms.values()) if record.state != "normal"]
        events: list[Event] = [AlarmsChanged(tuple(standing), is_snapshot=True)]
        if self._forecasts:
            events.append(ForecastsChanged(tuple(self._forecasts.copy().values())))
        if self._healths:
            events.append(HealthChanged(tuple(self._healths.copy().values())))
        events.append(CasesChanged(tuple(self._cases.copy().values()), is_snapshot=True))
        events.append(ScoresChanged(tuple(self._scores.copy().values())))
        events.append(LivesChanged(tuple(self._lives.copy().values())))
        if self._report is not None:
            events.append(CollectorChanged(self._report))
        if self._controls is not None:
            events += self._controls.snapshot()
        if self._maintenance is not None:
            events += self._maintenance.snapshot()
        if self._models is not None:
            events += self._models.snapshot()
        if self._provision is not None:
            events += self._provision.snapshot()
        return events

    def _on_command(self, command: Command, reply: Reply) -> None:
        self._loop.call_soon_threadsafe(self._execute, command, reply)

    def _on_gone(self, reply: Reply) -> None:
        if self._controls is not None:
            with suppress(RuntimeError):  # the loop has ended, and with it all that was selected
                self._loop.call_soon_threadsafe(self._controls.leave, reply)

    def _execute(self, command: Command, reply: Reply) -> None:
        if self._alarm_desk is None or self._controls is None or self._case_desk is None:
            return
        if isinstance(command, ReviseAlarm):
            if self._revisions is not None:
                self._revisions.obey(command, reply)
        elif isinstance(command, Acknowledge | ActOnAlarms):
            self._alarm_desk.obey(command, reply)
        elif isinstance(command, ActOnCase):
            self._case_desk.obey(command, reply)
        elif isinstance(command, ActOnModel | ActOnHandover | Provide):
            self._let_decide(command, reply)
        elif isinstance(command, TakeConfiguration) and self._configuration is not None:
            self._configuration.obey(command, reply)
        elif isinstance(command, RequestWork | StepWork) and self._maintenance is not None:
            self._maintenance.obey(command, reply)
        else:
            self._controls.obey(command, reply)

    def _let_decide(self, command: ActOnModel | ActOnHandover | Provide, reply: Reply) -> None:
        if isinstance(command, Provide):
            if self._provision is not None:
                self._provision.obey(command, reply)
        elif isinstance(command, ActOnModel):
            if self._models is not None:
                self._models.obey(command, reply)
        elif self._handovers is not None:
            self._handovers.obey(command, reply)
