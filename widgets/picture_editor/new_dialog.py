"""A new picture: the name of its file, its title, its display level and what it shows."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.model.picture import DisplayLevel, Picture
from app.model.plant import Plant
from app.model.text import LocalText
from widgets.choice import ChoiceBox
from widgets.picture_editor.kind_name import level_name
from widgets.theme import theme
from widgets.translation import local, tr

SIZE = (1000.0, 600.0)
_CLASS = "class:"


def blank(plant: Plant) -> Picture:
    """Return an empty picture of a plant that has none."""
    equipment = plant.equipment[0] if plant.equipment else None
    title = equipment.name if equipment is not None else plant.name
    return Picture("overview", title, equipment.id if equipment is not None else "", SIZE, level=DisplayLevel.OVERVIEW)


class NewDialog(QDialog):
    """`picture()` is what was asked for; OK is pressed in vain while something is missing, and says what."""

    def __init__(self, plant: Plant, taken: Collection[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._taken = taken
        self.setWindowTitle(tr("New picture"))
        self.name, self.title_text = QLineEdit(), QLineEdit()
        self.level, self.shows = ChoiceBox(), ChoiceBox()
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        for level in DisplayLevel:
            self.level.addItem(level_name(level), str(level))
        self.level.setCurrentIndex(1)
        for each in plant.equipment:
            self.shows.addItem(f"{each.id}  {local(each.name)}", each.id)
        for kind in sorted({each.kind for each in plant.equipment if each.kind}):
            self.shows.addItem(tr("Faceplate of the class {kind}", kind=kind), _CLASS + kind)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setSpacing(theme().px(10))
        for label, widget in (
            (tr("File name"), self.name),
            (tr("Title"), self.title_text),
            (tr("Display level"), self.level),
            (tr("Shows"), self.shows),
        ):
            widget.setAccessibleName(label)
            form.addRow(label, widget)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.message)
        column.addWidget(self.buttons)

    def accept(self) -> None:
        """Close where all that is needed is there."""
        name = self.name.text().strip()
        if not name:
            self.message.setText(tr("Give the file a name, such as cooling-water."))
        elif name in self._taken:
            self.message.setText(tr("There is a picture of that name: choose another."))
        else:
            super().accept()

    def picture(self) -> Picture:
        """Return the picture, still empty."""
        name, shows = self.name.text().strip(), str(self.shows.currentData() or "")
        kind = shows.removeprefix(_CLASS) if shows.startswith(_CLASS) else ""
        return Picture(
            name,
            LocalText(self.title_text.text().strip() or name),
            "" if kind else shows,
            SIZE,
            level=DisplayLevel(str(self.level.currentData())),
            equipment_class=kind,
        )
