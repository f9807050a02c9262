"""The judge of files: each fault by its name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.model.block import Block
from tests.chaos.store import opened
from tests.chaos.truth import Truth
from tests.chaos.verdict import Outcome, Verdict, judge

TRUTH = Truth(1)
BATCHES = 4


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "history.sqlite"


def stored(path: Path, *blocks: Block, changes: int = BATCHES) -> Path:
    """Store these blocks as the batches from 0 on, and so many alarm changes."""
    with opened(path, TRUTH.tags) as store:
        for block in blocks:
            store.history.write(block)
        store.journal.record([TRUTH.alarm(number) for number in range(changes)])
    return path


def given(batches: int = BATCHES) -> list[Block]:
    return [TRUTH.batch(number) for number in range(batches)]


def judged(path: Path, acknowledged: int = BATCHES) -> Verdict:
    return judge(path, TRUTH, acknowledged)


def test_that_all_that_was_acknowledged_is_clean(path: Path) -> None:
    verdict = judged(stored(path, *given()))

    assert verdict == Verdict(Outcome.CLEAN, "", stored=BATCHES, journalled=BATCHES)


def test_that_one_whole_batch_more_than_was_acknowledged_is_clean(path: Path) -> None:
    assert judged(stored(path, *given()), BATCHES - 1).outcome is Outcome.CLEAN


def test_that_two_batches_more_than_were_acknowledged_are_invented(path: Path) -> None:
    assert judged(stored(path, *given()), BATCHES - 2).outcome is Outcome.INVENTED


def test_that_a_missing_batch_is_lost(path: Path) -> None:
    verdict = judged(stored(path, *given(BATCHES - 1)))

    assert (verdict.outcome, verdict.lost) == (Outcome.LOST, 1)


def test_that_a_missing_alarm_change_is_lost(path: Path) -> None:
    assert judged(stored(path, *given(), changes=BATCHES - 1)).outcome is Outcome.LOST


def test_that_samples_without_the_alarm_of_their_commit_are_half_a_commit(path: Path) -> None:
    assert judged(stored(path, *given(), changes=BATCHES - 1), BATCHES - 1).outcome is Outcome.CHANGED


def test_that_a_file_that_is_missing_has_lost_all(path: Path) -> None:
    verdict = judged(path)

    assert (verdict.outcome, verdict.lost) == (Outcome.LOST, BATCHES)


@pytest.mark.parametrize("acknowledged", [BATCHES - 1, BATCHES])
def test_that_half_a_batch_is_no_batch(path: Path, acknowledged: int) -> None:
    *whole, last = given()

    assert judged(stored(path, *whole, last.select(slice(len(last) // 2))), acknowledged).outcome is Outcome.CHANGED


def test_that_a_batch_missing_in_the_middle_is_seen(path: Path) -> None:
    blocks = given()

    assert judged(stored(path, *blocks[:1], *blocks[2:])).outcome is Outcome.CHANGED


def test_that_an_older_value_that_came_back_is_seen(path: Path) -> None:
    blocks = given()

    assert judged(stored(path, *blocks, blocks[-2])).outcome is Outcome.CHANGED


@pytest.mark.parametrize("column", ["value", "status", "time"])
def test_that_one_changed_sample_is_seen(path: Path, column: str) -> None:
    *whole, last = given()
    changed = getattr(last, column).copy()
    changed[3] = changed[3] + 1 if np.isfinite(changed[3]) else 0
    verdict = judged(stored(path, *whole, replace(last, **{column: changed})))

    assert verdict.outcome is Outcome.CHANGED, verdict


def test_that_a_file_of_rubbish_is_unreadable(path: Path) -> None:
    stored(path, *given())
    path.write_bytes(np.random.default_rng(0).bytes(path.stat().st_size))

    assert judged(path).outcome is Outcome.UNREADABLE


def test_that_a_zeroed_page_is_corrupt_or_unreadable(path: Path) -> None:
    content = stored(path, *given()).read_bytes()
    path.write_bytes(content[: -3 * 8_192] + bytes(8_192) + content[-2 * 8_192 :])

    assert judged(path).outcome in {Outcome.CORRUPT, Outcome.UNREADABLE}
