"""A draft that is brought onto a plant file that somebody else has changed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from app.plant.class_grammar import MEMBERS
from app.plant.configuration_difference import is_same
from app.plant.draft.column import NAMES, SINGLES
from app.plant.draft.draft import ARRAYS, NAMED, ArrayPath, Draft, Edit, Row, Step
from app.plant.draft.row_order import order_edits
from app.plant.origin import KEY


@dataclass(frozen=True, slots=True)
class Carried:
    """The draft of the new file, and the step that makes of it what the former draft meant.

    `lost`: names of what is no longer there; `contested`: what both have changed in the same key, as the draft has it.
    """

    draft: Draft
    step: Step
    lost: tuple[str, ...] = ()
    contested: tuple[str, ...] = ()


def carried(former: Draft, text: str, name: str) -> Carried:
    """Return a draft on the plant file `text` with the changes of `former`; raise CannotRevise.

    Tables are recognised by their names; the step is not made yet.
    """
    new = Draft(text)
    work = _Work(former, new)
    for kind in (*ARRAYS, NAMED, *SINGLES):
        work.carry((kind,), (kind,))
    theirs = {str(row.table.get("id")): row.id for row in new.rows((KEY,))}
    for row in former.rows((KEY,)):
        target = theirs.get(str(row.table.get("id")))
        if row.base >= 0 and target is not None:
            for kind in MEMBERS:
                work.carry((KEY, row.id, kind), (KEY, target, kind))
    return Carried(new, Step(name, tuple(work.edits)), tuple(work.lost), tuple(work.contested))


class _Work:
    def __init__(self, former: Draft, new: Draft) -> None:
        self._former = former
        self._base = Draft(former.text)
        self._new = new
        self.edits: list[Edit] = []
        self.lost: list[str] = []
        self.contested: list[str] = []

    def carry(self, source: ArrayPath, target: ArrayPath) -> None:
        """Carry the changes of one array over."""
        key = NAMES.get(str(source[-1]), "id")
        before = {row.id: row for row in self._base.rows(source)}
        rows = list(self._new.rows(target))
        places = {str(row.table.get(key)): place for place, row in enumerate(rows)}
        for row in self._former.rows(source):
            if row.base >= 0 and not is_same(dict(before[row.id].table), dict(row.table)):
                self._change(target, before[row.id], row, rows, places.get(str(before[row.id].table.get(key))))
        there = {row.id for row in self._former.rows(source)}
        gone = [places.get(str(row.table.get(key))) for number, row in before.items() if number not in there]
        removed = sorted((place for place in gone if place is not None), reverse=True)
        self.edits += [Edit(target, place, rows[place], None) for place in removed]
        final = [row for place, row in enumerate(rows) if place not in removed]
        end = len(final)
        for row in self._former.rows(source):
            if row.base < 0 and source[0] in SINGLES and rows:  # both have begun the table that there is but one of
                self._change(target, Row(row.id, -1, {}), row, rows, 0)
            elif row.base < 0 and str(row.table.get(key)) in places:
                self.contested.append(str(row.table.get(key)))
            elif row.base < 0:
                final.append(self._new.new_row(row.table))
                self.edits.append(Edit(target, end, None, final[-1]))
                end += 1
        self._order(source, target, key, final)

    def _order(self, source: ArrayPath, target: ArrayPath, key: str, final: list[Row]) -> None:
        """Put what both have into the order that the former draft has given it, if it has."""
        former = self._former.rows(source)
        bases = [row.base for row in former if row.base >= 0]
        if bases == sorted(bases):
            return
        order = {str(row.table.get(key)): place for place, row in enumerate(former)}
        slots = [place for place, row in enumerate(final) if str(row.table.get(key)) in order]
        wanted = list(final)
        for place, row in zip(
            slots, sorted((final[each] for each in slots), key=lambda row: order[str(row.table.get(key))]), strict=True
        ):
            wanted[place] = row
        self.edits += order_edits(target, final, wanted)

    def _change(self, target: ArrayPath, before: Row, after: Row, rows: list[Row], place: int | None) -> None:
        key = NAMES.get(str(target[-1]), "id")
        if place is None:
            self.lost.append(str(before.table.get(key) or target[-1]))
            return
        theirs = rows[place]
        keys = [each for each in dict.fromkeys([*before.table, *after.table]) if _differs(before, after, each)]
        if any(_differs(before, theirs, each) and _differs(after, theirs, each) for each in keys):
            self.contested.append(str(before.table.get(key) or target[-1]))
        table = {each: value for each, value in theirs.table.items() if each not in keys or each in after.table}
        new = Row(theirs.id, theirs.base, table | {each: after.table[each] for each in keys if each in after.table})
        self.edits.append(Edit(target, place, theirs, new))
        rows[place] = new


def _differs(one: Row, other: Row, key: str) -> bool:
    return not is_same(one.table.get(key), other.table.get(key))
