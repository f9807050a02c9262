"""A picture of bars covers the pixels that the bars cover one by one, the first curve on top."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from widgets.trend.bar_picture import CURVES, BarPicture
from widgets.trend.bars import Bars
from widgets.trend.span_curve import SpanCurve

SIZE = 160
GROUND = QRectF(12, 8, 120, 90)
COLORS = [QColor.fromHsv(40 * number, 200, 250) for number in range(CURVES)]


def pixels(draw: object, ratio: float) -> NDArray[np.uint8]:
    image = QImage(round(SIZE * ratio), round(SIZE * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    with QPainter(image) as painter:
        painter.setClipRect(GROUND)
        draw(painter)  # type: ignore[operator]
    return np.array(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, :3]


def bars_of(chance: np.random.Generator, width: float, *, ratio: float = 1.0, parts: int = 1) -> Bars:
    """Return bars in most columns of the ground and some beyond it, here and there higher than it."""
    curve = SpanCurve()
    curve.width = width
    width = curve.bar_width(ratio)
    left = np.flatnonzero(chance.random(140 * parts) < 0.9) / parts + GROUND.left() - 10 - width / 2 + 0.5
    middle, height = chance.uniform(0, 110, len(left)), chance.uniform(4, 70, len(left))
    top, bottom = (np.round((middle + side * height / 2) * ratio) / ratio for side in (-1, 1))
    return Bars(np.floor(left * ratio + 0.5) / ratio, top, bottom, width)


def one_by_one(bars: list[Bars], colors: list[QColor]) -> object:
    def draw(painter: QPainter) -> None:
        for each, color in reversed(list(zip(bars, colors, strict=True))):
            curve = SpanCurve()
            curve.color = color
            curve.hold(each, np.empty((0, 4)), np.empty(0, np.bool_))
            curve.draw_bars(painter)

    return draw


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
@pytest.mark.parametrize("widths", [(2.0,), (2.0,) * CURVES, (1.0, 2.0, 3.0)])
def test_that_a_picture_covers_what_the_bars_cover(qapp: object, ratio: float, widths: tuple[float, ...]) -> None:
    chance = np.random.default_rng(3)
    bars, colors = [bars_of(chance, width, ratio=ratio) for width in widths], COLORS[: len(widths)]
    picture = BarPicture(bars, colors, ground=GROUND, ratio=ratio)
    assert np.array_equal(pixels(picture.draw, ratio), pixels(one_by_one(bars, colors), ratio))


def test_that_no_height_of_several_bars_in_one_column_is_lost(qapp: object) -> None:
    bars = [bars_of(np.random.default_rng(4), 2.0, parts=4)]
    ours = pixels(BarPicture(bars, COLORS[:1], ground=GROUND, ratio=1.0).draw, 1.0)
    plain = pixels(one_by_one(bars, COLORS[:1]), 1.0)
    assert (ours[plain.any(axis=2)] != 0).any(axis=1).all()


def test_that_a_pale_curve_lets_the_one_below_it_through(qapp: object) -> None:
    def bars() -> Bars:
        return Bars(np.array([20.0]), np.array([20.0]), np.array([60.0]), 2.0)

    pale, below = QColor(Qt.GlobalColor.white), QColor(Qt.GlobalColor.blue)
    pale.setAlphaF(0.5)
    picture = BarPicture([bars(), bars()], [pale, below], ground=GROUND, ratio=1.0)
    blue, green, red = (int(level) for level in pixels(picture.draw, 1.0)[40, 20])
    assert blue > 250
    assert 120 < green < 136
    assert 120 < red < 136


def test_that_more_curves_than_a_picture_has_room_for_are_refused(qapp: object) -> None:
    bars = [bars_of(np.random.default_rng(5), 2.0)] * (CURVES + 1)
    with pytest.raises(ValueError, match="make more pictures"):
        BarPicture(bars, [COLORS[0]] * (CURVES + 1), ground=GROUND, ratio=1.0)


@pytest.mark.parametrize("tops", [[], [-500.0], [900.0]])
def test_that_bars_which_are_all_beyond_the_ground_leave_it_as_it_was(qapp: object, tops: list[float]) -> None:
    top = np.array(tops)
    beyond = Bars(np.full(len(top), 20.0), top, top + 30.0, 2.0)
    assert not pixels(BarPicture([beyond], COLORS[:1], ground=GROUND, ratio=1.0).draw, 1.0).any()


def test_that_a_picture_takes_only_the_rows_that_have_bars(qapp: object) -> None:
    def picture(top: float, bottom: float) -> BarPicture:
        return BarPicture(
            [Bars(np.array([20.0]), np.array([top]), np.array([bottom]), 2.0)], COLORS[:1], ground=GROUND, ratio=1.0
        )

    assert [picture(*ends).height for ends in ((40.0, 60.0), (-400.0, 20.0), (90.0, 900.0))] == [20, 12, 8]
