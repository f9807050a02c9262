"""The keeper of a plant hears of the end whenever it is asked for."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.command.keeper import as_keeper, keep
from app.plant.folder import PlantFolder

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture
def handlers() -> Iterator[None]:
    before = [(number, signal.getsignal(number)) for number in SIGNALS]
    yield
    for number, handler in before:
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("number", SIGNALS)
def test_that_a_signal_while_a_plant_is_made_ready_ends_its_keeper_before_anything_is_started(
    tmp_path: Path, number: signal.Signals
) -> None:
    with as_keeper(PlantFolder(tmp_path)) as stopping:
        signal.raise_signal(number)
        assert keep([], stopping) == 0
    assert stopping.wait(0.0)
