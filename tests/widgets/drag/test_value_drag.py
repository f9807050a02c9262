"""A value is dragged from where it is shown, and let go on the tab of the trends; a click stays a click."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.model import clock
from tests.widgets.plant import alarm
from tests.widgets.trend.air_station import PICTURE, build_station
from widgets.alarm.list_view import AlarmListView
from widgets.drag import value_drag
from widgets.drag.tag_mime import tag_mime
from widgets.drag.value_drag import ValueDrag
from widgets.header.page_tab import PageTab
from widgets.navigation import PageFactory
from widgets.operation import wait_for_all
from widgets.picture.view import PictureView

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
FAR = QPoint(60, 25)


@pytest.fixture
def dragged(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """Return what was dragged: Qt's own drag would wait for a pointer."""
    carried: list[Sequence[str]] = []
    monkeypatch.setattr(value_drag, "drag_tags", lambda _, names: carried.append(list(names)))
    return carried


def pull(widget: QWidget, start: QPoint) -> None:
    """Press, and move far."""
    QTest.mousePress(widget, LEFT, pos=start)
    end = QPointF(start + FAR)
    kind = QEvent.Type.MouseMove
    moved = QMouseEvent(kind, end, QPointF(widget.mapToGlobal(end.toPoint())), Qt.MouseButton.NoButton, LEFT, NONE)
    QApplication.sendEvent(widget, moved)


def test_that_a_button_is_dragged_without_being_clicked(qtbot: QtBot, dragged: list[Sequence[str]]) -> None:
    button, clicks = QPushButton("T"), []
    qtbot.addWidget(button)
    button.resize(200, 60)
    ValueDrag(button, lambda _: ["T-1", "T-2"])
    button.clicked.connect(lambda: clicks.append(1))
    pull(button, QPoint(10, 10))
    assert dragged == [["T-1", "T-2"]]
    QTest.mouseRelease(button, LEFT, pos=QPoint(10, 10))
    assert clicks == []
    QTest.mouseClick(button, LEFT, pos=QPoint(10, 10))
    assert (clicks, len(dragged)) == ([1], 1)


@pytest.fixture
def view(qtbot: QtBot, tmp_path: Path) -> Iterator[PictureView]:
    station = build_station(tmp_path, now=clock.now_ns(), hours=0.1, step_s=10.0, stored=False)
    view = PictureView(station.feed)
    qtbot.addWidget(view)
    view.resize(1_000, 620)
    view.show_picture(PICTURE)
    view.show()
    yield view
    wait_for_all()


def test_that_a_process_picture_gives_its_values_and_what_its_items_show(
    view: PictureView, dragged: list[Sequence[str]]
) -> None:
    asked: list[str] = []
    view.equipment_asked.connect(asked.append)
    plane = view._plane(PICTURE)
    readout = PICTURE.readouts[0]
    pull(view, plane.point(readout.at).toPoint())
    symbol = next(each for each in PICTURE.symbols if each.running and not each.value)
    pull(view, plane.point(symbol.at).toPoint())
    assert dragged == [[readout.tag], [symbol.running]]
    assert asked == []
    QTest.mouseClick(view, LEFT, pos=plane.point(symbol.at).toPoint())
    assert asked == [symbol.equipment]


def test_that_chosen_alarms_carry_their_tags_and_a_drag_elsewhere_chooses_rows(
    qtbot: QtBot, dragged: list[Sequence[str]]
) -> None:
    model = QStandardItemModel(3, 1)
    for row, tag in enumerate(("AC01.T_D", "F01.T", "AC01.T_D")):
        model.setData(model.index(row, 0), alarm(tag), Qt.ItemDataRole.UserRole)
    view = AlarmListView(model, right=(), elastic=())
    qtbot.addWidget(view)
    view.resize(400, 300)

    def middle(row: int) -> QPoint:
        return view.visualRect(view.model().index(row, 0)).center()

    pull(view.viewport(), middle(0))
    QTest.mouseRelease(view.viewport(), LEFT, pos=middle(0))
    assert dragged == []
    view.selectAll()
    pull(view.viewport(), middle(1))
    assert dragged == [["AC01.T_D", "F01.T"]]


def test_that_the_tab_of_the_trends_takes_tags_and_any_other_opens(qtbot: QtBot) -> None:
    def tab(*, takes_tags: bool) -> PageTab:
        made = PageTab(PageFactory("p", lambda: "Page", lambda *_: QWidget()), takes_tags=takes_tags)
        qtbot.addWidget(made)
        return made

    trends, other = tab(takes_tags=True), tab(takes_tags=False)
    mime, copy = tag_mime(["T-1"]), Qt.DropAction.CopyAction
    with qtbot.waitSignal(trends.tags_dropped) as dropped:
        trends.dropEvent(QDropEvent(QPointF(3, 3), copy, mime, LEFT, NONE))
    assert dropped.args == [["T-1"]]
    with qtbot.waitSignal(other.clicked, timeout=20_000):
        other.dragEnterEvent(QDragEnterEvent(QPoint(3, 3), copy, mime, LEFT, NONE))
