"""Lines and icons fill whole pixels of the device, at every ratio of a screen and wherever their widget lies."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication

from widgets.icon import RATIOS, icon_of, paint_icon
from widgets.rule import draw_level, draw_upright

WHITE, SIDE = QColor("white"), 60


def painted(ratio: float, origin: tuple[float, float], draw: Callable[[QPainter], object]) -> NDArray[np.uint8]:
    """Return what is painted by a widget that lies at `origin`, px, as levels of grey."""
    side = round(SIDE * ratio)
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("black"))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(*origin)
        draw(painter)
    return np.frombuffer(image.constBits(), np.uint8).reshape(side, -1, 4)[:, :side, 1].copy()


@pytest.mark.parametrize("ratio", RATIOS)
def test_that_lines_of_a_width_are_equally_thick_and_sharp_wherever_they_are(ratio: float) -> None:
    dashed = QPen(WHITE, 1.6)
    dashed.setDashPattern([6, 3])
    pens: tuple[QPen | QColor, ...] = (WHITE, dashed)
    for pen, origin, place in product(pens, (0.0, 3.0, 7.0), (10.0, 17.3, 20.5, 31.8)):
        rows = painted(ratio, (0.0, origin), lambda painter: draw_level(painter, place, (5.0, 55.0), pen))  # noqa: B023
        columns = painted(ratio, (origin, 0.0), lambda painter: draw_upright(painter, place, (5.0, 55.0), pen))  # noqa: B023
        assert pen is dashed or (rows == columns.T).all(), "upright as level"
        assert set(np.unique(rows)) == {0, 255}, "no pixel is half covered"
        lit = np.flatnonzero(rows.any(axis=1))
        assert len(lit) == max(1, np.ceil((1.6 if pen is dashed else 1.0) * ratio - 0.5))
        assert abs((lit[0] + lit[-1] + 1) / 2 - (place + origin) * ratio) <= 0.5
        assert (rows[lit] == rows[lit[0]]).all(), "as many pixels in each row"


def test_that_dashes_are_as_long_at_every_ratio() -> None:
    pen = QPen(WHITE, 1.0)
    pen.setDashPattern([6, 3])
    for ratio in RATIOS:
        row = painted(ratio, (0.0, 0.0), lambda painter: draw_level(painter, 20.0, (0.0, 54.0), pen)).max(axis=0)
        begins = np.flatnonzero(np.diff(row.astype(int)) > 0)
        assert np.diff(begins).mean() == pytest.approx(9 * ratio, abs=0.5)


def test_that_an_icon_has_a_pixel_of_its_own_for_each_of_the_device(qapp: QApplication) -> None:
    assert qapp is not None

    def icon(ratio: float, place: QRectF) -> NDArray[np.uint8]:
        shown = painted(ratio, (0.0, 0.0), lambda painter: paint_icon(painter, place, "warning", WHITE))
        rows, columns = (np.flatnonzero(shown.any(axis=axis)) for axis in (1, 0))
        return shown[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]

    for ratio, left in product((1.0, 1.25, 1.5, 2.0), (0.0, 3.0, 6.5)):
        side = round(18 * ratio)  # as many pixels as there are, without a row that is there twice or not at all
        assert np.array_equal(icon(ratio, QRectF(left, 10, 18, 18)), icon(1.0, QRectF(0, 0, side, side)))


def test_that_the_icons_of_lists_have_the_pixels_of_each_screen(qapp: QApplication) -> None:
    assert qapp is not None
    icon = icon_of("warning", WHITE.rgba(), 14)
    for ratio in RATIOS:
        pixmap = icon.pixmap(icon.actualSize(icon.availableSizes()[0]), ratio)
        assert pixmap.width() == round(14 * ratio)
        assert pixmap.deviceIndependentSize().width() == pytest.approx(14, abs=0.5)
