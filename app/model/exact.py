"""Samples whose values a float64 cannot hold: whole numbers beyond 2^53, states and texts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from numpy.typing import NDArray

from app.model.block import HandleArray, TimeArray
from app.model.status import StatusArray

ExactArray = NDArray[Any]
"""Values as they came: float64, int64, bool or object (of str), shape (n,)."""


class DataType(StrEnum):
    """What the values of a tag are in the history."""

    FLOAT64 = "float64"
    INT64 = "int64"
    BOOLEAN = "boolean"
    STRING = "string"

    @property
    def is_exact(self) -> bool:
        """Return whether a float64 may be less than such a value: a whole number of 64 bits, or a text."""
        return self in {DataType.INT64, DataType.STRING}


@dataclass(frozen=True, slots=True)
class ExactBlock:
    """Samples of tags that all have one data type, one per row, in the order in which they became known.

    `handle`: uint32, which tag of the plant. `time`: int64 ns UTC. `value`: float64, int64, bool or str objects.
    `status`: uint32, OPC UA StatusCodes; where it is bad the value means nothing. Each of shape (n,).
    """

    handle: HandleArray
    time: TimeArray
    value: ExactArray
    status: StatusArray
    data_type: DataType

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.handle)


@dataclass(frozen=True, slots=True)
class ExactSeries:
    """A stretch of one tag in its own data type: `time` strictly increasing, `value` and `status` beside it."""

    time: TimeArray
    value: ExactArray
    status: StatusArray
    data_type: DataType

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.time)
