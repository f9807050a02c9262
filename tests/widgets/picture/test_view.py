"""A process picture shows what runs, what is abnormal and what cannot be believed, and leads to the equipment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.model import clock, status
from app.model.alarm import AlarmState, Priority
from app.model.block import block_of
from app.model.picture import Picture, Symbol
from app.model.picture_symbol import SYMBOL_KINDS
from app.model.text import LocalText
from app.model.write_rule import WriteRule
from tests.widgets import plant
from tests.widgets.trend.air_station import PICTURE, Station, build_station, raise_alarms, receive
from widgets import theme
from widgets.explain.subject import of_tag
from widgets.number import NO_VALUE, number
from widgets.number_column import QualityCode
from widgets.operation import wait_for_all
from widgets.picture.body import KINDS, Ink, outline, paint_body
from widgets.picture.columns import NOWHERE, PictureColumns
from widgets.picture.item_state import ItemAlarm, ItemAlarms, ItemState, Motion, worst_alarm
from widgets.picture.panel import PicturePanel, picture_of
from widgets.picture.plane import fitted
from widgets.picture.symbol_columns import SymbolColumns
from widgets.picture.view import PictureView
from widgets.trend.live_samples import LiveSamples


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    yield build_station(tmp_path, now=clock.now_ns(), hours=0.2, step_s=10.0)
    wait_for_all()


@pytest.fixture
def view(station: Station, qtbot: QtBot) -> PictureView:
    result = PictureView(station.feed)
    qtbot.addWidget(result)
    result.resize(1_000, 620)
    result.show_picture(PICTURE)
    result.show()
    return result


def center(view: PictureView, equipment: str) -> QPoint:
    symbol = next(each for each in PICTURE.symbols if each.equipment == equipment)
    return view._plane(PICTURE).point(symbol.at).toPoint()


def states_of(station: Station) -> dict[str, ItemState]:
    columns = PictureColumns(
        station.feed, [name for each in PICTURE.symbols for name in (each.running, each.level, each.value)]
    )
    columns.renew()
    symbols = SymbolColumns(PICTURE, columns)
    symbols.renew()
    return {each.equipment: symbols.state(place) for place, each in enumerate(PICTURE.symbols)}


def test_that_the_library_of_symbols_has_a_drawing_of_each() -> None:
    assert set(SYMBOL_KINDS) == KINDS


@pytest.mark.parametrize("kind", sorted((KINDS | {"unknown kind"}) - {"text", "frame"}))
def test_that_every_kind_has_a_drawing_that_stays_in_its_place(kind: str) -> None:
    image = QImage(140, 140, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    white = QColor("white")
    place = QRectF(30, 30, 80, 80)
    with QPainter(image) as painter:
        paint_body(painter, kind, place, Ink(white, white, white, white, 2.0, level=0.5))
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(140, 140) & 0xFF
    assert pixels[30:110, 30:110].mean() > 20
    pixels = pixels.copy()
    pixels[28:112, 28:112] = 0
    assert pixels.max() == 0
    assert place.adjusted(-2, -2, 2, 2).contains(outline(kind, place).boundingRect())


def test_that_a_turned_drawing_fills_the_same_place() -> None:
    images = {}
    for turn in (0, 90, 180, 270):
        images[turn] = QImage(140, 100, QImage.Format.Format_RGB32)
        images[turn].fill(QColor("black"))
        white, grey = QColor("white"), QColor("grey")
        with QPainter(images[turn]) as painter:
            paint_body(painter, "pump", QRectF(30, 20, 80, 60), Ink(white, white, white, grey, 2.0), turn=turn)
    pixels = {turn: np.frombuffer(image.constBits(), np.uint32).reshape(100, 140) for turn, image in images.items()}
    lit = {turn: np.argwhere(each & 0xFF) for turn, each in pixels.items()}
    assert all(np.abs(each.mean(axis=0) - lit[0].mean(axis=0)).max() < 1 for each in lit.values())
    assert (pixels[0] != pixels[90]).any()
    assert (pixels[0] != pixels[180]).any()


def test_that_running_is_brighter_than_stopped(view: PictureView) -> None:
    image = view.grab().toImage()
    running = image.pixelColor(center(view, "C-201") + QPoint(0, -30)).lightness()
    stopped = image.pixelColor(center(view, "C-202") + QPoint(0, -30)).lightness()
    assert running > stopped + 60


def test_that_states_are_read_from_the_tags(station: Station) -> None:
    states = states_of(station)
    assert states["C-201"].motion is Motion.RUNNING
    assert states["C-202"].motion is Motion.STOPPED
    assert states["D-210"].motion is Motion.PASSIVE
    level = states["V-220"].level
    assert level is not None
    assert 0.6 < level < 0.8
    assert states["C-201"].has_value
    assert states["D-210"].level is None


def test_that_a_lost_signal_is_not_told_as_stopped(station: Station) -> None:
    running = station.plant.tag("XA-201").handle
    receive(station.feed, block_of(running, station.now + 1, np.nan, status.BAD_NO_COMMUNICATION), station.plant)
    state = states_of(station)["C-201"]
    assert state.motion is Motion.UNKNOWN
    assert state.is_doubtful


def test_that_an_alarm_frames_its_item(view: PictureView, station: Station) -> None:
    raise_alarms(station)
    assert ItemAlarms(station.feed).of_symbols(PICTURE)[1] == ItemAlarm(Priority.CRITICAL, AlarmState.UNACKNOWLEDGED)
    view.refresh()
    image = view.grab().toImage()
    red = theme.theme().priority(Priority.CRITICAL)
    found = sum(image.pixelColor(x, y) == red for x in range(200, 450, 1) for y in range(20, 240, 7))
    assert found > 10


def test_that_an_accessory_does_not_repeat_the_alarm_of_its_equipment(station: Station) -> None:
    raise_alarms(station)
    strainer = Symbol("filter", (100, 100), (50, 50), "C-201")
    picture = replace(PICTURE, symbols=(strainer, *PICTURE.symbols))
    alarms = ItemAlarms(station.feed)
    assert alarms.of_symbols(picture)[0] is None
    alone = Picture("p", LocalText("p"), "air", (200, 200), symbols=(strainer,))
    assert alarms.of_symbols(alone)[0] is not None


def test_that_a_click_asks_for_the_equipment(view: PictureView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.equipment_asked) as asked:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=center(view, "V-220"))
    assert asked.args == ["V-220"]
    assert view.symbol_at(QPointF(2, 2)) is None


def test_that_the_arrows_come_to_every_item_and_every_value_that_stands_alone(view: PictureView) -> None:
    stops = view.stops()
    shown, menu_places = [], set()
    for _ in stops:
        QTest.keyClick(view, Qt.Key.Key_Right)
        shown.append(view.shown_at(None))
        place = view.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
        assert isinstance(place, QRect)
        menu_places.add((place.center().x(), place.center().y()))
    assert len(menu_places) == len(stops), "the menu key opens the menu where the keyboard is"
    alone = {of_tag(each.tag) for each in PICTURE.readouts}
    assert alone <= set(shown)
    assert {of_tag(each.value) for each in PICTURE.symbols if each.equipment and each.value} <= set(shown)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.shown_at(None) == shown[0], "and round"
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.shown_at(None) == shown[-1]


def test_that_return_asks_for_the_equipment_or_to_write_a_value(station: Station, qtbot: QtBot) -> None:
    written = replace(station.plant.tag("PT-220"), write=WriteRule(low=0.0, high=10.0, tolerance=0.1))
    rows = [written if tag.name == "PT-220" else tag for tag in station.plant.tags]
    station.feed.tags["PT-220"] = written
    station.feed.plant = replace(station.plant, tags=tuple(rows), is_read_only=False)
    view = PictureView(station.feed)
    qtbot.addWidget(view)
    view.resize(1_000, 620)
    view.show_picture(PICTURE)
    view.show()
    asked: list[str] = []
    view.equipment_asked.connect(lambda name: asked.append(f"equipment {name}"))
    view.write_asked.connect(lambda name: asked.append(f"write {name}"))
    for _ in view.stops():
        QTest.keyClick(view, Qt.Key.Key_Right)
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert {f"equipment {each.equipment}" for each in PICTURE.symbols if each.equipment} <= set(asked)
    assert asked.count("write PT-220") == 1
    owners = {f"equipment {station.plant.tag(each.tag).equipment}" for each in PICTURE.readouts}
    assert owners <= set(asked), "one that is only read leads to its equipment"


def test_that_the_value_on_which_the_keyboard_is_has_a_frame(view: PictureView) -> None:
    at = next(place for place, stop in enumerate(view.stops()) if stop.tags == ("PT-220",))
    stop = view.stops()[at]
    corner = QPoint(round(stop.place.center().x()), round(stop.place.top() - 2))
    accent = theme.theme().color("accent")

    def is_framed() -> bool:
        picture = view.grab().toImage()
        colors = [picture.pixelColor(corner.x(), corner.y() + down) for down in (-1, 0, 1)]
        return any(abs(each.red() - accent.red()) + abs(each.blue() - accent.blue()) < 60 for each in colors)

    assert not is_framed()
    for _ in range(at + 1):
        QTest.keyClick(view, Qt.Key.Key_Right)
    assert is_framed()


def test_that_tool_tips_name_items_and_media(view: PictureView) -> None:
    assert view.tip_at(QPointF(center(view, "C-201"))).startswith("Compressor C-201\n82")
    assert view.tip_at(QPointF(view._plane(PICTURE).point((520, 235)))) == "air"
    assert view.tip_at(QPointF(view._plane(PICTURE).point((830, 410)))).startswith("Receiver pressure (PT-220)\n")
    assert view.tip_at(QPointF(1, 1)) == ""


def test_that_the_proportions_are_kept() -> None:
    wide = fitted(PICTURE, QRectF(0, 0, 4_000, 620))
    assert wide.factor == 1.0
    assert wide.origin == QPointF(1_500, 0)


def test_that_only_what_differs_is_painted(view: PictureView, station: Station, qapp: QApplication) -> None:
    painted = PaintedRegions(view)
    flow = next(each for each in PICTURE.readouts if each.tag == "FT-220")
    place = view._plane(PICTURE).point(flow.at).toPoint()
    view.refresh()
    qapp.processEvents()
    painted.regions.clear()
    view.refresh()
    qapp.processEvents()
    assert painted.regions == []
    receive(station.feed, block_of(station.plant.tag("FT-220").handle, station.now + 1, 55.5), station.plant)
    view.refresh()
    qapp.processEvents()
    (region,) = painted.regions
    assert region.contains(place)
    assert region.boundingRect().width() < 200


class PaintedRegions(QObject):
    """Notes which regions of a view are painted."""

    def __init__(self, view: PictureView) -> None:
        super().__init__(view)
        self.regions: list[QRegion] = []
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if isinstance(event, QPaintEvent):
            self.regions.append(QRegion(event.region()))
        return super().eventFilter(watched, event)


def test_that_the_picture_of_the_area_is_found_from_below(station: Station) -> None:
    assert picture_of(station.plant, "C-201") == PICTURE
    assert picture_of(station.plant, "P-12") == PICTURE
    assert picture_of(replace(station.plant, pictures=()), "C-201") is None


def test_that_a_panel_shows_sparklines_with_their_values(station: Station, qtbot: QtBot) -> None:
    panel = PicturePanel(station.feed, LiveSamples(station.feed))
    qtbot.addWidget(panel)
    panel.resize(450, 480)
    panel.show_equipment("C-201")
    panel.show()
    assert panel.picture == PICTURE
    names = [sparkline.accessibleName() for sparkline in panel._sparklines]
    assert names[0].startswith("Power: 24")
    with qtbot.waitSignal(panel.tag_asked) as asked:
        QTest.mouseClick(panel._sparklines[1], Qt.MouseButton.LeftButton)
    assert asked.args == ["FT-220"]
    panel.resize(450, 200)
    assert not panel._sparklines[0].isVisible()


def test_that_sparklines_stand_beside_the_picture_where_there_is_room(
    station: Station, qtbot: QtBot, qapp: QApplication
) -> None:
    panel = PicturePanel(station.feed, LiveSamples(station.feed))
    qtbot.addWidget(panel)
    panel.show_equipment("C-201")
    panel.show()
    panel.resize(450, 480)
    qapp.processEvents()
    first, second = (sparkline.geometry() for sparkline in panel._sparklines[:2])
    assert first.right() < second.left()
    assert panel.view.width() > 400
    panel.resize(1_300, 480)
    qapp.processEvents()
    first, second = (sparkline.geometry() for sparkline in panel._sparklines[:2])
    assert first.bottom() < second.top()
    assert panel.view.height() > 400


def test_that_a_long_name_of_a_sparkline_takes_two_lines(station: Station, qtbot: QtBot, qapp: QApplication) -> None:
    panel = PicturePanel(station.feed, LiveSamples(station.feed))
    qtbot.addWidget(panel)
    panel.show_equipment("C-201")
    panel.show()
    panel.resize(600, 480)
    qapp.processEvents()
    before = panel._sparklines[0].height()
    panel.resize(400, 480)
    qtbot.waitUntil(lambda: {sparkline.height() for sparkline in panel._sparklines} == {before + 15})


def test_that_a_plant_without_a_picture_says_so(station: Station, qtbot: QtBot) -> None:
    station.feed.plant = replace(station.plant, pictures=())
    panel = PicturePanel(station.feed, LiveSamples(station.feed))
    qtbot.addWidget(panel)
    panel.show_equipment("C-201")
    panel.show()
    assert panel.empty.isVisible()
    assert "no process picture" in panel.empty.text()


def test_that_a_hidden_alarm_is_marked_but_never_before_one_that_calls() -> None:
    shelved = structs.replace(plant.alarm("AC01.T_D", priority=Priority.CRITICAL), state=AlarmState.SHELVED)
    medium = plant.alarm("AC01.P_D", priority=Priority.MEDIUM)
    assert worst_alarm([shelved]) == ItemAlarm(Priority.CRITICAL, AlarmState.SHELVED)
    assert worst_alarm([shelved, medium]) == ItemAlarm(Priority.MEDIUM, AlarmState.UNACKNOWLEDGED)


def test_that_what_was_written_of_a_value_is_not_kept_beyond_it(station: Station) -> None:
    columns, tag = PictureColumns(station.feed, ["TT-11", "no such tag"]), station.plant.tag("TT-11")

    def told(value: float, code: int) -> tuple[str, QualityCode]:
        receive(station.feed, block_of(tag.handle, clock.now_ns(), value, code), station.plant)
        assert columns.renew().tolist() == [True]
        assert columns.renew().tolist() == [False]
        return number(columns.known[0], decimals=int(columns.decimals[0])), QualityCode(columns.quality[0])

    assert columns.places(["TT-11", "no such tag"]).tolist() == [0, NOWHERE]
    assert told(21.5, status.GOOD) == ("21.5", QualityCode.GOOD)
    assert told(22.5, status.GOOD) == ("22.5", QualityCode.GOOD)
    assert told(22.5, status.BAD_COMMUNICATION_ERROR) == (NO_VALUE, QualityCode.BAD)
    assert told(22.5, status.GOOD) == ("22.5", QualityCode.GOOD)
    station.feed.is_linked = False
    assert columns.renew().tolist() == [True]
    assert (columns.known[0], columns.quality[0]) == (22.5, QualityCode.STALE)


def test_that_nothing_of_the_former_picture_is_painted_beneath_the_next_one(station: Station, qtbot: QtBot) -> None:
    (first,) = station.feed.plant.pictures
    second = replace(first, sparklines=first.sparklines[:1])
    panel = PicturePanel(station.feed, LiveSamples(station.feed))
    qtbot.addWidget(panel)
    panel.resize(450, 480)
    panel.show()
    panel._show_picture(first)
    former = list(panel._sparklines)
    qtbot.waitUntil(former[0].isVisible)
    panel._show_picture(second)
    assert [each.isVisible() for each in former] == [False] * len(first.sparklines)
    qtbot.waitUntil(panel._sparklines[0].isVisible)
