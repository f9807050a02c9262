"""Ctrl+K: find a page, an equipment, a tag or an action by any part of its name, in either language, and go there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.model.plant import Plant
from widgets.line_delegate import LineDelegate, line
from widgets.navigation import Navigation, PageFactory
from widgets.theme import theme
from widgets.translation import local, tr

MOST_HITS = 40


@dataclass(frozen=True, slots=True)
class Target:
    """Something that can be found.

    `keys` are all texts under which; `open` brings it into view, `open_otherwise` does with Ctrl+Enter.
    """

    kind: str
    title: str
    detail: str
    keys: tuple[str, ...]
    open: Callable[[], None]
    open_otherwise: Callable[[], None] | None = None


def rank(target: Target, words: Sequence[str]) -> int | None:
    """Return how well a target fits all words (0 best), None where one of them is not in it."""
    total = 0
    for word in words:
        places = [_place(key.casefold(), word) for key in target.keys]
        best = min((place for place in places if place is not None), default=None)
        if best is None:
            return None
        total += best
    return total


def _place(key: str, word: str) -> int | None:
    at = key.find(word)
    if at < 0:
        return None
    if at == 0:
        return 0 if key == word else 1
    return 2 if not key[at - 1].isalnum() else 3


def find(targets: Iterable[Target], text: str) -> list[Target]:
    """Return the targets that hold every word of `text`, the best ones first; all of them for an empty text."""
    words = text.casefold().split()
    ranked = [(rank(target, words), number, target) for number, target in enumerate(targets)]
    hits = [(place, number, target) for place, number, target in ranked if place is not None]
    return [target for _, _, target in sorted(hits, key=lambda hit: hit[:2])][:MOST_HITS]


def targets_of(
    plant: Plant, navigation: Navigation, pages: Sequence[PageFactory], actions: Sequence[Target]
) -> list[Target]:
    """Return everything that can be found: pages, actions, equipment, tags."""
    found = [
        Target(tr("Page"), page.title(), "", (page.title(), page.key), partial(navigation.open_page, page.key))
        for page in pages
    ]
    found += actions
    found += [
        Target(
            tr("Equipment"),
            local(item.name),
            item.id,
            (item.id, item.name.en, item.name.zh),
            partial(navigation.open_equipment, item.id),
        )
        for item in plant.equipment
    ]
    found += [
        Target(
            tr("Tag"),
            local(tag.title),
            tag.name,
            (tag.name, tag.title.en, tag.title.zh),
            partial(navigation.open_tag, tag.name),
            partial(navigation.open_trend, (tag.name,)),
        )
        for tag in plant.tags
    ]
    return found


class Finder(QDialog):
    """A field and the list of what it finds; Enter opens the chosen line, Escape closes."""

    def __init__(self, targets: Sequence[Target], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        look = theme()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(tr("Search"))
        self._targets = targets
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Search tags, equipment, pages, actions"))
        self.field.setAccessibleName(tr("Search"))
        self.field.setFixedHeight(look.px(36))
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setItemDelegate(LineDelegate(self.list))
        self.list.setAccessibleName(tr("Found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = QLabel(tr("Nothing found"))
        self.nothing.setProperty("tone", "dim")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        frame = QFrame()
        frame.setProperty("surface", "panel")
        rows = QVBoxLayout(frame)
        rows.setContentsMargins(look.px(8), look.px(8), look.px(8), look.px(8))
        for part in (self.field, self.list, self.nothing):
            rows.addWidget(part)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame)
        self.setFixedSize(look.px(560), look.px(420))
        self.field.textChanged.connect(self.search)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._open)
        self.search("")

    def appear(self, center: QPoint) -> None:
        """Come up with the top edge's middle at `center` (global), ready to type."""
        self.move(center.x() - self.width() // 2, center.y())
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def search(self, text: str) -> None:
        """List what `text` finds."""
        self.list.clear()
        for target in find(self._targets, text):
            self.list.addItem(line(target.title, detail=target.detail, kind=target.kind, payload=target))
        self.list.setCurrentRow(0)
        self.list.setVisible(self.list.count() > 0)
        self.nothing.setVisible(self.list.count() == 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            is_other = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            return self._steer(event.key(), is_other=is_other)
        return super().eventFilter(watched, event)

    def _steer(self, key: int, *, is_other: bool = False) -> bool:
        """Move and choose in the list while the field keeps the focus."""
        rows = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        step = rows.get(Qt.Key(key))
        if step is not None:
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(self.list.currentItem(), is_other=is_other)
        else:
            return False
        return True

    def _open(self, item: QListWidgetItem | None, *, is_other: bool = False) -> None:
        if item is not None:
            target: Target = item.data(Qt.ItemDataRole.UserRole)
            self.close()
            (target.open_otherwise or target.open if is_other else target.open)()
