"""What a file is worth after a fault: opened as a collector would open it, and compared with what was acknowledged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.history.reader import HistoryReader
from app.model.alarm import AlarmRecord
from app.model.block import Block
from tests.chaos.store import Store, content_damage, opened, read_changes, read_content, structure_damage
from tests.chaos.truth import Truth, batches_until


class Outcome(StrEnum):
    """The kinds of verdict; only CLEAN is none against the storage."""

    CLEAN = "clean"
    LOST = "lost"
    CHANGED = "changed"
    INVENTED = "invented"
    CORRUPT = "corrupt"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`stored`: batches found, `journalled`: alarm changes found, `lost`: acknowledged batches that are missing."""

    outcome: Outcome
    text: str = ""
    stored: int = 0
    journalled: int = 0
    lost: int = 0


def judge(path: Path, truth: Truth, acknowledged: int, *, as_reader: bool = False, goes_on: bool = True) -> Verdict:
    """Open the file as a collector does when it starts, or `as_reader` without any right to mend it, and judge it.

    `acknowledged`: how many batches were, from batch 0 on; of the next one all or nothing may be stored. `goes_on`: the
    next batch is written too and must be found, in a file that is thrown away afterwards.
    """
    try:
        if as_reader:
            return _look(path, truth, acknowledged)
        with opened(path, truth.tags) as store:
            verdict = _look(path, truth, acknowledged)
            is_clean = verdict.outcome is Outcome.CLEAN
            return _go_on(store, truth, verdict) if goes_on and is_clean else verdict
    except Exception as error:  # noqa: BLE001 - whatever a damaged file causes is the verdict
        return Verdict(Outcome.UNREADABLE, f"{type(error).__name__}: {error}", lost=acknowledged)


def _look(path: Path, truth: Truth, acknowledged: int) -> Verdict:
    if damage := structure_damage(path) or "; ".join(map(str, content_damage(path))):
        return Verdict(Outcome.CORRUPT, damage, lost=acknowledged)
    with HistoryReader(path) as reader:
        return _compare(read_content(reader, truth.tags), read_changes(path), truth, acknowledged)


def _compare(found: Block, changes: list[AlarmRecord], truth: Truth, acknowledged: int) -> Verdict:
    stored = batches_until(int(found.time.max())) if len(found) else 0
    journalled = len(changes)
    lost = max(0, acknowledged - min(stored, journalled))
    if stored > acknowledged + 1 or journalled > acknowledged + 1:
        return Verdict(
            Outcome.INVENTED,
            f"{stored} batches and {journalled} alarm changes stored, only {acknowledged + 1} were given",
            stored,
            journalled,
        )
    if difference := describe_difference(found, truth.content(stored)):
        return Verdict(Outcome.CHANGED, f"of {stored} batches: {difference}", stored, journalled, lost)
    for number, change in enumerate(changes):
        if change != truth.alarm(number):
            return Verdict(Outcome.CHANGED, f"alarm change {number} is {change}", stored, journalled, lost)
    if lost:
        return Verdict(
            Outcome.LOST,
            f"{acknowledged} batches were acknowledged, {stored} with {journalled} alarm changes are stored",
            stored,
            journalled,
            lost,
        )
    if stored != journalled:
        return Verdict(Outcome.CHANGED, f"{stored} batches with {journalled} alarm changes: half a commit", stored)
    return Verdict(Outcome.CLEAN, "", stored, journalled)


def _go_on(store: Store, truth: Truth, verdict: Verdict) -> Verdict:
    """Write once more, as the next collector would, and read it back."""
    store.write(truth.batch(verdict.stored), truth.alarm(verdict.journalled))
    store.keep_up(is_thorough=True)
    with HistoryReader(store.path) as reader:
        difference = describe_difference(read_content(reader, truth.tags), truth.content(verdict.stored + 1))
    return Verdict(Outcome.CHANGED, f"after one batch more: {difference}") if difference else verdict


def describe_difference(found: Block, expected: Block) -> str:
    """Return how two contents in the order of handle and time differ, "" where they are equal bit for bit."""
    if _is_equal(found, expected):
        return ""
    keys = [set(zip(block.handle.tolist(), block.time.tolist(), strict=True)) for block in (found, expected)]
    missing, invented = len(keys[1] - keys[0]), len(keys[0] - keys[1])
    doubled = len(found) - len(keys[0])
    if missing or invented or doubled:
        return f"{missing} samples missing, {invented} never given, {doubled} doubled"
    return f"{np.count_nonzero(~_same_rows(found, expected))} samples with another value or status"


def _is_equal(found: Block, expected: Block) -> bool:
    return (
        np.array_equal(found.handle, expected.handle)
        and np.array_equal(found.time, expected.time)
        and bool(_same_rows(found, expected).all())
    )


def _same_rows(found: Block, expected: Block) -> NDArray[np.bool_]:
    is_missing = np.isnan(expected.value)
    same_value = np.where(is_missing, np.isnan(found.value), found.value == expected.value)
    same: NDArray[np.bool_] = same_value & (found.status == expected.status)
    return same
