"""Cases of a running collector: opened, judged, undone, and still known after a kill."""

from __future__ import annotations

import asyncio
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from app.audit import journal
from app.case.store import cases, effects, evidence
from app.database import open_reader, open_writer
from app.model.alarm import ConditionKind
from app.model.audit import AuditAction, AuditRecord
from app.model.case import CaseAction, CaseCommand, CaseRecord, CaseRefusalCode, Verdict
from app.model.forecast import ForecastDefinition
from app.model.role import Role
from app.model.score import Claim, Ground, Outcome, Score
from app.model.text import LocalText
from app.model.work_order import WorkRequest, WorkSource
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.prediction.store import claims
from app.pubsub.channel import EventClient
from app.pubsub.frame import ActOnCase, CasesChanged, CommandDone, RequestWork, ScoresChanged, SessionChanged, SignIn
from app.security.users import Users
from tests.app.collector.bench import serving, small_plant, start_collector, subscribed, until
from tests.app.collector.test_process import Window, running, windows

__all__ = ["running", "windows"]

CAUSE = LocalText("Press ram worn", "滑块磨损")
WORN = ForecastDefinition("P.ram", "P", "P.T1", 50.0, ConditionKind.HIGH, CAUSE, LocalText("Replace the ram", "更换"))


def worn_folder(path: Path, port: int) -> PlantFolder:
    """Return a plant whose ram is beyond its limit; a quarter of an hour of its own time takes a second and a half."""
    folder = PlantFolder(path)
    write_plant(folder.configuration, replace(small_plant(port), forecasts=(WORN,), time_scale=600.0))
    return folder


def known(window: Window) -> dict[int, CaseRecord]:
    """Return the newest state of each case that the window was told of."""
    return {
        record.number: record for event in window.pull() if isinstance(event, CasesChanged) for record in event.cases
    }


def answer(window: Window, request: int) -> CommandDone | None:
    told = [event for event in window.pull() if isinstance(event, CommandDone) and event.request == request]
    return told[0] if told else None


async def obeyed(window: Window, request: int, command: CaseCommand, name: str = "Li") -> CommandDone:
    window.client.send(ActOnCase(request, command, name, f"window {name}"))
    await until(lambda: answer(window, request) is not None)
    done = answer(window, request)
    assert done is not None
    return done


def trail(folder: PlantFolder) -> list[AuditRecord]:
    with closing(open_reader(folder.history)) as connection:
        records = [line.record for line in reversed(journal.page(connection))]
    return [entry for entry in records if entry is not None and entry.action.kind == "case"]


async def test_that_a_case_is_opened_judged_and_undone_and_all_of_it_survives_kills(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    async with serving(lambda _: 80.0) as server:
        folder = worn_folder(tmp_path / "plant", server.port)

        async def started() -> Window:
            running.append(start_collector(folder))
            (await subscribed(folder, pid=running[-1].pid)).close()
            return await Window.on(folder, windows)

        async def killed() -> None:
            running[-1].kill()
            await asyncio.to_thread(running[-1].wait, 10)

        window = await started()
        await until(lambda: 1 in known(window))
        opened = known(window)[1]
        assert (opened.equipment, opened.indicators, opened.is_open) == ("P", ("forecast P.ram",), True)
        assert opened.causes[0].cause == CAUSE

        def is_stored() -> bool:
            with closing(open_reader(folder.history)) as connection:
                return bool(evidence(connection, 1))

        await until(is_stored)
        await killed()
        window = await started()
        await until(lambda: 1 in known(window))
        assert known(window).keys() == {1}
        work = WorkRequest("P", WorkSource.CASE, "Replace the ram", reference="1")
        window.client.send(RequestWork(9, work, "Li"))
        await until(lambda: known(window)[1].work_order == "WO-00001")
        refused = await obeyed(window, 1, CaseCommand(CaseAction.CLOSE, 1, Verdict.FALSE))
        assert (refused.done, refused.reason) == (False, "not done: say why")
        assert (await obeyed(window, 2, CaseCommand(CaseAction.CLOSE, 1, Verdict.FALSE, "sensor swapped"))).done
        again = await obeyed(window, 3, CaseCommand(CaseAction.CLOSE, 1, Verdict.CONFIRMED, "no", "x"), "Chen")
        assert again.reason.startswith("case 1 was closed as false by Li at ")
        await killed()
        window = await started()
        await until(lambda: any(isinstance(event, CasesChanged) and event.is_snapshot for event in window.pull()))
        assert not known(window)
        with closing(open_reader(folder.history)) as connection:
            (record,) = cases(connection)
            (effect,) = effects(connection)
        assert (record.verdict, record.reason, record.by) == (Verdict.FALSE, "sensor swapped", "Li")
        assert (effect.indicator, effect.old, effect.new) == ("forecast P.ram", 1.0, 1.5)
        assert (await obeyed(window, 4, CaseCommand(CaseAction.UNDO, 1, reason="was real"), "Chen")).done
        with closing(open_reader(folder.history)) as connection:
            assert effects(connection)[0].undone_by == "Chen"
    told = [(line.action, line.user, line.subject, line.reason) for line in trail(folder)]
    assert told[:4] == [
        (AuditAction.CASE_OPENED, "", "case 1 P", "forecast P.ram"),
        (AuditAction.CASE_REFUSED, "Li", "close 1", "not done: say why"),
        (AuditAction.CASE_CLOSED, "Li", "case 1 P", "sensor swapped"),
        (AuditAction.CASE_CHANGE_MADE, "Li", "change 1 P", "sensor swapped"),
    ]
    assert [entry[0] for entry in told[4:]] == [AuditAction.CASE_REFUSED, AuditAction.CASE_CHANGE_UNDONE]


async def test_that_a_window_is_told_soon_when_nothing_can_be_stored_and_what_was_begun_is_not_lost(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    async with serving(lambda _: 80.0) as server:
        folder = worn_folder(tmp_path / "plant", server.port)
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        window = await Window.on(folder, windows)
        await until(lambda: 1 in known(window), timeout_s=30)

        def verdicts() -> list[Verdict | None]:
            with closing(open_reader(folder.history)) as connection:
                return [record.verdict for record in cases(connection)]

        await until(lambda: verdicts() == [None], timeout_s=30)
        with closing(open_writer(folder.history)) as other:
            other.execute("BEGIN IMMEDIATE")
            window.client.send(ActOnCase(1, CaseCommand(CaseAction.CLOSE, 1, Verdict.FALSE, "swapped"), "Li", "w"))
            await until(lambda: answer(window, 1) is not None, timeout_s=30)
            other.execute("ROLLBACK")
        told = answer(window, 1)
        assert told is not None
        assert told.case_refusal is not None
        assert (told.done, told.case_refusal.code) == (False, CaseRefusalCode.NOT_STORED)
        is_begun = told.reason.startswith("done, but")
        await until(lambda: verdicts() == [Verdict.FALSE if is_begun else None], timeout_s=30)


async def test_that_in_a_plant_with_users_a_viewer_judges_nothing_and_no_other_name_counts(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    async with serving(lambda _: 80.0) as server:
        folder = worn_folder(tmp_path / "plant", server.port)
        users = Users(folder.users)
        users.add("vera", Role.VIEWER, "1234")
        users.add("otto", Role.OPERATOR, "2345")
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        window = await Window.on(folder, windows)
        await until(lambda: 1 in known(window))
        command = CaseCommand(CaseAction.CLOSE, 1, Verdict.EXPECTED, "test run")

        async def sign_in(name: str, secret: str, request: int) -> None:
            window.client.send(SignIn(request, name, secret, "window 1"))
            await until(lambda: any(isinstance(e, SessionChanged) and e.request == request for e in window.pull()))

        assert (await obeyed(window, 1, command)).reason == "not done: sign in first"
        await sign_in("vera", "1234", 2)
        assert (await obeyed(window, 3, command)).reason == "not done: vera is viewer, and this needs an operator"
        await sign_in("otto", "2345", 4)
        assert (await obeyed(window, 5, command, "somebody else")).done
        assert known(window)[1].by == "otto"


async def test_that_what_is_foretold_is_on_record_and_scored_when_the_limit_comes_also_after_a_kill(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    async with serving(lambda turn: min(60.0, 10.0 + 0.2 * turn)) as server:
        folder = worn_folder(tmp_path / "plant", server.port)

        def scores(window: Window) -> Score | None:
            told = [event for event in window.pull() if isinstance(event, ScoresChanged) and event.scores]
            return told[-1].scores[0] if told else None

        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        window = await Window.on(folder, windows)
        await until(lambda: scores(window) is not None)
        foretold = scores(window)
        assert foretold is not None
        assert (foretold.equipment, foretold.subject, foretold.waiting > 0) == ("P", "P.ram", True)

        def said() -> list[Claim]:
            with closing(open_reader(folder.history)) as connection:
                return claims(connection)

        await until(lambda: bool(said()))
        running[0].kill()
        await asyncio.to_thread(running[0].wait, 10)
        before = said()
        assert {claim.version for claim in before} == {"trend 1"}
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[1].pid)).close()
        known = {claim.number for claim in before}

        def is_scored() -> bool:
            """Say whether the limit has come; on a busy computer its ramp is slow, and the time of some comes first."""
            found = said()
            is_known_scored = all(
                claim.outcome not in {Outcome.WAITING, Outcome.VOID} for claim in found if claim.number in known
            )
            return is_known_scored and any(claim.ground is Ground.LIMIT for claim in found)

        await until(is_scored, timeout_s=120.0)
        scored = {claim.number: claim for claim in said()}
        for claim in before:
            after = scored[claim.number]
            assert (after.p10, after.p50, after.p90, after.made) == (claim.p10, claim.p50, claim.p90, claim.made)
            assert after.ground in {Ground.LIMIT, Ground.TIME}
        by_limit = [claim for claim in scored.values() if claim.ground is Ground.LIMIT]
        assert all(claim.made < claim.happened <= claim.scored for claim in by_limit)
