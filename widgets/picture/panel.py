"""The process picture of the present equipment's area, with its sparklines below."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.model.picture import Picture
from app.model.plant import Plant
from widgets.elided_label import ElidedLabel
from widgets.feed import Feed
from widgets.picture.sparkline import Sparkline
from widgets.picture.view import PictureView
from widgets.theme import SEMIBOLD, theme
from widgets.translation import local, tr
from widgets.trend.frame_clock import FrameClock
from widgets.trend.live_samples import LiveSamples
from widgets.trend.tag_choice import path_to

FRAME_MS = 200
MOST_SPARKLINES = 4
LEAST_FOR_SPARKLINES = 290


def picture_of(plant: Plant, equipment: str) -> Picture | None:
    """Return the picture of an equipment or of the nearest one above it, else the plant's first one."""
    by_equipment = {picture.equipment: picture for picture in reversed(plant.pictures)}
    for each in reversed(path_to(plant, equipment)):
        if each in by_equipment:
            return by_equipment[each]
    return plant.pictures[0] if plant.pictures else None


class PicturePanel(QFrame):
    """Title, picture and sparklines; it says so where the plant has no picture."""

    equipment_asked = Signal(str)
    tag_asked = Signal(str)

    def __init__(self, feed: Feed, live: LiveSamples, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "panel")
        self._feed, self._live = feed, live
        self._picture: Picture | None = None
        self._sparklines: list[Sparkline] = []
        self.title = ElidedLabel(size="title", weight=SEMIBOLD)
        self.place = ElidedLabel(size="tiny", tone="dim")
        self.view = PictureView(feed)
        self.empty = QLabel()
        self._clock = FrameClock(self, interval_ms=FRAME_MS)
        self._lay_out()
        self.view.equipment_asked.connect(self.equipment_asked)
        self._show_picture(None)

    @property
    def picture(self) -> Picture | None:
        """Return the picture in view."""
        return self._picture

    def show_equipment(self, equipment: str) -> None:
        """Show the picture that has this equipment in it, and frame it there."""
        picture = picture_of(self._feed.plant, equipment)
        if picture != self._picture:
            self._show_picture(picture)
        self.view.select(equipment)

    def retranslate(self) -> None:
        """Renew the texts after a change of language."""
        self.title.set_text(tr("Process"))
        self.empty.setText(tr("This plant has no process picture."))
        self.place.set_text(local(self._picture.title) if self._picture is not None else "")
        self.view.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_sparklines()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.place)
        self._row = QHBoxLayout()
        self._row.setSpacing(14)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        column.addWidget(self.empty, 1)
        column.addLayout(self._row)

    def _show_picture(self, picture: Picture | None) -> None:
        self._picture = picture
        for sparkline in self._sparklines:
            self._row.removeWidget(sparkline)
            sparkline.deleteLater()
        self._sparklines = []
        if picture is not None:
            self.view.show_picture(picture)
            self._add_sparklines(picture)
        self.view.setVisible(picture is not None)
        self.empty.setVisible(picture is None)
        self._clock.set_refreshers([self.view.refresh, *(each.refresh for each in self._sparklines)])
        self.retranslate()

    def _add_sparklines(self, picture: Picture) -> None:
        tags = {tag.name: tag for tag in self._feed.plant.tags}
        for name in [name for name in picture.sparklines if name in tags][:MOST_SPARKLINES]:
            sparkline = Sparkline(self._feed, self._live, tags[name])
            sparkline.tag_asked.connect(self.tag_asked)
            sparkline.refresh()
            self._row.addWidget(sparkline)
            self._sparklines.append(sparkline)
        self._show_sparklines()

    def _show_sparklines(self) -> None:
        """Leave the place to the picture where there is little of it."""
        for sparkline in self._sparklines:
            sparkline.setVisible(self.height() >= theme().px(LEAST_FOR_SPARKLINES))
