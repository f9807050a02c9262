"""A sheet of a draft: what is of one kind in a part of the plant, with what its equipment classes make.

A cell of what a class makes is changed by an override of its instance, and is as the class has it again once it is
emptied or says the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.plant.class_grammar import MEMBERS
from app.plant.configuration_difference import is_same, usual_values
from app.plant.draft.cell import CellRefused, cell_text, with_cell
from app.plant.draft.column import COLUMNS, NAMES, SINGLES, Column, option_columns, parameter_columns
from app.plant.draft.draft import NAME, NAMED, ArrayPath, Draft, Edit, Row, Step
from app.plant.expansion import Expansion, Memory, expand
from app.plant.origin import KEY, Origin
from app.plant.problem import Findings, KeyPath


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row. `place`: where its table stands in the draft's document, as problems name it.

    `array`, `at`: the row of the draft; of what a class makes (`origin`) that of its instance.
    """

    place: KeyPath
    array: ArrayPath
    at: int
    table: Mapping[str, object]
    origin: Origin | None = None

    @property
    def name(self) -> str:
        """Return the name of what the row is about."""
        kind = str(self.place[-2]) if len(self.place) > 1 else str(self.place[0])
        return str(self.table.get(NAMES.get(kind, "id"), ""))

    def is_override(self, column: Column) -> bool:
        """Return whether an instance has its own value in a column."""
        return self.origin is not None and column.key in self.origin.own


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of the plant a sheet shows: all of it, `equipment` of these ids, or the class at the row `owner`."""

    equipment: Collection[str] | None = None
    owner: int = -1


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a kind, one of `COLUMNS`, in a scope, as the draft has them now.

    `usual`: by the names of columns what is meant where a cell is empty, as far as that is a plain value.
    """

    kind: str
    columns: Sequence[Column]
    rows: Sequence[SheetRow]
    usual: Mapping[str, str]
    expansion: Expansion = field(compare=False)


def sheet_of(draft: Draft, kind: str, scope: Scope, memory: Memory | None = None) -> Sheet:
    """Return a sheet of the draft; `memory`: of the sheets that were made of it before."""
    document = draft.document()
    expansion = expand(document, Findings(), memory)
    owner = next((row for row in draft.rows((KEY,)) if row.id == scope.owner), None)
    if owner is None or (kind != "equipment" and kind not in MEMBERS):
        rows = [row for row in _plant_rows(draft, kind, expansion) if _is_in(kind, row, scope.equipment, expansion)]
        return Sheet(kind, _columns(draft, kind), rows, _usual(kind), expansion)
    if kind == "equipment":
        own = [row for row in _plant_rows(draft, kind, expansion) if row.table.get("class") == owner.table.get("id")]
        names = owner.table.get("parameters", [])
        given = tuple(str(name) for name in names) if isinstance(names, list) else ()
        columns = COLUMNS[kind]
        whole = (*columns[:3], *parameter_columns(given), *columns[3:])
        return Sheet(kind, whole, own, _usual(kind) | _defaults(owner), expansion)
    number = list(draft.rows((KEY,))).index(owner)
    array: ArrayPath = (KEY, owner.id, kind)
    members = [SheetRow((KEY, number, kind, at), array, at, row.table) for at, row in enumerate(draft.rows(array))]
    return Sheet(kind, COLUMNS[kind], members, _usual(kind), expansion)


def _columns(draft: Draft, kind: str) -> Sequence[Column]:
    """Return the columns of a kind; of connections also those of the options that any of them gives."""
    columns = COLUMNS[kind]
    return (
        (*columns[:-1], *option_columns(row.table for row in draft.rows((kind,))), columns[-1])
        if (kind == NAMED)
        else columns
    )


def _usual(kind: str) -> dict[str, str]:
    found = usual_values(kind)
    return {column.name: cell_text(found, column) for column in COLUMNS[kind] if column.key in found}


def _defaults(owner: Row) -> dict[str, str]:
    """Return what the class says of parameters that an instance does not give."""
    defaults = owner.table.get("defaults")
    table = {"parameters": defaults}
    names = list(defaults) if isinstance(defaults, Mapping) else []
    return {column.name: cell_text(table, column) for column in parameter_columns(tuple(map(str, names)))}


def _plant_rows(draft: Draft, kind: str, expansion: Expansion) -> Iterable[SheetRow]:
    own = draft.rows((kind,))
    if kind in SINGLES:
        yield SheetRow((kind,), (kind,), 0, own[0].table if own else {})
        return
    for at, row in enumerate(own):
        place = str(row.table.get(NAME)) if kind == NAMED else at
        yield SheetRow((kind, place), (kind,), at, row.table)
    if kind in MEMBERS:
        for at, table in enumerate(expansion.tables(kind)[len(own) :], len(own)):
            origin = expansion.origins.get((kind, at))
            if origin is not None:
                yield SheetRow((kind, at), ("equipment",), int(origin.equipment[1]), table, origin)


def _is_in(kind: str, row: SheetRow, equipment: Collection[str] | None, expansion: Expansion) -> bool:
    if equipment is None or kind in _OF_NO_EQUIPMENT:
        return True
    if kind == "equipment":
        return row.table.get("id") in equipment
    if row.origin is not None:
        return row.origin.id in equipment
    owner = row.table.get("equipment")
    if kind == "planned_stop":  # one that names no equipment is of the whole plant
        return not isinstance(owner, list) or not owner or any(each in equipment for each in owner)
    if kind == "alarm" and not owner:
        tags = {str(table.get("name")): table.get("equipment") for table in expansion.tables("tag")}
        owner = tags.get(str(row.table.get("tag")))
    return owner in equipment


OWN_NAME = "a name that no other connection has"
_OF_NO_EQUIPMENT = (KEY, NAMED, "spare_part", "vibration_zones", "alarm_class", "shift", *SINGLES)

Change = tuple[SheetRow, Column, str]
"""A row, a column and the text that its cell is to show."""


def changes_step(draft: Draft, name: str, changes: Iterable[Change]) -> Step:
    """Return the step that changes cells; raise CellRefused where one of them cannot be what was written."""
    tables: dict[tuple[ArrayPath, int], dict[str, object]] = {}
    made: dict[KeyPath, Mapping[str, object]] = {}
    for row, column, text in changes:
        place = (row.array, row.at)
        table = tables.get(place, dict(_table_at(draft, row.array, row.at)))
        if row.origin is None:
            if cell_text(table, column) != text.strip():
                table = with_cell(table, column, text)
        else:
            shown = made.get(row.place, row.table)
            if cell_text(shown, column) == text.strip():
                continue
            wanted = with_cell(shown, column, text)
            plain = row.origin.plain
            if column.key not in wanted and column.key in plain:  # emptied: as the class has it
                wanted[column.key] = plain[column.key]
            made[row.place] = wanted
            value = wanted.get(column.key)
            is_otherwise = value is not None and not is_same(value, plain.get(column.key))
            table = with_override(table, row, column.key, value if is_otherwise else None)
        tables[place] = table
    edits = [
        draft.setting(array, at, table)
        if at < len(draft.rows(array))
        else Edit(array, at, None, draft.new_row(table))  # a table that there is but one of, and was none
        for (array, at), table in tables.items()
        if not is_same(dict(_table_at(draft, array, at)), table)
    ]
    return with_names(draft, Step(name, tuple(edits)))


def _table_at(draft: Draft, array: ArrayPath, at: int) -> Mapping[str, object]:
    rows = draft.rows(array)
    return rows[at].table if at < len(rows) else {}


def with_names(draft: Draft, step: Step) -> Step:
    """Return a step that leaves each connection with a name of its own; raise CellRefused where it does not."""
    rows = list(draft.rows((NAMED,)))
    for edit in step.edits:
        if edit.array == (NAMED,) and edit.after is not None:
            rows[edit.at : edit.at + (edit.before is not None)] = [edit.after]
    names = [str(row.table.get(NAME) or "") for row in rows]
    wrong = next((name for name in names if not name or names.count(name) > 1), None)
    if wrong is not None:
        refused = CellRefused(wrong, OWN_NAME)
        refused.column = Column(NAME)
        raise refused
    return step


def with_override(table: Mapping[str, object], row: SheetRow, key: str, value: object) -> dict[str, object]:
    """Return equipment with its own value of a key of a member, None for what the class says; key "": of all keys."""
    kind, name = str(row.place[0]), _given(row)
    former = table.get("override")
    overrides = {each: dict(members) for each, members in former.items()} if isinstance(former, Mapping) else {}
    members = overrides.setdefault(kind, {})
    keys = dict(members.get(name, {})) if key else {}
    keys.pop(key, None)
    if value is not None:
        keys[key] = value
    if keys:
        members[name] = keys
    else:
        members.pop(name, None)
    found = {each: content for each, content in table.items() if each != "override"}
    left = {each: content for each, content in overrides.items() if content}
    return {**found, "override": left} if left else found


def own_keys(equipment: Mapping[str, object], row: SheetRow) -> Mapping[str, object]:
    """Return the keys in which an instance differs from what its class makes, as its equipment says them."""
    found: object = equipment.get("override")
    for part in (str(row.place[0]), _given(row)):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def removal_step(draft: Draft, name: str, rows: Iterable[SheetRow]) -> Step:
    """Return the step that takes rows away; an instance omits what its class makes."""
    instances: dict[int, dict[str, object]] = {}
    own: list[SheetRow] = []
    for row in rows:
        if row.origin is None:
            own += [] if row.at >= len(draft.rows(row.array)) else [row]
            continue
        table = instances.get(row.at, dict(draft.rows(row.array)[row.at].table))
        former = table.get("omit", [])
        omitted = [*(former if isinstance(former, list) else []), _given(row)]
        instances[row.at] = {**with_override(table, row, "", None), "omit": omitted}
    edits = [draft.setting(("equipment",), at, table) for at, table in instances.items()]
    own.sort(key=lambda row: (row.array, -row.at))  # the last ones first: the places of the others stay
    edits += [Edit(row.array, row.at, draft.rows(row.array)[row.at], None) for row in own]
    return Step(name, tuple(edits))


def _given(row: SheetRow) -> str:
    """Return the name that the class gives to what it makes, whatever an override calls it."""
    plain = row.table if row.origin is None else row.origin.plain
    return str(plain.get(MEMBERS[str(row.place[0])].key))


def addition_step(draft: Draft, name: str, array: ArrayPath, at: int, tables: Sequence[Mapping[str, object]]) -> Step:
    """Return the step that puts new rows into an array from a place on."""
    rows: list[Row] = [draft.new_row(table) for table in tables]
    edits = tuple(Edit(array, at + number, None, row) for number, row in enumerate(rows))
    return with_names(draft, Step(name, edits))
