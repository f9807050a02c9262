"""The value axis has round numbers and stays calm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.clock import NS_PER_S
from widgets.trend.value_range import PATIENCE_NS, CalmRange, Extent, rounded, step_for, ticks, whole_ticks

finite = st.floats(-1e9, 1e9)


@pytest.mark.parametrize(
    ("span", "count", "step"), [(10, 5, 2), (1, 5, 0.2), (7.3, 4, 2), (0.03, 3, 0.01), (900, 4, 500)]
)
def test_that_steps_are_round(span: float, count: int, step: float) -> None:
    assert step_for(span, count) == pytest.approx(step)


def test_that_ticks_lie_within_and_tell_their_decimals() -> None:
    found = ticks(Extent(6.28, 8.31), 6)
    assert found.values == (6.5, 7.0, 7.5, 8.0)
    assert found.decimals == 1
    assert whole_ticks(Extent(-0.1, 1.1)).values == (0.0, 1.0)


@given(low=finite, span=st.floats(1e-6, 1e6))
def test_that_a_rounded_extent_holds_what_it_was_made_from(low: float, span: float) -> None:
    extent = Extent(low, low + span)
    assert rounded(extent).holds(extent)
    assert rounded(extent).span > 0


def test_that_a_flat_curve_has_a_range_too() -> None:
    assert rounded(Extent(5.0, 5.0)).span > 0
    assert rounded(Extent(0.0, 0.0)).span > 0


def test_that_the_range_grows_at_once() -> None:
    calm = CalmRange()
    calm.follow(Extent(0, 10), now=0)
    assert calm.follow(Extent(0, 40), now=1).holds(Extent(0, 40))


def test_that_the_range_does_not_move_while_the_curve_trembles() -> None:
    calm = CalmRange()
    first = calm.follow(Extent(0, 10), now=0)
    for step in range(200):
        assert calm.follow(Extent(0, 9.5 + 0.5 * (step % 2)), now=step * NS_PER_S) == first


def test_that_the_range_shrinks_only_after_a_while() -> None:
    calm = CalmRange()
    wide = calm.follow(Extent(0, 100), now=0)
    assert calm.follow(Extent(0, 10), now=1) == wide
    assert calm.follow(Extent(0, 10), now=PATIENCE_NS) == wide
    assert calm.follow(Extent(0, 10), now=PATIENCE_NS + 1).span < wide.span


def test_that_infinite_and_missing_values_do_not_widen_an_extent() -> None:
    assert Extent(0, 1).with_values(float("nan"), float("inf"), 2) == Extent(0, 2)
