"""A field for the path of a file, with a button that lets one be chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from widgets.theme import theme
from widgets.translation import tr


class FileField(QWidget):
    """`changed` whenever the path is another; `title` names what is chosen, in the present language."""

    changed = Signal()

    def __init__(self, title: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.edit = QLineEdit()
        self.button = QPushButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(6))
        row.addWidget(self.edit, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self.changed)
        self.button.clicked.connect(self.choose)
        self.retranslate()

    @property
    def path(self) -> str:
        """Return the path as it stands there, "" for none."""
        return self.edit.text().strip()

    def choose(self) -> None:
        """Let a file be chosen; nothing changes where none is."""
        begin = str(Path(self.path).parent) if self.path else str(Path.home())
        chosen, _ = QFileDialog.getOpenFileName(
            self, self._title(), begin, tr("Certificates and keys (*.pem *.der *.crt *.cer *.key);;All files (*)")
        )
        if chosen:
            self.edit.setText(chosen)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.edit.setAccessibleName(self._title())
        self.button.setText(tr("Choose…"))
        self.button.setAccessibleName(f"{self._title()}: {tr('Choose…')}")
