"""The tables of the history and the steps that led to them."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.history.former_rows import move_rows

HISTORY = Migrations("foreshift.history")


@HISTORY()
def create_tag_and_sample(database: Database) -> None:
    """Samples by tag and time, so that a stretch of one tag lies together; NULL is a value that is not a number."""
    database.execute(
        "CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, unit TEXT NOT NULL DEFAULT '') STRICT"
    )
    database.execute(
        "CREATE TABLE sample ("
        "tag INTEGER NOT NULL, time INTEGER NOT NULL, value REAL, status INTEGER NOT NULL, "
        "PRIMARY KEY (tag, time)) WITHOUT ROWID, STRICT"
    )


@HISTORY()
def create_journal_and_chunks(database: Database) -> None:
    """One packed row per commit, sealed into chunks of one tag and hour; see docs/decisions/0016."""
    database.execute("ALTER TABLE tag ADD COLUMN data_type TEXT NOT NULL DEFAULT 'float64'")
    for statement in _CHUNK_TABLES.split(";\n"):
        database.execute(statement)


@HISTORY()
def move_samples_into_chunks(database: Database) -> None:
    """The rows of the first layout become chunks; their table goes."""
    move_rows(database.conn)
    database.execute("DROP TABLE sample")


@HISTORY()
def create_views(database: Database) -> None:
    """What people may read with SQL, with names and times that they can read."""
    for name, statement in _VIEWS.items():
        database.execute(f"CREATE VIEW {name} AS {statement}")


@HISTORY()
def let_a_commit_keep_the_order_of_arrival(database: Database) -> None:
    """Nothing stored changes; a version that takes every commit to be in order must not open the file any more."""


@HISTORY()
def create_missed(database: Database) -> None:
    """Breaks whose samples are still to be had from devices; `end` is 0 while one lasts, tag 0 is the station."""
    database.execute(
        "CREATE TABLE missed (tag INTEGER NOT NULL, end INTEGER NOT NULL, start INTEGER NOT NULL, "
        "PRIMARY KEY (tag, end)) WITHOUT ROWID, STRICT"
    )


@HISTORY()
def let_a_commit_count_its_tags_up(database: Database) -> None:
    """Nothing stored changes; a version that cannot read tags that follow one another must not open the file."""


@HISTORY()
def keep_the_area_of_an_hour(database: Database) -> None:
    """What a mean by time, a counter and a state need of an hour; NULL where that has to be read from its samples."""
    for column in ("begin_time INTEGER", "area REAL", "falls INTEGER"):
        database.execute(f"ALTER TABLE hourly ADD COLUMN {column}")


HARMLESS = (
    "let_a_commit_keep_the_order_of_arrival",
    "create_missed",
    "let_a_commit_count_its_tags_up",
    "keep_the_area_of_an_hour",
)

_VIEWS = {
    "hourly_value": """
        SELECT tag.name AS tag, tag.unit, strftime('%Y-%m-%dT%H:%M:%SZ', hour * 3600, 'unixepoch') AS hour_start,
            hour * 3600000000000 AS time, minimum, maximum, mean, first, last, samples, usable,
            CASE (worst_status >> 30) & 3 WHEN 0 THEN 'Good' WHEN 1 THEN 'Uncertain' ELSE 'Bad' END AS worst,
            worst_status
        FROM hourly JOIN tag ON tag.id = hourly.tag""",
    "newest_value": """
        SELECT tag.name AS tag, tag.unit,
            strftime('%Y-%m-%dT%H:%M:%fZ', time / 1000000 / 1000.0, 'unixepoch') AS at, time, value,
            CASE (status >> 30) & 3 WHEN 0 THEN 'Good' WHEN 1 THEN 'Uncertain' ELSE 'Bad' END AS quality, status
        FROM newest JOIN tag ON tag.id = newest.tag""",
    "missing": """
        SELECT tag.name AS tag, strftime('%Y-%m-%dT%H:%M:%fZ', start / 1000000 / 1000.0, 'unixepoch') AS since,
            strftime('%Y-%m-%dT%H:%M:%fZ', end / 1000000 / 1000.0, 'unixepoch') AS until, start, end, reason, lost
        FROM gap LEFT JOIN tag ON tag.id = gap.tag""",
}


_CHUNK = """
    stamp INTEGER NOT NULL, samples INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    crc INTEGER NOT NULL, value BLOB NOT NULL, status BLOB NOT NULL"""
_STAMP = "id INTEGER PRIMARY KEY, samples INTEGER NOT NULL, crc INTEGER NOT NULL, data BLOB NOT NULL"
_PAGE = "id INTEGER PRIMARY KEY, buckets INTEGER NOT NULL, crc INTEGER NOT NULL, data BLOB NOT NULL"

_CHUNK_TABLES = f"""
CREATE TABLE history_state (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID, STRICT;
INSERT INTO history_state VALUES ('sealed_through', 0), ('seal', 0), ('generation', 0), ('tags', 0);
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY, start INTEGER NOT NULL, end INTEGER NOT NULL, samples INTEGER NOT NULL,
    crc INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
-- chunks that are not compacted yet: several of one tag and hour may overlap, the later one counts
CREATE TABLE fresh (
    id INTEGER PRIMARY KEY, seal INTEGER NOT NULL, hour INTEGER NOT NULL, tag INTEGER NOT NULL, {_CHUNK}) STRICT;
CREATE INDEX fresh_tag ON fresh (tag, hour);
CREATE TABLE fresh_stamp ({_STAMP}) STRICT;
-- no two chunks overlap; id: layout.chunk_key, of a stamp: layout.hour_key
CREATE TABLE chunk (id INTEGER PRIMARY KEY, {_CHUNK}) STRICT;
CREATE TABLE stamp ({_STAMP}) STRICT;
-- id: layout.tag_key; one row holds the buckets of a day, or of ten days
CREATE TABLE minute_rollup ({_PAGE}) STRICT;
CREATE TABLE hour_rollup ({_PAGE}) STRICT;
-- plain numbers for people, and key frames: the last sample of each tag in each hour; id: layout.tag_key
CREATE TABLE hourly (
    id INTEGER PRIMARY KEY, tag INTEGER NOT NULL, hour INTEGER NOT NULL,
    minimum REAL, maximum REAL, mean REAL, first REAL, last REAL, samples INTEGER NOT NULL, usable INTEGER NOT NULL,
    worst_status INTEGER NOT NULL, end_time INTEGER NOT NULL, end_value ANY, end_status INTEGER NOT NULL) STRICT;
CREATE TABLE gap (
    id INTEGER PRIMARY KEY, tag INTEGER, start INTEGER NOT NULL, end INTEGER NOT NULL, reason TEXT NOT NULL,
    lost INTEGER NOT NULL) STRICT;
CREATE INDEX gap_start ON gap (start);
CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, key INTEGER NOT NULL, reason TEXT NOT NULL, column TEXT NOT NULL,
    value ANY) STRICT;
CREATE TABLE newest (tag INTEGER PRIMARY KEY, time INTEGER NOT NULL, value ANY, status INTEGER NOT NULL) STRICT
"""  # noqa: S608 - constants of ours
