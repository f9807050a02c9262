"""Many values at once are judged as each of them is alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.model import clock, status
from app.model.exact import DataType
from app.model.tag import TagDefinition
from app.model.text import LocalText
from widgets.number import reading
from widgets.number_column import QualityCode, qualities

NOW = 1_795_530_727_000_000_000
CODES = (
    status.GOOD,
    status.UNCERTAIN_INITIAL_VALUE,
    status.UNCERTAIN_LAST_USABLE_VALUE,
    status.UNCERTAIN_NO_COMMUNICATION_LAST_USABLE_VALUE,
    status.BAD_NO_COMMUNICATION,
)


@given(
    st.lists(
        st.tuples(st.sampled_from([0.0, 1.5, float("nan")]), st.sampled_from(CODES), st.booleans(), st.booleans()),
        min_size=1,
        max_size=20,
    ),
    st.booleans(),
)
def test_that_many_values_are_judged_as_each_alone(
    samples: list[tuple[float, int, bool, bool]],
    is_linked: bool,  # noqa: FBT001 - given by name
) -> None:
    values, codes, has_come, is_text = (np.array(column) for column in zip(*samples, strict=True))
    times = np.where(has_come, NOW - clock.NS_PER_S, 0)
    found = qualities(values, codes.astype(np.uint32), times, is_text=is_text.astype(bool), is_linked=is_linked)
    for at, code in enumerate(found.tolist()):
        kind = DataType.STRING if is_text[at] else DataType.FLOAT64
        tag = TagDefinition(0, "T", "E", LocalText("t"), "c", "a", data_type=kind)
        told = reading(
            float(values[at]), int(codes[at]), tag=tag, time=int(times[at]), now=NOW, is_linked=is_linked, exact="text"
        )
        assert QualityCode(code).name == told.quality.name
