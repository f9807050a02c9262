"""Curves that are moved and continued look as if they had been drawn at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.model import status
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from widgets.trend.curve_layer import CurveLayer
from widgets.trend.geometry import Geometry, left_edge
from widgets.trend.live_buffer import LiveBuffer
from widgets.trend.pen import TrendPen
from widgets.trend.value_range import Extent

COLUMNS, HEIGHT = 160, 90
WIDTH = 1_000
BEGIN = 1_000_000 * WIDTH
KINDS = (TagKind.ANALOG, TagKind.ANALOG, TagKind.DISCRETE, TagKind.ANALOG)


def geometry(now: int) -> Geometry:
    plot = QRectF(10, 4, COLUMNS, HEIGHT)
    return Geometry(plot, plot.right(), left_edge(now, COLUMNS, WIDTH), WIDTH, now, 0, Extent(-1.0, 11.0))


def pens_of(buffers: list[LiveBuffer], owner: QObject) -> list[TrendPen]:
    tags = [TagDefinition(n, f"T{n}", "E", LocalText("t"), "c", "a", kind=kind) for n, kind in enumerate(KINDS)]
    return [
        TrendPen(tag, buffer, history=Path("none"), number=tag.handle, owner=owner)
        for tag, buffer in zip(tags, buffers, strict=True)
    ]


def show(layer: CurveLayer, pens: list[TrendPen], now: int, ratio: float) -> QRectF | None:
    scale = geometry(now)
    return layer.follow([pen.drawn(pen.columns(scale), scale) for pen in pens], scale, ratio=ratio)


def pixels(layer: CurveLayer, ratio: float) -> NDArray[np.uint8]:
    image = QImage(round(200 * ratio), round(100 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    with QPainter(image) as painter:
        layer.draw(painter)
    return np.array(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, :3]


def values_at(now: int, chance: np.random.Generator) -> list[tuple[float, int]]:
    at = now / WIDTH
    uncertain = status.UNCERTAIN if int(at) % 23 < 4 else status.GOOD
    lost = status.BAD_NO_COMMUNICATION if int(at) % 31 < 3 else status.GOOD
    return [
        (5 + chance.normal(0, 1.5), status.GOOD),
        (5 + 4 * np.sin(at / 9), uncertain),
        (float(int(at / 7) % 2), status.GOOD),
        (3 + 2 * np.cos(at / 20), lost),
    ]


@pytest.mark.parametrize(("ratio", "step"), [(1.0, 310), (2.0, 310), (1.0, 2_700), (1.5, 310)])
def test_that_continued_curves_look_like_those_drawn_at_once(qapp: QApplication, ratio: float, step: int) -> None:
    del qapp
    chance, owner = np.random.default_rng(5), QObject()
    buffers = [LiveBuffer(4_096) for _ in KINDS]
    layer, pens, now = CurveLayer(), pens_of(buffers, owner), BEGIN
    partly = 0
    for number in range(260):
        now += step
        for buffer, (value, code) in zip(buffers, values_at(now, chance), strict=True):
            if chance.random() < 0.9:
                buffer.append(np.array([now]), np.array([value]), np.array([code], np.uint32))
        changed = show(layer, pens, now, ratio)
        partly += changed is not None
        if number % 13 == 12:
            fresh, anew = CurveLayer(), pens_of(buffers, owner)
            for pen, other in zip(anew, pens, strict=True):
                pen.parts = other.parts
            show(fresh, anew, now, ratio)
            show(fresh, anew, now, ratio)
            ours, others = pixels(layer, ratio), pixels(fresh, ratio)
            edge = round(13 * ratio)  # the line that leads in from the left ends differently within a column
            difference = np.abs(ours[:, edge:].astype(int) - others[:, edge:])
            assert difference.max() <= 12, number  # a smoothed line that is cut is rounded otherwise
    assert step > WIDTH or partly > 50


def test_that_a_spike_of_one_sample_is_drawn_at_once(qapp: QApplication) -> None:
    del qapp
    owner, buffers = QObject(), [LiveBuffer(64) for _ in KINDS]
    layer, pens = CurveLayer(), pens_of(buffers, owner)[:1]
    for number in range(20):
        buffers[0].append(np.array([BEGIN + number]), np.array([2.0]), np.array([status.GOOD], np.uint32))
        show(layer, pens, BEGIN + number, 1.0)
    buffers[0].append(np.array([BEGIN + 20]), np.array([10.5]), np.array([status.GOOD], np.uint32))
    changed = show(layer, pens, BEGIN + 20, 1.0)
    top = round(geometry(BEGIN).y(10.5))
    assert changed is not None
    assert changed.contains(10 + COLUMNS - 0.5, top)
    assert pixels(layer, 1.0)[top + 1, 10 + COLUMNS - 1].max() > 60


def test_that_other_curves_are_drawn_anew(qapp: QApplication) -> None:
    del qapp
    owner, buffers = QObject(), [LiveBuffer(64) for _ in KINDS]
    layer, pens = CurveLayer(), pens_of(buffers, owner)
    for number in range(3):
        show(layer, pens, BEGIN + number, 1.0)
    assert show(layer, pens[:2], BEGIN + 3, 1.0) is None
    assert show(layer, pens[:2], BEGIN + 4 - 10 * WIDTH, 1.0) is None, "the window went back"


def test_that_a_noisy_curve_does_not_hide_the_spikes_of_the_others(qapp: QApplication) -> None:
    del qapp
    owner, buffers = QObject(), [LiveBuffer(4_096) for _ in KINDS]
    time = BEGIN + np.arange(0, COLUMNS * WIDTH, WIDTH // 20)
    code, chance = np.full(len(time), status.GOOD, np.uint32), np.random.default_rng(6)
    calm = np.full(len(time), 1.0)
    calm[1_000] = 9.0
    buffers[0].append(time, 5 + chance.normal(0, 1.5, len(time)), code)
    buffers[1].append(time, calm, code)
    pens, now = pens_of(buffers, owner)[:2], int(time[-1])
    alone, both = CurveLayer(), CurveLayer()
    show(alone, pens[1:], now, 1.0)
    drawn = pixels(alone, 1.0).astype(int)
    whole = (drawn == drawn.max(axis=(0, 1))).all(axis=2)  # but for the smoothed edges of lines
    assert whole[:70].sum() > 60, "the spike"
    for _ in range(2):  # at once, and out of the pixmap
        show(both, pens, now, 1.0)
        assert np.abs(pixels(both, 1.0)[whole].astype(int) - drawn[whole]).max() <= 12
