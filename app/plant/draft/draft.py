"""A draft of a plant file: tables that are changed step by step, each of which can be taken back and done again."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from app.plant.class_grammar import MEMBERS
from app.plant.configuration_difference import is_same
from app.plant.draft.column import SINGLES
from app.plant.origin import KEY
from app.plant.problem import KeyPath
from app.plant.toml.revision import AddedTable, RevisableText, Revision, require

_ARRAYS = (
    "equipment",
    "tag",
    "alarm",
    KEY,
    "forecast",
    "maintenance_definition",
    "spare_part",
    "planned_stop",
    "method",
    "measuring_point",
    "picture",
)
_FURTHER = ("vibration_zones", "alarm_class", "shift", *SINGLES[1:])
"""Read behind all others, so that drafts that were left before these had sheets find their rows by their numbers."""
ARRAYS = (*_ARRAYS, "vibration_zones", "alarm_class", "shift")
NAMED = "connection"
"""The kind whose tables stand below their names, not in an array: a row has its name under NAME."""
NAME = "name"
ArrayPath = KeyPath
"""("tag",) and its like; ("equipment_class", ID, "tag") for the members of a class, which is the row of that id."""


@dataclass(frozen=True, slots=True)
class Row:
    """One table of an array. `id`: its number in the draft, given once. `base`: its place in the file, -1 for none."""

    id: int
    base: int
    table: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Edit:
    """One row becomes another: `before` is None where it is new, `after` where it goes; `at`: place in its array."""

    array: ArrayPath
    at: int
    before: Row | None
    after: Row | None


@dataclass(frozen=True, slots=True)
class Step:
    """What one deed of the engineer changes, at once or not at all."""

    name: str
    edits: tuple[Edit, ...]


@dataclass(slots=True)
class _State:
    """Rows by array."""

    rows: dict[ArrayPath, list[Row]] = field(default_factory=dict)


class Draft:
    """Holds the tables of one plant file and the steps that were made; `text`: the file from which it began.

    `state`: another object after each change.
    """

    def __init__(self, text: str) -> None:
        """Begin with the file as it is; raise CannotRevise where it is no TOML."""
        self._source = RevisableText(text)
        self.text = text
        self._next = 0
        self._state = _State()
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self.state = object()
        for kind in (*_ARRAYS, NAMED, SINGLES[0]):
            self._read_kind(kind)
        for row in self._state.rows[(KEY,)]:
            self._read_members(row)
        for kind in _FURTHER:
            self._read_kind(kind)

    def copied(self) -> Draft:
        """Return the same draft for further steps, which this one does not see."""
        new = copy.copy(self)
        rows = {array: list(rows) for array, rows in self._state.rows.items()}
        vars(new).update(_state=_State(rows), _done=list(self._done), _undone=list(self._undone))
        return new

    @property
    def base(self) -> Mapping[str, object]:
        """Return the parsed file from which the draft began."""
        return self._source.document

    @property
    def undoable(self) -> str:
        """Return the name of the step that would be taken back, "" where there is none."""
        return self._done[-1].name if self._done else ""

    @property
    def redoable(self) -> str:
        """Return the name of the step that would be done again, "" where there is none."""
        return self._undone[-1].name if self._undone else ""

    @property
    def is_changed(self) -> bool:
        """Return whether anything is otherwise than in the file."""
        return bool(self._done) and self.document() != self._source.document

    @property
    def steps(self) -> int:
        """Return how many steps stand."""
        return len(self._done)

    def rows(self, array: ArrayPath) -> Sequence[Row]:
        """Return the rows of an array in their order."""
        return self._state.rows.get(array, [])

    def base_table(self, array: ArrayPath, row: Row) -> Mapping[str, object]:
        """Return what the file from which the draft began has of a row, {} where it has not."""
        place = self._place(array)
        tables = [] if place is None else _tables_at(self._source.document, place)
        return tables[row.base][1] if 0 <= row.base < len(tables) else {}

    def new_row(self, table: Mapping[str, object]) -> Row:
        """Return a row for a table that the file does not have, to be put in by a step."""
        self._next += 1
        return Row(self._next - 1, -1, dict(table))

    def reserve(self, number: int) -> None:
        """Note that a row has this number, so that no other gets it."""
        self._next = max(self._next, number + 1)

    def setting(self, array: ArrayPath, at: int, table: Mapping[str, object]) -> Edit:
        """Return the edit that makes a row's table another."""
        row = self.rows(array)[at]
        return Edit(array, at, row, replace(row, table=dict(table)))

    def do(self, step: Step) -> None:
        """Make a step; what was taken back before can no longer be done again."""
        if step.edits:
            self._apply(step)
            self._done.append(step)
            self._undone.clear()

    def do_each(self, name: str, edits: Iterable[Edit]) -> None:
        """Make a step of edits each of which is only known once those before it are made."""
        made = []
        for edit in edits:
            self._apply(Step(name, (edit,)))
            made.append(edit)
        self._done.append(Step(name, tuple(made)))
        self._undone.clear()

    @contextmanager
    def trying(self, step: Step) -> Iterator[None]:
        """Let the draft be as after a step while the block lasts."""
        self._apply(step)
        try:
            yield
        finally:
            self._apply(_reversed(step))

    def undo(self) -> Step | None:
        """Take the last step back and return it, None where there is none."""
        if not self._done:
            return None
        step = self._done.pop()
        self._apply(_reversed(step))
        self._undone.append(step)
        return step

    def redo(self) -> Step | None:
        """Do again what was taken back last and return it, None where there is none."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._apply(step)
        self._done.append(step)
        return step

    def document(self) -> dict[str, object]:
        """Return what the file would say now, parsed; its parts are shared with the draft and must not be changed."""
        return self._document(self.rows)

    def _document(self, rows_of: Callable[[ArrayPath], Sequence[Row]]) -> dict[str, object]:
        whole = dict(self._source.document)
        for kind in ARRAYS:
            tables = [self._table(kind, row, rows_of) for row in rows_of((kind,))]
            if tables:
                whole[kind] = tables
            elif self._source.document.get(kind):
                whole.pop(kind)
        if self.rows((NAMED,)) or NAMED in whole:
            whole[NAMED] = {str(row.table.get(NAME)): _unnamed(row.table) for row in self.rows((NAMED,))}
        for kind in SINGLES:
            for row in self.rows((kind,)):
                whole[kind] = row.table
            if not self.rows((kind,)) and isinstance(whole.get(kind), dict):
                whole.pop(kind)
        return whole

    def revised_text(self) -> str:
        """Return the text of the file as the draft has it; raise CannotRevise where that cannot be done by rule."""
        changed: dict[KeyPath, dict[str, object]] = {}
        renamed: dict[KeyPath, str] = {}
        removed: list[KeyPath] = []
        added: list[AddedTable] = []
        for array, rows in self._state.rows.items():
            place = self._place(array)
            if place is None:
                continue
            before = _tables_at(self._source.document, place)
            stay = {row.base for row in rows if row.base >= 0}
            removed += [path for number, (path, _) in enumerate(before) if number not in stay]
            last: KeyPath | None = None
            first = next((before[row.base][0] for row in rows if row.base >= 0), None)
            for row in rows:
                if row.base < 0:
                    added.append(self._added(array, place, row, last, first))
                    continue
                last, former = before[row.base]
                keys = _key_changes(former, row.table)
                if array == (NAMED,) and NAME in keys:
                    renamed[last] = str(keys.pop(NAME))
                if keys:
                    changed[last] = keys
        revision = Revision(changed, removed, added, renamed)
        text = self._source.revised(revision, copy.deepcopy(self._document(self._as_in_file)))
        return self._reordered(text)

    def _as_in_file(self, array: ArrayPath) -> Sequence[Row]:
        """Return the rows of an array in the order of the file, new ones behind those that they stand behind."""
        rows = self.rows(array)
        first = next((row.base for row in rows if row.base >= 0), 0)
        places: list[tuple[int, int]] = []
        last = None
        for row in rows:
            last = row.base if row.base >= 0 else last
            # in front of the first one, at its table, or behind a table: as the text is revised
            places.append((first, -1) if last is None else (last, 0 if row.base >= 0 else 1))
        order = sorted(range(len(rows)), key=lambda number: (*places[number], number))
        return [rows[number] for number in order]

    def _reordered(self, text: str) -> str:
        """Return a text in which all is as the draft says but the order of rows, with that order too."""
        owners = {row.id for row in self.rows((KEY,))}
        arrays = [array for array in self._state.rows if len(array) == 1 or array[1] in owners]
        is_moved = False
        for array in sorted(arrays, key=lambda array: array == (KEY,)):  # their members are found by their places
            rows, present = self.rows(array), self._as_in_file(array)
            numbers = {row.id: number for number, row in enumerate(present)}
            order = [numbers[row.id] for row in rows]
            if order == sorted(order):
                continue
            is_moved = True
            places = [self._place_now(array, number, row) for number, row in enumerate(present)]
            text = RevisableText(text).reordered(places, order)
        if is_moved:
            require(text, copy.deepcopy(self.document()))
        return text

    def _place_now(self, array: ArrayPath, number: int, row: Row) -> KeyPath:
        """Return where a row stands in a text in which only the order of rows is not that of the draft yet."""
        if array == (NAMED,):
            return (NAMED, str(row.table.get(NAME)))
        if len(array) == 1:
            return (*array, number)
        owners = [owner.id for owner in self._as_in_file((KEY,))]
        return (KEY, owners.index(int(array[1])), array[2], number)

    def _added(
        self, array: ArrayPath, place: KeyPath, row: Row, last: KeyPath | None, first: KeyPath | None
    ) -> AddedTable:
        if array == (NAMED,):
            return AddedTable(place, _unnamed(row.table), last, first, name=str(row.table.get(NAME)))
        if array[0] in SINGLES:
            return AddedTable((), row.table, name=str(array[0]))
        return AddedTable(place, self._table(str(array[-1]), row, self._as_in_file), last, first)

    def _read_kind(self, kind: str) -> None:
        self._read((kind,), [table for _, table in _tables_at(self._source.document, (kind,))])

    def _read(self, array: ArrayPath, content: object) -> None:
        tables = content if isinstance(content, list) else []
        rows = [Row(self._next + at, at, table) for at, table in enumerate(tables) if isinstance(table, dict)]
        self._next += len(tables)
        self._state.rows[array] = rows

    def _read_members(self, row: Row) -> None:
        for member in MEMBERS:
            self._read((KEY, row.id, member), row.table.get(member, []))

    def _apply(self, step: Step) -> None:
        self.state = object()
        for edit in step.edits:
            rows = self._state.rows.setdefault(edit.array, [])
            if edit.before is None and edit.after is not None:
                rows.insert(edit.at, edit.after)
                if edit.array == (KEY,) and (KEY, edit.after.id, "tag") not in self._state.rows:
                    self._read_members(edit.after)
            elif edit.after is None:
                del rows[edit.at]
            else:
                rows[edit.at] = edit.after

    def _table(self, kind: str, row: Row, rows_of: Callable[[ArrayPath], Sequence[Row]]) -> Mapping[str, object]:
        """Return the table of a row itself; of a class a new one with its members as they are now."""
        if kind != KEY:
            return row.table
        table = {key: value for key, value in row.table.items() if key not in MEMBERS}
        for key in (*row.table, *MEMBERS):
            members = [dict(each.table) for each in rows_of((KEY, row.id, key))] if key in MEMBERS else []
            if members:
                table[key] = members
        return table

    def _place(self, array: ArrayPath) -> KeyPath | None:
        """Return where an array stands in the file, None where it belongs to a class that is new or gone."""
        if len(array) == 1:
            return array
        row = next((row for row in self.rows((KEY,)) if row.id == array[1]), None)
        return None if row is None or row.base < 0 else (KEY, row.base, *array[2:])


def _reversed(step: Step) -> Step:
    return Step(step.name, tuple(Edit(each.array, each.at, each.after, each.before) for each in reversed(step.edits)))


def _tables_at(document: Mapping[str, object], place: KeyPath) -> list[tuple[KeyPath, Mapping[str, object]]]:
    """Return the tables of an array, or those that stand below their names, each with where it stands."""
    found: object = document
    for part in place:
        if isinstance(found, Mapping):
            found = found.get(str(part), [])
        elif isinstance(found, list) and isinstance(part, int):
            found = found[part]
    if place == (NAMED,) and isinstance(found, Mapping):
        return [((NAMED, name), {NAME: name, **table}) for name, table in found.items() if isinstance(table, Mapping)]
    if len(place) == 1 and place[0] in SINGLES:
        return [(place, found)] if isinstance(found, Mapping) else []
    return [((*place, number), table) for number, table in enumerate(found if isinstance(found, list) else [])]


def _unnamed(table: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in table.items() if key != NAME}


def _key_changes(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, object]:
    keys = [
        key for key in dict.fromkeys([*before, *after]) if key not in MEMBERS or not isinstance(before.get(key), list)
    ]
    return {
        key: after.get(key)
        for key in keys
        if (key in before) != (key in after) or not is_same(before.get(key), after.get(key))
    }
