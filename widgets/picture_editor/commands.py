"""The commands of the editor: each is a button or a line of a menu, and a key on the sheet."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.model.plant import Plant
from app.picture.arranging import GRID, Edge, align, distribute, same_size, turn
from app.picture.grouping import grouped, parted
from app.picture.renaming import row_of, with_names
from widgets.picture_editor.canvas import ZOOM_STEP, Canvas
from widgets.picture_editor.clipboard import from_clipboard, put_on_clipboard
from widgets.picture_editor.edited import EditedPicture
from widgets.picture_editor.hand import Hand, Tool
from widgets.picture_editor.repeat_dialog import RepeatDialog
from widgets.picture_editor.replace_dialog import ReplaceDialog
from widgets.picture_editor.tool_bar import Command, ToolBar
from widgets.translation import tr

PASTE_SHIFT = (2 * GRID, 2 * GRID)


class EditorCommands(QWidget):
    """Works on the picture that the sheet shows."""

    def __init__(self, canvas: Canvas, hand: Hand, plant: Plant, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._hand, self._plant = canvas, hand, plant
        self.bar = ToolBar(self._commands(), canvas)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.bar)
        canvas.menu_asked.connect(self.open_menu)

    def show_tool(self, tool: Tool) -> None:
        """Mark the tool that is in hand."""
        for name, each in ((tr("Pipe"), Tool.PIPE), (tr("Value"), Tool.VALUE)):
            self.bar.buttons[name].setDown(each is tool)

    def follow(self, edited: EditedPicture) -> None:
        """Offer of undo and redo what there is to be taken back or made again in a picture."""
        edited.stack.indexChanged.connect(self._offer)
        self._offer()

    def _offer(self, *_: object) -> None:
        stack = self._canvas.edited.stack  # a former picture's stack tells too, when it is cleared
        for name, can in ((tr("Undo"), stack.canUndo()), (tr("Redo"), stack.canRedo())):
            for part in (self.bar.buttons[name], self.bar.actions_of[name]):
                part.setEnabled(can)

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

    def repeat(self) -> RepeatDialog | None:
        """Ask how often what is selected is to stand in a row, and for whose equipment."""
        edited = self._canvas.edited
        if not edited.selection:
            return None
        dialog = RepeatDialog(edited.selected(), self)

        def add() -> None:
            made = row_of(edited.drawing, edited.selected(), dialog.count, dialog.shift, counts_up=dialog.counts_up)
            edited.add(tr("Repeat in a row"), made)

        dialog.accepted.connect(add)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def replace_names(self) -> ReplaceDialog:
        """Ask for another name in what is selected, or in all of the picture where nothing is."""
        edited = self._canvas.edited
        numbers = edited.selection or frozenset(item.number for item in edited.drawing.items)
        elements = [item.element for item in edited.drawing.chosen(numbers)]
        dialog = ReplaceDialog(elements, self._plant, is_whole=not edited.selection, parent=self)

        def change() -> None:
            drawing = with_names(edited.drawing, numbers, dialog.sought.text(), dialog.by.text())
            edited.change(tr("Replace names"), drawing)

        dialog.accepted.connect(change)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def same_size(self, *, across: bool) -> None:
        """Make the selected symbols as wide, or as high, as the largest of them."""
        edited = self._canvas.edited
        edited.change(tr("Size"), same_size(edited.drawing, edited.selection, across=across))

    def open_menu(self, place: QPoint) -> QMenu:
        """Offer at a place of the screen what can be done to what is selected."""
        menu = QMenu(self)
        names = [each.name for each in self._edit_commands()]
        for name in names:
            menu.addAction(self.bar.actions_of[name])
        within = menu.addMenu(tr("Align"))
        for each in self._align_commands():
            within.addAction(self.bar.actions_of[each.name])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)
        return menu

    def group(self) -> None:
        """Let what is selected be taken in hand as one."""
        edited = self._canvas.edited
        edited.change(tr("Take as a group"), grouped(edited.drawing, edited.selection))

    def part(self) -> None:
        """Let each element of the selected groups be taken by itself again."""
        edited = self._canvas.edited
        edited.change(tr("Ungroup"), parted(edited.drawing, edited.selection))

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
            Command(tr("Repeat in a row…"), "Ctrl+R", self.repeat),
            Command(tr("Replace names…"), "Ctrl+H", self.replace_names),
            Command(tr("Take as a group"), "Ctrl+G", self.group),
            Command(tr("Ungroup"), "Ctrl+Shift+G", self.part),
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
            Command(tr("Same width"), "Alt+W", lambda: self.same_size(across=True)),
            Command(tr("Same height"), "Alt+S", lambda: self.same_size(across=False)),
        ]
