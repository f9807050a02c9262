"""Asks for a signal of the plant by name, to be drawn into a grid of trends."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from widgets.feed import Feed
from widgets.finder import Finder
from widgets.target import Target
from widgets.theme import theme
from widgets.translation import local, tr
from widgets.trend.free_grid import FreeGrid


def find_signal(feed: Feed, grid: FreeGrid, parent: QWidget, *, place: int = -1) -> Finder:
    """Open the search for a signal for the pane at `place`, or for a new one, below the top edge of `parent`."""
    targets = [
        Target(tr("Tag"), local(tag.title), tag.name, (tag.name, tag.title.en, tag.title.zh), partial(call, tag))
        for tag in feed.plant.tags
        for call in [(lambda t: grid.add([t.name])) if place < 0 else partial(grid.toggle, place)]
        if not tag.is_text
    ]
    finder = Finder(targets, parent)
    finder.appear(parent.mapToGlobal(QPoint(parent.width() // 2, theme().px(48))))
    return finder
