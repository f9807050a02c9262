"""The samples of a block in the order of their tags, so that a stage can compare each with the one before it."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.model.block import Block, HandleArray, TimeArray, ValueArray

Scalar = TypeVar("Scalar", bound=np.generic)


class TagOrder:
    """Some samples of a block, tag after tag; within a tag as they arrived.

    `rows`: where they stand in the block, intp, shape (n,); `handle`, `time`, `value`: their columns. `tags`: the
    handle of each run of one tag, shape (k,); `starts`, `ends`: where the run begins and ends, `last`: its last sample.
    """

    def __init__(self, block: Block, chosen: NDArray[np.bool_]) -> None:
        """Take the samples of `block` that are `chosen` (shape (len(block),))."""
        rows = np.flatnonzero(chosen)
        self.rows: NDArray[np.intp] = rows[np.argsort(block.handle[rows], kind="stable")]
        self.handle: HandleArray = block.handle[self.rows]
        self.time: TimeArray = block.time[self.rows]
        self.value: ValueArray = block.value[self.rows]
        is_first = np.ones(len(self.rows), np.bool_)
        is_first[1:] = self.handle[1:] != self.handle[:-1]
        self.is_first: NDArray[np.bool_] = is_first
        self.starts: NDArray[np.intp] = np.flatnonzero(is_first)
        self.ends: NDArray[np.intp] = np.append(self.starts[1:], len(self.rows))
        self.last: NDArray[np.intp] = self.ends - 1
        self.tags: HandleArray = self.handle[self.starts]

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.rows)

    def before(self, column: NDArray[Scalar], known: NDArray[Scalar]) -> NDArray[Scalar]:
        """Return what stood in `column` one sample of the same tag earlier; for the first what is `known` of it."""
        shifted = np.empty_like(column)
        shifted[1:] = column[:-1]
        shifted[self.starts] = known[self.tags]
        return shifted

    def any_in_run(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return, for each run, whether `mask` holds anywhere in it."""
        return np.logical_or.reduceat(mask, self.starts) if len(self.starts) else np.empty(0, np.bool_)
