"""Where a write begins: a value in a picture, the list of an equipment's tags, the search."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.picture import Picture, Readout
from app.model.text import LocalText
from app.model.write_rule import WriteRule
from app.plant.folder import PlantFolder
from app.pubsub.frame import SessionChanged
from tests.widgets import plant
from widgets.control.sign_in import SignInDialog
from widgets.feed import Feed
from widgets.main_window import MainWindow
from widgets.picture.view import PictureView
from widgets.preference import Preferences
from widgets.trend.live_samples import LiveSamples
from widgets.trend.pane_grid import PaneGrid
from widgets.trend.time_window import TimeWindow

TAG = "AC01.P_D"
PICTURE = Picture(
    "air",
    LocalText("Air"),
    "air",
    (400.0, 300.0),
    readouts=(Readout(TAG, (100.0, 100.0)), Readout("AC01.T_D", (300.0, 200.0))),
)


def feed_of(folder: Path, *, read_only: bool = False) -> Feed:
    whole = plant.plant()
    rule = WriteRule(5.0, 8.0, step=0.1, tolerance=0.05)
    tags = tuple(replace(tag, write=rule) if tag.name == TAG else tag for tag in whole.tags)
    feed = Feed(replace(whole, tags=tags, pictures=(PICTURE,), is_read_only=read_only), PlantFolder(folder))
    plant.fill(feed, [83.0, 7.0, 1.0, 1.0, 1.0, 1.0, 1.0], time=clock.now_ns())
    return feed


@pytest.mark.parametrize("read_only", [False, True])
def test_that_a_click_on_a_writable_value_of_a_picture_asks_to_write_it(
    tmp_path: Path, qtbot: QtBot, *, read_only: bool
) -> None:
    view = PictureView(feed_of(tmp_path, read_only=read_only))
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show_picture(PICTURE)
    view.show()
    asked: list[str] = []
    view.write_asked.connect(asked.append)
    for at in ((100.0, 100.0), (300.0, 200.0)):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view._plane(PICTURE).point(at).toPoint())
    assert asked == ([] if read_only else [TAG])
    assert ("Click to write" in view.tip_at(view._plane(PICTURE).point((100.0, 100.0)))) is not read_only
    assert "Click to write" not in view.tip_at(view._plane(PICTURE).point((300.0, 200.0)) + QPointF(1, 1))


def test_that_a_value_that_has_no_room_and_is_not_shown_cannot_be_clicked(tmp_path: Path, qtbot: QtBot) -> None:
    crowded = replace(PICTURE, readouts=(Readout("AC01.T_D", (100.0, 100.0)), Readout(TAG, (104.0, 102.0))))
    view = PictureView(feed_of(tmp_path))
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show_picture(crowded)
    assert view.writable_at(view._plane(crowded).point((104.0, 102.0))) == ""
    view.show_picture(PICTURE)
    assert view.writable_at(view._plane(PICTURE).point((100.0, 100.0))) == TAG


@pytest.mark.parametrize("read_only", [False, True])
def test_that_the_list_of_tags_offers_the_writable_ones(tmp_path: Path, qtbot: QtBot, *, read_only: bool) -> None:
    feed = feed_of(tmp_path, read_only=read_only)
    grid = PaneGrid(feed, TimeWindow(parent=feed), LiveSamples(feed, feed))
    qtbot.addWidget(grid)
    grid.show_equipment("AC01")
    asked: list[str] = []
    grid.write_asked.connect(asked.append)
    writes = [action for action in grid.menu(0).actions() if action.text().startswith("Write ")]
    for action in writes:
        action.trigger()
    assert asked == ([] if read_only else [TAG])


def test_that_the_search_opens_a_faceplate_and_the_head_signs_in_and_off(tmp_path: Path, qtbot: QtBot) -> None:
    feed = feed_of(tmp_path)
    window = MainWindow(feed, preferences=Preferences(tmp_path / "window.ini"), pages=lambda _: ())
    qtbot.addWidget(window)
    window.show()
    window.findable.prepare(lambda: None)
    found = next(target for target in window.findable.search(f"write {TAG}") if target.title.startswith("Write:"))
    found.open()
    assert list(window.writing._open) == [TAG]
    window.header.operator.click()
    assert window.findChild(SignInDialog) is not None
    feed.receive([SessionChanged(1, "Li Na", None)])
    assert (window.acknowledgement.operator, window.header.operator.text()) == ("Li Na", "Operator: Li Na")
    feed.receive([SessionChanged(0, "", None)])
    assert window.acknowledgement.operator == ""
