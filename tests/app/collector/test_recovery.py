"""Totals of counters go on where the history ends, whatever its last samples are."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app import database
from app.collector.recovery import resumed_chain
from app.history.writer import HistoryWriter
from app.model import clock, status
from app.model.block import Block, block_of, object_column
from app.model.exact import DataType
from app.model.plant import Plant
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText

S = clock.NS_PER_S
TOTAL = (1 << 60) + 7
TAGS = (
    TagDefinition(0, "large", "", LocalText("n"), "c", "a", kind=TagKind.COUNTER, data_type=DataType.INT64),
    TagDefinition(1, "small", "", LocalText("n"), "c", "a", kind=TagKind.COUNTER),
)
PLANT = Plant("p", LocalText("P"), (), (), TAGS)
OUT_OF_RANGE = status.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED | status.LIMIT_HIGH


def _read(large: int, small: float, *, at: int) -> Block:
    block = block_of([0, 1], at * S, [float(large), small])
    return replace(block, exact=object_column([large, None]))


@pytest.mark.parametrize("bad", [0, 5, 3_000])
def test_that_totals_go_on_behind_bad_samples_and_such_as_are_none(tmp_path: Path, bad: int) -> None:
    path = tmp_path / "history.sqlite"
    with closing(database.open_writer(path)) as connection:
        writer = HistoryWriter(connection, TAGS, is_defining=True)
        writer.write(_read(TOTAL, 500.0, at=1))
        times = np.repeat((2 + np.arange(bad)) * S, 2)
        if bad:
            writer.write(block_of(np.tile([0, 1], bad), times, np.nan, status.BAD_NO_COMMUNICATION))
            writer.write(block_of([1], 10_000 * S, 4e9, OUT_OF_RANGE))
    cleaned = resumed_chain(path, PLANT).clean(_read(4, 3.0, at=20_000))
    assert cleaned.exact is not None
    assert cleaned.exact[0] == TOTAL
    assert cleaned.value[1] == 500.0


def test_that_a_counter_that_has_only_bad_samples_begins_with_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with closing(database.open_writer(path)) as connection:
        HistoryWriter(connection, TAGS, is_defining=True).write(block_of([0, 1], S, np.nan, status.BAD))
    cleaned = resumed_chain(path, PLANT).clean(_read(4, 3.0, at=20_000))
    assert cleaned.value.tolist() == [4.0, 3.0]
