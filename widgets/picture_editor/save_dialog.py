"""What is stored of a picture, as a difference, before it is: with what the linter found, and why it was changed."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from widgets.picture_editor.storing import Draft
from widgets.theme import theme
from widgets.translation import tr


class SaveDialog(QDialog):
    """`reason` is put into the audit trail beside the difference."""

    def __init__(
        self, draft: Draft, *, findings: int, user: str, reason: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        look = theme()
        self.setWindowTitle(tr("Save the picture {picture}", picture=draft.saving.picture))
        self.resize(look.px(820), look.px(560))
        self.told = QLabel("\n".join(_told(draft, findings, user)))
        self.told.setWordWrap(True)
        self.difference = QPlainTextEdit(draft.saving.difference)
        self.difference.setReadOnly(True)
        self.difference.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.difference.setAccessibleName(tr("What changes"))
        self.reason = QLineEdit(reason)
        self.reason.setPlaceholderText(tr("Why it is changed"))
        self.reason.setAccessibleName(tr("Why it is changed"))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(look.px(10))
        column.addWidget(self.told)
        column.addWidget(self.difference, 1)
        column.addWidget(self.reason)
        column.addWidget(self.buttons)
        self.reason.setFocus()


def _told(draft: Draft, findings: int, user: str) -> list[str]:
    """Return what has to be known before."""
    told = []
    if user:
        told.append(tr("The audit trail gets this difference in the name of {user}.", user=user))
    else:
        told.append(tr("The audit trail gets this difference."))
    if findings:
        told.append(tr("The linter found {n} things; they do not keep it from being saved.", n=findings))
    if not draft.keeps_layout:
        told.append(tr("The file is laid out in a way that cannot be revised: comments in it are lost."))
    return told
