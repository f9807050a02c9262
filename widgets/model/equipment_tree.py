"""The equipment hierarchy as a tree model: a node with its health and worst alarm, a parent with its worst child's."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.model.alarm import AlarmRecord, AlarmState, Priority
from app.model.equipment import Equipment
from app.model.forecast import Health, HealthState
from widgets import number
from widgets.alarm.wording import priority_text, state_text, worst_state
from widgets.drag.tag_mime import FORMAT, tag_mime
from widgets.feed import Feed
from widgets.pace import Pace
from widgets.translation import local, tr
from widgets.trend.tag_choice import ranked_tags

Index = QModelIndex | QPersistentModelIndex
MOST_DRAGGED = 4


@dataclass(frozen=True, slots=True)
class EquipmentStatus:
    """What the tree shows of a node: its worst alarm, and its lowest health (NaN where nothing can be said).

    `progress`: 0..1 while the health is being learned, NaN otherwise; `is_abnormal`: whether the health model warns.
    """

    priority: Priority | None = None
    state: AlarmState = AlarmState.NORMAL
    health: float = math.nan
    progress: float = math.nan
    is_abnormal: bool = False


_NOTHING = EquipmentStatus()


@dataclass(slots=True)
class _Node:
    """One equipment in the tree; numbers are places in the model's list of nodes."""

    equipment: Equipment
    parent: int
    children: list[int] = field(default_factory=list)
    visible: list[int] = field(default_factory=list)
    status: EquipmentStatus = EquipmentStatus()


class EquipmentTree(QAbstractItemModel):
    """One column; EquipmentStatus under STATUS, the equipment's id under ID."""

    STATUS: ClassVar[int] = Qt.ItemDataRole.UserRole
    ID: ClassVar[int] = Qt.ItemDataRole.UserRole + 1

    def __init__(self, feed: Feed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._nodes: list[_Node] = []
        self._roots: list[int] = []
        self._visible_roots: list[int] = []
        self._numbers: dict[str, int] = {}
        self._build(feed.plant.equipment)
        self.filter("")
        pace = Pace(self, self.refresh)
        feed.alarms_changed.connect(pace.ask)
        feed.healths_changed.connect(pace.ask)
        self.refresh()

    def status_of(self, equipment: str) -> EquipmentStatus:
        """Return what is shown of an equipment."""
        return self._nodes[self._numbers[equipment]].status

    def index_of(self, equipment: str) -> QModelIndex:
        """Return where an equipment stands; an invalid index where the filter hides it or there is none."""
        place = self._numbers.get(equipment)
        return QModelIndex() if place is None else self._index(place)

    def filter(self, text: str) -> None:
        """Show only nodes whose name or id holds `text`, those above and those below them."""
        wanted = text.strip().casefold()
        self.beginResetModel()
        self._visible_roots = [root for root in self._roots if self._is_wanted(root, wanted)]
        self.endResetModel()

    def refresh(self) -> None:
        """Take alarms and health anew; tell only what changed."""
        alarms: dict[str, list[AlarmRecord]] = defaultdict(list)
        for record in self._feed.alarms.values():
            alarms[record.equipment].append(record)
        changed: list[int] = []
        for root in self._roots:
            self._renew(root, alarms, changed)
        for place in changed:
            index = self._index(place)
            if index.isValid():
                self.dataChanged.emit(index, index, [self.STATUS])

    def retranslate(self) -> None:
        """Tell that all names are to be read again."""
        for place in range(len(self._nodes)):
            index = self._index(place)
            if index.isValid():
                self.dataChanged.emit(index, index, [Qt.ItemDataRole.DisplayRole])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return len(self._children(parent))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: ARG002, B008 - Qt's signature
        return 1

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's signature
        children = self._children(parent)
        return self.createIndex(row, column, children[row]) if row < len(children) and column == 0 else QModelIndex()

    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override] # QObject.parent() is another method
        return self._index(self._nodes[child.internalId()].parent) if child.isValid() else QModelIndex()

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else flags

    def mimeTypes(self) -> list[str]:
        return [FORMAT]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Carry the most telling signals of an equipment to the trends."""
        plant = self._feed.plant
        tags = [tag.name for index in indexes[:1] for tag in ranked_tags(plant, index.data(self.ID)) if not tag.is_text]
        return tag_mime(tags[:MOST_DRAGGED])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        node = self._nodes[index.internalId()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return local(node.equipment.name)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return described(node.status)
            case self.STATUS:
                return node.status
            case self.ID:
                return node.equipment.id
        return None

    def _build(self, equipment: Iterable[Equipment]) -> None:
        for place, item in enumerate(equipment):
            self._nodes.append(_Node(item, -1))
            self._numbers[item.id] = place
        for place, node in enumerate(self._nodes):
            node.parent = self._numbers.get(node.equipment.parent, -1)
            siblings = self._roots if node.parent < 0 else self._nodes[node.parent].children
            siblings.append(place)

    def _is_wanted(self, place: int, wanted: str, *, below_hit: bool = False) -> bool:
        node = self._nodes[place]
        name = node.equipment.name
        is_hit = below_hit or any(wanted in text.casefold() for text in (name.en, name.zh, node.equipment.id))
        node.visible = [child for child in node.children if self._is_wanted(child, wanted, below_hit=is_hit)]
        return is_hit or bool(node.visible)

    def _renew(self, place: int, alarms: dict[str, list[AlarmRecord]], changed: list[int]) -> EquipmentStatus:
        node = self._nodes[place]
        below = [self._renew(child, alarms, changed) for child in node.children]
        own = _own_status(alarms.get(node.equipment.id, ()), self._feed.healths.get(node.equipment.id))
        status = _worst([own, *below]) if below or not math.isnan(own.progress) else own
        if not _is_same(status, node.status):
            node.status = status
            changed.append(place)
        return status

    def _children(self, parent: Index) -> list[int]:
        return self._nodes[parent.internalId()].visible if parent.isValid() else self._visible_roots

    def _index(self, place: int) -> QModelIndex:
        if place < 0:
            return QModelIndex()
        parent = self._nodes[place].parent
        siblings = self._visible_roots if parent < 0 else self._nodes[parent].visible
        is_seen = place in siblings and (parent < 0 or self._index(parent).isValid())
        return self.createIndex(siblings.index(place), 0, place) if is_seen else QModelIndex()


def _own_status(records: Sequence[AlarmRecord], health: Health | None) -> EquipmentStatus:
    if not records and health is None:
        return _NOTHING
    priority = min((record.priority for record in records), default=None)
    state = worst_state(record.state for record in records if record.priority == priority)
    if health is None:
        return EquipmentStatus(priority, state)
    is_learning = health.state is HealthState.LEARNING
    return EquipmentStatus(
        priority,
        state,
        health.health,
        health.progress if is_learning else math.nan,
        health.state in {HealthState.DEGRADED, HealthState.ABNORMAL},
    )


def _worst(parts: list[EquipmentStatus]) -> EquipmentStatus:
    alarmed = [part for part in parts if part.priority is not None]
    order = [
        AlarmState.UNACKNOWLEDGED,
        AlarmState.ACKNOWLEDGED,
        AlarmState.RETURNED,
        AlarmState.LATCHED,
        AlarmState.NORMAL,
    ]
    worst = min(alarmed, key=lambda part: (part.priority, order.index(part.state)), default=EquipmentStatus())
    known = [part for part in parts if not math.isnan(part.health)]
    lowest = min(known, key=lambda part: part.health, default=EquipmentStatus())
    learning = [part.progress for part in parts if not math.isnan(part.progress)]
    return EquipmentStatus(
        worst.priority,
        worst.state,
        lowest.health,
        min(learning) if learning and not known else math.nan,
        any(part.is_abnormal for part in parts),
    )


def _is_same(first: EquipmentStatus, second: EquipmentStatus) -> bool:
    """Compare what is seen; NaN is like NaN."""
    return _seen(first) == _seen(second)


def _seen(status: EquipmentStatus) -> tuple[object, ...]:
    shown = "" if math.isnan(status.health) else f"{status.health:.0f}"
    progress = "" if math.isnan(status.progress) else f"{status.progress:.2f}"
    return status.priority, status.state, shown, progress, status.is_abnormal


def described(status: EquipmentStatus) -> str:
    """Return a node's status in words, for tool tips and screen readers."""
    if not math.isnan(status.health):
        health = tr("health {n} of 100", n=number.number(status.health, decimals=0))
    elif not math.isnan(status.progress):
        health = tr("learning what is healthy: {n} %", n=f"{status.progress * 100:.0f}")
    else:
        health = tr("health not known")
    if status.priority is None:
        return health
    return f"{priority_text(status.priority)}, {state_text(status.state)}; {health}"
