"""Searches the log, newest first, a bounded stretch at a time: nobody waits for millions of records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.audit.anchor import AnchorFile
from app.audit.checkpoints import newest_checkpoint
from app.audit.journal import AuditLine, is_log, line_of, newest, size_of
from app.audit.zone import Wanted, parts, users_of
from app.database import PlantConnection
from app.model import clock
from app.model.audit import AuditAction
from app.model.former_name import FormerNames, Meant

BUDGET_NS = 200_000_000
PAGE = 200


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """What is wanted: records below the number `before` (0: from the newest), at most `limit`.

    `text`: words that stand anywhere in the record; `former`: names that were others once, None where none is known:
    a word then also stands for what it was called, or is called now. `person`: who did it. `kind`: as AuditAction.kind
    says. `start`, `end`: start <= time < end, ns UTC, 0 where open. "" asks for all.
    """

    before: int = 0
    limit: int = PAGE
    text: str = ""
    person: str = ""
    kind: str = ""
    start: int = 0
    end: int = 0
    former: FormerNames | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """What was found, newest first; records below `reached` were not looked at yet, 1: all were."""

    lines: tuple[AuditLine, ...]
    reached: int

    @property
    def is_last(self) -> bool:
        """Whether there is nothing below."""
        return self.reached <= 1


@dataclass(frozen=True, slots=True)
class Standing:
    """How the log stands: its records, the newest checkpoint (records and when made), when it was last taken outside.

    Times int64 ns UTC, 0 where never. `outside`: where it was taken to. `is_beside`: whether the newest checkpoint is
    beside the file too.
    """

    size: int = 0
    signed: int = 0
    signed_at: int = 0
    anchored_at: int = 0
    outside: str = ""
    is_beside: bool = False


def search(connection: PlantConnection, query: AuditQuery) -> AuditPage:
    """Return the next page; it ends after a fifth of a second too, whatever was found by then. Raise DatabaseError."""
    wanted, (text, words) = _wanted(query), _words(query)
    found: list[AuditLine] = []
    due = clock.monotonic_ns() + BUDGET_NS
    for part in parts(connection, wanted, before=query.before) if is_log(connection) else ():
        where, parameters = part.where(wanted)
        rows = connection.execute(
            f"SELECT seq, time, action, body FROM audit WHERE {where}{text} ORDER BY seq DESC LIMIT ?",  # noqa: S608 - conditions of ours
            (*parameters, *words, query.limit - len(found)),
        ).fetchall()
        found += [line_of(row) for row in rows]
        if len(found) == query.limit:
            return AuditPage(tuple(found), found[-1].number)
        if clock.monotonic_ns() > due:
            return AuditPage(tuple(found), part.first)
    return AuditPage(tuple(found), 1)


def search_all(connection: PlantConnection, query: AuditQuery) -> Iterator[AuditLine]:
    """Yield every record that is wanted, newest first."""
    page = AuditPage((), query.before)
    while page.reached != 1:
        page = search(connection, replace(query, before=page.reached, limit=1_000))
        yield from page.lines
        if not page.lines and page.is_last:
            return


def between(
    connection: PlantConnection, actions: Sequence[AuditAction], start: int, end: int, *, limit: int
) -> tuple[AuditLine, ...]:
    """Return the records of some actions with start <= time < end (ns UTC), oldest first; of many the newest `limit`.

    Raise DatabaseError. A file without a log has none.
    """
    if not is_log(connection):
        return ()
    wanted = Wanted(tuple(action.value for action in actions), start=start, end=end)
    rows: list[tuple[int, int, str, str | None]] = []
    for part in parts(connection, wanted):
        where, parameters = part.where(wanted)
        rows += connection.execute(f"SELECT seq, time, action, body FROM audit WHERE {where}", parameters).fetchall()  # noqa: S608 - ours
    newest_last = sorted(rows, key=lambda row: (row[1], row[0]))[-limit:]
    return tuple(line_of(row) for row in newest_last)


def persons(connection: PlantConnection) -> tuple[str, ...]:
    """Return everybody whose deeds are in the log."""
    return users_of(connection) if is_log(connection) else ()


def standing(connection: PlantConnection) -> Standing:
    """Return how the log of a file stands."""
    made, outside = newest_checkpoint(connection), newest(connection, AuditAction.LOG_ANCHORED)
    beside = {anchor.size for anchor in AnchorFile(connection.path).read()[-1:]}
    return Standing(
        size=size_of(connection),
        signed=0 if made is None else made[1].size,
        signed_at=0 if made is None else made[0],
        anchored_at=0 if outside is None else outside.time,
        outside="" if outside is None else outside.subject,
        is_beside=made is not None and made[1].size in beside,
    )


def _wanted(query: AuditQuery) -> Wanted:
    actions = tuple(action.value for action in AuditAction if action.kind == query.kind) if query.kind else ()
    return Wanted(actions, query.person, query.start, query.end)


def _words(query: AuditQuery) -> tuple[str, list[str]]:
    """Return the condition on the text of a record, with AND before each word, and its values."""
    where, values = "", list[str]()
    for word in query.text.split():
        meant = Meant() if query.former is None else query.former.meant(word)
        likes = [f"%{_literal(each)}%" for each in (word, *meant.texts)]
        globs = [f"*[^A-Za-z0-9_]{_pattern(each)}[^A-Za-z0-9_]*" for each in sorted(meant.names)]
        tests = [*["body LIKE ? ESCAPE '~'"] * len(likes), *["body GLOB ?"] * len(globs)]
        where += f" AND ({' OR '.join(tests)})"
        values += [*likes, *globs]
    return where, values


def _pattern(name: str) -> str:
    """Return a name as it stands in the JSON of a record, with nothing that GLOB takes for a pattern."""
    coded = json.dumps(name, ensure_ascii=False)[1:-1]
    return "".join(f"[{each}]" if each in "*?[" else each for each in coded)


def _literal(word: str) -> str:
    """Return a word as it stands in the JSON of a record, with nothing that LIKE takes for a pattern."""
    coded = json.dumps(word, ensure_ascii=False)[1:-1]
    return coded.replace("~", "~~").replace("%", "~%").replace("_", "~_")
