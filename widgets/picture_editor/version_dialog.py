"""The versions of process pictures: who made each and why, what it changed, how it looks, and the way back to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.audit.configuration import Version
from app.model.picture import Picture
from app.plant.picture.revision import parse_picture
from app.plant.picture.saving import PictureSaving
from widgets import number
from widgets.choice import ChoiceBox
from widgets.feed import Feed
from widgets.help.button import HelpButton
from widgets.operation import Operation
from widgets.picture.view import PictureView
from widgets.picture_editor.storing import Draft
from widgets.picture_editor.version_reading import PictureVersionReading
from widgets.station_text import station_text
from widgets.text_table import KEY, TextRow, TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import local, tr


@dataclass(frozen=True, slots=True)
class _Comparison:
    """What a version changed in a former one, and how it looks; None where it has no picture that can be read."""

    difference: str
    picture: Picture | None


class VersionDialog(QDialog):
    """`return_asked(draft, version)`: the file of a version is to be stored again as `draft` has it."""

    return_asked = Signal(object, object)

    def __init__(self, feed: Feed, reading: PictureVersionReading, picture: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed, self._reading, self._wanted = feed, reading, picture
        self._versions: Mapping[str, Sequence[Version]] = {}
        self._turn = 0
        self.choice = ChoiceBox()
        self.table = TextTable(right=(0,))
        self.view = TextTableView(self.table, elastic=4)
        self.title, self.message = QLabel(), QLabel()
        self.difference = QPlainTextEdit()
        self.look = PictureView(feed)
        self.back, self.leave = QPushButton(tr("Return to this version…")), QPushButton(tr("Close"))
        self.setWindowTitle(tr("Versions of process pictures"))
        self._lay_out()
        self.choice.activated.connect(lambda _: self._show_picture())
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.selectionModel().selectionChanged.connect(self._compare)
        self.back.clicked.connect(self._ask_return)
        self.leave.clicked.connect(self.reject)
        self.renew()

    @property
    def picture(self) -> str:
        """Return the id of the picture whose versions are shown, "" for none."""
        return str(self.choice.currentData() or "")

    def renew(self) -> None:
        """Read all versions anew."""
        Operation(self, self._reading.versions).success(self._show).failure(self._tell).start()

    def _show(self, found: Mapping[str, Sequence[Version]]) -> None:
        wanted, plant = self.picture or self._wanted, self._feed.plant
        self._versions = found
        titles = {each.id: local(each.title) for each in (*plant.pictures, *plant.faceplates)}
        self.choice.clear()
        for name in sorted(found, key=lambda name: (name not in titles, titles.get(name, name))):
            gone = tr("taken away")
            self.choice.addItem(f"{titles[name]} ({name})" if name in titles else f"{name} ({gone})", name)
        self.choice.setCurrentIndex(max(self.choice.findData(wanted), 0))
        self._show_picture()

    def _show_picture(self) -> None:
        found = self._versions.get(self.picture, ())
        heads = (tr("Version"), tr("Time"), tr("Who"), tr("From"), tr("Why"), tr("Digest"))
        self.table.show_rows(heads, [_row(version) for version in found])
        self.view.fit()
        if not found:
            self.title.setText(tr("No version yet: the first is kept once a collector has run."))
        self.view.clearSelection()
        if found:
            self.view.selectRow(0)
        self._compare()

    def _chosen(self) -> list[Version]:
        """Return the chosen versions, the oldest first."""
        keys = {str(index.data(KEY)) for index in self.view.selectionModel().selectedRows()}
        return [each for each in reversed(self._versions.get(self.picture, ())) if str(each.number) in keys]

    def _compare(self) -> None:
        """Show what the chosen version changed in the one before it; of several, the newest in the oldest of them."""
        chosen, picture, reading = self._chosen(), self.picture, self._reading
        self.back.setEnabled(len(chosen) == 1 and chosen[0].is_kept)
        self._turn += 1
        if not chosen:
            self._show_comparison(_Comparison("", None))
            return
        turn, version = self._turn, chosen[-1]
        before = [each for each in self._versions[picture] if each.number == version.number - 1]
        former = chosen[0] if len(chosen) > 1 else next(iter(before), None)
        if former is None or len(chosen) == 1:
            self.title.setText(tr("Version {n} changed:", n=version.number))
        else:
            self.title.setText(tr("From version {m} to version {n}:", m=former.number, n=version.number))

        def work() -> _Comparison:
            text = reading.text(version)
            old = "" if former is None else reading.text(former)
            return _Comparison(
                PictureSaving(picture, old, text).difference, parse_picture(text, picture) if text else None
            )

        def done(found: _Comparison) -> None:
            if turn == self._turn:
                self._show_comparison(found)

        Operation(self, work).success(done).failure(self._tell).start()

    def _show_comparison(self, found: _Comparison) -> None:
        self.message.setText("")
        self.difference.setPlainText(found.difference)
        self.look.setVisible(found.picture is not None)
        if found.picture is not None:
            self.look.show_picture(found.picture)

    def _ask_return(self) -> None:
        chosen, picture, reading = self._chosen(), self.picture, self._reading
        if len(chosen) != 1:
            return
        (version,) = chosen

        def work() -> Draft:
            return Draft(PictureSaving(picture, reading.present(picture), reading.text(version)))

        def done(draft: Draft) -> None:
            if draft.saving.before == draft.saving.after:
                self.message.setText(tr("The picture is as this version has it already."))
            else:
                self.return_asked.emit(draft, version)

        Operation(self, work).success(done).failure(self._tell).start()

    def _tell(self, error: Exception) -> None:
        self._show_comparison(_Comparison("", None))
        self.message.setText(station_text(error))

    def _lay_out(self) -> None:
        look = theme()
        self.resize(look.px(1080), look.px(640))
        self.choice.setAccessibleName(tr("Picture"))
        self.choice.setMinimumWidth(look.px(260))
        self.view.setAccessibleName(tr("Versions"))
        self.difference.setReadOnly(True)
        self.difference.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.difference.setAccessibleName(tr("What changes"))
        self.message.setWordWrap(True)
        self.message.setProperty("tone", "dim")
        self.back.setToolTip(tr("Two versions chosen with Ctrl are compared with each other"))
        for button in (self.back, self.leave):
            button.setAutoDefault(False)
        head = QHBoxLayout()
        head.addWidget(self.choice)
        head.addStretch(1)
        head.addWidget(self.leave)
        head.addWidget(HelpButton())
        middle = QHBoxLayout()
        middle.addWidget(self.title, 1)
        middle.addWidget(self.back)
        beside = QSplitter(Qt.Orientation.Horizontal)
        beside.addWidget(self.difference)
        beside.addWidget(self.look)
        beside.setSizes([look.px(520), look.px(520)])
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(16), look.px(12), look.px(16), look.px(12))
        column.setSpacing(look.px(8))
        column.addLayout(head)
        column.addWidget(self.view, 2)
        column.addLayout(middle)
        column.addWidget(beside, 3)
        column.addWidget(self.message)


def _row(version: Version) -> TextRow:
    why = station_text(version.reason) or number.NO_VALUE
    return TextRow(
        str(version.number),
        (
            str(version.number),
            number.day_and_time(version.time),
            version.user or number.NO_VALUE,
            version.window or number.NO_VALUE,
            f"{tr('taken away')}: {why}" if version.is_removal else why,
            version.digest[:10] or number.NO_VALUE,
        ),
    )
