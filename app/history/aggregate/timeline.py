"""The time of a processed read cut into regions, each from one point to the next (OPC 10000-13, 5.4.3.2).

```
  edge             edge            edge      the bounds of the intervals
   |    o    o      |     x   o     |        o, x: samples
   |....|----|......|.....|---|.....|        ---- inner regions, .... outer ones: up to two in each interval
```
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.history.aggregate.bound import Bounds, interpolated_bounds, simple_bounds
from app.history.aggregate.judged_samples import JudgedSamples, SeverityArray
from app.history.aggregate.processed_read import ProcessedRead
from app.history.aggregate.segment import IndexArray, reduced
from app.model.block import TimeArray, ValueArray
from app.model.status import Severity

Kind = TypeVar("Kind", bound=np.generic)
Number = TypeVar("Number", np.int64, np.float64)


@dataclass(frozen=True, slots=True)
class Regions:
    """Stretches of time between two points; arrays of shape (r,).

    `begin`, `end`: float64, the values at the two points. `before`, `behind`: their Severity as uint8.
    `duration`: ns. `is_good`: whether all points are good, which spares looking at each.
    """

    begin: ValueArray
    end: ValueArray
    before: SeverityArray
    behind: SeverityArray
    duration: NDArray[np.int64]
    is_good: bool

    def area(self, *, is_stepped: bool) -> ValueArray:
        """Return the area under the values, in the tag's unit times ns.

        A region that begins badly has none; one that ends badly keeps its first value.
        """
        if is_stepped:
            area: ValueArray = self.begin * self.duration
        else:
            end = self.end if self.is_good else np.where(self.behind == Severity.BAD, self.begin, self.end)
            area = self.begin + end
            area *= self.duration
            area *= 0.5
        return area if self.is_good else np.where(self.before == Severity.BAD, 0.0, area)

    def duration_of(self, severity: Severity, *, is_stepped: bool) -> NDArray[np.int64]:
        """Return how long those regions are that are of one severity, 0 for the others.

        A region is as bad as its first point; where the line to the next one is drawn, or would be if that one were not
        bad, it is also uncertain unless that one is good.
        """
        if self.is_good:
            return self.duration if severity is Severity.GOOD else np.zeros_like(self.duration)
        found = self.before
        if not is_stepped:
            found = np.maximum(found, np.minimum(self.behind, np.uint8(Severity.UNCERTAIN)))
        lasting: NDArray[np.int64] = self.duration * (found == severity)
        return lasting


@dataclass(frozen=True, slots=True)
class Timeline:
    """The regions of m intervals.

    `inner`: between neighbouring samples; those of interval k are low[k]:high[k]. `outer`: 2k from the start of
    interval k to its first sample behind that, or to its end; 2k + 1 from its last sample to the end, without duration
    where there is no sample.
    """

    inner: Regions
    low: IndexArray
    high: IndexArray
    outer: Regions

    def total(self, column: Callable[[Regions], NDArray[Number]]) -> NDArray[Number]:
        """Return the sum of a column over the regions of each interval, shape (m,); exact where it is of whole ns."""
        pairs = column(self.outer).reshape(-1, 2)
        whole: NDArray[Number] = reduced(np.add, column(self.inner), self.low, self.high, empty=0)
        whole += pairs[:, 0]
        whole += pairs[:, 1]
        return whole

    def duration(self) -> NDArray[np.int64]:
        """Return how long the regions of each interval are together, ns, shape (m,)."""
        return self.total(lambda regions: regions.duration)

    def duration_of(self, severity: Severity, *, is_stepped: bool) -> NDArray[np.int64]:
        """Return for how many ns of each interval the regions are of one severity, shape (m,)."""
        return self.total(lambda regions: regions.duration_of(severity, is_stepped=is_stepped))

    def area(self, *, is_stepped: bool) -> ValueArray:
        """Return the area under the values in each interval, in the tag's unit times seconds, shape (m,)."""
        return self.total(lambda regions: regions.area(is_stepped=is_stepped)) * 1e-9

    def is_doubtful(self) -> NDArray[np.bool_]:
        """Return which intervals have a point that is not good, shape (m,)."""
        worst = np.maximum(self.outer.before, self.outer.behind).reshape(-1, 2).max(1)
        if not self.inner.is_good:
            points = np.maximum(self.inner.before, self.inner.behind)
            worst = np.maximum(worst, reduced(np.maximum, points, self.low, self.high, empty=0))
        found: NDArray[np.bool_] = worst != Severity.GOOD
        return found


def simple_timeline(read: ProcessedRead) -> Timeline:
    """Return the regions between all samples, with Simple Bounding Values at the edges of the intervals.

    The region behind the last sample of all lasts one unit of the historian's time if the sample has a value (5.4.2.4),
    else up to the interval's end.
    """
    samples, edges = read.samples, read.intervals.edges
    timeline = _timeline(samples, edges, simple_bounds(samples, edges, is_stepped=read.is_stepped))
    number = int(np.searchsorted(edges, samples.last, side="right")) - 1
    if 0 <= number < len(read.intervals) and samples.severity[-1] != Severity.BAD:
        region = 2 * number + int(edges[number] < samples.last)
        timeline.outer.duration[region] = min(read.configuration.resolution, timeline.outer.duration[region])
    return timeline


def interpolated_timeline(read: ProcessedRead) -> Timeline:
    """Return the regions between samples with a value, with Interpolated Bounding Values (sloped) at the edges."""
    samples, edges = read.samples, read.intervals.edges
    bounds = interpolated_bounds(samples, edges, configuration=read.configuration, is_stepped=False)
    return _timeline(samples if samples.is_good else samples.usable(), edges, bounds)


def _timeline(samples: JudgedSamples, edges: TimeArray, bounds: Bounds) -> Timeline:
    """Cut the time at the samples and the edges; a sample that lies on an edge is the bound there."""
    first = np.searchsorted(samples.time, edges[:-1], side="right")
    last = np.searchsorted(samples.time, edges[1:]) - 1
    begin, end = int(first[0]), int(last[-1]) + 1
    inside = slice(begin, max(begin, end))
    time, value, severity = samples.time[inside], samples.value[inside], samples.severity[inside]
    inner = Regions(value[:-1], value[1:], severity[:-1], severity[1:], np.diff(time), is_good=samples.is_good)
    low = first - begin
    return Timeline(inner, low, np.maximum(last - begin, low), _outer(samples, edges, bounds, first, last))


def _outer(samples: JudgedSamples, edges: TimeArray, bounds: Bounds, first: IndexArray, last: IndexArray) -> Regions:
    """Return the regions at the edges; `first` and `last` sample of each interval, first > last where there is none."""
    is_empty = first > last

    def ends(at_edges: NDArray[Kind], at_samples: NDArray[Kind]) -> tuple[NDArray[Kind], NDArray[Kind]]:
        start, stop = at_edges[:-1], at_edges[1:]
        head, tail = stop.copy(), stop.copy()
        head[~is_empty] = at_samples[first[~is_empty]]
        tail[~is_empty] = at_samples[last[~is_empty]]
        return np.stack((start, tail), 1).ravel(), np.stack((head, stop), 1).ravel()

    begin, end = ends(edges, samples.time)
    value, next_value = ends(bounds.value, samples.value)
    before, behind = ends(bounds.severity, samples.severity)
    is_good = samples.is_good and not bounds.severity.any()
    return Regions(value, next_value, before, behind, end - begin, is_good)
