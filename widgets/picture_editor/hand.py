"""The hand that draws: what presses, moves and keys on the sheet do to the picture."""

from __future__ import annotations

import math
from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPolygonF

from app.model.picture import Element, Pipe, Readout, Side, Symbol
from app.model.picture_port import Point, port
from app.model.picture_symbol import SYMBOL_KINDS
from app.model.tag import TagKind
from app.picture.arranging import GRID, around, box_of, move, moved, resize, scale, snapped
from app.picture.drawing import Drawing
from app.picture.extent import Box
from app.picture.grouping import whole
from app.picture.guides import NEAR, Alignment, aligned, guiding
from app.picture.run import route, straightened
from widgets.picture_editor.canvas import Canvas
from widgets.picture_editor.edited import EditedPicture
from widgets.picture_editor.hitting import GROUP, Grip, element_at, elements_in, grips, port_at, resized, stretched
from widgets.translation import tr

DROP_GAP = 4 * GRID
"""Between values that are dropped together, picture units."""
STILL_PX = 4.0
"""A press that moves no farther only selects: nobody holds a mouse quite still."""
_ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}


class Tool(StrEnum):
    """What a press on the sheet begins."""

    SELECT = "select"
    PIPE = "pipe"
    SYMBOL = "symbol"
    VALUE = "value"


class Hand(QObject):
    """Each drag is one step; `tool_changed` tells when a tool has done its work."""

    tool_changed = Signal(object)  # Tool
    properties_asked = Signal()

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.tool = Tool.SELECT
        self.kind = "pump"
        self.snaps = True
        self._from: Point | None = None
        self._grip: Grip | None = None
        self._is_moving = False
        self._port: tuple[int, Side] | None = None
        canvas.pressed.connect(self.press)
        canvas.dragged.connect(self.drag)
        canvas.released.connect(self.release)
        canvas.double_clicked.connect(lambda _: self.properties_asked.emit())
        canvas.dropped.connect(self.drop)
        canvas.symbol_dropped.connect(self.drop_symbol)
        canvas.picked.connect(self.pick)
        canvas.on_key = self.key

    @property
    def edited(self) -> EditedPicture:
        """Return the picture that is drawn."""
        return self._canvas.edited

    def take(self, tool: Tool, kind: str = "") -> None:
        """Take a tool; `kind`: the symbol that is to be placed."""
        self.tool, self.kind = tool, kind or self.kind
        self._canvas.setCursor(Qt.CursorShape.ArrowCursor if tool is Tool.SELECT else Qt.CursorShape.CrossCursor)
        self.tool_changed.emit(tool)

    def put(self, place: Point) -> None:
        """Put what the tool holds at a place: a symbol, or a value without a tag yet."""
        at = self._snapped(place)
        if self.tool is Tool.VALUE:
            self.edited.add(tr("Add a value"), [Readout("", at)])
        else:
            size = SYMBOL_KINDS[self.kind].size
            self.edited.add(tr("Add a symbol"), [Symbol(self.kind, at, size)])
        self.take(Tool.SELECT)

    def drop(self, place: Point, tags: list[str]) -> None:
        """Take tags that were dragged here: a symbol shows the one, the sheet shows all of them as values."""
        edited, canvas = self.edited, self._canvas
        number = element_at(edited.drawing, edited.touchable(), canvas.subject, place, canvas.reach)
        symbol = edited.drawing.element(number) if number is not None else None
        tag = canvas.subject.tags.get(tags[0])
        if number is not None and isinstance(symbol, Symbol) and tag is not None:
            is_state = tag.kind is TagKind.DISCRETE
            bound = replace(symbol, running=tag.name) if is_state else replace(symbol, value=tag.name)
            edited.replace_elements(tr("Change a property"), {number: bound})
            edited.select({number})
            return
        at = self._snapped(place)
        values = [Readout(name, (at[0], at[1] + row * DROP_GAP)) for row, name in enumerate(tags)]
        edited.add(tr("Add a value"), values)

    def drop_symbol(self, place: Point, kind: str) -> None:
        """Put a symbol where it was dragged to."""
        self.take(Tool.SYMBOL, kind)
        self.put(place)

    def pick(self, place: Point) -> None:
        """Select what lies there, unless it is selected already, together with others."""
        self._from, self._grip = None, None
        self._select_at(place, is_added=False)
        self._is_moving = False

    def press(self, place: Point, modifiers: Qt.KeyboardModifier) -> None:
        """Begin at a place."""
        self._from, self._grip, self._is_moving, self._port = place, None, False, None
        edited = self.edited
        if self.tool in {Tool.SYMBOL, Tool.VALUE}:
            self._from = None
            self.put(place)
        elif self.tool is Tool.PIPE:
            self._port = port_at(edited.drawing, edited.touchable(), place, self._canvas.reach)
        elif (grip := self._grip_at(place)) is not None:
            self._grip = grip
        else:
            is_alone = bool(modifiers & Qt.KeyboardModifier.AltModifier)
            self._select_at(place, is_added=bool(modifiers & Qt.KeyboardModifier.ShiftModifier), is_alone=is_alone)

    def drag(self, place: Point, modifiers: Qt.KeyboardModifier) -> None:
        """Show what would become of it."""
        del modifiers
        if self._from is None:
            return
        canvas = self._canvas
        if self.tool is Tool.PIPE:
            canvas.ghost = [self._polygon(self._pipe(place)[0])]
        elif self._grip is not None and self._grip.number == GROUP:
            chosen = self._scaled(self._grip, place).chosen(self.edited.selection)
            canvas.ghost = [each for item in chosen for each in self._ghost_of(item.element)]
        elif self._grip is not None:
            canvas.ghost = self._ghost_of(self._gripped(self._grip, place))
        elif self._is_moving:
            by = self._shift(place)
            canvas.ghost = [each for element in self.edited.selected() for each in self._ghost_of(moved(element, by))]
        else:
            canvas.band = QRectF(*self._from, place[0] - self._from[0], place[1] - self._from[1]).normalized()
        canvas.update()

    def release(self, place: Point) -> None:
        """Let go of the pointer: what was dragged, drawn or framed is done."""
        canvas, edited = self._canvas, self.edited
        begun, self._from = self._from, None
        canvas.ghost, canvas.guides = [], []
        if begun is not None and self.tool is Tool.PIPE:
            self._from = begun
            self._add_pipe(place)
            self._from = None
        elif self._grip is not None and self._grip.number == GROUP:
            edited.change(tr("Size"), self._scaled(self._grip, place))
        elif self._grip is not None:
            self._let_go(self._grip, place)
        elif begun is not None and self._is_moving:
            self._from = begun
            by = self._shift(place)
            self._from, canvas.guides = None, []
            edited.change(tr("Move"), move(edited.drawing, edited.selection, by))
        elif canvas.band is not None:
            band = canvas.band
            box = Box(band.left(), band.top(), band.right(), band.bottom())
            found = elements_in(edited.drawing, edited.touchable(), canvas.subject, box)
            edited.select(whole(edited.drawing, found))
        canvas.band = None
        self._grip, self._is_moving = None, False
        canvas.update()

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key asks for: arrows move, with Ctrl they size; Page Up and Down go from element to element."""
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if key in _ARROWS and self.edited.selection:
            step = 1.0 if modifiers & Qt.KeyboardModifier.ShiftModifier or not self.snaps else GRID
            by = (_ARROWS[key][0] * step, _ARROWS[key][1] * step)
            if modifiers & Qt.KeyboardModifier.ControlModifier:
                self._grow(by)
            else:
                drawing = move(self.edited.drawing, self.edited.selection, by)
                self.edited.change(tr("Move"), drawing, run="move by keys")
        elif key in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            self._select_next(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.tool in {Tool.SYMBOL, Tool.VALUE}:
            self.put(self._canvas.middle())
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.edited.selection:
            self.properties_asked.emit()
        elif key == Qt.Key.Key_Escape and self._from is not None:
            self._give_up()
        elif key == Qt.Key.Key_Escape and (self.tool is not Tool.SELECT or self.edited.selection):
            self.take(Tool.SELECT)
            self.edited.select(())
        else:
            return False
        return True

    def connect_selected(self) -> None:
        """Lay a pipe between the two selected symbols, from the sides that look at one another."""
        numbers = self.edited.selected_symbols()
        if len(numbers) != 2:
            return
        start, end = (self.edited.drawing.element(number) for number in numbers)
        if isinstance(start, Symbol) and isinstance(end, Symbol):
            out, into = _facing(start, end)
            self._lay((numbers[0], out), (numbers[1], into), route(port(start, out), port(end, into), out, into))

    def _select_at(self, place: Point, *, is_added: bool, is_alone: bool = False) -> None:
        """Select what lies there with its group, or alone; `is_added` to what is selected, or taken from it."""
        edited = self.edited
        number = element_at(edited.drawing, edited.touchable(), self._canvas.subject, place, self._canvas.reach)
        if number is None:
            if not is_added:
                edited.select(())
            return
        found = frozenset({number}) if is_alone else whole(edited.drawing, {number})
        if is_added:
            edited.select(edited.selection - found if number in edited.selection else edited.selection | found)
        elif number not in edited.selection or (is_alone and edited.selection != found):
            edited.select(found)
        self._is_moving = number in edited.selection

    def _select_next(self, step: int) -> None:
        numbers = [item.number for item in self.edited.drawing.items if item.number in self.edited.touchable()]
        if numbers:
            at = next((place for place, each in enumerate(numbers) if each in self.edited.selection), None)
            first = 0 if step > 0 else len(numbers) - 1
            self.edited.select({numbers[first if at is None else (at + step) % len(numbers)]})

    def _grip_at(self, place: Point) -> Grip | None:
        reach = self._canvas.reach
        near = (
            (max(abs(place[0] - x), abs(place[1] - y)), number, grip)
            for number, (grip, (x, y)) in enumerate(grips(self.edited.drawing, self.edited.selection))
        )
        best = min(near, default=None, key=lambda each: each[:2])
        return best[2] if best is not None and best[0] <= reach else None

    def _give_up(self) -> None:
        """Leave all as it was before the press."""
        self._from, self._grip, self._is_moving, self._port = None, None, False, None
        self._canvas.ghost, self._canvas.guides, self._canvas.band = [], [], None
        self._canvas.update()

    def _scaled(self, grip: Grip, place: Point) -> Drawing:
        """Return the drawing as it would be with a handle around all that is selected there."""
        drawing, selection = self.edited.drawing, self.edited.selection
        box = around([item.element for item in drawing.chosen(selection)])
        return scale(drawing, selection, stretched(box, grip.place, self._snapped(place)))

    def _gripped(self, grip: Grip, place: Point) -> Element:
        """Return the element as it would be with one of its handles or points there."""
        element, at = self.edited.drawing.element(grip.number), self._snapped(place)
        if isinstance(element, Symbol):
            return resize(element, resized(element, grip.place, at))
        if isinstance(element, Pipe):
            points = list(element.points)
            points[grip.place] = at
            return replace(element, points=tuple(points))
        return element

    def _let_go(self, grip: Grip, place: Point) -> None:
        edited, element = self.edited, self._gripped(grip, place)
        if isinstance(element, Pipe) and grip.place in {0, len(element.points) - 1}:
            end = "start" if grip.place == 0 else "end"
            found = port_at(edited.drawing, edited.touchable(), place, self._canvas.reach)
            if found is not None:
                edited.attach(tr("Attach a pipe"), grip.number, end, *found)
                return
            element = replace(element, start="") if end == "start" else replace(element, end="")
        elif isinstance(element, Pipe):
            element = replace(element, points=straightened(element.points))
        edited.replace_elements(
            tr("Size") if isinstance(element, Symbol) else tr("Lead a pipe"), {grip.number: element}
        )

    def _grow(self, by: tuple[float, float]) -> None:
        elements: dict[int, Element] = {}
        for item in self.edited.drawing.chosen(self.edited.selection):
            if isinstance(item.element, Symbol):
                box = box_of(item.element)
                elements[item.number] = resize(
                    item.element, Box(box.left, box.top, box.right + by[0], box.bottom + by[1])
                )
        if elements:
            self.edited.replace_elements(tr("Size"), elements, run="size by keys")

    def _pipe(self, place: Point) -> tuple[tuple[Point, ...], tuple[int, Side] | None]:
        """Return the points of the pipe that is being drawn, and what its end would be attached to."""
        edited, begun = self.edited, self._from or place
        found = port_at(edited.drawing, edited.touchable(), place, self._canvas.reach)
        start, end = self._end(self._port, begun), self._end(found, place)
        out = self._port[1] if self._port is not None else None
        into = found[1] if found is not None else None
        return route(start, end, out, into), found

    def _end(self, found: tuple[int, Side] | None, place: Point) -> Point:
        symbol = self.edited.drawing.element(found[0]) if found is not None else None
        if found is not None and isinstance(symbol, Symbol):
            return port(symbol, found[1])
        return self._snapped(place)

    def _add_pipe(self, place: Point) -> None:
        points, found = self._pipe(place)
        if len(set(points)) > 1:
            self._lay(self._port, found, points)
            self.take(Tool.SELECT)

    def _lay(self, out: tuple[int, Side] | None, into: tuple[int, Side] | None, points: tuple[Point, ...]) -> None:
        """Add a pipe as one step, attached at both ends where something is there."""
        drawing, names = self.edited.drawing, ["", ""]
        for place, found in enumerate((out, into)):
            if found is not None:
                drawing, called = drawing.with_id(found[0])
                names[place] = f"{called}.{found[1]}"
        drawing, numbers = drawing.added([Pipe(points, start=names[0], end=names[1])])
        self.edited.change(tr("Lay a pipe"), drawing, selection=numbers)

    def _shift(self, place: Point) -> tuple[float, float]:
        """Return by how much the selection is moved: to the edges of what is near, else onto the grid again."""
        begun, canvas = self._from or place, self._canvas
        by = (place[0] - begun[0], place[1] - begun[1])
        if math.hypot(*by) * canvas.plane.factor < STILL_PX:
            canvas.guides = []
            return 0.0, 0.0
        if not self.snaps:
            return round(by[0], 1), round(by[1], 1)
        found = self._alignment(by)
        canvas.guides = [self._polygon(line) for line in found.lines]
        return (
            snapped(by[0]) if found.across is None else round(by[0] + found.across, 1),
            snapped(by[1]) if found.down is None else round(by[1] + found.down, 1),
        )

    def _alignment(self, by: tuple[float, float]) -> Alignment:
        """Return to what the selection is drawn where it would stand after a move."""
        drawing, selection = self.edited.drawing, self.edited.selection
        seen = self.edited.touchable() - selection
        chosen = [moved(each, by) for each in self.edited.selected() if not isinstance(each, Pipe)]
        if not chosen:
            return Alignment()
        others = [guiding(item.element) for item in drawing.chosen(seen) if not isinstance(item.element, Pipe)]
        box = guiding(chosen[0]) if len(chosen) == 1 else around(chosen)
        return aligned(box, others, NEAR / self._canvas.plane.factor)

    def _snapped(self, place: Point) -> Point:
        grid = GRID if self.snaps else 0.0
        return snapped(place[0], grid), snapped(place[1], grid)

    def _ghost_of(self, element: Element) -> list[QPolygonF]:
        if isinstance(element, Pipe):
            return [self._polygon(element.points)]
        box = box_of(element)
        corners = ((box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom))
        return [self._polygon((*corners, corners[0]))]

    def _polygon(self, points: tuple[Point, ...]) -> QPolygonF:
        return QPolygonF([self._canvas.plane.point(point) for point in points])


def _facing(start: Symbol, end: Symbol) -> tuple[Side, Side]:
    """Return the sides by which two symbols look at one another."""
    across, down = end.at[0] - start.at[0], end.at[1] - start.at[1]
    if abs(across) >= abs(down):
        return (Side.RIGHT, Side.LEFT) if across >= 0 else (Side.LEFT, Side.RIGHT)
    return (Side.BOTTOM, Side.TOP) if down >= 0 else (Side.TOP, Side.BOTTOM)
