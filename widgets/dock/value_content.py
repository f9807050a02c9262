"""A list of values, as a panel: the tags of the equipment that was selected, and those that somebody adds to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout

from app.model import clock
from app.model.tag import TagDefinition
from widgets import number
from widgets.dock.content import Content, Surroundings, texts_of
from widgets.drag.tag_mime import tags_of
from widgets.explain.subject import of_tag
from widgets.help.link import HelpLink
from widgets.keyboard.shortcut import bind
from widgets.text_table import TextRow, TextTable, TextTableView
from widgets.translation import local, tr

RENEW_MS = 500
"""A value that changes faster than twice a second cannot be read."""
VALUE = 1


class ValueContent(Content):
    """Enter shows the chosen tag on its page, Ctrl+Enter its trend; Delete takes it off the list."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._feed, self._navigation = around.feed, around.navigation
        self._known = {tag.name: tag for tag in around.feed.plant.tags}
        equipment = around.navigation.equipment
        self.names = [tag.name for tag in around.feed.plant.tags if tag.equipment == equipment]
        self.table = TextTable({VALUE})
        self.view = TextTableView(self.table, elastic=0, keeps_empty=True)
        self.view.explains = of_tag
        self.nothing = QLabel()
        self.nothing.setProperty("tone", "dim")
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        HelpLink(self.nothing, "panels#open", around.navigation)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 1)
        column.addWidget(self.nothing, 1)
        self.setAcceptDrops(True)
        self._renewal = QTimer(self)
        self._renewal.setInterval(RENEW_MS)
        self._renewal.timeout.connect(self.renew)
        self.view.doubleClicked.connect(lambda _: self.open_chosen())
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("values.open", self.open_chosen),
            ("values.trend", self.open_trend),
            ("values.remove", self.take_out),
        )
        for name, call in keys:
            bind(name, self, call)
        self.retranslate()

    def title(self) -> str:
        owners = {self._known[name].equipment for name in self.names}
        if len(owners) != 1:
            return tr("Value list")
        return tr("Values: {equipment}", equipment=local(self._feed.equipment[owners.pop()].name))

    def marks(self) -> Mapping[str, object]:
        return {"tags": list(self.names)}

    def restore(self, marks: Mapping[str, object]) -> None:
        self.names = [name for name in dict.fromkeys(texts_of(marks, "tags")) if name in self._known]
        self._tell()

    def show_tags(self, names: list[str]) -> None:
        self.names += [name for name in dict.fromkeys(names) if name in self._known and name not in self.names]
        self._tell()

    def take_out(self) -> None:
        """Take the chosen tag off the list."""
        chosen = self.view.chosen()
        if chosen:
            row = self.names.index(chosen)
            del self.names[row]
            self._tell()
            self.view.selectRow(min(row, len(self.names) - 1))

    def open_chosen(self) -> None:
        """Show the chosen tag where its equipment is shown."""
        if self.view.chosen():
            self._navigation.open_tag(self.view.chosen())

    def open_trend(self) -> None:
        """Show the chosen tag on the page of trends."""
        if self.view.chosen():
            self._navigation.open_trend((self.view.chosen(),))

    def take_focus(self) -> None:
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.table.rows and not self.view.chosen():
            self.view.selectRow(0)

    def retranslate(self) -> None:
        self.view.setAccessibleName(tr("Value list"))
        self.nothing.setText(tr("Drag an equipment from the tree here to see its values."))
        self.renew()

    def renew(self) -> None:
        """Write the newest values."""
        now, is_linked = clock.now_ns(), self._feed.is_linked
        rows = [self._row(self._known[name], now, is_linked=is_linked) for name in self.names]
        is_other = [row.key for row in rows] != [row.key for row in self.table.rows]
        if tuple(rows) != self.table.rows:
            self.table.show_rows((tr("Tag"), tr("Value"), tr("Quality")), rows)
        if is_other:
            self.view.fit()
        self.view.setVisible(bool(rows))
        self.nothing.setVisible(not rows)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.renew()
        self._renewal.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._renewal.stop()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if tags_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.show_tags(tags_of(event.mimeData()))
        event.acceptProposedAction()

    def _tell(self) -> None:
        self.renew()
        self.changed.emit()

    def _row(self, tag: TagDefinition, now: int, *, is_linked: bool) -> TextRow:
        told = number.reading_of(self._feed.value(tag.handle), tag=tag, now=now, is_linked=is_linked)
        value = " ".join(part for part in (told.text, told.unit) if part)
        return TextRow(tag.name, (local(tag.title), value, told.note), tip=f"{tag.name}: {told.full}")
