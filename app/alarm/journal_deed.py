"""Who did something in which zone of the alarm journal, and what was said: for searches that name a person or a word.

Most zones have deeds of the same few people, so the bit of a zone that says that there are deeds spares nothing to a
search for a guest who acted once. Ten million lines by four people make 40,000 rows; of texts there are as many as
somebody has typed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from app.alarm.journal_zone import PERSON, ZONE_BITS, person_of
from app.database import PlantConnection, has_table
from app.model.alarm import AlarmRecord

SAID = (
    "trim(coalesce(CASE WHEN json_valid(facts) THEN json_extract(facts, '$.reason') END, '') || char(10) || comment, "
    "char(10))"
)
"""What was said with a deed, as SQL: the reason, and the newest comment."""


def note_deeds(connection: PlantConnection, first: int, lines: Sequence[tuple[int, AlarmRecord]]) -> None:
    """Take the deeds among lines (instant and record, numbered from `first` on), in the caller's transaction."""
    people: set[tuple[str, int]] = set()
    said: list[tuple[int, str]] = []
    for number, (time, record) in enumerate(lines, first):
        person = person_of(record, time)
        if person:
            people.add((person, number >> ZONE_BITS))
            text = f"{record.reason}\n{record.comment}".strip("\n")
            said += [(number, text)] if text else []
    if people:
        connection.executemany("INSERT OR IGNORE INTO alarm_person (person, zone) VALUES (?, ?)", sorted(people))
    if said:
        connection.executemany("INSERT INTO alarm_said (number, text) VALUES (?, ?)", said)


def zones_of_deeds(connection: PlantConnection, wanted: str) -> str | None:
    """Return the zones with a deed of somebody, or with words, that hold `wanted`, as a JSON array; None: not known.

    Capitals of the Latin alphabet count like small letters, as in the search itself.
    """
    if not has_table(connection, "alarm_said"):
        return None  # a file of an older version: the collector makes it when it starts
    wanted = wanted.lower()
    people = [person for (person,) in connection.execute(_PEOPLE).fetchall() if person is not None]
    found = {
        zone
        for person in people
        if wanted in person.lower()
        for (zone,) in connection.execute("SELECT zone FROM alarm_person WHERE person = ?", (person,)).fetchall()
    }
    rows = connection.execute(
        f"SELECT DISTINCT number >> {ZONE_BITS} FROM alarm_said WHERE instr(lower(text), ?)",  # noqa: S608 - a constant
        (wanted,),
    )
    found.update(zone for (zone,) in rows.fetchall())
    return json.dumps(sorted(found))


# each person is found by one step of the index, however many zones he has
_PEOPLE = (
    "WITH RECURSIVE known(name) AS (SELECT min(person) FROM alarm_person UNION ALL "
    "SELECT (SELECT min(person) FROM alarm_person WHERE person > known.name) FROM known WHERE name IS NOT NULL) "
    "SELECT name FROM known"
)


def deeds_script() -> str:
    """Return the SQL that makes the tables and fills them from the lines that are there."""
    return f"""
        CREATE TABLE alarm_person (
            person TEXT NOT NULL,
            zone INTEGER NOT NULL,
            PRIMARY KEY (person, zone)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE alarm_said (
            number INTEGER PRIMARY KEY,
            text TEXT NOT NULL
        ) STRICT;
        INSERT INTO alarm_person
        SELECT DISTINCT person, number >> {ZONE_BITS} FROM (SELECT number, {PERSON} AS person FROM alarm_change)
        WHERE person <> '';
        INSERT INTO alarm_said
        SELECT number, said FROM (SELECT number, {PERSON} AS person, {SAID} AS said FROM alarm_change)
        WHERE person <> '' AND said <> '';
    """  # noqa: S608 - constants of ours
