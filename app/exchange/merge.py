"""Tells the samples of a file that are new from those that the history holds already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.exchange.file_samples import FileSamples
from app.exchange.time_text import iso_text
from app.exchange.value_fit import plain
from app.history.layout import HOUR_NS
from app.history.reader import HistoryReader
from app.model import status
from app.model.exact import DataType, ExactSeries

MOST_DIFFERENCES = 10
_MOST_STORED = 200_000


@dataclass(slots=True)
class ImportReport:
    """What became of the samples of a file.

    `added`: were not stored yet. `same`: were, with this value and status. `different`: another value or status is
    stored at that time and was kept; the first of them are told in `differences`. `repeated`: further samples of one
    tag and time in the file. `thinned`: belong to hours of which the history keeps minutes or hours, but no samples any
    more; they were left out, since those numbers know them already, or would be changed by a part of the samples only.
    `filled_gaps`: gaps that the samples have filled, wholly or in part.
    """

    added: int = 0
    same: int = 0
    different: int = 0
    repeated: int = 0
    thinned: int = 0
    filled_gaps: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def samples(self) -> int:
        """Return the number of all."""
        return self.added + self.same + self.different + self.repeated + self.thinned


class Merge:
    """Compares samples with what `reader` finds, tag by tag; `names` and `data_types` by the handle of a tag."""

    def __init__(
        self, reader: HistoryReader, names: Mapping[int, str], data_types: Mapping[int, DataType], report: ImportReport
    ) -> None:
        """Count what is not new in `report`."""
        self._reader = reader
        self._names = names
        self._data_types = data_types
        self._report = report

    def new_in(self, samples: FileSamples) -> FileSamples:
        """Return the samples that are not stored, by tag and in rising time; of several of one time, the first."""
        ordered = samples.select(np.lexsort((samples.time, samples.series)))
        is_repeated = np.zeros(len(ordered), np.bool_)
        is_repeated[1:] = (np.diff(ordered.series) == 0) & (np.diff(ordered.time) == 0)
        self._report.repeated += int(np.count_nonzero(is_repeated))
        single = ordered.select(~is_repeated)
        is_new = np.ones(len(single), np.bool_)
        bounds = np.flatnonzero(np.diff(single.series, prepend=-1, append=-1))
        for begin, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            for first, last, stored in self._stored(single, begin, end):
                is_new[first:last] = self._compare(single, first, last, stored)
            is_new[begin:end] &= ~self._is_thinned(single, begin, end, is_new[begin:end])
        return single.select(is_new)

    def _is_thinned(self, samples: FileSamples, begin: int, end: int, is_new: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which new samples of one tag belong to hours without samples, and count them."""
        time = samples.time[begin:end]
        name = self._names[int(samples.series[begin])]
        hours = self._reader.hours_without_samples(name, int(time[0]), int(time[-1]) + 1)
        found: NDArray[np.bool_] = np.isin(time // HOUR_NS, hours) & is_new
        self._report.thinned += int(np.count_nonzero(found))
        return found

    def _stored(self, samples: FileSamples, begin: int, end: int) -> Iterator[tuple[int, int, ExactSeries]]:
        """Yield what is stored over samples `begin` to `end` of one tag, in parts that fit into memory."""
        handle = int(samples.series[begin])
        name, data_type = self._names[handle], self._data_types[handle]
        start, stop = int(samples.time[begin]), int(samples.time[end - 1]) + 1
        stored = self._reader.raw(name, start, stop, limit=_MOST_STORED)
        if len(stored) == _MOST_STORED and end - begin > 1:
            middle = (begin + end) // 2
            yield from self._stored(samples, begin, middle)
            yield from self._stored(samples, middle, end)
        elif len(stored) and data_type is not DataType.FLOAT64:
            yield begin, end, self._reader.exact(name, start, stop)
        else:
            yield begin, end, ExactSeries(stored.time, stored.value, stored.status, DataType.FLOAT64)

    def _compare(self, samples: FileSamples, first: int, last: int, stored: ExactSeries) -> NDArray[np.bool_]:
        if not len(stored):
            return np.ones(last - first, np.bool_)
        time = samples.time[first:last]
        place = np.minimum(np.searchsorted(stored.time, time), len(stored) - 1)
        is_new: NDArray[np.bool_] = stored.time[place] != time
        is_alike = _are_alike(plain(samples.value[first:last]), stored.value[place])
        is_same = ~is_new & is_alike & (samples.status[first:last] == stored.status[place])
        self._report.same += int(np.count_nonzero(is_same))
        self._note(samples, first + np.flatnonzero(~is_new & ~is_same), stored, place[~is_new & ~is_same])
        return is_new

    def _note(
        self, samples: FileSamples, rows: NDArray[np.intp], stored: ExactSeries, places: NDArray[np.intp]
    ) -> None:
        self._report.different += len(rows)
        left = MOST_DIFFERENCES - len(self._report.differences)
        for row, place in zip(rows[:left].tolist(), places[:left].tolist(), strict=True):
            name = self._names[int(samples.series[row])]
            there = _shown(stored.value[place], int(stored.status[place]))
            here = _shown(samples.value[row], int(samples.status[row]))
            self._report.differences.append(
                f"line {samples.line[row]}: {name} at {iso_text(int(samples.time[row]))} is stored as {there}, "
                f"the file has {here}"
            )


def _are_alike(values: NDArray[Any], stored: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where two columns say the same; NaN is like NaN."""
    if values.dtype.kind == stored.dtype.kind == "f":
        alike: NDArray[np.bool_] = (values == stored) | (np.isnan(values) & np.isnan(stored))
        return alike
    return np.array([one == other for one, other in zip(values.tolist(), stored.tolist(), strict=True)], np.bool_)


def _shown(value: Any, code: int) -> str:  # noqa: ANN401 - of any data type
    return f"{value.item() if isinstance(value, np.generic) else value!r} {status.name(code)}"
