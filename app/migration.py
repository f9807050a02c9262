"""Migrations of the plant's SQLite file: each store brings its own tables up to date, after a copy of an older file."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.database import DatabaseFull, DatabaseNewer, PlantConnection, free_bytes, translate


def migrate(connection: PlantConnection, migrations: Migrations, *, harmless: Collection[str] = ()) -> None:
    """Bring the tables of one store up to date; a file that an older version wrote is copied beside itself first.

    `harmless`: migrations that change nothing that is stored, before which the file need not be copied. Raise
    DatabaseNewer where a newer version has written it.
    """
    database = Database(connection)
    applied = [migration.name for migration in migrations.applied(database)]
    pending = [migration.name for migration in migrations.pending(database)]
    known = {migration.name for migration in migrations._migrations}  # noqa: SLF001 - no public list
    if unknown := [name for name in applied if name not in known]:
        raise DatabaseNewer(
            f"{connection.path}: was written by a newer version ({unknown[-1]}): install that version, or newer"
        )
    if applied and (changing := [name for name in pending if name not in harmless]):
        _copy(connection, connection.path.with_name(f"{connection.path.name}.before-{changing[0]}"))
    if pending:
        migrations.apply(database)


def _copy(connection: PlantConnection, target: Path) -> None:
    size = connection.path.stat().st_size
    if free_bytes(target) < 2 * size:
        raise DatabaseFull(
            f"{target}: the file must be copied before it is migrated: free {2 * size / 1e6:.0f} MB on this disk"
        )
    fresh = target.with_name(target.name + ".new")
    fresh.unlink(missing_ok=True)
    try:
        with contextlib.closing(sqlite3.connect(fresh)) as copy:
            connection.backup(copy)
    except sqlite3.Error as error:
        raise translate(error, fresh) or error from error
    fresh.replace(target)
