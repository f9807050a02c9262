"""Turns of the collector's threads."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.collector import process
from app.collector.thread_turns import TURN_S
from app.model.plant import Plant
from app.model.text import LocalText
from app.plant.folder import PlantFolder


@pytest.fixture(autouse=True)
def usual_turns() -> Iterator[None]:
    usual = sys.getswitchinterval()
    yield
    sys.setswitchinterval(usual)


def test_that_a_collector_whose_seal_computes_gives_its_commits_their_turn_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[float] = []

    async def collect(*_: object, **__: object) -> None:
        turns.append(sys.getswitchinterval())

    monkeypatch.setattr(process, "_collect", collect)
    process.run_collector(PlantFolder(tmp_path), Plant("p", LocalText("P"), (), (), ()), ends_with_parent=False)

    assert turns == [pytest.approx(TURN_S)]
