"""A change of the plant file that is reviewed, given a reason, written, and taken by the collector."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.plant.problem import PlantFileError
from widgets.editor.review_dialog import Review, ReviewDialog
from widgets.engineering.taking import Taking
from widgets.feed import Feed
from widgets.operation import Operation
from widgets.start.plant_problems import problems_text
from widgets.station_text import station_text
from widgets.translation import tr

Writer = Callable[[str, str, str], Path]
"""Takes the text of the plant file before and after, and the reason; returns the copy of the former file."""


class FileChange(QObject):
    """`told` carries what became of it, `written` the Review of what the file says now.

    `writer` gives what writes the plant file for who sits here, None where that one may not and is asked to sign in;
    what it gives is called in a background thread.
    """

    told = Signal(str)
    written = Signal(object)

    def __init__(self, feed: Feed, writer: Callable[[QWidget], Writer | None], parent: QWidget) -> None:
        super().__init__(parent)
        self._parent, self._writer = parent, writer
        self.dialog: ReviewDialog | None = None
        self._taking = Taking(feed, self)
        self._taking.refused.connect(self.told)

    def ask(self, title: str, read: Callable[[], Review], *, reason: str = "") -> ReviewDialog:
        """Show what a change does, to be taken over; `read` is called in a background thread."""
        dialog = ReviewDialog(title, read, reason=reason, parent=self._parent)
        dialog.agreed.connect(self._agree)
        dialog.finished.connect(dialog.deleteLater)
        dialog.finished.connect(self._let_go)
        self.dialog = dialog
        dialog.open()
        return dialog

    def _let_go(self) -> None:
        self.dialog = None

    def _agree(self, review: Review, reason: str) -> None:
        dialog, write = self.dialog, self._writer(self._parent)
        if dialog is None or write is None:
            if dialog is not None:
                dialog.tell(tr("Sign in as engineer to change the plant."))
            return

        def failed(error: Exception) -> None:
            if self.dialog is not None:
                self.dialog.tell(problems_text(error) if isinstance(error, PlantFileError) else station_text(error))

        def done(former: Path) -> None:
            if self.dialog is not None:
                self.dialog.accept()
            self.written.emit(review)
            self.told.emit(
                tr("Written; the former file is {former}. The collector takes the new one…", former=former.name)
            )
            self._taking.ask()

        Operation(self, lambda: write(review.before, review.after, reason)).success(done).failure(failed).start()
