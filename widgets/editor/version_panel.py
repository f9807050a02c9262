"""The versions of the plant file: who made each and why, what each changed, and the way back to it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.audit.configuration import Version
from widgets import number
from widgets.editor.reading import VersionReading
from widgets.editor.review_dialog import Review, review_of
from widgets.editor.wording import change_text, effects_text, subject_text
from widgets.operation import Operation
from widgets.station_text import station_text
from widgets.text_table import KEY, TextRow, TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import tr


class VersionPanel(QFrame):
    """`return_asked(version, read)`: somebody wants a version back; `read` compares it with the present file.

    `pictures_asked`: somebody wants to see the versions of the process pictures, which are files of their own.
    """

    return_asked = Signal(object, object)
    pictures_asked = Signal()

    def __init__(self, reading: VersionReading, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading = reading
        self._versions: list[Version] = []
        self._turn = 0
        self.table, self.changes = TextTable(right=(0,)), TextTable(right=())
        self.view, self.change_view = TextTableView(self.table, elastic=4), TextTableView(self.changes, elastic=1)
        self.title, self.message = QLabel(), QLabel()
        self.back, self.pictures = QPushButton(), QPushButton()
        self._lay_out()
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.selectionModel().selectionChanged.connect(self._compare)
        self.back.clicked.connect(self._ask_return)
        self.pictures.clicked.connect(self.pictures_asked)
        self.retranslate()

    def renew(self) -> None:
        """Read the list anew."""
        Operation(self, self._reading.versions).success(self._show).failure(self._tell).start()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.back.setText(tr("Return to this version…"))
        self.pictures.setText(tr("Process pictures…"))
        self.view.setAccessibleName(tr("Versions"))
        self.back.setToolTip(tr("Two versions chosen with Ctrl are compared with each other"))
        self.change_view.setAccessibleName(tr("What changes"))
        self._show(self._versions)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.renew()

    def _show(self, found: list[Version]) -> None:
        self._versions = found
        heads = (tr("Version"), tr("Time"), tr("Who"), tr("From"), tr("Why"), tr("Digest"))
        rows = [
            TextRow(
                str(version.number),
                (
                    str(version.number),
                    number.day_and_time(version.time),
                    version.user or number.NO_VALUE,
                    version.window or number.NO_VALUE,
                    station_text(version.reason) or number.NO_VALUE,
                    version.digest[:10] or number.NO_VALUE,
                ),
            )
            for version in found
        ]
        self.table.show_rows(heads, rows)
        self.view.fit()
        if not found:
            self.title.setText(tr("No version yet: the first is kept once a collector has run."))
        elif not self.view.chosen():
            self.view.selectRow(0)
        self._compare()

    def _chosen(self) -> list[Version]:
        """Return the chosen versions, the oldest first."""
        keys = {str(index.data(KEY)) for index in self.view.selectionModel().selectedRows()}
        return [each for each in reversed(self._versions) if str(each.number) in keys]

    def _compare(self) -> None:
        """Show what the chosen version changed in the one before it; of several, the newest in the oldest of them."""
        chosen = self._chosen()
        self.back.setEnabled(len(chosen) == 1 and chosen[0].is_kept)
        if not chosen:
            return
        self._turn += 1
        turn, version = self._turn, chosen[-1]
        before = [each for each in self._versions if each.number == version.number - 1]
        former = chosen[0] if len(chosen) > 1 else next(iter(before), None)
        if former is None or len(chosen) == 1:
            self.title.setText(tr("Version {n} changed:", n=version.number))
        else:
            self.title.setText(tr("From version {m} to version {n}:", m=former.number, n=version.number))
        if former is None or not former.is_kept or not version.is_kept:
            text = tr("the first version") if former is None else tr("one of the two texts was not kept")
            self._tell_changes(text)
            return

        def work() -> Review:
            return review_of(self._reading.text(former), self._reading.text(version), self._reading.folder.path)

        def done(review: Review) -> None:
            if turn == self._turn:
                self._show_changes(review)

        Operation(self, work).success(done).failure(self._tell).start()

    def _show_changes(self, review: Review) -> None:
        rows = [
            TextRow(str(place), (subject_text(change), change_text(change)))
            for place, change in enumerate(review.changes)
        ]
        self.changes.show_rows((tr("What"), tr("Change")), rows)
        self.change_view.fit()
        nothing = tr("Only comments or the layout differ.")
        self.message.setText(effects_text(review.effects) if rows else nothing)

    def _tell_changes(self, text: str) -> None:
        self.changes.show_rows((tr("What"), tr("Change")), [])
        self.message.setText(text)

    def _ask_return(self) -> None:
        chosen = self._chosen()
        if len(chosen) != 1:
            return
        (version,), reading = chosen, self._reading

        def read() -> Review:
            return review_of(reading.present(), reading.text(version), reading.folder.path)

        compare: Callable[[], Review] = read
        self.return_asked.emit(version, compare)

    def _tell(self, error: Exception) -> None:
        self.message.setText(station_text(error))

    def _lay_out(self) -> None:
        look = theme()
        self.message.setWordWrap(True)
        self.message.setProperty("tone", "dim")
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.pictures)
        head.addWidget(self.back)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, look.px(6), 0, 0)
        column.setSpacing(look.px(8))
        column.addWidget(self.view, 3)
        column.addLayout(head)
        column.addWidget(self.change_view, 2)
        column.addWidget(self.message)
