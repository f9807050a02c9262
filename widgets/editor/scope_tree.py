"""Which part of the plant the sheet shows: the equipment as a tree, and the equipment classes below it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QTreeWidget, QTreeWidgetItem, QWidget

from app.plant.draft.draft import Draft
from app.plant.draft.sheet import Scope
from app.plant.origin import KEY
from widgets.translation import language, tr

_SCOPE = Qt.ItemDataRole.UserRole
_KEY = Qt.ItemDataRole.UserRole + 1


class ScopeTree(QTreeWidget):
    """`chosen(scope)`: another part was chosen."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self._shown: object = None
        self._is_filling = False
        self.currentItemChanged.connect(self._tell)

    @property
    def scope(self) -> Scope:
        """Return the part that is chosen, the whole plant where nothing is."""
        item = self.currentItem()
        found = None if item is None else item.data(0, _SCOPE)
        return found if isinstance(found, Scope) else Scope()

    def show_draft(self, draft: Draft) -> None:
        """Show the equipment and classes of a draft; what is chosen stays so."""
        equipment = [dict(row.table) for row in draft.rows(("equipment",))]
        classes = [(row.id, dict(row.table)) for row in draft.rows((KEY,))]
        names = [(table.get("id"), table.get("parent"), table.get("name")) for table in equipment]
        shown = (language(), names, [(number, table.get("id"), table.get("name")) for number, table in classes])
        if shown == self._shown:
            return
        self._shown = shown
        current = self.currentItem()
        kept = "" if current is None else str(current.data(0, _KEY))
        self._is_filling = True
        self.clear()
        root = self._item(tr("Whole plant"), Scope(), "plant")
        self.addTopLevelItem(root)
        self._add_equipment(root, equipment)
        head = self._item(tr("Equipment classes"), Scope(), "classes")
        head.setFlags(Qt.ItemFlag.ItemIsEnabled)
        for number, table in classes:
            head.addChild(self._item(_label(table), Scope(owner=number), f"class {number}"))
        if classes:
            self.addTopLevelItem(head)
        self.expandToDepth(1)
        head.setExpanded(True)
        self._is_filling = False
        self.setCurrentItem(self._find(kept) or root)

    def choose_plant(self) -> None:
        """Choose the whole plant."""
        item = self._find("plant")
        if item is not None:
            self.setCurrentItem(item)

    def choose_class(self, number: int) -> None:
        """Choose the class at a row of the draft."""
        item = self._find(f"class {number}")
        if item is not None:
            self.setCurrentItem(item)

    def _add_equipment(self, root: QTreeWidgetItem, equipment: list[dict[str, object]]) -> None:
        children: dict[str, list[dict[str, object]]] = {}
        known = {str(table.get("id")) for table in equipment}
        for table in equipment:
            parent = str(table.get("parent", ""))
            children.setdefault(parent if parent in known else "", []).append(table)
        reached: set[str] = set()
        for table in children.get("", []):
            root.addChild(self._node(table, children, reached))

    def _node(
        self, table: Mapping[str, object], children: Mapping[str, list[dict[str, object]]], reached: set[str]
    ) -> QTreeWidgetItem:
        """Return equipment with all below it; a ring of parents, which is a problem of its own, ends."""
        name = str(table.get("id"))
        reached.add(name)
        below = [
            self._node(each, children, reached) for each in children.get(name, []) if each.get("id") not in reached
        ]
        inner = {name}
        for item in below:
            scope = item.data(0, _SCOPE)
            inner |= set(scope.equipment or ())
        item = self._item(_label(table), Scope(frozenset(inner)), f"equipment {name}")
        item.addChildren(below)
        return item

    @staticmethod
    def _item(text: str, scope: Scope, key: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text])
        item.setData(0, _SCOPE, scope)
        item.setData(0, _KEY, key)
        item.setToolTip(0, text)
        return item

    def _find(self, key: str) -> QTreeWidgetItem | None:
        waiting = [self.topLevelItem(place) for place in range(self.topLevelItemCount())]
        while waiting:
            item = waiting.pop()
            if item is None:
                continue
            if item.data(0, _KEY) == key:
                return item
            waiting += [item.child(place) for place in range(item.childCount())]
        return None

    def _tell(self) -> None:
        if not self._is_filling and self.currentItem() is not None:
            self.chosen.emit(self.scope)


def _label(table: Mapping[str, object]) -> str:
    name = table.get("name", "")
    if isinstance(name, Mapping):
        name = (name.get("zh") if language() == "zh" else None) or name.get("en", "")
    identifier = str(table.get("id", ""))
    return identifier if str(name) in {"", identifier} else f"{identifier}  {name}"
