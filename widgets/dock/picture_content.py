"""A process picture or a faceplate, as a panel: it stays when another equipment is chosen."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from app.model.picture_levels import faceplate_of
from widgets.dock.content import Content, Surroundings
from widgets.help.link import HelpLink
from widgets.picture.panel import PicturePanel, picture_of
from widgets.translation import local, tr
from widgets.trend.live_samples import LiveSamples


class PictureContent(Content):
    """Begins with the faceplate of the equipment that is selected, else with the picture that shows it."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._feed, navigation = around.feed, around.navigation
        self._equipment = navigation.equipment
        self.picture = PicturePanel(around.feed, LiveSamples(around.feed, self))
        self.picture.setProperty("surface", "")
        HelpLink(self.picture.empty, "pictures#empty", navigation)
        inner = self.picture.layout()
        if inner is not None:
            inner.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.picture)
        self.picture.equipment_asked.connect(navigation.open_equipment)
        self.picture.tag_asked.connect(navigation.open_tag)
        self.picture.write_asked.connect(navigation.write_asked)
        self.picture.level_changed.connect(lambda _: self.changed.emit())
        plant = around.feed.plant
        self.picture.show_picture(faceplate_of(plant, self._equipment) or picture_of(plant, self._equipment))

    def title(self) -> str:
        shown = self.picture.picture
        if shown is None:
            return tr("Process picture")
        own = self._feed.equipment.get(shown.equipment)
        names = [local(shown.title), local(own.name) if own is not None else ""]
        return " – ".join(dict.fromkeys(filter(None, names)))

    def marks(self) -> Mapping[str, object]:
        shown = self.picture.picture
        return {} if shown is None else {"picture": shown.id, "equipment": shown.equipment}

    def restore(self, marks: Mapping[str, object]) -> None:
        plant, equipment = self._feed.plant, str(marks.get("equipment", ""))
        own = faceplate_of(plant, equipment)
        known = {each.id: each for each in (*plant.pictures, *([own] if own is not None else []))}
        self.picture.show_picture(known.get(str(marks.get("picture", "")), self.picture.picture))
        self.changed.emit()

    def take_focus(self) -> None:
        self.picture.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.picture.retranslate()
