"""Says that the draft is being worked on where that takes longer than a moment, and lets it be given up."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from widgets.editor.draft_work import DraftWork
from widgets.theme import theme
from widgets.translation import tr

PATIENCE_MS = 250


class WorkStrip(QFrame):
    """In view only while work is being done that has taken longer than `PATIENCE_MS`."""

    def __init__(self, work: DraftWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.text, self.bar, self.cancel = QLabel(), QProgressBar(), QPushButton()
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(lambda: self.setVisible(self._work.is_busy))
        work.busy_changed.connect(self._follow)
        self.cancel.clicked.connect(self._give_up)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(8))
        row.addWidget(self.text)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        self.setVisible(False)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.text.setText(tr("Working on the draft…"))
        self.bar.setAccessibleName(tr("Working on the draft…"))
        self.cancel.setText(tr("Give up"))

    def _follow(self) -> None:
        if self._work.is_busy:
            self._patience.start()
        else:
            self._patience.stop()
            self.setVisible(False)
        self.cancel.setEnabled(True)

    def _give_up(self) -> None:
        self.cancel.setEnabled(False)
        self._work.give_up()
