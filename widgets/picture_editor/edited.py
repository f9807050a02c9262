"""The picture that is being edited: its drawing, what is selected, which layers can be seen and touched, and undo."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from app.model.picture import Element, Picture, Pipe, Side, Symbol
from app.model.picture_port import end_name
from app.picture.drawing import LAYERS, Drawing, copies, drawing_of, layer_of, stored_again
from app.picture.grouping import regrouped

_MERGED = 1


class _Change(QUndoCommand):
    """One step: the drawing and the selection before and after. Steps of the same `run` in a row are one."""

    def __init__(
        self, edited: EditedPicture, text: str, drawing: Drawing, selection: frozenset[int], *, run: str = ""
    ) -> None:
        super().__init__(text)
        self._edited, self._run = edited, run
        self._before = (edited.drawing, edited.selection)
        self.after = (drawing, selection)

    def id(self) -> int:
        return _MERGED if self._run else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Change) or other._run != self._run:  # noqa: SLF001 - of the same class
            return False
        self.after = other.after
        return True

    def redo(self) -> None:
        self._edited.set_state(*self.after)

    def undo(self) -> None:
        self._edited.set_state(*self._before)


class EditedPicture(QObject):
    """`text`: the file as it was read, "" for a new picture. `hidden`, `locked`: layers, for this editor alone."""

    changed = Signal()
    selection_changed = Signal()
    layers_changed = Signal()

    def __init__(self, picture: Picture, text: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.text = text
        self.drawing = drawing_of(picture)
        self.selection: frozenset[int] = frozenset()
        self.hidden: set[str] = set()
        self.locked: set[str] = set()
        self.stack = QUndoStack(self)

    @property
    def picture(self) -> Picture:
        """Return the picture as it would be stored."""
        return self.drawing.picture

    @property
    def layers(self) -> list[str]:
        """Return the names of the layers, those of the kinds first."""
        own = {layer_of(item.element) for item in self.drawing.items}
        return [*LAYERS, *sorted(own - set(LAYERS))]

    def change(self, text: str, drawing: Drawing, *, selection: Collection[int] | None = None, run: str = "") -> None:
        """Make a step that can be undone, called `text`; none where nothing differs."""
        chosen = self.selection if selection is None else frozenset(selection)
        if drawing != self.drawing:
            self.stack.push(_Change(self, text, drawing, chosen, run=run))
        elif chosen != self.selection:
            self.select(chosen)

    def set_state(self, drawing: Drawing, selection: frozenset[int]) -> None:
        """Take the state of a step; called by the steps alone."""
        self.drawing, self.selection = drawing, selection
        self.changed.emit()
        self.selection_changed.emit()

    def select(self, numbers: Collection[int]) -> None:
        """Select elements that can be touched."""
        chosen = frozenset(numbers) & self.touchable()
        if chosen != self.selection:
            self.selection = chosen
            self.selection_changed.emit()

    def touchable(self) -> frozenset[int]:
        """Return the elements that are seen and not locked."""
        away = self.hidden | self.locked
        return frozenset(item.number for item in self.drawing.items if layer_of(item.element) not in away)

    def set_layer(self, name: str, *, is_hidden: bool, is_locked: bool) -> None:
        """Hide or lock a layer; what is selected in it is let go of."""
        for layers, is_in in ((self.hidden, is_hidden), (self.locked, is_locked)):
            layers.discard(name)
            if is_in:
                layers.add(name)
        self.select(self.selection)
        self.layers_changed.emit()

    def replace_elements(self, text: str, elements: dict[int, Element], *, run: str = "") -> None:
        """Put other elements in the place of some."""
        self.change(text, self.drawing.changed(elements), run=run)

    def set_head(self, text: str, head: Picture) -> None:
        """Change what the picture itself says."""
        self.change(text, replace(self.drawing, head=head))

    def add(self, text: str, elements: Sequence[Element]) -> None:
        """Add elements and select them."""
        drawing, numbers = self.drawing.added(elements)
        self.change(text, drawing, selection=numbers)

    def add_copies(self, text: str, elements: Sequence[Element], shift: tuple[float, float]) -> None:
        """Add copies of elements, which need not be of this picture."""
        taken = [item.element for item in self.drawing.items]
        self.add(text, regrouped(copies(elements, self.drawing.symbols, shift), taken))

    def attach(self, text: str, pipe: int, end: str, symbol: int | None, side: Side | None) -> None:
        """Attach the "start" or the "end" of a pipe to the side of a symbol, or let it end freely (None)."""
        drawing, name = self.drawing, ""
        if symbol is not None and side is not None:
            drawing, called = drawing.with_id(symbol)
            name = end_name(called, side)
        element = drawing.element(pipe)
        if isinstance(element, Pipe):
            led = replace(element, start=name) if end == "start" else replace(element, end=name)
            self.change(text, drawing.changed({pipe: led}))

    def stored(self, text: str) -> None:
        """Take note that the picture stands in its file now, as `text`."""
        self.text = text
        self.drawing = stored_again(self.drawing)
        self.stack.setClean()

    def selected(self) -> tuple[Element, ...]:
        """Return the selected elements in the order of the drawing."""
        return tuple(item.element for item in self.drawing.chosen(self.selection))

    def selected_symbols(self) -> list[int]:
        """Return the numbers of the selected symbols in the order of the drawing."""
        return [item.number for item in self.drawing.chosen(self.selection) if isinstance(item.element, Symbol)]
