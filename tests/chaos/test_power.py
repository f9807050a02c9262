"""The short form of `python -m tests.chaos power`, and the sabotage that has to turn it red."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.power import PowerCuts
from tests.chaos.verdict import Outcome

SEED = 20
STATES = 100
SABOTAGED_STATES = 40

pytestmark = pytest.mark.timeout(120)


def test_that_a_hundred_power_cuts_lose_nothing_that_was_acknowledged(folder: Path, witness: Path) -> None:
    tally = PowerCuts(folder, SEED, witness).run(range(STATES))

    assert tally.is_clean, tally.as_text()
    assert tally.trials >= STATES


def test_that_power_cuts_find_what_is_lost_where_only_checkpoints_are_synced(folder: Path, witness: Path) -> None:
    tally = PowerCuts(folder, SEED, witness, "NORMAL").run(range(SABOTAGED_STATES))

    assert tally.outcomes[Outcome.LOST], tally.as_text()
    assert tally.damaged == 0, tally.as_text()


def test_that_power_cuts_find_lost_and_damaged_files_where_nothing_is_synced(folder: Path, witness: Path) -> None:
    tally = PowerCuts(folder, SEED, witness, "OFF").run(range(SABOTAGED_STATES))

    assert tally.outcomes[Outcome.LOST], tally.as_text()
    assert tally.damaged, tally.as_text()
    assert tally.outcomes[Outcome.CLEAN] < SABOTAGED_STATES / 2, tally.as_text()


def test_that_a_writer_which_acknowledges_before_it_stores_is_found_out(folder: Path, witness: Path) -> None:
    tally = PowerCuts(folder, SEED, witness, is_hasty=True).run(range(5))

    assert tally.outcomes[Outcome.LOST], tally.as_text()
    assert tally.worst_lost == 1
