"""Writes samples into the plant's history: one durable commit is one packed row of the journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.database import PlantConnection, transaction
from app.history import journal
from app.history.layout import MOST_TAGS
from app.history.samples import FLOAT, INTEGER, KIND_OF, TEXT, Samples, converted
from app.history.schema import HARMLESS, HISTORY
from app.history.tag_name import follow_names
from app.history.tag_table import changing_tags, known_tags
from app.history.unsealed import Unsealed
from app.migration import migrate
from app.model.block import Block, HandleArray
from app.model.exact import DataType, ExactBlock
from app.model.tag import TagDefinition

_TAGS_CHANGED = "UPDATE history_state SET value = value + 1 WHERE key = 'tags'"


class HistoryWriter:
    """The only one that writes samples; used from the thread that owns `connection`."""

    def __init__(
        self,
        connection: PlantConnection,
        tags: Sequence[TagDefinition],
        *,
        is_defining: bool = False,
        unsealed: Unsealed | None = None,
    ) -> None:
        """Bring the tables up to date and find the tags by their names; raise DatabaseError.

        A tag keeps its history under its name, wherever it stands in the plant's list. `is_defining`: `tags` are all
        of the plant, which say what names and data types are from now on: what was recorded under a former name is
        found under the present one; the past keeps its values and is given in the new type. `unsealed`: keeps what
        is written for the upkeep of this process.
        """
        self._connection = connection
        self._unsealed = unsealed
        migrate(connection, HISTORY, harmless=HARMLESS)
        self._tag_of_handle, self._type_of_handle = _register(connection, tags, is_defining=is_defining)
        self._kind_of_handle = np.array([KIND_OF[each] for each in self._type_of_handle] or [FLOAT])
        self._is_float_only = bool((self._kind_of_handle == FLOAT).all())
        _drop_unfinished_seal(connection)

    def write(self, block: Block, exact: Sequence[ExactBlock] = ()) -> int:
        """Store the samples in one row, durable on return; return how many were given.

        Of several samples of one tag and time the last counts, also over what is stored already. Raise DatabaseError
        where nothing could be stored, ValueError for an unknown handle, or for values of another data type than the
        tag has had until now.
        """
        parts = [part for each in exact for part in self._exact_part(each)]
        if len(block):
            parts += self._parts(block)
        if parts:
            journal.append(self._connection, _by_kind(parts), self._unsealed)
        return len(block) + sum(len(each) for each in exact)

    def _parts(self, block: Block) -> list[Samples]:
        tag = self._tags(block.handle)
        if self._is_float_only:
            return [Samples(tag, block.time, block.value, block.status)]
        kinds = self._kind_of_handle[block.handle]
        found = []
        for kind in (FLOAT, INTEGER, TEXT):
            rows = kinds == kind
            if rows.any():
                value = _exact_values(block.select(rows), kind)
                found.append(Samples(tag[rows], block.time[rows], value, block.status[rows]))
        return found

    def _exact_part(self, exact: ExactBlock) -> list[Samples]:
        if not len(exact):
            return []
        tag = self._tags(exact.handle)
        kind = KIND_OF[exact.data_type]
        self._adopt(exact.handle, exact.data_type, kind)
        value = exact.value.astype(np.int64) if kind == INTEGER else exact.value
        return [Samples(tag, exact.time, value, exact.status)]

    def _adopt(self, handles: HandleArray, data_type: DataType, kind: str) -> None:
        """Let tags have the data type of their first exact values; raise ValueError where they have another."""
        for handle in np.unique(handles).tolist():
            known = self._type_of_handle[handle]
            if known == data_type:
                continue
            if known != DataType.FLOAT64:
                raise ValueError(f"tag {handle}: its history holds values of type {known}, not {data_type}")
            number = int(self._tag_of_handle[handle])
            with transaction(self._connection), changing_tags(self._connection, number):
                self._connection.execute("UPDATE tag SET data_type = ? WHERE id = ?", (str(data_type), number))
                self._connection.execute(_TAGS_CHANGED)
            self._type_of_handle[handle], self._kind_of_handle[handle] = data_type, kind
            self._is_float_only = False

    def _tags(self, handles: HandleArray) -> HandleArray:
        """Return the numbers of tags in the file; raise ValueError for an unknown handle."""
        if int(handles.max()) < len(self._tag_of_handle):
            tags = self._tag_of_handle[handles]
            if tags.all():
                return tags
        raise ValueError(f"handle {handles.max()}: is none of the {len(self._tag_of_handle)} tags")


def _exact_values(block: Block, kind: str) -> NDArray[Any]:
    """Return the values of tags of one kind, taken from the exact ones where there are any."""
    value = converted(block.value, kind)
    if block.exact is None or kind == FLOAT:
        return value
    exact = np.array([each is not None for each in block.exact], np.bool_)
    value[exact] = block.exact[exact].astype(np.str_ if kind == TEXT else value.dtype)
    return value


def _by_kind(parts: Sequence[Samples]) -> list[Samples]:
    """Return one part per kind, in which what was given later stands later."""
    kinds = {part.kind: [other for other in parts if other.kind == part.kind] for part in parts}
    return [
        alike[0]
        if len(alike) == 1
        else Samples(*(np.concatenate([getattr(part, name) for part in alike]) for name in Samples.__slots__))
        for alike in kinds.values()
    ]


def _register(
    connection: PlantConnection, tags: Sequence[TagDefinition], *, is_defining: bool
) -> tuple[HandleArray, list[DataType]]:
    """Return the id in the file for every handle, 0 where no tag has it, and the data type of its history."""
    with transaction(connection), changing_tags(connection):
        if is_defining:
            follow_names(connection, tags)
        connection.executemany(
            "INSERT INTO tag (name, unit) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET unit = excluded.unit "
            "WHERE unit <> excluded.unit",
            [(tag.name, tag.unit) for tag in tags],
        )
        if is_defining:
            # texts that were imported are not hidden behind a type that nobody wrote
            connection.executemany(
                "UPDATE tag SET data_type = ?1 WHERE name = ?2 AND data_type <> ?1 AND NOT "
                "(?1 = 'float64' AND data_type = 'string')",
                [(str(tag.data_type), tag.name) for tag in tags],
            )
        connection.execute(_TAGS_CHANGED)
        rows = known_tags(connection)
    if max((number for _, number, _ in rows), default=0) >= MOST_TAGS:
        raise ValueError(f"a history holds at most {MOST_TAGS - 1} tags")
    known = {name: (number, data_type) for name, number, data_type in rows}
    size = max((tag.handle for tag in tags), default=-1) + 1
    ids, types = np.zeros(size, np.uint32), [DataType.FLOAT64] * size
    for tag in tags:
        ids[tag.handle], types[tag.handle] = known[tag.name]
    return ids, types


def _drop_unfinished_seal(connection: PlantConnection) -> None:
    """Remove chunks of a seal that did not come to its end: their samples are still in the journal."""
    with transaction(connection):
        connection.execute("DELETE FROM fresh WHERE seal > (SELECT value FROM history_state WHERE key = 'seal')")
