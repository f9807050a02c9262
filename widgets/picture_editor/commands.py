"""The commands of the editor: each is a button or a line of a menu, and a key on the sheet."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.picture.arranging import GRID, Edge, align, distribute, turn
from widgets.picture_editor.canvas import ZOOM_STEP, Canvas
from widgets.picture_editor.clipboard import from_clipboard, put_on_clipboard
from widgets.picture_editor.hand import Hand, Tool
from widgets.picture_editor.tool_bar import Command, ToolBar
from widgets.translation import tr

PASTE_SHIFT = (2 * GRID, 2 * GRID)


class EditorCommands(QWidget):
    """Works on the picture that the sheet shows."""

    def __init__(self, canvas: Canvas, hand: Hand, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._hand = canvas, hand
        self.bar = ToolBar(self._commands(), canvas)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.bar)

    def show_tool(self, tool: Tool) -> None:
        """Mark the tool that is in hand."""
        for name, each in ((tr("Pipe"), Tool.PIPE), (tr("Value"), Tool.VALUE)):
            self.bar.buttons[name].setDown(each is tool)

    def undo(self) -> None:
        """Take the last step back."""
        self._canvas.edited.stack.undo()

    def redo(self) -> None:
        """Make the step again that was taken back."""
        self._canvas.edited.stack.redo()

    def align(self, edge: Edge) -> None:
        """Align what is selected."""
        edited = self._canvas.edited
        edited.change(tr("Align"), align(edited.drawing, edited.selection, edge))

    def distribute(self, *, across: bool) -> None:
        """Make the gaps between what is selected equal."""
        edited = self._canvas.edited
        edited.change(tr("Distribute"), distribute(edited.drawing, edited.selection, across=across))

    def turn(self) -> None:
        """Turn the selected symbols by a quarter."""
        edited = self._canvas.edited
        edited.change(tr("Turn"), turn(edited.drawing, edited.selection))

    def remove(self) -> None:
        """Remove what is selected."""
        edited = self._canvas.edited
        edited.change(tr("Remove"), edited.drawing.removed(edited.selection), selection=())

    def copy(self) -> None:
        """Copy what is selected."""
        if self._canvas.edited.selection:
            put_on_clipboard(self._canvas.edited.selected())

    def cut(self) -> None:
        """Copy what is selected and remove it."""
        self.copy()
        self.remove()

    def paste(self) -> None:
        """Add what was copied, from whatever picture."""
        elements = from_clipboard()
        if elements:
            self._canvas.edited.add_copies(tr("Paste"), elements, PASTE_SHIFT)

    def duplicate(self) -> None:
        """Add a copy of what is selected."""
        edited = self._canvas.edited
        if edited.selection:
            edited.add_copies(tr("Duplicate"), edited.selected(), PASTE_SHIFT)

    def raise_up(self) -> None:
        """Draw what is selected above all others of its kind."""
        edited = self._canvas.edited
        edited.change(tr("Bring to the front"), edited.drawing.raised(edited.selection))

    def select_all(self) -> None:
        """Select all that can be touched."""
        self._canvas.edited.select(self._canvas.edited.touchable())

    def _switch_grid(self) -> None:
        self._canvas.has_grid = not self._canvas.has_grid
        self._canvas.update()

    def _switch_snapping(self) -> None:
        self._hand.snaps = not self._hand.snaps

    def _commands(self) -> list[Command]:
        canvas, hand = self._canvas, self._hand
        return [
            Command(tr("Undo"), "Ctrl+Z", self.undo),
            Command(tr("Redo"), "Ctrl+Y", self.redo),
            Command(tr("Pipe"), "L", lambda: hand.take(Tool.PIPE)),
            Command(tr("Value"), "V", lambda: hand.take(Tool.VALUE)),
            Command(tr("Connect"), "P", hand.connect_selected),
            Command(tr("Turn"), "R", self.turn),
            Command(tr("Edit"), within=self._edit_commands()),
            Command(tr("Align"), within=self._align_commands()),
            Command(tr("Grid"), "G", self._switch_grid, is_switch=True, is_on=True),
            Command(tr("Snap"), "S", self._switch_snapping, is_switch=True, is_on=True),
            Command("−", "-", lambda: canvas.zoom(1 / ZOOM_STEP)),
            Command("+", "+", lambda: canvas.zoom(ZOOM_STEP)),
            Command(tr("All"), "0", canvas.fit),
        ]

    def _edit_commands(self) -> list[Command]:
        return [
            Command(tr("Copy"), "Ctrl+C", self.copy),
            Command(tr("Cut"), "Ctrl+X", self.cut),
            Command(tr("Paste"), "Ctrl+V", self.paste),
            Command(tr("Duplicate"), "Ctrl+D", self.duplicate),
            Command(tr("Remove"), "Del", self.remove),
            Command(tr("Select all"), "Ctrl+A", self.select_all),
            Command(tr("Bring to the front"), "Ctrl+Shift+Up", self.raise_up),
        ]

    def _align_commands(self) -> list[Command]:
        edges = (
            (tr("Left"), "Alt+Left", Edge.LEFT),
            (tr("Centre"), "Alt+C", Edge.CENTER),
            (tr("Right"), "Alt+Right", Edge.RIGHT),
            (tr("Top"), "Alt+Up", Edge.TOP),
            (tr("Middle"), "Alt+M", Edge.MIDDLE),
            (tr("Bottom"), "Alt+Down", Edge.BOTTOM),
        )
        return [
            *(Command(name, key, lambda edge=edge: self.align(edge)) for name, key, edge in edges),  # type: ignore[misc]
            Command(tr("Distribute across"), "Alt+H", lambda: self.distribute(across=True)),
            Command(tr("Distribute down"), "Alt+V", lambda: self.distribute(across=False)),
        ]
