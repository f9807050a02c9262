"""A value is within the body of its item, or below it, or nowhere; never cut. No sign of an alarm covers a value."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QApplication

from app.model import clock
from app.model.alarm import AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.block import block_of
from app.model.equipment import Equipment, EquipmentLevel
from app.model.picture import Picture, Readout, Symbol
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.pubsub.frame import AlarmsChanged
from tests.widgets.trend.air_station import receive
from widgets.feed import Feed
from widgets.picture.item import alarm_squares, lettering, name_place
from widgets.picture.item_state import ItemAlarms
from widgets.picture.plane import Plane, fitted
from widgets.picture.scene import PictureScene

TAGS = tuple(
    TagDefinition(handle, name, "PU01", LocalText("tag"), "c", "a", unit="kW", low=0.0, high=90.0, decimals=2)
    for handle, name in enumerate(("KW", "P"))
)
MOTOR = Symbol("motor", (500.0, 300.0), (100.0, 100.0), "PU01", value="KW", label=LocalText("PU01"))
PICTURE = Picture("pump", LocalText("Pump"), "PU01", (1_000.0, 600.0), symbols=(MOTOR,))
LARGE, SMALL = QSize(1_000, 600), QSize(250, 150)


@pytest.fixture
def feed(qapp: QApplication, tmp_path: Path) -> Feed:
    del qapp
    equipment = (Equipment("PU01", LocalText("Pump"), EquipmentLevel.WORK_UNIT),)
    plant = Plant("p", LocalText("p"), equipment=equipment, connections=(), tags=TAGS, pictures=(PICTURE,))
    feed = Feed(plant, PlantFolder(tmp_path))
    for tag in TAGS:
        receive(feed, block_of(tag.handle, clock.now_ns(), 12.4), plant)
    return feed


def plane_of(size: QSize) -> Plane:
    return fitted(PICTURE, QRectF(0, 0, size.width(), size.height()))


def scene_of(picture: Picture, size: QSize, feed: Feed) -> PictureScene:
    return PictureScene(picture, plane=plane_of(size), size=size, ratio=1.0, feed=feed, alarms=ItemAlarms(feed))


def place_of_value(scene: PictureScene) -> QRectF:
    left, top, right, bottom = scene.numbers.boxes[-1].tolist()
    return QRectF(left, top, right - left, bottom - top)


def test_that_a_value_stands_within_a_body_that_has_room_for_it(feed: Feed) -> None:
    scene = scene_of(PICTURE, LARGE, feed)
    assert scene.numbers.has_room.tolist() == [True]
    assert plane_of(LARGE).rect(MOTOR).contains(place_of_value(scene).center())


def test_that_below_a_small_body_it_is_whole_and_clear_of_its_name(feed: Feed) -> None:
    scene = scene_of(PICTURE, SMALL, feed)
    assert scene.numbers.has_room.tolist() == [True]
    assert not place_of_value(scene).adjusted(0, 2, 0, 0).intersects(plane_of(SMALL).rect(MOTOR))
    (extent,) = scene.layers.extents
    assert place_of_value(scene).top() >= extent.bottom() - 6, "the name stands between them"


@pytest.mark.parametrize(
    "neighbour",
    [
        Symbol("tank", (500.0, 460.0), (200.0, 160.0)),
        Readout("P", (500.0, 415.0)),
    ],
    ids=["a body", "a value"],
)
def test_that_it_gives_way_to_what_stands_there(feed: Feed, neighbour: Symbol | Readout) -> None:
    if isinstance(neighbour, Symbol):
        picture = replace(PICTURE, symbols=(MOTOR, neighbour))
    else:
        picture = replace(PICTURE, readouts=(neighbour,))
    scene = scene_of(picture, SMALL, feed)
    assert not scene.numbers.has_room[-1]
    assert scene.numbers.has_room[:-1].all()


def test_that_a_value_beyond_its_range_is_left_out_rather_than_cut(feed: Feed) -> None:
    scene = scene_of(PICTURE, LARGE, feed)
    receive(feed, block_of(0, clock.now_ns() + 1, 123_456_789.12), feed.plant)
    scene.renew(has_other_alarms=False)
    assert scene.numbers.has_room.tolist() == [False]


def alarmed(feed: Feed, state: AlarmState) -> None:
    alarm = AlarmRecord(
        "A", "KW", "PU01", state, Priority.CRITICAL, ConditionKind.HIGH, LocalText("High"), clock.now_ns(), 12.4, 10.0
    )
    feed.receive([AlarmsChanged((alarm,), is_snapshot=True)])


def test_that_the_sign_of_an_alarm_covers_no_name_but_rather_one_than_a_value(feed: Feed) -> None:
    alarmed(feed, AlarmState.RETURNED)
    plane, sides = plane_of(SMALL), (-1, 1)
    lower = replace(PICTURE, readouts=(Readout("P", (630.0, 230.0)),))
    scene = scene_of(lower, SMALL, feed)
    ((square, extent, _),) = scene._symbol_alarms()
    squares = alarm_squares(MOTOR, extent, plane, framed=False)
    name = name_place(MOTOR, scene._symbols.state(0), plane, lettering(plane))
    assert squares[2].intersects(name), "at the lower corners it would"
    assert square == squares[1], "at the upper left there is neither"
    both = replace(PICTURE, readouts=tuple(Readout("P", (500.0 + side * 130.0, 230.0)) for side in sides))
    ((square, _, _),) = scene_of(both, SMALL, feed)._symbol_alarms()
    assert square == squares[2]


@pytest.mark.parametrize(
    ("at", "corner"), [((100.0, 100.0), 0), ((560.0, 245.0), 1)], ids=["nothing there", "a value at the usual corner"]
)
def test_that_the_sign_of_an_alarm_stands_at_a_corner_where_it_covers_no_value(
    feed: Feed, at: tuple[float, float], corner: int
) -> None:
    alarmed(feed, AlarmState.ACKNOWLEDGED)
    picture = replace(PICTURE, readouts=(Readout("P", at),))
    scene = scene_of(picture, LARGE, feed)
    ((square, extent, _),) = scene._symbol_alarms()
    assert square == alarm_squares(MOTOR, extent, plane_of(LARGE), framed=True)[corner]
    box = scene.numbers.boxes[0]
    assert not square.intersects(QRectF(box[0], box[1], box[2] - box[0], box[3] - box[1]))
    assert np.isfinite(scene.numbers.boxes).all()
