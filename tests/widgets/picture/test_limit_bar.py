"""The bar below a value points where it stands between its limits, and follows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QRegion

from app.model import clock, status
from app.model.block import block_of
from app.model.picture import Picture, Readout
from app.model.text import LocalText
from app.pubsub.live import LatestValues
from tests.widgets.trend.air_station import Station, build_station
from widgets.feed import ValuesChanged
from widgets.operation import wait_for_all
from widgets.picture.item_state import ItemAlarms
from widgets.picture.limit_bar import limit_bars
from widgets.picture.plane import fitted
from widgets.picture.scene import PictureScene

SIZE = QSize(400, 300)
PICTURE = Picture(
    "p",
    LocalText("p"),
    "air",
    (400.0, 300.0),
    readouts=(Readout("TT-11", (200.0, 150.0), LocalText("cooling"), indicator=True), Readout("PT-220", (90.0, 60.0))),
)


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    yield build_station(tmp_path, now=clock.now_ns(), hours=0.1, step_s=10.0, stored=False)
    wait_for_all()


def receive(station: Station, value: float) -> None:
    tags, now = len(station.plant.tags), clock.now_ns()
    handle = station.plant.tag("TT-11").handle
    latest = LatestValues(np.full(tags, now), np.full(tags, value), np.full(tags, status.GOOD, np.uint32))
    station.feed.receive_values(ValuesChanged(block_of(handle, now, value), latest))


def scene_of(station: Station, picture: Picture = PICTURE) -> PictureScene:
    plane = fitted(picture, QRectF(0, 0, SIZE.width(), SIZE.height()))
    return PictureScene(picture, plane=plane, size=SIZE, ratio=1.0, feed=station.feed, alarms=ItemAlarms(station.feed))


def painted(scene: PictureScene, image: QImage, boxes: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> bytes:
    region = QRegion()
    for left, top, right, bottom in boxes.tolist():
        region += QRectF(left, top, right - left, bottom - top).adjusted(-4, -4, 4, 4).toAlignedRect()
    with QPainter(image) as painter:
        painter.setClipRegion(region)
        scene.paint(painter, boxes, phase=True)
    return bytes(image.constBits())


def canvas() -> QImage:
    image = QImage(SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    return image


def test_that_only_what_asks_for_a_bar_and_has_a_range_gets_one(station: Station) -> None:
    plane = fitted(PICTURE, QRectF(0, 0, 400, 300))
    bars = limit_bars(PICTURE, station.feed, plane)
    assert list(bars) == [0]
    assert bars[0].scale.limits == tuple(sorted(bars[0].scale.limits))
    small = fitted(PICTURE, QRectF(0, 0, 120, 90))
    assert limit_bars(PICTURE, station.feed, small) == {}
    switch = replace(PICTURE, readouts=tuple(replace(each, tag="no such tag") for each in PICTURE.readouts))
    assert limit_bars(switch, station.feed, plane) == {}


def test_that_the_pointer_follows_the_value_and_leaves_nothing_behind(station: Station) -> None:
    receive(station, 30.0)
    scene, image = scene_of(station), canvas()
    before = painted(scene, image, scene.whole)
    for value in (38.5, float("nan"), 1e6, 30.0):
        receive(station, value)
        boxes = scene.renew(has_other_alarms=False)
        assert len(boxes)
        mended = painted(scene, image, boxes)
        assert mended == painted(scene, canvas(), scene.whole), value
    assert mended == before


def test_that_the_place_of_a_value_holds_its_bar(station: Station) -> None:
    receive(station, 30.0)
    scene = scene_of(station)
    (bar,) = scene.numbers.bars.values()
    left, top, right, bottom = scene.numbers.boxes[0].tolist()
    assert QRectF(left, top, right - left, bottom - top).contains(bar.room)
