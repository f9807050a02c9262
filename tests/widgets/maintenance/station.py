"""The page of maintenance over a real file, with what goes to the collector caught."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.database import open_writer
from app.maintenance.desk import WorkChange, WorkDesk
from app.maintenance.meter import MeterReading
from app.maintenance.store import WorkStore
from app.model import clock
from app.model.actor import Actor
from app.model.maintenance import (
    CheckItem,
    MaintenanceDefinition,
    Nameplate,
    PlannedStop,
    SparePart,
)
from app.model.plant import Plant
from app.model.role import Role
from app.model.tag import TagKind
from app.model.text import LocalText
from app.model.work_order import (
    WorkCommand,
    WorkOrder,
    WorkRefusal,
    WorkRequest,
    WorkSource,
    WorkStep,
)
from app.plant.folder import PlantFolder
from app.pubsub.frame import CommandDone, WorkChanged
from tests.widgets import plant
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.feed import Feed
from widgets.maintenance.orders import WorkOrders
from widgets.maintenance.page import MaintenancePage
from widgets.maintenance.reading import MaintenanceReading
from widgets.navigation import Navigation
from widgets.preference import Preferences

HOUR = 3_600 * clock.NS_PER_S
DAY = 24 * HOUR
CHEN = Actor("window 1", "Chen", Role.OPERATOR)
SERVICE = MaintenanceDefinition(
    "AC01.service",
    "AC01",
    LocalText("Service", "保养"),
    every=100.0,
    meter="AC01.RUN",
    parts=("belt",),
    checks=(CheckItem(LocalText("Oil level", "油位")), CheckItem(LocalText("Pressure", "压力"), "bar", 2.0, 4.0)),
)
BELT = MaintenanceDefinition("P01.belt", "P01", LocalText("Belt", "皮带"), every_days=10.0)


def maintained(now: int) -> Plant:
    """The small plant with recurring work, a register and a stop in three days."""
    small = plant.plant()
    plate = Nameplate("Atlas", "GA30", "S-1", commissioned="2019-05-02", meter="AC01.RUN", spares=("belt",))
    equipment = tuple(replace(each, nameplate=plate) if each.id == "AC01" else each for each in small.equipment)
    assert small.tag("AC01.RUN").kind is TagKind.DISCRETE
    return replace(
        small,
        equipment=equipment,
        maintenance=(SERVICE, BELT),
        spare_parts=(SparePart("belt", LocalText("Belt", "皮带"), "A3"),),
        stops=(PlannedStop("stop", LocalText("Stop", "停机"), now + 3 * DAY, 8.0),),
    )


class Station:
    """`sent`: the requests and steps that went to the collector, each with its PIN."""

    def __init__(self, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch, *, has_users: bool = False) -> None:
        self.now = clock.now_ns()
        self.folder = PlantFolder(folder)
        self.plant = maintained(self.now)
        self.desk = WorkDesk(self.plant, (), last=0)
        self.feed = Feed(self.plant, self.folder)
        self.sent: list[tuple[WorkRequest | WorkCommand, str]] = []
        monkeypatch.setattr(self.feed.requests, "request_work", self._request)
        monkeypatch.setattr(self.feed.requests, "step_work", self._step)
        self.navigation = Navigation(self.plant)
        preferences = Preferences(folder / "window.ini")
        preferences.operator = "Chen"
        self.around = QWidget()
        qtbot.addWidget(self.around)
        acknowledgement = Acknowledgement(self.feed, preferences, self.around)
        self._prepare()
        self.page = MaintenancePage(
            self.feed,
            self.navigation,
            orders=lambda page: WorkOrders(self.feed, acknowledgement, page, has_users=lambda: has_users),
            reading=MaintenanceReading(self.folder, self.plant),
        )
        qtbot.addWidget(self.page)
        self.page.resize(1500, 760)
        self.page.show()

    def _prepare(self) -> None:
        with closing(open_writer(self.folder.history)) as connection:
            store = WorkStore(connection)
            store.note_seen([SERVICE.id, BELT.id], self.now - 12 * DAY)
            readings = [MeterReading(self.now - day * DAY, 90.0 - 10 * day, 1.0) for day in range(5, -1, -1)]
            store.note_meters([("AC01.RUN", reading) for reading in readings])

    def do(self, changes: Sequence[WorkChange]) -> WorkOrder:
        """Store changes and tell them, as the collector does."""
        with closing(open_writer(self.folder.history)) as connection:
            WorkStore(connection).record(changes)
        self.feed.receive([WorkChanged(tuple(change.order for change in changes))])
        return changes[0].order

    def ask(self, equipment: str = "AC01", source: WorkSource = WorkSource.HAND, **given: object) -> WorkOrder:
        change = self.desk.request(WorkRequest(equipment, source, "it rattles", **given), CHEN, self.now)  # type: ignore[arg-type]
        assert isinstance(change, WorkChange)
        return self.do([change])

    def step(self, order: WorkOrder, step: WorkStep, **given: object) -> WorkOrder:
        answer = self.desk.step(WorkCommand(order.id, order.version, step, **given), CHEN, self.now)  # type: ignore[arg-type]
        assert not isinstance(answer, WorkRefusal), answer
        return self.do(answer)

    def in_work(self, order: WorkOrder) -> WorkOrder:
        order = self.step(order, WorkStep.PLAN, planned_start=self.now, assignee="Zhao")
        order = self.step(order, WorkStep.RELEASE)
        return self.step(order, WorkStep.START)

    def answer(self, *, done: bool = True, work: int = 0, refusal: WorkRefusal | None = None) -> None:
        self.feed.receive([CommandDone(len(self.sent), done, work=work, work_refusal=refusal)])

    def rows(self) -> list[tuple[str, ...]]:
        return [row.cells for row in self.page.table.rows]

    def _request(self, work: WorkRequest, *, operator: str) -> int:
        assert operator == "Chen"
        self.sent.append((work, ""))
        return len(self.sent)

    def _step(self, command: WorkCommand, *, operator: str, secret: str = "") -> int:
        assert operator == "Chen"
        self.sent.append((command, secret))
        return len(self.sent)
