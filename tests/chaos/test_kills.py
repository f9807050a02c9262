"""The short form of `python -m tests.chaos kills`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.kills import Kills
from tests.chaos.verdict import Outcome

SEED = 20
KILLS = 10


@pytest.mark.timeout(120)
def test_that_ten_kills_lose_nothing_that_was_acknowledged(folder: Path, possible_witness: Path | None) -> None:
    tally = Kills(folder, SEED, possible_witness).run(KILLS)

    assert tally.outcomes == {Outcome.CLEAN: KILLS}, tally.as_text()


def test_that_a_writer_which_acknowledges_before_it_stores_is_found_out(folder: Path, witness: Path) -> None:
    tally = Kills(folder, SEED, witness, is_hasty=True).run(10)

    assert tally.outcomes[Outcome.LOST], tally.as_text()
    assert tally.worst_lost == 1
