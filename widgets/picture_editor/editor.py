"""The editor of process pictures: palette, sheet, properties, findings, layers, and the way into the running plant."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QSplitter, QTabWidget, QVBoxLayout, QWidget

from app.audit.configuration import Version
from app.model.picture import Picture
from app.plant.folder import PlantFolder
from widgets.choice import ChoiceBox
from widgets.engineering.editing import Editing
from widgets.engineering.layout import scrolling
from widgets.engineering.taking import Taking
from widgets.feed import Feed
from widgets.help.button import HelpButton
from widgets.operation import Operation
from widgets.picture_editor.canvas import Canvas
from widgets.picture_editor.commands import EditorCommands
from widgets.picture_editor.edited import EditedPicture
from widgets.picture_editor.finding_list import FindingList
from widgets.picture_editor.hand import Hand, Tool
from widgets.picture_editor.layer_list import LayerList
from widgets.picture_editor.new_dialog import NewDialog, blank
from widgets.picture_editor.palette import SymbolPalette
from widgets.picture_editor.property_form import PropertyForm
from widgets.picture_editor.save_dialog import SaveDialog
from widgets.picture_editor.storing import Draft, draft_of, read_edited
from widgets.picture_editor.version_dialog import VersionDialog
from widgets.picture_editor.version_reading import PictureVersionReading
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import local, tr

SIDE_WIDTH, PALETTE_WIDTH = 310, 246
log = logging.getLogger(__name__)


class PictureEditor(QDialog):
    """Stands beside the window, so that alarms stay in view.

    `user` tells who is signed in when it is saved, whom the audit trail names; `may_save` whether that one may, and
    asks for a sign-in otherwise.
    """

    def __init__(
        self,
        feed: Feed,
        folder: PlantFolder,
        parent: QWidget | None = None,
        *,
        editing: Editing,
        user: Callable[[], str] = str,
        may_save: Callable[[], bool] = lambda: True,
        picture: str = "",
    ) -> None:
        super().__init__(parent)
        self._feed, self._folder, self._editing = feed, folder, editing
        self._user, self._may_save = user, may_save
        self._is_warned = False
        self._taking = Taking(feed, self)
        self.edited = self._first(picture)
        self.choice = ChoiceBox()
        self.new_button, self.save_button = QPushButton(tr("New…")), QPushButton(tr("Save…"))
        self.versions_button, self.close_button = QPushButton(tr("Versions…")), QPushButton(tr("Close"))
        self.message = QLabel()
        self.palette_list = SymbolPalette()
        self.canvas = Canvas(feed, self.edited)
        self.hand = Hand(self.canvas)
        self.commands = EditorCommands(self.canvas, self.hand, feed.plant, self)
        self.properties = PropertyForm(feed, self.edited)
        self.layers = LayerList(self.edited)
        self.findings = FindingList(feed, self.edited)
        self.tabs = QTabWidget()
        self._lay_out()
        self._connect()
        self._show_edited(self.edited)

    def open_picture(self, picture: str) -> None:
        """Edit another picture; where the present one has changes, say so first."""
        if picture == self.edited.drawing.head.id or not self._may_leave():
            self._mark_choice()
            return
        try:
            self._show_edited(read_edited(self._folder, self._feed.plant, picture))
        except (LookupError, OSError, UnicodeDecodeError) as error:
            self.message.setText(station_text(error))
            self._mark_choice()

    def new_picture(self) -> None:
        """Ask for a new picture and edit it."""
        if not self._may_leave():
            return
        dialog = NewDialog(self._feed.plant, self._names(), self)
        dialog.accepted.connect(lambda: self._begin(dialog.picture()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self) -> SaveDialog | None:
        """Show what would be stored; it is once that is accepted."""
        draft = draft_of(self.edited)
        if draft.saving.after == draft.saving.before:
            self.message.setText(tr("Nothing has changed."))
            return None
        if not self._may_save():
            self.message.setText(tr("Sign in as engineer, then save again."))
            return None
        return self.open_saving(draft)

    def open_saving(self, draft: Draft, *, reason: str = "", is_return: bool = False) -> SaveDialog:
        """Show what would be stored, for somebody who may store it; `is_return`: it is a former version."""
        findings = 0 if is_return else self.findings.count()
        dialog = SaveDialog(draft, findings=findings, user=self._user(), reason=reason, parent=self)
        dialog.accepted.connect(lambda: self._store(draft, dialog.reason.text().strip(), is_return=is_return))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def open_versions(self) -> VersionDialog:
        """Show the versions of all pictures, those of the present one first."""
        reading = PictureVersionReading(self._folder)
        dialog = VersionDialog(self._feed, reading, self.edited.drawing.head.id, self)
        dialog.return_asked.connect(self._ask_return)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _ask_return(self, draft: Draft, version: Version) -> None:
        """Show what a return to a version changes, once nothing of the sheet would be lost."""
        if draft.saving.picture == self.edited.drawing.head.id and not self._may_leave():
            return
        if not self._may_save():
            self.message.setText(tr("Sign in as engineer, then save again."))
            return
        reason = tr("Return to version {n}: ", n=version.number)
        self.open_saving(draft, reason=reason, is_return=True)

    def reject(self) -> None:
        """Close; where something is not saved, only when asked twice."""
        if self._may_leave():
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_leave():
            super().closeEvent(event)
        else:
            event.ignore()

    def _first(self, picture: str) -> EditedPicture:
        """Return what is edited at first: the picture asked for, else the first that can be read, else a new one."""
        names = self._names()
        for name in [picture, *names] if picture in names else names:
            try:
                return read_edited(self._folder, self._feed.plant, name)
            except (LookupError, OSError, UnicodeDecodeError) as error:
                log.warning("picture.unreadable reason=%s", error)
        return EditedPicture(blank(self._feed.plant), "")

    def _names(self) -> list[str]:
        plant = self._feed.plant
        return [picture.id for picture in (*plant.pictures, *plant.faceplates)]

    def _begin(self, picture: Picture) -> None:
        self._show_edited(EditedPicture(picture, ""))

    def _show_edited(self, edited: EditedPicture) -> None:
        former, self.edited = self.edited, edited
        edited.setParent(self)
        self.canvas.show_edited(edited)
        self.commands.follow(edited)
        self.properties.show_edited(edited)
        self.layers.show_edited(edited)
        self.findings.show_edited(edited)
        edited.stack.indexChanged.connect(self._note_index)
        if former is not edited:
            former.deleteLater()
        self._fill_choice()
        self._note_change()
        self.message.setText(
            tr("Page Up/Down: next element · arrows: move, Ctrl: size · R: turn · P: connect two · Enter: properties")
        )

    def _fill_choice(self) -> None:
        plant = self._feed.plant
        self.choice.clear()
        titles = {each.id: local(each.title) for each in (*plant.pictures, *plant.faceplates)}
        titles.setdefault(self.edited.drawing.head.id, local(self.edited.drawing.head.title))
        for name, title in titles.items():
            self.choice.addItem(f"{title} ({name})" if title != name else name, name)
        self._mark_choice()

    def _mark_choice(self) -> None:
        self.choice.setCurrentIndex(self.choice.findData(self.edited.drawing.head.id))

    def _note_index(self, _: int) -> None:
        self._note_change()

    def _note_change(self) -> None:
        self._is_warned = False
        is_changed = not self.edited.stack.isClean() or not self.edited.text
        self.save_button.setEnabled(is_changed)
        name = local(self.edited.drawing.head.title)
        self.setWindowTitle(tr("Draw: {picture}", picture=name) + (" *" if is_changed else ""))

    def _may_leave(self) -> bool:
        """Return whether nothing is lost, or somebody asks for the second time."""
        if self.edited.stack.isClean() or self._is_warned:
            return True
        self._is_warned = True
        self.message.setText(tr("There are changes that are not saved: save them, or ask once more to drop them."))
        return False

    def _store(self, draft: Draft, reason: str, *, is_return: bool) -> None:
        folder, user, edited = self._folder, self._user(), self.edited

        def work() -> Path:
            return self._editing.draw(folder, draft.saving, reason, user)

        def done(path: Path) -> None:
            if is_return:
                self._show_edited(read_edited(folder, self._feed.plant, draft.saving.picture))
            else:
                edited.stored(draft.saving.after)
            self._note_change()
            self.message.setText(tr("Saved as {path}.", path=path.name))
            if self._feed.is_linked:
                self._taking.ask()
            else:
                self._feed.pictures_taken.emit()

        self.message.setText(tr("Saving…"))
        Operation(self, work).success(done).failure(lambda error: self.message.setText(station_text(error))).start()

    def _connect(self) -> None:
        self.choice.activated.connect(lambda _: self.open_picture(str(self.choice.currentData())))
        self.new_button.clicked.connect(self.new_picture)
        self.save_button.clicked.connect(self.save)
        self.versions_button.clicked.connect(self.open_versions)
        self.close_button.clicked.connect(self.reject)
        self.palette_list.taken.connect(lambda kind: self.hand.take(Tool.SYMBOL, kind))
        self.palette_list.wanted.connect(self._put_in_middle)
        self.hand.properties_asked.connect(self._open_properties)
        self.hand.tool_changed.connect(self.commands.show_tool)
        self.properties.told.connect(self.message.setText)
        self.findings.found.connect(lambda n: self.tabs.setTabText(1, tr("Findings ({n})", n=n)))
        self._taking.refused.connect(self.message.setText)
        self._taking.taken.connect(lambda: self.message.setText(tr("Saved; the plant shows it now.")))
        self._feed.pictures_changed.connect(self._fill_choice)

    def _put_in_middle(self, kind: str) -> None:
        self.hand.take(Tool.SYMBOL, kind)
        self.hand.put(self.canvas.middle())
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_properties(self) -> None:
        self.tabs.setCurrentIndex(0)
        self.properties.focus_first()

    def _lay_out(self) -> None:
        look = theme()
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(look.px(1240), look.px(680))
        self.choice.setAccessibleName(tr("Picture"))
        self.choice.setMinimumWidth(look.px(240))
        self.palette_list.setAccessibleName(tr("Symbols"))
        self.canvas.setAccessibleName(tr("Drawing sheet"))
        self.findings.setAccessibleName(tr("Findings"))
        self.save_button.setProperty("kind", "primary")
        for button in (self.new_button, self.versions_button, self.save_button, self.close_button):
            button.setAutoDefault(False)
        head = QHBoxLayout()
        head.addWidget(self.choice)
        head.addWidget(self.new_button)
        head.addWidget(self.versions_button)
        head.addWidget(self.commands, 1)
        head.addWidget(self.save_button)
        head.addWidget(self.close_button)
        head.addWidget(HelpButton())
        self.message.setProperty("tone", "dim")
        self.message.setWordWrap(True)
        self.tabs.addTab(scrolling(self.properties), tr("Properties"))
        self.tabs.addTab(self.findings, tr("Findings ({n})", n=0))
        self.tabs.addTab(scrolling(self.layers), tr("Layers"))
        split = QSplitter(Qt.Orientation.Horizontal)
        for place, (part, width) in enumerate(
            ((self.palette_list, PALETTE_WIDTH), (self.canvas, 700), (self.tabs, SIDE_WIDTH))
        ):
            split.addWidget(part)
            split.setStretchFactor(place, 1 if part is self.canvas else 0)
            split.setCollapsible(place, False)
            if part is not self.canvas:
                part.setMinimumWidth(look.px(width))
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(10))
        column.addLayout(head)
        column.addWidget(split, 1)
        column.addWidget(self.message)
