"""Texts, whole numbers of 64 bits, truth values and named states: written over Modbus and OPC UA, and read back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from app.collector.service import Collector
from app.control.readings import Readings
from app.model.audit import AuditAction
from app.model.content import Content, content_of
from app.model.control import ControlState, ReasonCode
from app.model.tag import TagDefinition
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from tests.app.collector.bench import until
from tests.app.collector.press import BIG, Press, pressing, pressing_folder
from tests.app.collector.writing import Window, collecting, trail

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def station(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Press, PlantFolder, Collector]]:
    """The press, and a collector that has read it."""
    async with pressing() as press:
        folder = pressing_folder(tmp_path_factory.mktemp("press"), press)
        async with collecting(folder, read_plant(folder.configuration)) as collector:
            yield press, folder, collector


Station = tuple[Press, PlantFolder, Collector]

WRITTEN: list[tuple[str, Content, Content]] = [
    ("ORDER", "007 Ä铝", "007 Ä铝"),
    ("ORDER", "", ""),
    ("PRODUCT", "铝", "铝"),
    ("COUNT", BIG + 1000, BIG + 1000),
    ("COUNT", -BIG, -BIG),
    ("COUNT", 12.0, 12),
    ("VALVE", 1.0, 1.0),
    ("STEP", 1, 1),
]


@pytest.mark.parametrize("source", ["M", "U"])
async def test_that_every_type_is_written_read_back_and_audited_to_the_last_digit(
    station: Station, source: str
) -> None:
    press, folder, collector = station
    readings = collector._stages._readings
    window = await Window.on(folder, user="operate")
    for place, (name, wanted, held) in enumerate(WRITTEN):
        end = await window.write(f"{source}{place}", f"{source}.{name}", wanted)
        assert (end.state, end.new, end.read) == (ControlState.DONE, held, held), end
        assert type(end.read) is type(held)
        if source == "U":
            assert await press.nodes[name].read_value() == held
        tag = read_plant(folder.configuration).tag(f"{source}.{name}")
        await until(partial(holds, readings, tag, held))
    window.close()
    await asyncio.wrap_future(collector._recorder.audit([]))
    results = {record.operation: record for record in trail(folder) if record.action is AuditAction.WRITE_RESULT}
    for place, (_, _, held) in enumerate(WRITTEN):
        kept = results[f"{source}{place}"]
        assert (kept.new, kept.read, type(kept.read)) == (held, held, type(held))


def holds(readings: Readings, tag: TagDefinition, held: Content) -> bool:
    """Return whether the collector has read a content."""
    return content_of(readings.of(tag.name), tag.data_type) == held


FORBIDDEN: list[tuple[str, Content, ReasonCode]] = [
    ("U.ORDER", "thirteen char", ReasonCode.TOO_LONG),
    ("U.ORDER", "two\nlines", ReasonCode.UNPRINTABLE),
    ("U.ORDER", 7.0, ReasonCode.NOT_OF_TYPE),
    ("U.PRODUCT", "wood", ReasonCode.NOT_ALLOWED),
    ("M.COUNT", BIG + 1001, ReasonCode.OUT_OF_RANGE),
    ("M.COUNT", -BIG - 1, ReasonCode.OUT_OF_RANGE),
    ("M.COUNT", 0.5, ReasonCode.NOT_OF_TYPE),
    ("M.COUNT", 2**63, ReasonCode.NOT_OF_TYPE),
    ("M.VALVE", 2.0, ReasonCode.NOT_ALLOWED),
    ("M.VALVE", "on", ReasonCode.NOT_OF_TYPE),
    ("M.STEP", 3, ReasonCode.NOT_ALLOWED),
]


async def test_that_values_outside_of_their_rule_are_refused_by_their_reason(station: Station) -> None:
    _, folder, _ = station
    window = await Window.on(folder, user="operate")
    codes = []
    for place, (tag, value, _) in enumerate(FORBIDDEN):
        record = await window.write(f"no{place}", tag, value)
        assert record.state is ControlState.REFUSED
        codes.append(record.reason and record.reason.code)
    window.close()
    assert codes == [code for _, _, code in FORBIDDEN]


async def test_that_a_text_too_long_for_its_registers_fails_without_having_been_sent(station: Station) -> None:
    _, folder, _ = station
    window = await Window.on(folder, user="operate")
    end = await window.write("long", "M.ORDER", "铝铝铝铝铝")  # five characters, fifteen bytes
    window.close()
    assert end.state is ControlState.FAILED
    assert "does not fit into 12 bytes" in str(end.reason)


async def test_that_a_text_that_has_changed_since_is_looked_at_again(station: Station, tmp_path: Path) -> None:
    press, folder, collector = station
    window = await Window.on(folder, user="operate")
    await window.select("changed", "U.ORDER", "next")
    await press.nodes["ORDER"].write_value("from the panel")
    await window.until(lambda: collector._stages._readings.of("U.ORDER").text == "from the panel")
    end = await window.execute("changed", "next")
    window.close()
    assert str(end.reason) == 'the value has become "from the panel" since it was selected: look again'
