"""What the history spans is found without reading it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from app.database import open_writer
from app.history.layout import HOUR_NS
from app.history.reader import HistoryReader
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model.block import block_of
from tests.app.history.plant import tag

MANY = 40_000
"""Tags whose numbers need more than fifteen bits."""


def test_that_the_extent_is_that_of_all_tags(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with closing(open_writer(path)) as connection:
        writer = HistoryWriter(connection, [tag(handle) for handle in range(MANY)])
        writer.write(block_of([0, MANY - 1, MANY - 1, 0], [700, 300, 5 * HOUR_NS + 900, 5 * HOUR_NS + 100], 1.0))
        HistoryUpkeep(path, lambda step: step(connection)).settle()
    with HistoryReader(path) as reader:
        assert reader.extent() == (300, 5 * HOUR_NS + 900)
