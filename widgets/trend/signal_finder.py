"""Asks for a signal of the plant by name, to be drawn into a grid of trends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from app.model.tag import TagDefinition
from widgets.feed import Feed
from widgets.finder import Finder
from widgets.plant_names import plant_names
from widgets.target import END, MOST_HITS, Target
from widgets.theme import theme
from widgets.translation import local, tr
from widgets.trend.free_grid import FreeGrid


class Signals:
    """The tags of a plant that have numbers; `take` gets the one that is chosen."""

    def __init__(self, feed: Feed, take: Callable[[TagDefinition], object]) -> None:
        self._plant, self._take = feed.plant, take
        self._names = plant_names(feed)
        self._texts = [number for number, tag in enumerate(feed.plant.tags) if tag.is_text]

    def prepare(self, renew: Callable[[], object]) -> bool:
        """Return whether the names are there, else call `renew` once they are."""
        is_whole = self._names.ask() is not None
        if not is_whole:
            self._names.gathered.connect(renew)
        return is_whole

    def is_whole(self) -> bool:
        """Return whether the names of the signals are there."""
        return self._names.ask() is not None

    def search(self, text: str, *, recent: Sequence[str] = ()) -> list[Target]:
        """Return the signals that hold every word of `text`, the best first."""
        del recent
        names = self._names.ask()
        if names is None:
            return []
        words = text.casefold().replace(END, " ").split()
        hits = names.tags.best(words, most=MOST_HITS + len(self._texts), newest={})
        tags = [self._plant.tags[number] for _, _, number in hits]
        return [self._target(tag) for tag in tags if not tag.is_text][:MOST_HITS]

    def _target(self, tag: TagDefinition) -> Target:
        keys = (tag.name, tag.title.en, tag.title.zh)
        return Target(tr("Tag"), local(tag.title), tag.name, keys, partial(self._take, tag))


def find_signal(feed: Feed, grid: FreeGrid, parent: QWidget, *, place: int = -1) -> Finder:
    """Open the search for a signal for the pane at `place`, or for a new one, below the top edge of `parent`."""

    def take(tag: TagDefinition) -> None:
        if place < 0:
            grid.add([tag.name])
        else:
            grid.toggle(place, tag)

    finder = Finder(Signals(feed, take), parent)
    finder.appear(parent.mapToGlobal(QPoint(parent.width() // 2, theme().px(48))))
    return finder
