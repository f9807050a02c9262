"""Tags that are dragged from one place of the window to another: their names, as text too for other programs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QWidget

FORMAT = "application/x-foreshift-tags"


def tag_mime(names: Sequence[str]) -> QMimeData:
    """Return tags as what is dragged."""
    mime = QMimeData()
    mime.setData(FORMAT, "\n".join(names).encode())
    mime.setText("\n".join(names))
    return mime


def tags_of(mime: QMimeData) -> list[str]:
    """Return the names of the tags that are dragged, none where it is something else."""
    return mime.data(FORMAT).toStdString().split("\n") if mime.hasFormat(FORMAT) else []


def drag_tags(source: QWidget, names: Sequence[str]) -> None:
    """Let the pointer carry tags until it lets go."""
    drag = QDrag(source)
    drag.setMimeData(tag_mime(names))
    drag.exec(Qt.DropAction.CopyAction)
