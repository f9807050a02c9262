"""A text of the plant to be read: as it was written, over several lines, and it can be copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


class PlainText(QLabel):
    """Never taken for markup, whatever an engineer or a device wrote; `lettering`, `tone`: of the theme."""

    def __init__(self, lettering: str = "", *, tone: str = "") -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if lettering:
            self.setProperty("lettering", lettering)
        if tone:
            self.setProperty("tone", tone)
