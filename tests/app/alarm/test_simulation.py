"""A suppression is tried on the past before it is switched on."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.__main__ import main
from app.alarm.simulation import simulate, simulated, tags_needed
from app.database import open_writer
from app.history.writer import HistoryWriter
from app.model.block import Block, block_of, concatenate
from app.model.clock import NS_PER_S
from app.model.equipment import Equipment
from app.model.plant import Plant
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from tests.app.alarm.plants import START, at, definition, tags_of
from tests.app.collector.bench import small_plant

FLOW = replace(definition(limit=10.0, tag="T0", name="flow"), suppress_when="T1 == 0", suppress_after_s=10.0)
PLAIN = definition(tag="T2", name="plain")


def course(handle: int, values: list[tuple[float, float]]) -> Block:
    return block_of(handle, [at(second) for second, _ in values], [value for _, value in values])


def past() -> Block:
    """Return a pump that stands from 100 to 200 s and from 300 to 400 s, and a flow that is abnormal around that."""
    pump = course(1, [(0, 1.0), (100, 0.0), (200, 1.0), (300, 0.0), (400, 1.0), (900, 1.0)])
    flow = course(0, [(0, 5.0), (50, 20.0), (60, 5.0), (110, 20.0), (150, 5.0), (310, 20.0), (600, 5.0)])
    whole = concatenate([pump, flow])
    return whole.select(np.argsort(whole.time, kind="stable"))


def cut(block: Block, count: int) -> Iterator[Block]:
    for first in range(0, len(block), count):
        yield block.select(slice(first, first + count))


@pytest.mark.parametrize("count", [1, 3, 100])
def test_that_it_tells_what_is_never_shown_and_what_is_shown_late(count: int) -> None:
    found = simulate(tags_of(3), [FLOW, PLAIN], cut(past(), count))
    (tally,) = found.tallies
    assert (tally.alarm, tally.raised, tally.never_shown, tally.shown_late) == ("flow", 3, 1, 1)
    missed, late = found.suppressed
    assert (missed.raised, missed.cleared, missed.shown, missed.by) == (at(110), at(150), 0, ("T1 == 0",))
    assert (late.raised, late.cleared, late.shown) == (at(310), 0, at(410))


def test_that_only_what_can_be_suppressed_and_its_causes_are_looked_at() -> None:
    caused = replace(definition(tag="T2", name="late"), causes=("plain",), suppress_by_cause=True)
    watched = simulated([FLOW, caused, PLAIN, definition(tag="T0", name="other")])
    assert [entry.id for entry in watched] == ["flow", "late", "plain"]
    assert tags_needed(watched) == {"T0", "T1", "T2"}


@pytest.fixture
def folder(tmp_path: Path) -> PlantFolder:
    """Return the folder of a plant whose history is that past."""
    base = small_plant(1)
    tags = tuple(replace(tag, equipment="P", connection="plc", address=f"HR{tag.handle * 2}:F32") for tag in tags_of(3))
    plant: Plant = replace(base, tags=tags, alarms=(FLOW, PLAIN), equipment=(Equipment("P", LocalText("Press")),))
    folder = PlantFolder(tmp_path / "plant")
    folder.path.mkdir()
    write_plant(folder.configuration, plant)
    with closing(open_writer(folder.history)) as connection:
        HistoryWriter(connection, tags, is_defining=True).write(past())
    return folder


def test_that_the_command_tells_of_the_history_what_the_plant_file_would_suppress(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["alarms", "simulate", str(folder.path)]) == 0
    told = capsys.readouterr().out
    assert "3 occurrences, 2 of them suppressed, 1 never shown" in told
    assert "flow, 2: 3, 1, 1" in told
    assert "flow from 2023-11-14 22:15:10 to 2023-11-14 22:15:50, by T1 == 0" in told


def test_that_one_that_is_not_in_the_plant_file_can_be_tried(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["alarms", "simulate", str(folder.path), "--alarm", "flow", "--when", "T1 > 5"]
    assert main(arguments) == 0
    assert "3 occurrences, 0 of them suppressed" in capsys.readouterr().out
    for wrong in (["--alarm", "none"], ["--when", "T1 > 5"], ["--alarm", "flow", "--when", "T1 >"]):
        assert main(["alarms", "simulate", str(folder.path), *wrong]) != 0
    assert START % NS_PER_S == 0
