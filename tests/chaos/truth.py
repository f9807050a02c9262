"""What a writer is given: numbered batches as a pure function of a seed, so that nobody has to log their values."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from app.model import status
from app.model.alarm import AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.block import Block, block_of, concatenate
from app.model.tag import TagDefinition
from app.model.text import LocalText

TAGS = 12
STEPS = 5
REPEATED = 3
LATE = 3
ROWS = TAGS * STEPS + REPEATED + LATE

_START = 1_700_000_000_000_000_000
_STEP = 18_000_000_000
_BATCH = STEPS * _STEP
_LATE_BY = _STEP // 2
_RARE_VALUES = (np.inf, -np.inf, 5e-324, 1.7e308, 2.0**53)
_RARE_CODES = (
    status.GOOD | status.LIMIT_HIGH,
    status.UNCERTAIN_SUB_NORMAL | status.LIMIT_LOW,
    status.BAD_SENSOR_FAILURE,
    status.BAD_OUT_OF_SERVICE | 0xFFFF,
)


class Truth:
    """The batches of one seed. Batch k holds the k-th minute and a half of every tag, and mends the one before.

    Every batch has ROWS samples: five of each tag, three that replace a sample of the batch before, and three late ones
    between the samples of the batch before. An hour has forty batches. Some values are infinite, missing or at the ends
    of float64, some statuses are not good.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.tags = [
            TagDefinition(handle, f"T{handle}", "E", LocalText("tag"), "c", "a", unit="Cel") for handle in range(TAGS)
        ]
        self.batch = lru_cache(4096)(self._batch)

    def _batch(self, number: int) -> Block:
        rng = np.random.default_rng([self.seed, number])
        start = _START + number * _BATCH
        handle = np.tile(np.arange(TAGS), STEPS)
        time = start + np.repeat(np.arange(STEPS), TAGS) * _STEP + np.where(handle % 2, handle * 100, 0)
        mended = rng.choice(TAGS * STEPS, REPEATED, replace=False)
        completed = rng.choice(TAGS * STEPS, LATE, replace=False)
        handle = np.concatenate([handle, handle[mended], handle[completed]])
        time = np.concatenate([time, time[mended] - _BATCH, time[completed] - _BATCH + _LATE_BY])
        value = np.round(rng.normal(50.0, 20.0, ROWS), int(rng.integers(0, 15)))
        code = np.full(ROWS, status.GOOD, np.uint32)
        rare = rng.random(ROWS) < 0.05
        value[rare] = rng.choice(_RARE_VALUES, np.count_nonzero(rare))
        doubtful = rng.random(ROWS) < 0.1
        code[doubtful] = rng.choice(_RARE_CODES, np.count_nonzero(doubtful))
        missing = rng.random(ROWS) < 0.03
        value[missing], code[missing] = np.nan, status.BAD_NO_DATA
        return block_of(handle, time, value, code)

    def alarm(self, number: int) -> AlarmRecord:
        """Return the one change of an alarm that goes with a batch."""
        return AlarmRecord(
            alarm=f"A{number % 7}",
            tag=f"T{number % TAGS}",
            equipment="E",
            state=AlarmState.UNACKNOWLEDGED if number % 3 else AlarmState.NORMAL,
            priority=Priority.HIGH,
            condition=ConditionKind.HIGH,
            message=LocalText(f"change {number} of seed {self.seed}"),
            raised=_START + number * _BATCH,
            value=float(number),
            limit=1.0,
        )

    def content(self, batches: int) -> Block:
        """Return what a history holds after so many batches, in the order of handle and time, received left out."""
        return newest_of_each(concatenate([self.batch(number) for number in range(batches)]))


def newest_of_each(block: Block) -> Block:
    """Return the last given sample of every handle and time, in that order."""
    order = np.lexsort((block.time, block.handle))
    handle, time = block.handle[order], block.time[order]
    is_last = np.append((handle[1:] != handle[:-1]) | (time[1:] != time[:-1]), np.ones(min(1, len(block)), np.bool_))
    return block.select(order[is_last])


def batches_until(time: int) -> int:
    """Return how many batches have been written, if the newest sample is of that time (ns UTC)."""
    return (time - _START) // _BATCH + 1
