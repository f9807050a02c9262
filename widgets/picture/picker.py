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
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self.buttons: dict[str, Segment] = {}
        self.show_plant(plant)

    def show_plant(self, plant: Plant) -> None:
        """Offer the pictures of a plant, in the place of others."""
        for button in self.buttons.values():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._titles = {picture.id: picture.title for picture in main_pictures(plant)}
        self.buttons = {picture: Segment() for picture in self._titles}
        for picture, button in self.buttons.items():
            self._group.addButton(button)
            self._row.addWidget(button)
            button.clicked.connect(lambda _=False, picture=picture: self.chosen.emit(picture))
        if len(self.buttons) <= 1:
            self.hide()
        elif self.parentWidget() is not None:
            self.show()
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
