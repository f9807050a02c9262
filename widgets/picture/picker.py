"""The process pictures of a plant by name, to choose one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from app.model.picture_levels import main_pictures
from app.model.plant import Plant
from widgets.translation import local
from widgets.trend.segment import Segment


class PicturePicker(QWidget):
    """One button for each picture of the two upper display levels; it hides where there is only one."""

    chosen = Signal(str)  # the id of the picture

    def __init__(self, plant: Plant, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = {picture.id: picture.title for picture in main_pictures(plant)}
        self.buttons = {picture: Segment() for picture in self._titles}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for picture, button in self.buttons.items():
            group.addButton(button)
            row.addWidget(button)
            button.clicked.connect(lambda _=False, picture=picture: self.chosen.emit(picture))
        if len(self.buttons) <= 1:
            self.hide()
        self.retranslate()

    def show_choice(self, picture: str) -> None:
        """Mark the picture that is in view."""
        if picture in self.buttons:
            self.buttons[picture].setChecked(True)

    def retranslate(self) -> None:
        """Renew the texts after a change of language."""
        for picture, button in self.buttons.items():
            button.setText(local(self._titles[picture]))
            button.updateGeometry()
