"""The properties of what is selected, each in a field of its own; of the picture itself where nothing is.

Several elements of a kind have those in common that can be the same: what is written is written into all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.model.picture import Picture, Pipe, Readout, Symbol
from widgets.choice import ChoiceBox
from widgets.feed import Feed
from widgets.picture_editor.edited import EditedPicture
from widgets.picture_editor.fields import Field, picture_fields, pipe_fields, readout_fields, shared, symbol_fields
from widgets.theme import theme
from widgets.translation import tr

SubjectT = TypeVar("SubjectT")
ElementT = TypeVar("ElementT", Symbol, Pipe, Readout)


class PropertyForm(QWidget):
    """Rebuilt when something else is selected; a field is taken when one leaves it or presses Return."""

    told = Signal(str)  # what is wrong with what was written, "" once nothing is

    def __init__(self, feed: Feed, edited: EditedPicture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed, self._edited = feed, edited
        self._shown: tuple[object, ...] = ()
        self._renewals: list[Callable[[], None]] = []
        self.inputs: dict[str, QLineEdit | ChoiceBox] = {}
        self.head = QLabel()
        self.head.setProperty("lettering", "title")
        self._form = QFormLayout()
        self._form.setSpacing(theme().px(6))
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme().px(8), theme().px(8), theme().px(8), theme().px(8))
        column.addWidget(self.head)
        column.addLayout(self._form)
        column.addStretch(1)
        self.show_edited(edited)

    def show_edited(self, edited: EditedPicture) -> None:
        """Show the properties of another picture."""
        self._edited = edited
        edited.changed.connect(self.renew)
        edited.selection_changed.connect(self.renew)
        self._shown = ()
        self.renew()

    def renew(self) -> None:
        """Show what is selected now."""
        chosen = self._edited.drawing.chosen(self._edited.selection)
        shown = (self._edited, *((item.number, type(item.element)) for item in chosen))
        if shown != self._shown:
            self._shown = shown
            self._build()
        for renewal in self._renewals:
            renewal()

    def focus_first(self) -> None:
        """Let somebody write at once."""
        first = next(iter(self.inputs.values()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _build(self) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        self._renewals, self.inputs = [], {}
        chosen = self._edited.drawing.chosen(self._edited.selection)
        plant = self._feed.plant
        if len(chosen) > 1:
            self._build_shared([item.number for item in chosen])
            return
        if not chosen:
            self.head.setText(tr("Picture"))
            self._add(picture_fields(plant), lambda: self._edited.drawing.head, self._take_head)
            return
        number = chosen[0].number
        match chosen[0].element:
            case Symbol():
                self.head.setText(tr("Symbol"))
                self._add(symbol_fields(plant), self._reader(number, Symbol), self._taker(number))
            case Pipe():
                self.head.setText(tr("Pipe"))
                self._add(pipe_fields(), self._reader(number, Pipe), self._taker(number))
            case Readout():
                self.head.setText(tr("Value"))
                self._add(readout_fields(plant), self._reader(number, Readout), self._taker(number))

    def _build_shared(self, numbers: Sequence[int]) -> None:
        """Show what several elements have in common, as far as they are of one kind."""
        elements, plant = [self._edited.drawing.element(number) for number in numbers], self._feed.plant
        self.head.setText(tr("{n} elements", n=len(elements)))
        kinds = {type(each) for each in elements}
        if len(kinds) > 1:
            return
        if kinds == {Symbol}:
            self._add_shared(symbol_fields(plant), numbers, Symbol)
        elif kinds == {Pipe}:
            self._add_shared(pipe_fields(), numbers, Pipe)
        else:
            self._add_shared(readout_fields(plant), numbers, Readout)

    def _add_shared(self, fields: Sequence[Field[ElementT]], numbers: Sequence[int], kind: type[ElementT]) -> None:
        readers = [self._reader(number, kind) for number in numbers]

        def take(elements: tuple[ElementT, ...]) -> None:
            self._edited.replace_elements(tr("Change a property"), dict(zip(numbers, elements, strict=True)))

        own = [shared(field) for field in fields if not field.is_own]
        self._add(own, lambda: tuple(read() for read in readers), take)

    def _reader(self, number: int, kind: type[ElementT]) -> Callable[[], ElementT]:
        def read() -> ElementT:
            element = self._edited.drawing.element(number)
            assert isinstance(element, kind)  # noqa: S101 - an element never changes its kind
            return element

        return read

    def _taker(self, number: int) -> Callable[[Symbol | Pipe | Readout], None]:
        return lambda element: self._edited.replace_elements(tr("Change a property"), {number: element})

    def _take_head(self, head: Picture) -> None:
        self._edited.set_head(tr("Change the picture"), head)

    def _add(
        self, fields: Sequence[Field[SubjectT]], read: Callable[[], SubjectT], take: Callable[[SubjectT], None]
    ) -> None:
        for field in fields:
            widget = self._choice(field, read, take) if field.choices else self._line(field, read, take)
            widget.setAccessibleName(field.label)
            self.inputs[field.label] = widget
            self._form.addRow(field.label, widget)
            widget.show()  # at once: somebody may already be writing into it

    def _line(
        self, field: Field[SubjectT], read: Callable[[], SubjectT], take: Callable[[SubjectT], None]
    ) -> QLineEdit:
        line = QLineEdit()
        if field.offers:
            completer = QCompleter(list(field.offers), line)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            line.setCompleter(completer)

        def renew() -> None:
            if line.text() != field.read(read()):
                line.setText(field.read(read()))
                line.setCursorPosition(0)  # a long text is read from its beginning

        def taken() -> None:
            if line.text().strip() == field.read(read()):
                return
            try:
                changed = field.take(read(), line.text().strip())
            except ValueError as error:
                self.told.emit(f"{field.label}: {error}")
                renew()
                return
            self.told.emit("")
            take(changed)

        line.editingFinished.connect(taken)
        self._renewals.append(renew)
        return line

    def _choice(
        self, field: Field[SubjectT], read: Callable[[], SubjectT], take: Callable[[SubjectT], None]
    ) -> ChoiceBox:
        box = ChoiceBox()
        for value, name in field.choices:
            box.addItem(name, value)

        def renew() -> None:
            box.setCurrentIndex(box.findData(field.read(read())))

        box.activated.connect(lambda _: take(field.take(read(), str(box.currentData()))))
        self._renewals.append(renew)
        return box
