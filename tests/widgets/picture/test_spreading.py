"""Values of a small picture move off names, bodies and one another; those of a large one stay where they were put."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QApplication

from app.model import clock
from app.model.block import block_of
from app.model.picture import Picture, Pipe, Readout, Symbol
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from tests.widgets.trend.air_station import receive
from widgets.feed import Feed
from widgets.picture.item import lettering, name_place
from widgets.picture.item_state import ItemAlarms, ItemState, Motion
from widgets.picture.plane import Plane, fitted
from widgets.picture.scene import PictureScene
from widgets.picture.spreading import EDGE, spread
from widgets.picture.value_place import readout_rect

TAGS = tuple(
    TagDefinition(handle, name, "AC02", LocalText("tag"), "c", "a", unit="Cel", decimals=1)
    for handle, name in enumerate(("T_D", "T_OIL"))
)
PICTURE = Picture(
    "air",
    LocalText("Compressed air"),
    "AC02",
    (1_000.0, 660.0),
    symbols=(Symbol("compressor", (340.0, 400.0), (140.0, 140.0), "AC02"),),
    readouts=(Readout("T_D", (340.0, 520.0)), Readout("T_OIL", (350.0, 524.0))),
)


@pytest.fixture
def feed(qapp: QApplication, tmp_path: Path) -> Feed:
    del qapp
    plant = Plant("p", LocalText("p"), equipment=(), connections=(), tags=TAGS, pictures=(PICTURE,))
    feed = Feed(plant, PlantFolder(tmp_path))
    for tag, value in zip(TAGS, (36.6, 41.0), strict=True):
        receive(feed, block_of(tag.handle, clock.now_ns(), value), plant)
    return feed


def plane_of(size: QSize) -> Plane:
    return fitted(PICTURE, QRectF(0, 0, size.width(), size.height()))


def test_that_a_value_stands_clear_of_the_name_of_its_item_and_of_its_neighbour(feed: Feed) -> None:
    size = QSize(280, 180)
    plane = plane_of(size)
    shown = spread(PICTURE, plane, feed)
    scene = PictureScene(shown, plane=plane, size=size, ratio=1.0, feed=feed, alarms=ItemAlarms(feed))
    left, top, right, bottom = scene.numbers.boxes.T
    name = name_place(PICTURE.symbols[0], ItemState(Motion.PASSIVE), plane, lettering(plane))
    assert scene.numbers.has_room.all()
    assert (top >= name.bottom() - 1).all() or (bottom <= name.top() + 1).all()
    assert top[1] >= bottom[0] - 2 or top[0] >= bottom[1] - 2
    assert right.max() - left.min() < size.width()
    unmoved = PictureScene(PICTURE, plane=plane, size=size, ratio=1.0, feed=feed, alarms=ItemAlarms(feed))
    assert not unmoved.numbers.has_room.all(), "two would lie upon one another"


def test_that_a_large_picture_is_as_it_was_drawn(feed: Feed) -> None:
    assert spread(PICTURE, plane_of(QSize(1_200, 800)), feed) is PICTURE


def test_that_a_value_without_a_free_place_near_stays(feed: Feed) -> None:
    wall = replace(
        PICTURE, symbols=(*PICTURE.symbols, Symbol("text", (340.0, 520.0), (400.0, 10.0), label=LocalText("W")))
    )
    many = tuple(Readout("T_D", (340.0, 300.0 + 20 * step)) for step in range(24))
    crowded = replace(wall, readouts=many)
    moved = spread(crowded, plane_of(QSize(280, 180)), feed)
    assert len(moved.readouts) == len(many)
    furthest = max(abs(one.at[1] - other.at[1]) for one, other in zip(moved.readouts, many, strict=True))
    assert furthest * plane_of(QSize(280, 180)).factor < 40


def test_that_a_value_that_moves_stays_within_the_picture(feed: Feed) -> None:
    low = replace(PICTURE, readouts=(Readout("T_D", (340.0, 560.0)), Readout("T_OIL", (340.0, 650.0))))
    plane = plane_of(QSize(280, 180))
    moved = spread(low, plane, feed)
    bottom = plane.point((0.0, PICTURE.size[1])).y()
    for readout in moved.readouts:
        rect = readout_rect(readout, feed.tags[readout.tag], plane)
        assert rect.bottom() <= bottom + EDGE
        assert not rect.intersects(plane.rect(PICTURE.symbols[0]))
    assert moved != low


def test_that_a_value_keeps_off_a_pipe_where_there_is_room_beside_it(feed: Feed) -> None:
    pipe = Pipe(((340.0, 0.0), (340.0, 300.0)))
    crossed = replace(PICTURE, pipes=(pipe,), readouts=(Readout("T_D", (400.0, 120.0)),))
    plane = plane_of(QSize(280, 180))
    rect = readout_rect(crossed.readouts[0], TAGS[0], plane)
    assert rect.left() < plane.point((340.0, 0.0)).x() < rect.right(), "as it was drawn it crosses the pipe"
    (moved,) = spread(crossed, plane, feed).readouts
    assert readout_rect(moved, TAGS[0], plane).left() > plane.point((340.0, 0.0)).x()
    assert moved.at[1] == pytest.approx(120.0)
