"""What a panel can hold: a part that is whole in itself, and knows what it needs to come back as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QWidget

from widgets.alarm.acknowledgement import Acknowledgement
from widgets.feed import Feed
from widgets.navigation import Navigation


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a content works with: the plant's values, the way to everything else of the window, and acknowledging."""

    feed: Feed
    navigation: Navigation
    acknowledgement: Acknowledgement


class Content(QWidget):
    """The inner part of a panel; `changed` says that its title or its marks are others now."""

    changed = Signal()
    close_asked = Signal()  # somebody has ended what the content is for

    def title(self) -> str:
        """Return what it shows, in the present language."""
        raise NotImplementedError

    def marks(self) -> Mapping[str, object]:
        """Return what `restore` needs, in types of JSON."""
        return {}

    def restore(self, marks: Mapping[str, object]) -> None:
        """Show what it showed when it had these marks; what the plant no longer has is left out."""

    def show_tags(self, names: list[str]) -> None:
        """Show these tags too; contents that show no tags of choice take no notice."""

    def take_focus(self) -> None:
        """Bring the keyboard to the part that one works with."""
        self.setFocus()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self.changed.emit()
        super().changeEvent(event)


@dataclass(frozen=True, slots=True)
class PanelKind:
    """One kind of panel: its `key` in what is kept, its `name` in the present language, and how it is made."""

    key: str
    name: Callable[[], str]
    build: Callable[[Surroundings], Content]


def texts_of(marks: Mapping[str, object], key: str) -> list[str]:
    """Return the texts of a list among marks; none where it is something else."""
    found = marks.get(key, [])
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
