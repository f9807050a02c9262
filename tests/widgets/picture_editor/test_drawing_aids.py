"""What saves an engineer work while drawing: guides, rows, other names, several elements at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.block import block_of
from tests.widgets.picture_editor.mouse import CTRL, LEFT, LIMIT_MS, SHIFT, drag, keys, picture, spot
from tests.widgets.trend.air_station import PICTURE, Station, receive
from widgets.choice import ChoiceBox
from widgets.picture_editor.editor import PictureEditor
from widgets.picture_editor.hand import Tool


def test_that_a_symbol_is_dragged_out_of_the_palette(editor: PictureEditor) -> None:
    palette = editor.palette_list
    item = next(palette.item(row) for row in range(palette.count()) if palette.item(row).text() == "Fan")
    mime = palette.mimeData([item])
    at = editor.canvas.plane.point((702, 548))
    editor.canvas.dropEvent(QDropEvent(at, Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier))
    assert (picture(editor).symbols[-1].kind, picture(editor).symbols[-1].at) == ("fan", (700, 550))
    assert editor.hand.tool is Tool.SELECT
    assert palette.dragEnabled()


def test_that_what_is_moved_is_drawn_to_its_neighbours_and_a_line_shows_to_which(editor: PictureEditor) -> None:
    canvas = editor.canvas
    QTest.mousePress(canvas, LEFT, pos=spot(editor, 490, 560))
    QTest.mouseMove(canvas, spot(editor, 594, 462))
    assert len(canvas.guides) == 1
    QTest.mouseRelease(canvas, LEFT, pos=spot(editor, 594, 462))
    assert picture(editor).symbols[6].at == (590, 460), "below the middle of the dryer, and on the grid"
    assert not canvas.guides


def test_that_a_press_which_hardly_moves_only_selects(editor: PictureEditor) -> None:
    at = spot(editor, 490, 560)
    QTest.mousePress(editor.canvas, LEFT, pos=at)
    QTest.mouseMove(editor.canvas, at + QPoint(2, 1))
    QTest.mouseRelease(editor.canvas, LEFT, pos=at + QPoint(2, 1))
    assert editor.edited.selection == {6}
    assert picture(editor) == PICTURE


def test_that_escape_gives_a_drag_up(editor: PictureEditor) -> None:
    QTest.mousePress(editor.canvas, LEFT, pos=spot(editor, 490, 560))
    QTest.mouseMove(editor.canvas, spot(editor, 594, 462))
    keys(editor, Qt.Key.Key_Escape)
    QTest.mouseRelease(editor.canvas, LEFT, pos=spot(editor, 594, 462))
    assert picture(editor) == PICTURE
    assert not editor.canvas.ghost


def test_that_several_are_sized_together_by_the_handles_around_them(editor: PictureEditor) -> None:
    editor.edited.select({5, 6})
    drag(editor, (530, 600), (690, 600))
    pumps = picture(editor).symbols[5:7]
    assert [round(each.size[0] / 80, 2) for each in pumps] == [1.5, 1.5]
    assert [each.size[1] for each in pumps] == [80, 80]
    assert editor.edited.stack.count() == 1


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_that_a_right_click_selects_and_offers_what_can_be_done(editor: PictureEditor, qtbot: QtBot) -> None:
    at = spot(editor, 490, 560)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, editor.canvas.mapToGlobal(at))
    editor.canvas.contextMenuEvent(event)
    assert editor.edited.selection == {6}
    (menu,) = editor.commands.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    names = [action.text() for action in menu.actions()]
    assert {"Copy", "Paste", "Replace names…", "Repeat in a row…"} <= set(names)
    next(action for action in menu.actions() if action.text() == "Remove").trigger()
    assert len(picture(editor).symbols) == len(PICTURE.symbols) - 1
    menu.close()
    qtbot.waitUntil(lambda: not editor.commands.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly))


def test_that_a_row_of_the_next_machines_is_one_step(editor: PictureEditor) -> None:
    editor.edited.select({5})
    dialog = editor.commands.repeat()
    assert dialog is not None
    dialog.number.setValue(2)
    dialog.across.setValue(120)
    assert dialog.told.text() == "P-11 → P-13"
    dialog.accept()
    assert [(each.equipment, each.at) for each in picture(editor).symbols[-2:]] == [
        ("P-12", (370, 560)),
        ("P-13", (490, 560)),
    ]
    assert len(editor.edited.selection) == 2
    assert editor.edited.stack.count() == 1


def test_that_names_are_replaced_in_what_is_selected_or_everywhere(editor: PictureEditor) -> None:
    editor.edited.select({5})
    dialog = editor.commands.replace_names()
    assert dialog.sought.text() == "P-11"
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not ok.isEnabled(), "nothing to put in its place yet"
    dialog.by.setText("P-12")
    assert ok.isEnabled()
    dialog.accept()
    assert picture(editor).symbols[5].equipment == "P-12"
    editor.edited.select(())
    whole = editor.commands.replace_names()
    whole.sought.setText("-220")
    assert whole.told.text().startswith("4 places")
    whole.by.setText("-230")
    whole.accept()
    assert {each.tag for each in picture(editor).readouts} >= {"PT-230", "FT-230"}


def test_that_the_values_on_the_sheet_are_those_of_now(editor: PictureEditor, station: Station, qtbot: QtBot) -> None:
    tag = station.plant.tag("FT-220")
    station.feed.is_linked = True
    editor.canvas.repaint()
    before = editor.canvas.grab().toImage()
    receive(station.feed, block_of(tag.handle, clock.now_ns() + clock.NS_PER_S, 77.7), station.plant)
    qtbot.waitUntil(lambda: editor.canvas.grab().toImage() != before, timeout=LIMIT_MS)


def test_that_several_elements_of_a_kind_are_given_a_property_at_once(editor: PictureEditor) -> None:
    editor.edited.select({5, 6})
    inputs = editor.properties.inputs
    kind, layer, equipment = inputs["Symbol"], inputs["Layer"], inputs["Equipment"]
    assert isinstance(kind, ChoiceBox)
    assert kind.currentData() == "pump"
    assert isinstance(equipment, QLineEdit)
    assert equipment.text() == "", "they differ"
    assert "Middle: x, y" not in inputs
    assert isinstance(layer, QLineEdit)
    QTest.keyClicks(layer, "cooling")
    QTest.keyClick(layer, Qt.Key.Key_Return)
    assert [each.layer for each in picture(editor).symbols[5:7]] == ["cooling", "cooling"]
    assert [each.equipment for each in picture(editor).symbols[5:7]] == ["P-11", "P-12"]
    assert editor.edited.stack.count() == 1
    editor.edited.select({5, 8})
    assert not editor.properties.inputs, "a symbol and a value have nothing in common"


def test_that_a_group_is_taken_by_a_click_and_one_of_it_with_alt(editor: PictureEditor) -> None:
    editor.edited.select({5, 6})
    keys(editor, Qt.Key.Key_G, modifiers=CTRL)
    assert {each.group for each in picture(editor).symbols[5:7]} == {"group-1"}
    keys(editor, Qt.Key.Key_Escape)
    QTest.mouseClick(editor.canvas, LEFT, pos=spot(editor, 490, 560))
    assert editor.edited.selection == {5, 6}
    QTest.mouseClick(editor.canvas, LEFT, Qt.KeyboardModifier.AltModifier, pos=spot(editor, 490, 560))
    assert editor.edited.selection == {6}
    QTest.mouseClick(editor.canvas, LEFT, SHIFT, pos=spot(editor, 590, 235))
    assert editor.edited.selection == {3, 6}
    keys(editor, Qt.Key.Key_Escape)
    QTest.mouseClick(editor.canvas, LEFT, pos=spot(editor, 250, 560))
    keys(editor, Qt.Key.Key_G, modifiers=CTRL | SHIFT)
    assert picture(editor) == PICTURE
