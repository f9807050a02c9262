"""The short form of `python -m tests.chaos kills`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.kills import Kills
from tests.chaos.recording import NoWitness, compile_witness
from tests.chaos.verdict import Outcome

SEED = 20
KILLS = 20


@pytest.mark.timeout(120)
def test_that_twenty_kills_lose_nothing_that_was_acknowledged(folder: Path) -> None:
    try:
        witness = compile_witness(folder)
    except NoWitness:
        witness = None  # at chosen instants then, no longer in chosen file operations

    tally = Kills(folder, SEED, witness).run(KILLS)

    assert tally.outcomes == {Outcome.CLEAN: KILLS}, tally.as_text()


def test_that_a_writer_which_acknowledges_before_it_stores_is_found_out(folder: Path, witness: Path) -> None:
    tally = Kills(folder, SEED, witness, is_hasty=True).run(4)

    assert tally.outcomes[Outcome.LOST], tally.as_text()
    assert tally.worst_lost == 1
