"""The layers of a picture: which are seen, and which can be touched."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from widgets.choice import TickBox
from widgets.picture_editor.edited import EditedPicture
from widgets.picture_editor.kind_name import layer_name
from widgets.theme import theme
from widgets.translation import tr


class LayerList(QWidget):
    """A line per layer: shown, locked. They are of the editor alone; operators see all layers."""

    def __init__(self, edited: EditedPicture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edited = edited
        self.boxes: dict[str, tuple[TickBox, TickBox]] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(theme().px(8), theme().px(8), theme().px(8), theme().px(8))
        self._grid.setVerticalSpacing(theme().px(4))
        self.show_edited(edited)

    def show_edited(self, edited: EditedPicture) -> None:
        """Show the layers of another picture."""
        self._edited = edited
        edited.changed.connect(self.renew)
        self._build()

    def renew(self) -> None:
        """Show the layers that there are now."""
        if list(self.boxes) != self._edited.layers:
            self._build()

    def _build(self) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.boxes = {}
        for row, layer in enumerate(self._edited.layers):
            shown, locked = TickBox(tr("shown")), TickBox(tr("locked"))
            shown.setChecked(layer not in self._edited.hidden)
            locked.setChecked(layer in self._edited.locked)
            shown.setAccessibleName(tr("Layer {layer} is shown", layer=layer_name(layer)))
            locked.setAccessibleName(tr("Layer {layer} is locked", layer=layer_name(layer)))
            for box in (shown, locked):
                box.toggled.connect(lambda _=False, layer=layer: self._set(layer))
            self.boxes[layer] = (shown, locked)
            self._grid.addWidget(QLabel(layer_name(layer)), row, 0)
            self._grid.addWidget(shown, row, 1)
            self._grid.addWidget(locked, row, 2)
        self._grid.setColumnStretch(0, 1)
        self._grid.setRowStretch(len(self.boxes), 1)

    def _set(self, layer: str) -> None:
        shown, locked = self.boxes[layer]
        self._edited.set_layer(layer, is_hidden=not shown.isChecked(), is_locked=locked.isChecked())
