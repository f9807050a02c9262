"""The numbers beside a value axis are whole: narrower where they are long, as powers of ten where nothing else fits."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetricsF

from widgets.theme import theme
from widgets.trend.tick_text import NARROWEST, fitted
from widgets.trend.value_range import Extent, ticks

ROOM = 42.0


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    "extent",
    [
        Extent(0.0, 100.0),
        Extent(1_234_560.0, 1_234_570.0),
        Extent(-3.4e38, 1.2e38),
        Extent(0.0, 4e-12),
        Extent(0.0, 9.9e8),
    ],
    ids=["plain", "counter", "float", "tiny", "large"],
)
def test_that_each_number_fits_and_tells_its_tick_from_the_others(extent: Extent) -> None:
    texts, font = fitted(ticks(extent, 6), theme().font("tiny"), ROOM)
    metrics = QFontMetricsF(font)
    assert len(set(texts)) == len(texts) > 2
    assert max(map(metrics.horizontalAdvance, texts)) <= ROOM + 1
    assert not 0 < font.stretch() < NARROWEST - 1


@pytest.mark.usefixtures("qapp")
def test_that_a_counter_keeps_its_digits_and_a_wrong_byte_order_is_read_as_a_power_of_ten() -> None:
    font = theme().font("tiny")
    assert "1234560" in fitted(ticks(Extent(1_234_560.0, 1_234_570.0), 6), font, ROOM)[0]
    powers, _ = fitted(ticks(Extent(-3.0e38, 3.0e38), 6), font, ROOM)
    assert "\u22122e38" in powers
    assert "0" in powers
