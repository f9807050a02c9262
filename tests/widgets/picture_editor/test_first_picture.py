"""A picture drawn from nothing by mouse and keys: symbols, pipes, a group, a row; stored, read again and linted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.picture.lint import lint
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from tests.widgets.picture_editor.mouse import CTRL, LEFT, LIMIT_MS, drag, keys, picture, spot
from tests.widgets.picture_editor.saved import Saved
from widgets.picture_editor.editor import PictureEditor
from widgets.picture_editor.new_dialog import NewDialog
from widgets.picture_editor.storing import read_edited


def place(editor: PictureEditor, kind: str, x: float, y: float) -> None:
    palette = editor.palette_list
    items = (palette.item(row) for row in range(palette.count()))
    mime = palette.mimeData([next(each for each in items if each.data(Qt.ItemDataRole.UserRole) == kind)])
    at = editor.canvas.plane.point((x, y))
    editor.canvas.dropEvent(QDropEvent(at, Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier))


def write(editor: PictureEditor, **properties: str) -> None:
    for label, text in properties.items():
        line = editor.properties.inputs[label.replace("_", " ").replace("  ", ": ")]
        assert isinstance(line, QLineEdit)
        line.setText(text)
        QTest.keyClick(line, Qt.Key.Key_Return)


def test_that_a_plant_is_drawn_from_nothing(editor: PictureEditor, qtbot: QtBot, saved: Saved, tmp_path: Path) -> None:
    editor.new_picture()
    (dialog,) = editor.findChildren(NewDialog)
    dialog.name.setText("pumps")
    dialog.title_text.setText("Cooling pumps")
    dialog.shows.setCurrentIndex(dialog.shows.findData("cooling"))
    dialog.accept()
    place(editor, "tower", 150, 300)
    write(editor, Label="Tower")
    place(editor, "pump", 450, 200)
    write(editor, Equipment="P-11", Runs__tag="XA-11")
    place(editor, "filter", 320, 203)
    assert picture(editor).symbols[-1].at == (320, 200), "drawn to the middle of the pump"
    editor.edited.select({1, 2})
    keys(editor, Qt.Key.Key_G, modifiers=CTRL)
    QTest.mouseClick(editor.canvas, LEFT, pos=spot(editor, 700, 500))
    QTest.mouseClick(editor.canvas, LEFT, pos=spot(editor, 320, 200))
    row = editor.commands.repeat()
    assert row is not None
    row.across.setValue(0)
    row.down.setValue(200)
    row.accept()
    assert [each.equipment for each in picture(editor).symbols] == ["", "P-11", "", "P-12", ""]
    assert [each.running for each in picture(editor).symbols] == ["", "XA-11", "", "XA-12", ""]
    out, filters, behind = (230.0, 300.0), [(290.0, 200.0), (290.0, 400.0)], [(350.0, 200.0), (350.0, 400.0)]
    for start, end in [*((out, each) for each in filters), *((each, (405.0, each[1])) for each in behind)]:
        editor.commands.bar.actions_of["Pipe"].trigger()
        drag(editor, start, end)
    assert all(pipe.start and pipe.end for pipe in picture(editor).pipes)
    assert len(picture(editor).pipes) == 4
    for _ in range(4):
        editor.commands.undo()
    assert not picture(editor).pipes
    for _ in range(4):
        editor.commands.redo()
    dialog_of_saving = editor.save()
    assert dialog_of_saving is not None
    dialog_of_saving.accept()
    qtbot.waitUntil(lambda: bool(saved.savings) and editor.edited.stack.isClean(), timeout=LIMIT_MS)
    plant = read_plant(PlantFolder(tmp_path).configuration)
    again = read_edited(PlantFolder(tmp_path), plant, "pumps").picture
    assert again == picture(editor)
    assert {each.rule for each in lint(again, plant)} <= {"dangling", "no-way", "unseen-alarms"}
