"""Where nothing was collected a tag has a mark, and no second one where a sample stands at that very instant."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.history.gap import Gap, GapReason
from app.history.gap_marking import GapMarkingReader
from app.model import status
from app.model.series import Series

INSTANTS = st.sets(st.integers(0, 60), max_size=20)


class Kept:
    """A reader of samples at some instants."""

    def __init__(self, times: set[int]) -> None:
        self.time = np.array(sorted(times), np.int64)

    def number(self, tag: str) -> int | None:
        del tag
        return 7

    def raw(self, tag: str, start: int, end: int, *, limit: int = 0) -> Series:
        del tag
        time = self.time[(self.time >= start) & (self.time < end)][-limit:]
        return Series(time, np.ones(len(time)), np.zeros(len(time), np.uint32))


@given(INSTANTS, INSTANTS, INSTANTS, st.tuples(st.integers(0, 60), st.integers(0, 60)), st.integers(0, 5))
def test_that_marks_stand_where_collecting_stopped_and_no_sample_is(
    samples: set[int], of_all: set[int], of_tag: set[int], stretch: tuple[int, int], limit: int
) -> None:
    start, end = stretch
    gaps = [Gap(begin, begin + 1, GapReason.NOT_COLLECTING) for begin in of_all]
    gaps += [Gap(begin, begin + 1, GapReason.NOT_COLLECTING, tag=7) for begin in of_tag]
    found = GapMarkingReader(Kept(samples), gaps).raw("T", start, end, limit=limit)
    inside = {time for time in samples if start <= time < end}
    marks = {time for time in of_all | of_tag if start <= time < end}
    whole = Kept(samples).raw("T", start, end, limit=limit).time.tolist()
    expected = sorted({*whole, *(marks - set(whole))})[-limit:]
    assert found.time.tolist() == expected
    for time, code, value in zip(found.time.tolist(), found.status.tolist(), found.value.tolist(), strict=True):
        is_sample = time in inside and time in whole
        assert (code == status.GOOD, np.isnan(value)) == (is_sample, not is_sample)
