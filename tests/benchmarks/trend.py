"""What trends cost: a frame of many points beside other charts, a wall of panes, and ten years of history.

Processor time counts, which other programs do not lengthen as they do the wall clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.benchmarks.figure import Figure
from tests.benchmarks.trend_frame import measure_frame
from tests.benchmarks.trend_panes import measure_panes
from tests.benchmarks.trend_years import measure_years

if TYPE_CHECKING:
    from tests.benchmarks.__main__ import Options


def measure(options: Options) -> Iterator[Figure]:
    """Yield the figures of one frame, of sixteen panes, and of panning and zooming."""
    turns, budget_s = (9, 12.0) if options.quick else (31, 90.0)
    yield from measure_frame(turns=turns, budget_s=budget_s)
    yield from measure_panes(turns=turns, budget_s=budget_s)
    yield from measure_years(hours_apart=240 if options.quick else 1)
