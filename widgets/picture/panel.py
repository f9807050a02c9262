"""A process picture with its sparklines, below it or, where the place is wide, beside it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.model.picture import Picture
from app.model.picture_levels import ancestors, faceplate_of, main_pictures
from app.model.plant import Plant
from widgets.elided_label import ElidedLabel
from widgets.feed import Feed
from widgets.picture.level_bar import LevelBar
from widgets.picture.sparkline import Sparkline
from widgets.picture.view import PictureView
from widgets.theme import SEMIBOLD, theme
from widgets.translation import local, tr
from widgets.trend.frame_clock import FrameClock
from widgets.trend.live_samples import LiveSamples

FRAME_MS = 200
MOST_SPARKLINES = 4
LEAST_FOR_SPARKLINES = 290
WIDE = 1.5
"""So many times as wide as high, a place has room for sparklines beside the picture."""
BESIDE_SHARE, LEAST_BESIDE, MOST_BESIDE = 0.17, 130, 230
SIDE = 14
UNBOUNDED = 16_777_215
"""QWIDGETSIZE_MAX, which PySide6 does not offer."""


def picture_of(plant: Plant, equipment: str) -> Picture | None:
    """Return the picture of an equipment or of the nearest one above it, else the plant's first one.

    Those of the two upper display levels alone: one goes down from there.
    """
    pictures = main_pictures(plant)
    by_equipment = {picture.equipment: picture for picture in reversed(pictures)}
    for each in ancestors(plant, equipment):
        if each in by_equipment:
            return by_equipment[each]
    return pictures[0] if pictures else None


class PicturePanel(QFrame):
    """Title, picture and sparklines; it says so where the plant has no picture."""

    equipment_asked = Signal(str)
    tag_asked = Signal(str)
    write_asked = Signal(str)
    level_changed = Signal(object)  # Picture: that the operator has gone up or down to

    def __init__(self, feed: Feed, live: LiveSamples, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "panel")
        self._feed, self._live = feed, live
        self._picture: Picture | None = None
        self._sparklines: list[Sparkline] = []
        self.title = ElidedLabel(size="title", weight=SEMIBOLD)
        self.place = ElidedLabel(size="tiny", tone="dim")
        self.head = QHBoxLayout()
        self.levels = LevelBar(self)
        self.view = PictureView(feed)
        self.empty = QLabel()
        self._clock = FrameClock(self, interval_ms=FRAME_MS)
        self._lay_out()
        self.view.equipment_asked.connect(self.equipment_asked)
        self.view.write_asked.connect(self.write_asked)
        self.levels.picture_asked.connect(self._change_level)
        feed.pictures_changed.connect(self._renew)
        self._show_picture(None)

    @property
    def picture(self) -> Picture | None:
        """Return the picture in view."""
        return self._picture

    def show_equipment(self, equipment: str) -> None:
        """Show the picture that has this equipment in it, and frame it there."""
        self.show_picture(picture_of(self._feed.plant, equipment))
        self.view.select(equipment)

    def show_picture(self, picture: Picture | None) -> None:
        """Show a picture, whatever its level."""
        if picture != self._picture:
            self._show_picture(picture)

    def retranslate(self) -> None:
        """Renew the texts after a change of language."""
        self.title.set_text(tr("Process"))
        self.empty.setText(tr("This plant has no process picture. Ctrl+K, Draw process pictures makes one."))
        self.place.set_text(local(self._picture.title) if self._picture is not None else "")
        self.levels.retranslate()
        self.view.update()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for sparkline in self._sparklines:
            sparkline.refresh()  # the first frame shows the same instant everywhere
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def _lay_out(self) -> None:
        self.head.addWidget(self.title)
        self.head.addWidget(self.levels)
        self.head.addStretch(1)
        self.head.addWidget(self.place)
        self._strip = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._strip)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._body = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._body.addWidget(self.view, 1)
        self._body.addWidget(self.empty, 1)
        self._body.addWidget(self._strip)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE, 12, SIDE, 10)
        column.setSpacing(4)
        column.addLayout(self.head)
        column.addSpacing(4)
        column.addLayout(self._body, 1)

    def _renew(self) -> None:
        """Show the picture as it is drawn now, the nearest one where it is gone; its faceplate where it was one."""
        former, plant = self._picture, self._feed.plant
        if former is None:
            return
        found = next((each for each in plant.pictures if each.id == former.id), None)
        self._show_picture(found or faceplate_of(plant, former.equipment) or picture_of(plant, former.equipment))

    def _change_level(self, picture: Picture) -> None:
        self.show_picture(picture)
        self.level_changed.emit(picture)

    def _show_picture(self, picture: Picture | None) -> None:
        self._picture = picture
        self.levels.show_level(self._feed.plant, picture)
        for sparkline in self._sparklines:
            self._row.removeWidget(sparkline)
            sparkline.hide()  # it lives until the event loop is back, and would be painted beneath the next ones
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
        self._arrange()

    def _lines_of_names(self) -> int:
        """Return how many lines the names of sparklines side by side take; their own layout follows later."""
        number = len(self._sparklines)
        room = (self.contentsRect().width() - 2 * SIDE + self._row.spacing()) / number - self._row.spacing()
        return max(sparkline.lines_needed(room) for sparkline in self._sparklines)

    def _arrange(self) -> None:
        """Put the sparklines where they take least from the picture, or leave all of a small place to it."""
        is_wide = self.width() >= WIDE * self.height()
        along, across = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._body.setDirection(along if is_wide else across)
        self._body.setSpacing(theme().px(18 if is_wide else 4))
        self._row.setDirection(across if is_wide else along)
        self._row.setSpacing(theme().px(14))
        beside = min(max(round(self.width() * BESIDE_SHARE), theme().px(LEAST_BESIDE)), theme().px(MOST_BESIDE))
        self._strip.setMinimumWidth(beside if is_wide else 0)
        self._strip.setMaximumWidth(beside if is_wide else UNBOUNDED)
        for sparkline in self._sparklines:
            sparkline.set_lines(1 if is_wide else self._lines_of_names())
        self._strip.setVisible(bool(self._sparklines) and self.height() >= theme().px(LEAST_FOR_SPARKLINES))
