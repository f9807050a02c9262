"""An engineer draws a picture with mouse and keys, sees what is wrong with it, and saves it into the running plant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.model.picture import Pipe, Readout, Symbol
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.plant.picture.path import picture_path
from tests.widgets.picture_editor.mouse import CTRL, LEFT, LIMIT_MS, SHIFT, drag, keys, picture, spot
from tests.widgets.picture_editor.saved import Saved
from tests.widgets.trend.air_station import PICTURE, Station
from widgets.choice import ChoiceBox
from widgets.drag.tag_mime import tag_mime
from widgets.engineering.editing import Editing
from widgets.picture_editor.editor import PictureEditor
from widgets.picture_editor.hand import Tool
from widgets.picture_editor.new_dialog import NewDialog


def test_that_a_symbol_is_placed_from_the_palette_and_undone(editor: PictureEditor) -> None:
    editor.palette_list.taken.emit("motor")
    QTest.mouseClick(editor.canvas, LEFT, pos=spot(editor, 702, 548))
    placed = picture(editor).symbols[-1]
    assert (placed.kind, placed.at) == ("motor", (700, 550))
    undo, redo = editor.commands.bar.buttons["Undo"], editor.commands.bar.buttons["Redo"]
    assert (undo.isEnabled(), redo.isEnabled()) == (True, False)
    assert editor.hand.tool is Tool.SELECT
    keys(editor, Qt.Key.Key_Z, modifiers=CTRL)
    assert picture(editor) == PICTURE
    assert (undo.isEnabled(), redo.isEnabled()) == (False, True)
    keys(editor, Qt.Key.Key_Y, modifiers=CTRL)
    assert picture(editor).symbols[-1] == placed


def test_that_a_dragged_symbol_snaps_and_its_pipes_follow(editor: PictureEditor) -> None:
    editor.edited.select({1, 2})
    editor.hand.connect_selected()
    pipe = picture(editor).pipes[-1]
    assert (pipe.start, pipe.end) == ("C-201.bottom", "C-202.top")
    drag(editor, (320, 120), (413, 126))
    made = picture(editor)
    assert made.symbols[1].at == (410, 130)
    assert made.pipes[-1].points[0] == (410, 195)
    assert editor.edited.stack.count() == 2


def test_that_a_pipe_is_drawn_from_one_side_to_another(editor: PictureEditor) -> None:
    keys(editor, Qt.Key.Key_L)
    assert editor.hand.tool is Tool.PIPE
    drag(editor, (645, 235), (775, 235))
    pipe = picture(editor).pipes[-1]
    assert (pipe.start, pipe.end, pipe.points) == ("D-210.right", "V-220.left", ((645, 235), (775, 235)))
    drag(editor, (775, 235), (700, 500))  # its end is taken off
    assert (picture(editor).pipes[-1].end, picture(editor).pipes[-1].points[-1]) == ("", (700, 500))


def test_that_a_handle_sizes_and_a_band_selects(editor: PictureEditor) -> None:
    editor.edited.select({4})
    drag(editor, (885, 375), (903, 396))
    assert picture(editor).symbols[4].size == (125, 305)
    drag(editor, (200, 500), (560, 615))
    assert {symbol.equipment for symbol in editor.edited.selected() if isinstance(symbol, Symbol)} == {"P-11", "P-12"}


def test_that_all_can_be_done_by_keys(editor: PictureEditor) -> None:
    keys(editor, Qt.Key.Key_PageDown, Qt.Key.Key_PageDown)
    assert editor.edited.selection == {1}
    keys(editor, Qt.Key.Key_Right, Qt.Key.Key_Right)
    keys(editor, Qt.Key.Key_Down, modifiers=SHIFT)
    keys(editor, Qt.Key.Key_Right, modifiers=CTRL)
    symbol = picture(editor).symbols[1]
    assert (symbol.at, symbol.size) == ((345, 121), (140, 130))
    keys(editor, Qt.Key.Key_R)
    assert (picture(editor).symbols[1].turn, picture(editor).symbols[1].size) == (90, (130, 140))
    keys(editor, Qt.Key.Key_D, modifiers=CTRL)
    assert picture(editor).symbols[-1].at == (365, 141)
    keys(editor, Qt.Key.Key_Delete)
    assert len(picture(editor).symbols) == len(PICTURE.symbols)
    keys(editor, Qt.Key.Key_A, modifiers=CTRL)
    assert len(editor.edited.selection) == len(editor.edited.drawing.items)
    keys(editor, Qt.Key.Key_Escape)
    assert not editor.edited.selection
    keys(editor, Qt.Key.Key_V, Qt.Key.Key_Return)
    assert picture(editor).readouts[-1].tag == ""
    keys(editor, Qt.Key.Key_Return)
    assert editor.focusWidget() is editor.properties.inputs["Tag"]


def test_that_moving_by_keys_is_one_step(editor: PictureEditor) -> None:
    editor.edited.select({1})
    keys(editor, *[Qt.Key.Key_Left] * 5)
    assert editor.edited.stack.count() == 1
    keys(editor, Qt.Key.Key_Z, modifiers=CTRL)
    assert picture(editor) == PICTURE


def test_that_copies_go_through_the_clipboard_as_text(editor: PictureEditor, station: Station) -> None:
    editor.edited.select({1})
    keys(editor, Qt.Key.Key_X, modifiers=CTRL)
    assert len(picture(editor).symbols) == len(PICTURE.symbols) - 1
    keys(editor, Qt.Key.Key_V, modifiers=CTRL)
    assert picture(editor).symbols[-1] == replace(PICTURE.symbols[1], at=(340, 140))


def test_that_elements_are_aligned_from_the_menu(editor: PictureEditor) -> None:
    editor.edited.select({1, 2})
    editor.edited.change("shift", editor.edited.drawing.changed({1: replace(PICTURE.symbols[1], at=(350.0, 120.0))}))
    editor.commands.bar.actions_of["Left"].trigger()
    assert [symbol.at[0] for symbol in picture(editor).symbols[1:3]] == [320, 320]


def write(editor: PictureEditor, label: str, text: str) -> None:
    line = editor.properties.inputs[label]
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.setText(text)  # by keys, proposals would pop up, for which the platform of the tests has no windows
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_that_properties_bind_tags_and_refuse_what_cannot_be_meant(editor: PictureEditor) -> None:
    editor.edited.select({3})
    write(editor, "Value: tag", "MT-210")
    write(editor, "Label, Chinese", "干燥机")
    symbol = picture(editor).symbols[3]
    assert (symbol.value, symbol.label.zh) == ("MT-210", "干燥机")
    write(editor, "Middle: x, y", "here")
    assert "Write two numbers with a comma" in editor.message.text()
    assert picture(editor).symbols[3].at == symbol.at
    choice = editor.properties.inputs["Symbol"]
    assert isinstance(choice, ChoiceBox)
    choice.setCurrentIndex(choice.findData("filter"))
    choice.activated.emit(choice.currentIndex())
    assert picture(editor).symbols[3].kind == "filter"


def test_that_the_picture_itself_has_properties(editor: PictureEditor) -> None:
    write(editor, "Width, height", "1200, 700")
    write(editor, "Class: faceplate of", "pump")
    assert (picture(editor).size, picture(editor).equipment, picture(editor).equipment_class) == (
        (1200, 700),
        "",
        "pump",
    )


def drop(editor: PictureEditor, x: float, y: float, *tags: str) -> None:
    mime = tag_mime(tags)  # which the event does not own
    at, keys = editor.canvas.plane.point((x, y)), Qt.KeyboardModifier.NoModifier
    event = QDropEvent(at, Qt.DropAction.CopyAction, mime, LEFT, keys)
    editor.canvas.dropEvent(event)


def test_that_tags_are_dropped_as_values_and_bind_a_symbol(editor: PictureEditor) -> None:
    drop(editor, 702, 548, "PT-220", "FT-220")
    assert picture(editor).readouts[-2:] == (Readout("PT-220", (700, 550)), Readout("FT-220", (700, 590)))
    drop(editor, 590, 235, "MT-210")
    assert picture(editor).symbols[3].value == "MT-210"
    drop(editor, 590, 235, "XA-201")
    assert (picture(editor).symbols[3].value, picture(editor).symbols[3].running) == ("MT-210", "XA-201")


def test_that_locked_and_hidden_layers_are_left_alone(editor: PictureEditor) -> None:
    shown, locked = editor.layers.boxes["equipment"]
    locked.setChecked(True)
    QTest.mouseClick(editor.canvas, LEFT, pos=spot(editor, 320, 120))
    assert not any(isinstance(each, Symbol) for each in editor.edited.selected())
    locked.setChecked(False)
    shown.setChecked(False)
    keys(editor, Qt.Key.Key_A, modifiers=CTRL)
    assert {type(each) for each in editor.edited.selected()} == {Pipe, Readout}


def test_that_what_is_wrong_is_told_while_one_draws_and_selects_the_element(
    editor: PictureEditor, qtbot: QtBot
) -> None:
    keys(editor, Qt.Key.Key_V, Qt.Key.Key_Return)
    number = max(item.number for item in editor.edited.drawing.items)

    def rows() -> list[str]:
        return [editor.findings.item(row).text() for row in range(editor.findings.count())]

    qtbot.waitUntil(lambda: any("there is no tag ?" in row for row in rows()), timeout=LIMIT_MS)
    editor.edited.select(())
    row = next(row for row, text in enumerate(rows()) if "there is no tag ?" in text)
    editor.findings.itemClicked.emit(editor.findings.item(row))
    assert editor.edited.selection == {number}


def store(editor: PictureEditor, qtbot: QtBot, done: Callable[[], bool], reason: str = "") -> None:
    dialog = editor.save()
    assert dialog is not None
    dialog.reason.setText(reason)
    dialog.accept()
    qtbot.waitUntil(done, timeout=LIMIT_MS)


def test_that_a_picture_is_saved_as_a_few_lines_and_shown_at_once(
    editor: PictureEditor, qtbot: QtBot, saved: Saved, tmp_path: Path, station: Station
) -> None:
    asked: list[bool] = []
    station.feed.pictures_taken.connect(lambda: asked.append(True))
    path = picture_path(tmp_path, PICTURE.id)
    text = path.read_text(encoding="utf-8")
    editor.edited.select({1})
    keys(editor, Qt.Key.Key_Right)
    assert editor.windowTitle().endswith("*")
    store(editor, qtbot, lambda: bool(asked), "the skid was moved")
    (saving, reason, user) = saved.savings[0]
    assert (reason, user) == ("the skid was moved", "Li Na")
    changed = [line for line in saving.difference.splitlines()[2:] if line[0] in "+-"]
    assert changed == ["-at = [320, 120]", "+at = [330, 120]"]
    assert path.read_text(encoding="utf-8") == text.replace("at = [320, 120]", "at = [330, 120]")
    assert not editor.windowTitle().endswith("*")
    assert read_plant(tmp_path / "plant.toml").pictures == (picture(editor),)


def test_that_nothing_is_saved_by_somebody_who_may_not(
    station: Station, qtbot: QtBot, saved: Saved, tmp_path: Path
) -> None:
    editor = PictureEditor(
        station.feed, PlantFolder(tmp_path), editing=Editing(draw=saved.draw), may_save=lambda: False
    )
    qtbot.addWidget(editor)
    editor.edited.select({1})
    editor.commands.turn()
    assert editor.save() is None
    assert "Sign in as engineer" in editor.message.text()


def test_that_what_somebody_else_wrote_meanwhile_is_not_overwritten(
    editor: PictureEditor, qtbot: QtBot, tmp_path: Path
) -> None:
    path = picture_path(tmp_path, PICTURE.id)
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    editor.edited.select({1})
    keys(editor, Qt.Key.Key_Right)
    store(editor, qtbot, lambda: "was changed by somebody else" in editor.message.text())
    assert path.read_text(encoding="utf-8").endswith("# mine\n")


def test_that_a_picture_that_names_nothing_is_not_saved(editor: PictureEditor, qtbot: QtBot, saved: Saved) -> None:
    editor.edited.select({3})
    write(editor, "Value: tag", "NO-1")
    store(editor, qtbot, lambda: 'there is no tag "NO-1"' in editor.message.text())


def test_that_changes_are_not_lost_by_one_press_on_close(editor: PictureEditor) -> None:
    editor.edited.select({1})
    keys(editor, Qt.Key.Key_Right)
    editor.close_button.click()
    assert editor.isVisible()
    assert "not saved" in editor.message.text()
    editor.close_button.click()
    assert not editor.isVisible()


def test_that_a_new_picture_is_begun_and_needs_a_name_of_its_own(editor: PictureEditor, qtbot: QtBot) -> None:
    editor.new_picture()
    dialog = next(each for each in editor.children() if isinstance(each, NewDialog))
    dialog.accept()
    assert "name" in dialog.message.text()
    dialog.name.setText(PICTURE.id)
    dialog.accept()
    assert "There is a picture of that name" in dialog.message.text()
    dialog.name.setText("boiler-house")
    dialog.accept()
    assert editor.edited.drawing.head.id == "boiler-house"
    assert editor.choice.currentData() == "boiler-house"
    editor.open_picture(PICTURE.id)
    assert picture(editor) == PICTURE


def test_that_the_sheet_is_zoomed_at_the_pointer_and_fitted_again(editor: PictureEditor) -> None:
    canvas = editor.canvas
    at = canvas.plane.point((320.0, 120.0))
    before = canvas.plane.factor
    canvas.zoom(2.0, at)
    assert canvas.plane.factor == pytest.approx(2 * before)
    assert canvas.plane.point((320.0, 120.0)) == at
    keys(editor, Qt.Key.Key_0)
    assert canvas.plane.factor == pytest.approx(before)
