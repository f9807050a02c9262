"""`foreshift work` on a plant without a collector, and through one that runs."""

from __future__ import annotations

import asyncio
import io
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from app.__main__ import main
from app.audit.journal import page
from app.audit.verification import verify
from app.database import open_reader
from app.maintenance import store
from app.model.audit import AuditAction
from app.model.role import Role
from app.model.work_order import WorkState
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.pubsub.channel import EventClient
from app.security.users import Users
from tests.app.collector.bench import serving, small_plant, start_collector, subscribed, until
from tests.app.collector.test_process import Window, running, windows
from tests.app.collector.test_work_desk import orders
from tests.app.plant.test_maintenance import FILE

__all__ = ["running", "windows"]

WAY = (
    ("plan", "--start", "2026-12-01T06:00", "--assignee", "Zhao", "--estimate", "2"),
    ("release",),
    ("start",),
    ("note", "--hours", "1.5", "--part", "belt=2", "--part", "grease"),
)


@pytest.fixture
def folder(tmp_path: Path) -> PlantFolder:
    found = PlantFolder(tmp_path)
    found.configuration.write_text(FILE, encoding="utf-8")
    return found


def work(folder: PlantFolder, deed: str, *words: str) -> int:
    return main(["work", deed, str(folder.path), *words])


def test_that_an_order_goes_its_way_without_a_collector(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert work(folder, "add", "AC01", "--reason", "it rattles", "--title", "Look at the belt") == 0
    for step, *words in WAY:
        assert work(folder, "step", "1", step, *words) == 0
    assert work(folder, "step", "1", "complete", "--reason", "new belt", "--renews") == 0
    capsys.readouterr()
    assert work(folder, "show", "1") == 0
    shown = capsys.readouterr().out
    assert "done       AC01  Look at the belt" in shown
    assert "complete" in shown.splitlines()[-1]
    assert work(folder, "step", "1", "confirm_not_fixed", "--reason", "still rattles") == 0
    assert capsys.readouterr().out == "order 1: confirm_not_fixed; order 2 follows\n"
    assert work(folder, "list") == 0
    assert "2  requested  AC01  Look at the belt" in capsys.readouterr().out
    assert work(folder, "list", "--all", "--equipment", "AC01") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    with closing(open_reader(folder.history)) as connection:
        order = store.order_of(connection, 1)
        assert order is not None
        assert (order.state, order.spent_h, [use.quantity for use in order.parts]) == (WorkState.NOT_FIXED, 1.5, [2, 1])
        assert store.renewals(connection)["AC01"].order == 1
        assert verify(connection).faults == []
        told = [
            line.record.operation
            for line in page(connection)
            if line.action == AuditAction.WORK_STEPPED and line.record
        ]
    assert told[::-1] == ["request", "plan", "release", "start", "note", "complete", "confirm_not_fixed", "request"]


def test_that_what_cannot_be_is_told_with_its_remedy(folder: PlantFolder, capsys: pytest.CaptureFixture[str]) -> None:
    assert work(folder, "add", "AC99", "--reason", "why") == 2
    assert 'there is no equipment "AC99"' in capsys.readouterr().err
    assert work(folder, "step", "7", "release") == 2
    assert "no order 7: foreshift work list tells which there are" in capsys.readouterr().err
    assert work(folder, "add", "AC01", "--reason", "why") == 0
    assert work(folder, "step", "1", "release") == 2
    assert "release is not possible while it is requested: possible is plan, note, cancel" in capsys.readouterr().err
    for words, message in (
        (("--part", "belt=two"), "belt=two: two is no number"),
        (("--check", "first"), "begin with the number of the line"),
        (("--check", "3=1"), "its checklist has 0 lines"),
    ):
        assert work(folder, "step", "1", "note", *words) == 2
        assert message in capsys.readouterr().err
    assert work(folder, "show", "9") == 2
    assert "there is no order 9" in capsys.readouterr().err


def test_that_a_plant_with_users_asks_for_the_pin_and_the_role(
    folder: PlantFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Users(folder.users).add("otto", Role.OPERATOR, "2345")
    assert work(folder, "add", "AC01", "--reason", "why") == 2
    assert "say who does it: --user NAME" in capsys.readouterr().err

    def typed(text: str, deed: str, *words: str) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        return work(folder, deed, *words, "--user", "otto")

    assert typed("9999\n", "add", "AC01", "--reason", "why") == 2
    assert "name or PIN is wrong" in capsys.readouterr().err
    assert typed("2345\n", "add", "AC01", "--reason", "why") == 0
    assert typed("2345\n", "step", "1", "plan", "--start", "2026-12-01T06:00") == 0
    folder.configuration.write_text(FILE.replace('release_role = "operator"', 'release_role = "engineer"'))
    assert typed("2345\n", "step", "1", "release") == 2
    assert "otto is operator, and this needs an engineer" in capsys.readouterr().err


def test_that_what_is_due_and_all_orders_can_be_had(
    folder: PlantFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert work(folder, "add", "AC01", "--reason", "why") == 0
    capsys.readouterr()
    assert work(folder, "due") == 0
    assert "AC01  Service" in capsys.readouterr().out
    target = tmp_path / "orders.csv"
    assert work(folder, "export", str(target)) == 0
    assert capsys.readouterr().out == f"{target}: 1 orders\n"
    assert target.read_text(encoding="utf-8-sig").startswith("order,state,equipment")


async def test_that_a_running_collector_takes_the_steps_and_tells_its_windows(
    tmp_path: Path,
    running: list[subprocess.Popen[str]],
    windows: list[EventClient],
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with serving(lambda _: 1.0) as server:
        folder = PlantFolder(tmp_path / "plant")
        write_plant(folder.configuration, small_plant(server.port))
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        window = await Window.on(folder, windows)
        assert await asyncio.to_thread(work, folder, "add", "P", "--reason", "it rattles") == 0
        assert await asyncio.to_thread(work, folder, "step", "1", "plan", "--start", "2026-12-01T06:00") == 0
        await until(lambda: 1 in orders(window) and orders(window)[1].state is WorkState.PLANNED)
        assert await asyncio.to_thread(work, folder, "step", "1", "start") == 2
        assert "possible is plan, release, note, cancel" in capsys.readouterr().err
