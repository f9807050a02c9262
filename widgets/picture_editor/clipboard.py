"""Elements on the clipboard as the text that they are in a picture's file, so that they can be pasted anywhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication

from app.model.picture import Element
from app.plant.picture.revision import parse_picture
from app.plant.picture.text import element_text

_HEAD = 'title = "clipboard"\nequipment = "clipboard"\nsize = [1, 1]\n\n'


def put_on_clipboard(elements: Sequence[Element]) -> None:
    """Put elements on the clipboard; ends of pipes at what is not among them stay where they are."""
    QGuiApplication.clipboard().setText("\n".join(element_text(element) for element in elements))


def from_clipboard() -> tuple[Element, ...]:
    """Return the elements on the clipboard, none where something else is there."""
    found = parse_picture(_HEAD + QGuiApplication.clipboard().text(), "clipboard")
    return () if found is None else (*found.symbols, *found.pipes, *found.readouts)
