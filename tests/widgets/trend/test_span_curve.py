"""A pen draws every column, joins neighbours, and leaves gaps where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from app.model import status
from app.model.series import Series
from widgets.trend.decimate import decimate, samples
from widgets.trend.drawn_curve import DrawnCurve, hold_shapes
from widgets.trend.geometry import Geometry, column_width, left_edge
from widgets.trend.growing_columns import NO_COLUMNS
from widgets.trend.span_curve import SpanCurve
from widgets.trend.value_range import Extent

WIDTH = 1_000


def geometry(columns: int = 100) -> Geometry:
    return Geometry(QRectF(10, 0, columns, 100), 10 + columns, 0, WIDTH, 0, 0, Extent(0.0, 10.0))


def curve_of(
    times: list[int], values: list[float], codes: list[int] | None = None, *, stepped: bool = False
) -> SpanCurve:
    series = Series(
        np.array(times, np.int64),
        np.array(values, np.float64),
        np.array(codes or [status.GOOD] * len(times), np.uint32),
    )
    curve = SpanCurve(is_stepped=stepped)
    curve.color = QColor("white")
    columns = decimate(samples(series), WIDTH)
    hold_shapes([DrawnCurve(curve, columns, NO_COLUMNS, geometry(), 1)], ratio=1.0)
    return curve


def image_of(curve: SpanCurve) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    image = QImage(120, 100, QImage.Format.Format_Grayscale8)
    image.fill(0)
    with QPainter(image) as painter:
        curve.draw_bars(painter)
        curve.draw_lines(painter)
    return np.frombuffer(image.constBits(), np.uint8).reshape(100, image.bytesPerLine())[:, :120].copy()


def test_that_neighbours_are_joined_by_one_line_each(qapp: object) -> None:
    curve = curve_of([500, 1_500, 2_500], [1, 2, 3])
    assert curve.lines == (2, 0)


def test_that_a_spike_reaches_its_full_height(qapp: object) -> None:
    times = list(range(0, 100_000, 10))
    values = [5.0] * len(times)
    values[4_321] = 9.5
    pixels = image_of(curve_of(times, values))
    assert pixels[5:8, 10 + 43].max() > 60


def test_that_a_gap_stays_empty(qapp: object) -> None:
    times = [*range(500, 40_000, 1_000), 50_500, *range(60_500, 100_000, 1_000)]
    values = [5.0] * len(times)
    codes = [status.GOOD] * len(times)
    codes[40] = status.BAD_NO_COMMUNICATION
    pixels = image_of(curve_of(times, values, codes))
    assert pixels[:, 30].max() > 60
    assert pixels[:, 55:65].max() == 0
    assert pixels[:, 90].max() > 60


def test_that_uncertain_stretches_are_dashed(qapp: object) -> None:
    codes = [status.GOOD, status.GOOD, status.UNCERTAIN_LAST_USABLE_VALUE, status.UNCERTAIN_LAST_USABLE_VALUE]
    solid, dashed = curve_of([500, 1_500, 2_500, 3_500], [1, 2, 3, 4], codes).lines
    assert (solid, dashed) == (1, 2)


def test_that_a_single_sample_is_seen(qapp: object) -> None:
    assert image_of(curve_of([50_500], [5.0])).max() > 60


def test_that_switches_hold_their_value(qapp: object) -> None:
    curve = curve_of([500, 50_500], [0, 1], stepped=True)
    assert curve.lines == (2, 0)
    pixels = image_of(curve)
    assert pixels[98:, 30].max() > 60


def test_that_nothing_draws_nothing(qapp: object) -> None:
    curve = curve_of([], [])
    assert curve.lines == (0, 0)
    assert image_of(curve).max() == 0


@pytest.mark.parametrize("columns", [1, 37, 550])
def test_that_the_last_column_holds_now(columns: int) -> None:
    now = 1_795_530_727_123_456_789
    width = column_width(3_600_000_000_000, columns)
    start = left_edge(now, columns, width)
    assert start % width == 0
    assert start + (columns - 1) * width <= now < start + columns * width


def test_that_a_noisy_curve_is_bars_that_need_no_lines_between_them(qapp: object) -> None:
    times = list(range(0, 100_000, 100))
    values = [2.0 + 6.0 * (number % 2) for number in range(len(times))]
    curve = curve_of(times, values)
    assert curve.lines == (0, 0)
    pixels = image_of(curve)
    assert (pixels[22:78, 12:108] > 200).all()
    assert (pixels[:17, :] == 0).all()
    assert (pixels[83:, :] == 0).all()


def test_that_bars_that_do_not_touch_are_joined_by_a_line(qapp: object) -> None:
    times = list(range(50_000, 52_000, 100))
    values = [1.0 + 2.0 * (number % 2) if number < 10 else 7.0 + 2.0 * (number % 2) for number in range(20)]
    curve = curve_of(times, values)
    assert curve.lines == (1, 0)
    assert image_of(curve)[45:55, 58:63].max() > 60
