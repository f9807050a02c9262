"""What a device may have beside the contract of every driver: whole arrays, such as the waveform of a sensor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from app.model.status import BAD
from drivers.driver import DriverError


class NoArrays(DriverError):
    """The driver of a device cannot read arrays."""


@dataclass(frozen=True, slots=True)
class ArrayValue:
    """What a read of an array has given: its StatusCode, `time` (int64 ns UTC), and why where it is not good.

    `data`: float64 as little-endian bytes, so that it crosses the border to a worker as it is.
    """

    status: int
    time: int
    data: bytes = b""
    reason: str = ""

    @property
    def is_good(self) -> bool:
        """Return whether there are values."""
        return self.status < BAD and bool(self.data)

    def values(self) -> NDArray[np.float64]:
        """Return the values, float64, shape (n,)."""
        return np.frombuffer(self.data, np.dtype("<f8")).astype(np.float64)


@runtime_checkable
class ArraySource(Protocol):
    """A driver whose device has arrays of numbers."""

    async def read_array(self, address: str) -> ArrayValue:
        """Read an array once; a bad one where the device has none there. Raise BadAddress, ConnectionLost."""
        ...


def source_of(driver: object, name: str) -> ArraySource:
    """Return the driver as one whose device has arrays; raise NoArrays, with `name`, where it has none."""
    if isinstance(driver, ArraySource):
        return driver
    raise NoArrays(f"{name}: its driver reads no arrays: let the waveform be exported and import it")
