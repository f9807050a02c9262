"""What changes the plant from its window: devices, lists of tags, process pictures, a plant file changed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from app.model.role import Role
from widgets.connection.certificates import Certificates
from widgets.control.sign_in import SignInDialog
from widgets.control.writing import Writing
from widgets.engineering.devices import Devices
from widgets.engineering.editing import Editing
from widgets.engineering.import_dialog import ImportDialog
from widgets.engineering.taking import Taking
from widgets.feed import Feed
from widgets.translation import tr

if TYPE_CHECKING:
    from widgets.picture_editor.editor import PictureEditor


class EngineeringDeeds(QObject):
    """Each is for who may change the plant, and asks anybody else to sign in; `told` carries what should be known.

    Those that begin with `open` ask nobody: for what has asked already, and for pictures of every screen.
    """

    told = Signal(str)

    def __init__(
        self,
        feed: Feed,
        writing: Writing,
        window: QWidget,
        *,
        certificates: Certificates,
        devices: Devices | None = None,
        editing: Editing | None = None,
    ) -> None:
        super().__init__(window)
        self.editing = editing or Editing()
        self._feed, self._writing, self._window = feed, writing, window
        self._certificates = certificates
        self.devices = devices or Devices()

    @property
    def user(self) -> str:
        """Return in whose name the plant is changed, "" for nobody."""
        return self._writing.session.name

    def may(self) -> bool:
        """Return whether who sits here may change the plant; ask for a sign-in otherwise."""
        if not self._feed.may_act():
            return False
        if not self._feed.folder.users.exists():
            return True
        role = self._writing.session.role
        if role is not None and role.includes(Role.ENGINEER):
            return True
        self.told.emit(tr("Sign in as engineer to change the plant."))
        _open(SignInDialog(self._writing.session, parent=self._window))
        return False

    def import_tags(self) -> None:
        """Take tags over from a list of another program."""
        if self.may():
            self.open_import()

    def open_import(self) -> None:
        """Open what takes tags over from a list."""
        feed, window = self._feed, self._window
        taking = Taking(feed, window)
        _open(ImportDialog(feed.plant, feed.folder, window, editing=self.editing, user=self.user, taking=taking))

    def draw_pictures(self) -> None:
        """Draw the process pictures."""
        if self.may():
            self.open_pictures()

    def show_picture_versions(self) -> None:
        """Show the versions of the process pictures, and the way back to each."""
        if self.may():
            self.open_pictures().open_versions()

    def open_pictures(self) -> PictureEditor:
        """Open the editor of process pictures beside the window, whose alarms stay in view."""
        from widgets.picture_editor.editor import PictureEditor  # noqa: PLC0415 - few windows ever need it

        feed, window = self._feed, self._window
        editor = PictureEditor(
            feed, feed.folder, window, editing=self.editing, user=lambda: self.user, may_save=self.may
        )
        editor.finished.connect(editor.deleteLater)
        editor.show()
        return editor

    def add_device(self) -> None:
        """Add a device to the plant."""
        if self.may():
            self.open_addition()

    def open_addition(self) -> None:
        """Open what adds a device."""
        from widgets.start.add_device import AddDeviceDialog  # noqa: PLC0415 - few windows ever need it

        feed, window = self._feed, self._window
        dialog = AddDeviceDialog(
            feed.plant,
            feed.folder,
            window,
            devices=self.devices,
            certificates=self._certificates,
            editing=self.editing,
            taking=Taking(feed, window),
            user=self.user,
        )
        _open(dialog)

    def set_limits(self, tag: str) -> None:
        """Set the limits of a value."""
        if self.may():
            self.open_limits(tag)

    def open_limits(self, tag: str) -> None:
        """Open what sets the limits of a value; what was written is taken after it has closed."""
        from widgets.editor.file_change import FileChange, Writer  # noqa: PLC0415 - few windows ever need it
        from widgets.engineering.limits_dialog import LimitsDialog  # noqa: PLC0415

        feed, window, write, user = self._feed, self._window, self.editing.change, self.user

        def writer(_: QWidget) -> Writer | None:
            return (lambda before, after, why: write(feed.folder, before, after, why, user)) if self.may() else None

        def change(dialog: QWidget) -> FileChange:
            made = FileChange(feed, writer, dialog)
            made.setParent(window)
            made.told.connect(self.told)
            return made

        dialog = LimitsDialog(feed.tags[tag], feed.plant, feed.folder, change, window)
        dialog.show_value(feed.value(feed.tags[tag].handle).value)
        _open(dialog)

    def take_plant_file(self) -> None:
        """Let the collector work by a plant file that somebody has changed by hand."""
        if self.may():
            taking = Taking(self._feed, self._window)
            taking.refused.connect(self.told)
            taking.ask()


def _open(dialog: QDialog) -> None:
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
