"""Features see the past alone, and are what their names say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.remaining_life.features import PER_SIGNAL, features
from app.remaining_life.history import FloatArray

SIGNALS = arrays.arrays(
    np.float64, st.tuples(st.integers(1, 90), st.integers(1, 3)), elements=st.floats(-100, 100, width=32)
)


@settings(max_examples=40)
@given(SIGNALS, st.data())
def test_that_a_row_does_not_know_what_comes_after_it(signals: FloatArray, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(signals) - 1))
    whole = features(signals)
    assert whole.shape == (len(signals), PER_SIGNAL * signals.shape[1] + 2)
    assert features(signals[: row + 1])[-1] == pytest.approx(whole[row], abs=1e-6)


def test_that_each_feature_is_what_a_plain_calculation_gives() -> None:
    signal = np.random.default_rng(3).normal(size=80)
    row = features(signal[:, None])[-1]
    smooth = [np.average(signal, weights=(1 - share) ** np.arange(79, -1, -1)) for share in (0.1, 0.03)]
    expected = [
        signal[-5:].mean(),
        signal[-10:].mean(),
        signal[-20:].mean(),
        *smooth,
        signal[-10:].mean() - signal[:15].mean(),
        signal[-20:].mean() - signal[-60:].mean(),
        np.polyfit(np.arange(20), signal[-20:], 1)[0],
        np.polyfit(np.arange(50), signal[-50:], 1)[0],
        signal[-30:].std(),
        80.0,
        np.log(80.0),
    ]
    assert row == pytest.approx(expected, abs=1e-9)
