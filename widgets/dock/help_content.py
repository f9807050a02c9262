"""The help, as a panel: beside the work and not over it, and at the same section again after a restart."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout

from widgets.dock.content import Content, Surroundings
from widgets.help.topics import topic_of_page
from widgets.help.view import HelpView
from widgets.translation import tr


class HelpContent(Content):
    """There is one; asked for again, it shows what is asked for."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self.view = HelpView(topic_of_page(around.navigation.page))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.view.changed.connect(self.changed)
        self.view.close_asked.connect(self.close_asked)

    def title(self) -> str:
        return tr("Help: {chapter}", chapter=self.view.title)

    def marks(self) -> Mapping[str, object]:
        place = self.view.place()
        return {"topic": place.topic, "number": place.number}

    def restore(self, marks: Mapping[str, object]) -> None:
        self.view.open_link(f"{marks.get('topic', '')}#{marks.get('number', 0)}")

    def take_focus(self) -> None:
        self.view.take_focus()
