"""The plant at one instant: the last sample of each tag, as columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.model.block import TimeArray, ValueArray
from app.model.datavalue import DataValue
from app.model.status import StatusArray


@dataclass(frozen=True, slots=True)
class PlantState:
    """The last sample of every tag that has any up to an instant.

    `names` and, of shape (n,) beside it: `time` int64 ns UTC, `value` float64 (NaN: none, or a text), `status` uint32.
    """

    names: tuple[str, ...]
    time: TimeArray
    value: ValueArray
    status: StatusArray

    def __len__(self) -> int:
        """Return the number of tags."""
        return len(self.names)

    def samples(self) -> Iterator[tuple[str, DataValue]]:
        """Yield name and last sample of each tag."""
        for name, time, value, code in zip(
            self.names, self.time.tolist(), self.value.tolist(), self.status.tolist(), strict=True
        ):
            yield name, DataValue(value, code, time, time)
