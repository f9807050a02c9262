"""The sign in a dialog that F1 helps there: a question mark with its key, in the row of its buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from widgets.help.topics import link_of_dialog
from widgets.icon import IconButton
from widgets.keyboard.shortcut import key_text
from widgets.translation import tr

LEFTMOST = QDialogButtonBox.ButtonRole.ResetRole
"""The role of help stands beside *Cancel* on Windows and at the far left elsewhere; this one is left on all systems,
where the dialogs that lay out their buttons themselves have it, and it neither accepts nor rejects."""


class HelpButton(IconButton):
    """Opens the help beside the dialog it stands in, at what is told of that."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("help", parent=parent)
        self.clicked.connect(lambda _=False: open_help_of(self.window()))
        self._name()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._name()

    def _name(self) -> None:
        key = key_text("window.help")
        self.setText(key)
        self.name(f"{tr('Help')} ({key})")


def mark_help(dialog: QDialog) -> None:
    """Put the sign into the standard place of a dialog's button box; where it has made one itself, do nothing."""
    box = dialog.findChild(QDialogButtonBox)
    if dialog.findChild(HelpButton) is None and isinstance(box, QDialogButtonBox):
        box.addButton(HelpButton(box), LEFTMOST)


def open_help_of(owner: QWidget) -> None:
    """Open the help in a window beside a dialog, at what is told of that."""
    from widgets.help.window import open_beside  # noqa: PLC0415 - read when somebody asks for it

    open_beside(owner, link_of_dialog(type(owner).__module__))
