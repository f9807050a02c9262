"""What is painted in pieces, copied and kept of a picture is what painting it as a whole would give."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.model import clock, status
from app.model.block import block_of
from app.model.picture import Picture, Pipe, Readout, Symbol
from app.model.plant import Plant
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from app.model.write_rule import WriteRule
from app.plant.folder import PlantFolder
from tests.widgets.trend.air_station import receive
from widgets.feed import Feed
from widgets.number import number
from widgets.picture.figures import figure_rows, text_row
from widgets.picture.item import lettering
from widgets.picture.item_state import ItemAlarms
from widgets.picture.layers import region_of
from widgets.picture.lettering import Spots, set_rows
from widgets.picture.plane import fitted
from widgets.picture.room import Boxes
from widgets.picture.scene import REACH, PictureScene
from widgets.picture.tiles import NO_TILE, Ink, TextTiles
from widgets.theme import theme

SIZE = QSize(420, 300)
RATIOS = (1.0, 1.5, 2.0)
TAGS = tuple(
    TagDefinition(
        handle,
        f"T{handle}",
        "E",
        LocalText("tag"),
        "c",
        "a",
        unit="%" if handle % 2 else "m3/h",
        low=0.0,
        high=100.0,
        kind=TagKind.DISCRETE if handle == 5 else TagKind.ANALOG,
        write=WriteRule(0.0, 100.0, tolerance=0.5) if handle == 2 else None,
    )
    for handle in range(8)
)
PICTURE = Picture(
    "p",
    LocalText("p"),
    "E",
    (420.0, 300.0),
    symbols=(
        Symbol("tank", (60.3, 80.7), (50.0, 90.0), "E1", level="T0"),
        Symbol("tank", (150.0, 80.0), (60.0, 90.0), "E2", level="T1", value="T1"),
        Symbol("tank", (170.0, 110.0), (40.0, 90.0), level="T2"),
        Symbol("pump", (260.0, 80.0), (60.0, 60.0), "E3", running="T5", value="T3"),
        Symbol("valve", (340.0, 80.0), (40.0, 40.0), running="T5", value="T4"),
    ),
    pipes=(Pipe(((20.0, 100.0), (400.0, 100.0)), arrow=True),),
    readouts=(
        Readout("T2", (80.0, 200.0), LocalText("flow")),
        Readout("T3", (110.0, 204.0)),
        Readout("T6", (240.0, 200.0), LocalText("speed")),
        Readout("T5", (330.0, 200.0)),
        Readout("T7", (60.0, 260.0)),
        Readout("no such tag", (300.0, 260.0)),
    ),
)


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    result = Feed(replace(Plant("p", LocalText("p"), (), (), TAGS), is_read_only=False), PlantFolder(tmp_path))
    result.is_linked = True
    return result


def scene_of(feed: Feed, ratio: float) -> PictureScene:
    plane = fitted(PICTURE, QRectF(0, 0, SIZE.width(), SIZE.height()))
    return PictureScene(PICTURE, plane=plane, size=SIZE, ratio=ratio, feed=feed, alarms=ItemAlarms(feed))


def canvas(ratio: float) -> QImage:
    image = QImage(SIZE * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    return image


def paint(scene: PictureScene, image: QImage, boxes: Boxes, ratio: float) -> None:
    with QPainter(image) as painter:
        if boxes is not scene.whole:
            boxes = boxes + np.array([-REACH, -REACH, REACH, REACH]) * ratio
            painter.scale(1 / ratio, 1 / ratio)
            painter.setClipRegion(region_of(np.round(boxes)))
            painter.scale(ratio, ratio)
        scene.paint(painter, boxes, phase=True)


def pixels(image: QImage) -> NDArray[np.uint8]:
    return np.array(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, :3]


@pytest.mark.parametrize("ratio", RATIOS)
def test_that_painting_what_differs_gives_the_same_as_painting_all(
    feed: Feed, qapp: QApplication, ratio: float
) -> None:
    del qapp
    chance = np.random.default_rng(7)
    scene, image = scene_of(feed, ratio), canvas(ratio)
    paint(scene, image, scene.whole, ratio)
    codes = (status.GOOD, status.GOOD, status.UNCERTAIN_LAST_USABLE_VALUE, status.BAD_NO_COMMUNICATION)
    for turn in range(40):
        chosen = chance.choice(len(TAGS), 2, replace=False)
        for handle in chosen.tolist():
            value = chance.choice([0.0, 1.0, 9.94, 55.5, 99.96, 12_345.6]) if handle != 5 else float(turn % 2)
            block = block_of(handle, clock.now_ns(), float(value), codes[int(chance.integers(0, 4))])
            receive(feed, block, feed.plant)
        if turn % 9 == 8:
            paint(scene, image, scene.light({int(chance.integers(0, 5)): bool(turn % 2)}), ratio)
        paint(scene, image, scene.renew(has_other_alarms=False), ratio)
        whole = canvas(ratio)
        paint(scene, whole, scene.whole, ratio)
        assert np.array_equal(pixels(image), pixels(whole)), turn
        fresh = scene_of(feed, ratio)
        fresh.light(scene._lit)
        anew = canvas(ratio)
        paint(fresh, anew, fresh.whole, ratio)
        assert np.array_equal(pixels(whole), pixels(anew)), turn


def test_that_a_vessel_is_filled_up_to_its_level(feed: Feed, qapp: QApplication) -> None:
    del qapp
    for level in (0.0, 25.0, 80.0, 100.0):
        receive(feed, block_of(0, clock.now_ns(), level), feed.plant)
        scene, image = scene_of(feed, 2.0), canvas(2.0)
        paint(scene, image, scene.whole, 2.0)
        column = pixels(image)[:, (2 * 44)]  # left of the name
        lit = (column == pixels_of("running")).all(axis=1)
        top, bottom = (80.7 - 45) * 2, (80.7 + 45) * 2
        assert abs(int(lit.sum()) - level / 100 * (bottom - top)) < 24  # less the round ends and the edge
        assert not lit[: int(bottom - level / 100 * (bottom - top)) - 1].any()


def pixels_of(token: str) -> NDArray[np.uint8]:
    color = theme().color(token)  # type: ignore[arg-type]
    return np.array([color.blue(), color.green(), color.red()], np.uint8)


def test_that_what_lies_where_is_found(feed: Feed, qapp: QApplication) -> None:
    del qapp
    receive(feed, block_of(2, clock.now_ns(), 12.5), feed.plant)
    scene = scene_of(feed, 1.5)
    first, second = PICTURE.readouts[:2]
    assert scene.readout_at(QPointF(80, 200)) == first
    assert scene.readout_at(QPointF(80, 200), writable=True) == first
    assert scene.readout_at(QPointF(115, 204)) != second, "it lies upon the first one and is not shown"
    assert scene.symbol_at(QPointF(60, 80)) == PICTURE.symbols[0]
    assert scene.symbol_at(QPointF(340, 80)) is None, "an item without an equipment"


@pytest.mark.parametrize("ratio", RATIOS)
def test_that_composed_numbers_look_as_written_ones(qapp: QApplication, ratio: float) -> None:
    del qapp
    font, look = lettering(fitted(PICTURE, QRectF(0, 0, 420, 300))), theme()
    tiles = TextTiles(
        font, inks=[Ink(look.color(each), QColor("black")) for each in ("dim", "text")], words=[], ratio=ratio
    )
    values = np.array([82.4, -0.5, 1.234e9, np.inf, np.nan, 100.04])
    texts = [number(value, decimals=1) for value in values.tolist()]
    rows = np.arange(len(texts))
    spots = Spots(
        np.full(len(rows), 100.3 * ratio),
        (rows * 40 + 40).astype(np.float64) * ratio,
        np.full(len(rows), np.inf),
        rows,
        np.full(len(rows), NO_TILE),
    )
    letters = set_rows(spots, figure_rows(values, 1, tiles), tiles, {})
    composed, written = canvas(ratio), canvas(ratio)
    with QPainter(composed) as painter:
        painter.scale(1 / ratio, 1 / ratio)
        baseline = spots.baseline[letters.owner]
        tiles.draw(painter, letters.tile, x=letters.x, baseline=baseline, ink=np.ones(len(letters.tile), np.intp))
    with QPainter(written) as painter:
        painter.setFont(font)
        painter.setPen(look.color("text"))
        for row, text in enumerate(texts):
            left = 100.3 - QFontMetricsF(font).horizontalAdvance(text) / 2
            painter.drawText(QPointF(left, row * 40 + 40.0), text)
    assert (pixels(written) > 40).sum() > 500
    difference = np.abs(pixels(composed).astype(int) - pixels(written)).max(axis=2)
    # a letter whose place lies at the end of a quarter may stand one further than Qt, which calculates in 1/64 px
    assert (difference > 2).sum() <= 0.1 * (pixels(written) > 40).sum()


def test_that_a_text_without_digits_is_not_set_from_tiles(qapp: QApplication) -> None:
    del qapp
    tiles = TextTiles(theme().font(), inks=[Ink(theme().color("text"), theme().color("panel"))], words=[], ratio=1.0)
    spots = Spots(np.zeros(2), np.zeros(2), np.full(2, np.inf), np.arange(2), np.full(2, NO_TILE))
    assert text_row("Open", tiles) is None
    row = text_row("1", tiles)
    assert row is not None
    letters = set_rows(spots, np.array([[NO_TILE], row.tolist()]), tiles, {0: 33.0})
    assert letters.is_plain.tolist() == [False, True]
    assert letters.width[0] == 33.0
    assert letters.owner.tolist() == [1]


def test_that_a_unit_without_room_is_left_out(qapp: QApplication) -> None:
    del qapp
    tiles = TextTiles(
        theme().font(), inks=[Ink(theme().color("text"), theme().color("panel"))], words=[" kWh"], ratio=1.0
    )
    unit = np.full(2, tiles.word(" kWh"))
    spots = Spots(np.zeros(2), np.zeros(2), np.array([np.inf, 12.0]), np.zeros(2, np.intp), unit)
    letters = set_rows(spots, figure_rows(np.array([12.3, 12.3]), 1, tiles), tiles, {})
    assert letters.width[0] > letters.width[1] > 12.0
    assert letters.owner.tolist().count(1) == len(["1", "2", ".3"])


def test_that_an_item_of_no_known_tag_is_painted_all_the_same(feed: Feed, qapp: QApplication) -> None:
    del qapp
    strange = tuple(replace(each, level="x", value="x", running="x") for each in PICTURE.symbols)
    picture = replace(PICTURE, symbols=strange, readouts=PICTURE.readouts[-1:])
    plane = fitted(picture, QRectF(0, 0, 420, 300))
    scene = PictureScene(picture, plane=plane, size=SIZE, ratio=1.0, feed=feed, alarms=ItemAlarms(feed))
    image = canvas(1.0)
    paint(scene, image, scene.whole, 1.0)
    assert len(scene.renew(has_other_alarms=False)) == 0
    assert (pixels(image) == pixels_of("running")).all(axis=2).sum() > 1_000
