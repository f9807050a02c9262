"""The tables of the history and the steps that led to them."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

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
