"""Bars are drawn as fewer and smaller rectangles, but cover the same pixels."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from widgets.trend import bars
from widgets.trend.bars import bar_rects

SIZE = 200


def filled(rects: NDArray[np.float64]) -> NDArray[np.uint8]:
    image = QImage(SIZE, SIZE, QImage.Format.Format_Grayscale8)
    image.fill(0)
    with QPainter(image) as painter:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.white)
        painter.drawRects([QRectF(*rect) for rect in rects])
    return np.frombuffer(image.constBits(), np.uint8).reshape(SIZE, image.bytesPerLine())[:, :SIZE].copy()


@pytest.mark.parametrize("least", [0, bars.WORTHWHILE])
@pytest.mark.parametrize("spread", [2.0, 20.0, 60.0])
@pytest.mark.parametrize("number", [1, 3, 4, 5, 150])
def test_that_the_rectangles_cover_what_the_bars_cover(
    qapp: object, monkeypatch: pytest.MonkeyPatch, spread: float, number: int, least: int
) -> None:
    monkeypatch.setattr(bars, "WORTHWHILE", least)
    chance = np.random.default_rng(3)
    width = 2.0
    left = (np.flatnonzero(chance.random(number + 40) < 0.9)[:number] + 10.5).astype(np.float64)
    top = 90 - spread * chance.random(len(left))
    bottom = 100 + spread * chance.random(len(left))
    plain = np.column_stack((left, np.round(top), np.full(len(left), width), np.round(bottom) - np.round(top)))
    assert np.array_equal(filled(bar_rects(left, top, bottom, width=width)), filled(plain))


def test_that_bars_with_much_in_common_are_drawn_in_half_of_the_height(qapp: object) -> None:
    chance = np.random.default_rng(4)
    left = np.arange(1_000.0)
    top, bottom = 50 - 5 * chance.random(1_000), 150 + 5 * chance.random(1_000)
    assert bar_rects(left, top, bottom, width=2.0)[:, 3].sum() < 0.5 * (bottom - top).sum()
