"""The last sample of each tag so far, as columns that are indexed by the tag's number in the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.history.samples import Samples
from app.model import status as status_code
from app.model.plant_state import PlantState

_NEVER = -(1 << 63)


class StateTable:
    """Takes samples, of which the latest counts, and of several at one time the one taken last."""

    def __init__(self, highest: int) -> None:
        """Prepare for tags with numbers up to `highest`."""
        self.time = np.full(highest + 1, _NEVER, np.int64)
        self.value = np.full(highest + 1, np.nan)
        self.status = np.full(highest + 1, status_code.BAD_NO_DATA, np.uint32)
        self._is_known = np.zeros(highest + 1, np.bool_)

    def copy(self) -> StateTable:
        """Return a table of its own with the same samples."""
        other = StateTable(len(self.time) - 1)
        other.time[:], other.value[:], other.status[:] = self.time, self.value, self.status
        other._is_known[:] = self._is_known
        return other

    def has(self, number: int) -> bool:
        """Return whether there is a sample of a tag."""
        return bool(self._is_known[number])

    def put(self, number: int, time: int, value: Any, code: int) -> None:  # noqa: ANN401 - of any kind
        """Set the sample of one tag."""
        self.time[number], self.status[number], self._is_known[number] = time, code, True
        try:
            self.value[number] = value
        except ValueError:  # a text
            self.value[number] = np.nan

    def put_all(self, numbers: Any, samples: tuple[Any, Any, Any]) -> None:  # noqa: ANN401 - index and columns of numpy
        """Set time, value and status of several tags."""
        self.time[numbers], self.value[numbers], self.status[numbers] = samples
        self._is_known[numbers] = True

    def take(self, samples: Samples) -> None:
        """Take one float64 sample of each of several tags, written after all that were taken before."""
        is_newer = (samples.time >= self.time[samples.tag]) | ~self._is_known[samples.tag]
        news = samples.rows(is_newer)
        self.put_all(news.tag, (news.time, news.value, news.status))

    def take_last(self, samples: Samples, at: int) -> None:
        """Take of each tag the last sample with time <= at (ns UTC)."""
        early = samples.rows(samples.time <= at)
        if not len(early):
            return
        last = early.rows(np.append(np.flatnonzero(np.diff(early.tag)), len(early) - 1))
        self.take(last.in_kind("f"))

    def result(self, names: Mapping[int, str]) -> PlantState:
        """Return the samples of the tags that have any and a name."""
        numbers = np.array([number for number in np.flatnonzero(self._is_known).tolist() if number in names], np.intp)
        return PlantState(
            tuple(names[number] for number in numbers.tolist()),
            self.time[numbers],
            self.value[numbers],
            self.status[numbers],
        )
