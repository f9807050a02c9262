"""The collector has reports written when they are due, goes on whatever happens, and says what was not written."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from app.collector.report_rounds import LEAST_WAIT_S, MOST_WAIT_S, RETRY_S, ReportRounds, write_apart
from app.model import clock
from app.model.report import ReportFormat, ReportRules
from app.model.shift import PeriodKind
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.report.schedule import SETTLE_NS, ReportDiary
from tests.app.report.plants import PLANT, SHIFT, hour, write_shift

SHIFTS = replace(PLANT, report=ReportRules(every=(PeriodKind.SHIFT,)))


class Writer:
    """Stands for the child process: `answer` is what it says."""

    def __init__(self) -> None:
        self.calls = 0
        self.answer = ""

    async def __call__(self, folder: Path) -> str:
        self.calls += 1
        return self.answer


async def test_that_a_report_is_written_when_its_shift_has_ended_and_not_before(tmp_path: Path) -> None:
    writer = Writer()
    rounds = ReportRounds(PlantFolder(tmp_path), SHIFTS, writer)
    with clock.frozen(hour(7.5)):
        assert await rounds.make_round() == pytest.approx(1_800 + 30)
    with clock.frozen(hour(2)):
        assert await rounds.make_round() == MOST_WAIT_S
    assert writer.calls == 0
    with clock.frozen(SHIFT.end + SETTLE_NS):
        assert LEAST_WAIT_S <= await rounds.make_round() <= MOST_WAIT_S
    assert (writer.calls, rounds.problem) == (1, "")


async def test_that_what_was_not_written_is_told_and_tried_again_until_it_is(tmp_path: Path) -> None:
    writer = Writer()
    rounds = ReportRounds(PlantFolder(tmp_path), SHIFTS, writer)
    with clock.frozen(hour(2)):
        await rounds.make_round()
    with clock.frozen(hour(9)):
        writer.answer = "the report 2026-11-25/early cannot be written to /srv: No space left on device"
        assert await rounds.make_round() == RETRY_S
        assert rounds.problem == writer.answer
        writer.answer = ""
        assert await rounds.make_round() != RETRY_S
        assert rounds.problem == ""
    assert writer.calls == 2


async def test_that_a_diary_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    ReportDiary.of(PlantFolder(tmp_path)).path.mkdir()
    rounds = ReportRounds(PlantFolder(tmp_path), SHIFTS, Writer())
    assert await rounds.make_round() == RETRY_S
    assert rounds.problem.startswith("reports cannot be planned: ")


async def test_that_whatever_goes_wrong_ends_the_rounds_and_not_the_collecting(tmp_path: Path) -> None:
    async def broken(folder: Path) -> str:
        raise RuntimeError("no report")

    rounds = ReportRounds(PlantFolder(tmp_path), SHIFTS, broken)
    ReportDiary.of(PlantFolder(tmp_path)).begin(SHIFTS, clock.now_ns() - 3 * 86_400 * clock.NS_PER_S)
    await asyncio.wait_for(rounds.run(), 20)
    assert rounds.problem.startswith("reports are not written any more")


async def test_that_a_plant_that_writes_none_makes_no_rounds(tmp_path: Path) -> None:
    await asyncio.wait_for(ReportRounds(PlantFolder(tmp_path), PLANT, Writer()).run(), 20)
    assert not (tmp_path / "reports.json").exists()


async def test_that_a_child_process_writes_the_pdf_without_a_display(tmp_path: Path) -> None:
    folder = PlantFolder(tmp_path / "works")
    rules = ReportRules(every=(PeriodKind.SHIFT,), formats=(ReportFormat.PDF,), folder="out")
    plant = replace(PLANT, report=rules)
    write_plant(folder.configuration, plant)
    write_shift(folder.path)
    last = plant.calendar.last_ended(clock.now_ns() - SETTLE_NS)
    assert last is not None
    ReportDiary.of(folder).note(PeriodKind.SHIFT, last.end - 1)
    assert await write_apart(folder.path) == ""
    (path,) = (folder.path / "out").iterdir()
    assert path.read_bytes().startswith(b"%PDF")
    assert ReportDiary.of(folder).read() == {PeriodKind.SHIFT: last.end}
