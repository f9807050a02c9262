"""Proof packs: records of the log with all that a third party needs to verify them without this program.

A pack is JSON: records with their paths to the root, an older and a newer checkpoint, the proof that the newer log
holds the older one, and the public keys. Its hashes stand once each, since neighbouring paths share most of theirs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import msgspec

from app.audit.checkpoints import KEY_ACTIONS
from app.audit.journal import lines_with, with_actions
from app.audit.merkle import consistency_proof, inclusion_ranges, range_root
from app.audit.signed_note import Checkpoint
from app.audit.tail import StoredTree
from app.audit.zone import Part, Wanted, parts
from app.database import PlantConnection

FORMAT = "foreshift proof pack 1"


class _Line(msgspec.Struct):
    line: str = ""


_line_of = msgspec.json.Decoder(_Line).decode


def pack_of(
    connection: PlantConnection,
    first: int,
    last: int,
    *,
    older: Checkpoint,
    newer: Checkpoint,
    line_text: Callable[[int], bytes],
) -> bytes:
    """Return the pack of records `first` to `last` (and of every key) as JSON; raise ProofError where rows miss.

    `line_text`: the canonical text of a line of the alarm journal.
    """
    subtree = cache(StoredTree(connection).subtree)
    places: dict[tuple[int, int], int] = {}
    records = []
    for number, body, leaf in _rows(connection, first, last):
        ranges = inclusion_ranges(number - 1, newer.size)
        record: dict[str, Any] = {"number": number, "path": [places.setdefault(span, len(places)) for span in ranges]}
        if body is None:
            record["leaf"] = leaf.hex()
        else:
            record["body"] = body
            line = _line_of(body).line
            if line:
                record["line"] = line_text(int(line)).decode()
        records.append(record)
    pack = {
        "format": FORMAT,
        "first": first,
        "last": last,
        "keys": [record.subject for record in with_actions(connection, *KEY_ACTIONS)],
        "older": older.note,
        "newer": newer.note,
        "consistency": [hashed.hex() for hashed in consistency_proof(older.size, newer.size, subtree)],
        "hashes": [range_root(start, end, subtree).hex() for start, end in places],
        "records": records,
    }
    return msgspec.json.format(msgspec.json.encode(pack), indent=1)


def numbers_between(connection: PlantConnection, start: int, end: int) -> tuple[int, int] | None:
    """Return the first and last record of a time, start <= time < end, ns UTC; None where there is none."""
    wanted = Wanted(start=start, end=end)
    found = [*parts(connection, wanted)]
    last = next(filter(None, (_end(connection, part, wanted, "max") for part in found)), None)
    first = next(filter(None, (_end(connection, part, wanted, "min") for part in reversed(found))), None)
    return None if first is None or last is None else (first, last)


def _end(connection: PlantConnection, part: Part, wanted: Wanted, which: str) -> int | None:
    where, parameters = part.where(wanted)
    (number,) = connection.execute(f"SELECT {which}(seq) FROM audit WHERE {where}", parameters).fetchone()  # noqa: S608 - ours
    return None if number is None else int(number)


def _rows(connection: PlantConnection, first: int, last: int) -> Iterable[tuple[int, str | None, bytes]]:
    keys = [line.number for line in lines_with(connection, *KEY_ACTIONS)]
    return connection.execute(
        "SELECT seq, body, leaf FROM audit WHERE seq BETWEEN ? AND ? "
        "OR seq IN (SELECT value FROM json_each(?)) ORDER BY seq",
        (first, last, json.dumps(keys)),
    ).fetchall()
