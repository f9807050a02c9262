"""Mouse and keys on the sheet of the editor."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.model.picture import Picture
from widgets.picture_editor.editor import PictureEditor

LIMIT_MS = 20_000
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def spot(editor: PictureEditor, x: float, y: float) -> QPoint:
    return editor.canvas.plane.point((x, y)).toPoint()


def drag(editor: PictureEditor, start: tuple[float, float], end: tuple[float, float]) -> None:
    canvas = editor.canvas
    QTest.mousePress(canvas, LEFT, pos=spot(editor, *start))
    QTest.mouseMove(canvas, spot(editor, *end))
    QTest.mouseRelease(canvas, LEFT, pos=spot(editor, *end))


def picture(editor: PictureEditor) -> Picture:
    return editor.edited.picture


def keys(
    editor: PictureEditor, *strokes: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    for key in strokes:
        QTest.keyClick(editor.canvas, key, modifiers)
