"""The index of an SQLite WAL, the "-shm" file beside it: how many pages wait to be brought into the file itself.

A process that closes any handle of a file loses all its POSIX locks on that file, also those of SQLite. The next
reader to come would believe that it is alone and cut the index off, and the writer that has it mapped would die of a
bus error. So a handle that was opened once stays open for as long as the file is there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_HEAD_BYTES = 100
_HANDLES: dict[Path, tuple[str, int]] = {}


def waiting_pages(database: Path) -> int:
    """Return the pages in the WAL that are not in the file yet, 0 where there is no WAL.

    Source: SQLite, "WAL-mode File Format", 2: mxFrame lies at byte 16, nBackfill at 96, in the computer's byte order.
    """
    head = _head_of(database)
    if len(head) < _HEAD_BYTES:
        return 0
    return int.from_bytes(head[16:20], sys.byteorder) - int.from_bytes(head[96:100], sys.byteorder)


def _head_of(database: Path) -> bytes:
    try:
        if sys.platform == "win32":  # there a lock belongs to its handle
            with database.with_name(database.name + "-shm").open("rb") as file:
                return file.read(_HEAD_BYTES)
        return os.pread(_handle_of(database), _HEAD_BYTES, 0)
    except OSError:
        return b""


def _handle_of(database: Path) -> int:
    index, handle = _HANDLES.get(database, ("", -1))
    if index and os.path.samestat(os.fstat(handle), os.stat(index)):  # noqa: PTH116 - asked with every commit
        return handle
    for path, (_, known) in list(_HANDLES.items()):
        if os.fstat(known).st_nlink == 0:  # nobody can lock what is gone
            os.close(known)
            del _HANDLES[path]
    index = str(database.with_name(database.name + "-shm"))
    handle = os.open(index, os.O_RDONLY)
    _HANDLES[database] = (index, handle)
    return handle
