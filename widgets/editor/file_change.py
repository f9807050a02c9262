"""A change of the plant file that somebody has prepared elsewhere: reviewed, given a reason, written and taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.plant.problem import PlantFileError
from widgets.editor.review_dialog import Review, ReviewDialog, review_of
from widgets.engineering.taking import Taking
from widgets.feed import Feed
from widgets.operation import Operation
from widgets.start.plant_problems import problems_text
from widgets.translation import tr

Writer = Callable[[str, str, str], Path]
"""Takes the text of the plant file before and after, and the reason; returns the copy of the former file."""


class FileChange(QObject):
    """`told` carries what became of it. `writer`: as for the page of engineering."""

    told = Signal(str)

    def __init__(self, feed: Feed, writer: Callable[[QWidget], Writer | None], parent: QWidget) -> None:
        super().__init__(parent)
        self._parent, self._writer, self._folder = parent, writer, feed.folder.path
        self.dialog: ReviewDialog | None = None
        self._taking = Taking(feed, self)
        self._taking.refused.connect(self.told)

    def ask(self, title: str, before: str, after: str, *, reason: str) -> ReviewDialog:
        """Show what replacing one text of the plant file by another changes, to be taken over."""
        folder = self._folder
        dialog = ReviewDialog(title, lambda: review_of(before, after, folder), reason=reason, parent=self._parent)
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
                self.dialog.tell(problems_text(error) if isinstance(error, PlantFileError) else str(error))

        def done(former: Path) -> None:
            if self.dialog is not None:
                self.dialog.accept()
            self.told.emit(
                tr("Written; the former file is {former}. The collector takes the new one…", former=former.name)
            )
            self._taking.ask()

        Operation(self, lambda: write(review.before, review.after, reason)).success(done).failure(failed).start()
