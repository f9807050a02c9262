"""A batch of samples as columns: what drivers deliver and every stage behind them passes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.model import status as status_code

TimeArray = NDArray[np.int64]
ValueArray = NDArray[np.float64]
HandleArray = NDArray[np.uint32]
ExactColumn = NDArray[np.object_]
"""An int, a bool or a str where the float64 beside it is not the whole value, else None."""


@dataclass(frozen=True, slots=True)
class Block:
    """Samples of many tags, one per row, in the order in which they became known.

    `handle`: uint32, shape (n,), which tag of the plant (TagDefinition.handle).
    `time`: int64 ns UTC, shape (n,), the source time of the value (of its reading, where a device has no clock).
    `value`: float64, shape (n,), in the tag's unit; NaN where there is none.
    `status`: uint32, shape (n,), OPC UA StatusCodes.
    `received`: int64 ns UTC, shape (n,), when the driver had the value.
    `exact`: object, shape (n,), what a float64 cannot hold: an int or a str where `value` is only near it, or NaN; None
    in the rows that need none. None where no row has one, which is usual.
    """

    handle: HandleArray
    time: TimeArray
    value: ValueArray
    status: status_code.StatusArray
    received: TimeArray
    exact: ExactColumn | None = None

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.handle)

    def with_status(self, codes: status_code.StatusArray) -> Block:
        """Return the same samples under other StatusCodes (uint32, shape (n,))."""
        return replace(self, status=codes)

    def select(self, rows: NDArray[np.bool_] | NDArray[np.intp] | slice) -> Block:
        """Return the samples of some rows."""
        exact = None if self.exact is None else self.exact[rows]
        return Block(
            self.handle[rows], self.time[rows], self.value[rows], self.status[rows], self.received[rows], exact
        )


def block_of(
    handle: ArrayLike,
    time: ArrayLike,
    value: ArrayLike,
    status: ArrayLike = status_code.GOOD,
    *,
    received: ArrayLike | None = None,
) -> Block:
    """Return a Block of broadcast columns with the right dtypes; `received` defaults to `time`.

    Raise ValueError where the columns do not broadcast to one length.
    """
    columns = np.broadcast_arrays(
        np.atleast_1d(np.asarray(handle, np.uint32)),
        np.asarray(time, np.int64),
        np.asarray(value, np.float64),
        np.asarray(status, np.uint32),
        np.asarray(time if received is None else received, np.int64),
    )
    return Block(*(np.ascontiguousarray(column) for column in columns))


def empty() -> Block:
    """Return a Block without samples."""
    return block_of([], [], [], [])


def concatenate(blocks: Sequence[Block]) -> Block:
    """Return one Block that holds the samples of `blocks` in their order."""
    if not blocks:
        return empty()
    if len(blocks) == 1:
        return blocks[0]
    return Block(
        np.concatenate([block.handle for block in blocks]),
        np.concatenate([block.time for block in blocks]),
        np.concatenate([block.value for block in blocks]),
        np.concatenate([block.status for block in blocks]),
        np.concatenate([block.received for block in blocks]),
        _exact_of(blocks),
    )


def object_column(values: Sequence[object]) -> ExactColumn:
    """Return values as an object column, whatever they are."""
    column = np.empty(len(values), np.object_)
    column[:] = values
    return column


def _exact_of(blocks: Sequence[Block]) -> ExactColumn | None:
    if all(block.exact is None for block in blocks):
        return None
    return np.concatenate(
        [np.full(len(block), None, np.object_) if block.exact is None else block.exact for block in blocks]
    )
