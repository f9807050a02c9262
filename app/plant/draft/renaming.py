"""A renaming in a draft: whatever names the renamed thing follows in the same step, and what is recorded stays found.

Two things that would have one name are a problem that is told as such: then nothing follows, since it could not be
told apart again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.model.comparison import Comparison
from app.model.expression import with_names
from app.plant.class_grammar import MEMBERS
from app.plant.draft.column import NAMES, SINGLES
from app.plant.draft.draft import ARRAYS, NAMED, ArrayPath, Draft, Edit, Row, Step
from app.plant.expansion import Memory, expand
from app.plant.origin import KEY
from app.plant.problem import Findings, KeyPath
from app.plant.reference_key import COMPARISON, EXPRESSION, renamed_table

_STATION = ("station/connection/", "station/clock/", "station/certificate/")
_OF_INSTANCES = ("override", "omit")
Names = dict[str, dict[str, str]]
"""By kind of table the new name of each former one."""


def following(draft: Draft, step: Step) -> Step:
    """Return a step with all edits that what it renames brings along; the step itself where it renames nothing."""
    if not any(_renames(edit) or _gives_names(draft, edit) for edit in step.edits):
        return step
    before = draft.document()
    memory = Memory()
    former = _made(before, memory)
    with draft.trying(step):
        renaming = _names(before, draft.document(), step, former, _made(draft.document(), memory))
        edits = list(_edits(draft, step, renaming))
    return Step(step.name, (*step.edits, *edits))


def _renames(edit: Edit) -> bool:
    if edit.before is None or edit.after is None:
        return False
    key = NAMES.get(str(edit.array[-1]), "id")
    return edit.before.table.get(key) != edit.after.table.get(key)


def _gives_names(draft: Draft, edit: Edit) -> bool:
    """Return whether an edit changes a parameter that stands in a name that the class gives."""
    if edit.array != ("equipment",) or edit.before is None or edit.after is None:
        return False
    old, new = (_below(row.table, "parameters") for row in (edit.before, edit.after))
    changed = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    owner = next((row for row in draft.rows((KEY,)) if row.table.get("id") == edit.before.table.get("class")), None)
    if owner is None or not changed:
        return False
    names = [
        str(row.table.get(rules.key)) for kind, rules in MEMBERS.items() for row in draft.rows((KEY, owner.id, kind))
    ]
    return any(re.search(rf"\{{[^{{}}]*\b{re.escape(key)}\b", name) for key in changed for name in names)


@dataclass(slots=True)
class _Names:
    """What has another name: in the plant, in the texts of each class (by its row), and below each instance."""

    plain: Names
    of_class: dict[int, dict[str, str]] = field(default_factory=dict)
    of_instance: dict[int, Names] = field(default_factory=dict)

    def new(self, kind: str, text: str) -> str:
        """Return what a text of the file says now."""
        if kind == EXPRESSION:
            return with_names(text, self.plain.get("tag", {}))
        if kind == COMPARISON:
            return _compared(text, self.plain.get("tag", {}))
        return self.plain.get(kind, {}).get(text, text)

    def new_in_class(self, owner: int, kind: str, text: str) -> str:
        """Return what a text with parameters says now."""
        own = self.of_class.get(owner, {})
        if kind not in {EXPRESSION, COMPARISON}:
            return own.get(text, self.plain.get(kind, {}).get(text, text))
        known = self.plain.get("tag", {}) | own
        every = "|".join(re.escape(old) for old in sorted(known, key=len, reverse=True))
        return re.sub(rf"(?<![\w.}}])(?:{every})(?![\w.{{])", lambda old: known[old.group()], text) if known else text

    def parameter(self, value: object) -> object:
        """Return what a parameter is worth now, if it is a name of something that has another one."""
        if isinstance(value, str):
            for names in self.plain.values():
                if value in names:
                    return names[value]
        return value


def _compared(text: str, names: Mapping[str, str]) -> str:
    try:
        tag = Comparison.parse(text).tag
    except ValueError:  # told where the draft is checked
        return text
    return text.replace(tag, names[tag], 1) if tag in names else text


_Made = Mapping[tuple[int, KeyPath], str]


def _made(document: Mapping[str, object], memory: Memory) -> _Made:
    """Return the names that classes give, by the place of the instance and that of the member in its class.

    `memory`: of the document before, so that only what is otherwise is written out anew.
    """
    equipment = document.get("equipment")
    tables = equipment if isinstance(equipment, list) else []
    expansion = expand(
        {"equipment": [_bare(table) for table in tables], KEY: document.get(KEY, [])}, Findings(), memory
    )
    tables_of = {kind: expansion.tables(kind) for kind in MEMBERS}
    found = {}
    for (kind, number), origin in expansion.origins.items():
        table = tables_of[str(kind)][int(number)]
        found[int(origin.equipment[1]), origin.template.path] = str(table.get(MEMBERS[str(kind)].key, ""))
    return found


def _bare(table: Mapping[str, object]) -> Mapping[str, object]:
    """Return an instance without what it has otherwise than its class, the same object where that is nothing."""
    if not any(key in table for key in _OF_INSTANCES):
        return table
    return {key: value for key, value in table.items() if key not in _OF_INSTANCES}


def _names(before: Mapping[str, object], after: Mapping[str, object], step: Step, former: _Made, made: _Made) -> _Names:
    names: Names = {}
    found = _Names(names)
    for edit in step.edits:
        kind = str(edit.array[-1])
        key = NAMES.get(kind, "id")
        old, new = (str(row.table.get(key, "")) if row else "" for row in (edit.before, edit.after))
        if old and new and old != new:
            target = (
                names.setdefault(kind, {})
                if len(edit.array) == 1
                else found.of_class.setdefault(int(edit.array[1]), {})
            )
            target[old] = new
    if _is_in_place(step):
        _name_made(found, after, former, made)
    known = [_all_names(document, each) for document, each in ((before, former), (after, made))]
    for kind, pairs in names.items():
        _drop_ambiguous(pairs, known[0].get(kind, set()), known[1].get(kind, set()))
    for old, new in names.get(NAMED, {}).items():
        names.setdefault("alarm", {}).update({prefix + old: prefix + new for prefix in _STATION})
    return found


def _is_in_place(step: Step) -> bool:
    """Return whether instances and members of classes stand where they stood before."""
    return not any(
        (edit.before is None or edit.after is None) and edit.array[0] in {"equipment", KEY} for edit in step.edits
    )


def _name_made(found: _Names, after: Mapping[str, object], former: _Made, made: _Made) -> None:
    equipment = after.get("equipment")
    for place, old in former.items():
        new = made.get(place)
        if new is None or new == old or not isinstance(equipment, list):
            continue
        at, kind = place[0], str(place[1][2])
        found.of_instance.setdefault(at, {}).setdefault(kind, {})[old] = new
        own = _below(equipment[at], "override", kind, old)
        if MEMBERS[kind].key not in own:
            found.plain.setdefault(kind, {})[old] = new


def _below(table: object, *keys: str) -> Mapping[str, object]:
    for key in keys:
        table = table.get(key) if isinstance(table, Mapping) else None
    return table if isinstance(table, Mapping) else {}


def _all_names(document: Mapping[str, object], made: _Made) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for kind in ARRAYS:
        tables = document.get(kind)
        found[kind] = {str(table.get(NAMES.get(kind, "id"))) for table in (tables if isinstance(tables, list) else [])}
    found[NAMED] = set(_below(document, NAMED))
    for (_, place), name in made.items():
        found.setdefault(str(place[2]), set()).add(name)
    return found


def _drop_ambiguous(pairs: dict[str, str], before: set[str], after: set[str]) -> None:
    targets = set(pairs.values())
    for old, new in list(pairs.items()):
        is_taken = new in before and new not in pairs
        is_left = old in after and old not in targets
        if is_taken or is_left:
            pairs.pop(old)


def _edits(draft: Draft, step: Step, names: _Names) -> Iterator[Edit]:
    """Yield what follows, within the step that is being tried."""
    renamed = {(edit.array, row.id) for edit in step.edits if (row := edit.after) and edit.before and _renames(edit)}
    for array in _arrays(draft):
        for at, row in enumerate(draft.rows(array)):
            table = _followed(array, at, row, names)
            if (array, row.id) in renamed:
                table = _with_former(draft, array, row, table)
            if table != row.table:
                yield draft.setting(array, at, table)


def _arrays(draft: Draft) -> Iterable[ArrayPath]:
    for kind in (*ARRAYS, *SINGLES):
        yield (kind,)
    for row in draft.rows((KEY,)):
        for kind in MEMBERS:
            yield (KEY, row.id, kind)


def _followed(array: ArrayPath, at: int, row: Row, names: _Names) -> Mapping[str, object]:
    kind = str(array[-1])
    if len(array) > 1:
        owner = int(array[1])
        return renamed_table(kind, row.table, lambda named, text: names.new_in_class(owner, named, text))
    table = renamed_table(kind, row.table, names.new)
    for key in ("parameters", "defaults"):
        values = table.get(key)
        if isinstance(values, Mapping):
            table = {**table, key: {name: names.parameter(value) for name, value in values.items()}}
    return _instance_followed(at, table, names) if kind == "equipment" else table


def _instance_followed(at: int, table: Mapping[str, object], names: _Names) -> Mapping[str, object]:
    """Return an instance whose own values stand below the names that its class gives now, and follow as all else."""
    own = names.of_instance.get(at, {})
    found = dict(table)
    if isinstance(omitted := table.get("omit"), list):
        every = {old: new for pairs in own.values() for old, new in pairs.items()}
        found["omit"] = [every.get(each, each) if isinstance(each, str) else each for each in omitted]
    if isinstance(override := table.get("override"), Mapping):
        found["override"] = {
            kind: {own.get(kind, {}).get(name, name): _own(kind, keys, names) for name, keys in members.items()}
            if isinstance(members, Mapping)
            else members
            for kind, members in override.items()
        }
    return found


def _own(kind: str, keys: object, names: _Names) -> object:
    return renamed_table(kind, keys, names.new) if isinstance(keys, Mapping) else keys


def _with_former(draft: Draft, array: ArrayPath, row: Row, table: Mapping[str, object]) -> Mapping[str, object]:
    """Return the table of something renamed with the names that it had in the plant file, if it keeps a history."""
    kind = str(array[-1])
    if row.base < 0 or kind not in {"tag", "equipment"}:
        return table
    key = NAMES[kind]
    base = draft.base_table(array, row)
    told = base.get("former", [])
    names = [*(told if isinstance(told, list) else []), str(base.get(key, ""))]
    former = [name for name in dict.fromkeys(names) if name and name != table.get(key)]
    found = {each: value for each, value in table.items() if each != "former"}
    return {**found, "former": former} if former else found
