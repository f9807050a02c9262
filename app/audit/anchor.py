"""The checkpoints that stand beside the plant's file, one after the other: they find whoever alters only the file.

Every checkpoint is appended. Of those that are older than the newest thousand one in fifty stays, since each says all
that the ones before it said.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from app.audit.signed_note import Checkpoint, NoteError
from drivers.whole_file import replace_file

_NOTE = re.compile(r"(?:[^\n]+\n){3}\n(?:— [^\n]+\n)+")
_LARGE_BYTES = 1 << 20
_KEPT, _STEP = 1_000, 50


class AnchorFile:
    """The file of one plant."""

    def __init__(self, history: Path) -> None:
        """Stand beside the plant's file `history`."""
        self.path = history.with_suffix(".checkpoints")

    def read(self) -> list[Checkpoint]:
        """Return the checkpoints, oldest first; what is none (a line that a power cut broke off) is passed over."""
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return []
        found = []
        for note in _NOTE.findall(text):
            with suppress(NoteError):
                found.append(Checkpoint.parse(note))
        return found

    def append(self, checkpoint: Checkpoint) -> None:
        """Add a checkpoint durably; raise OSError."""
        with self.path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"\n{checkpoint.note}")
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        if size > _LARGE_BYTES:
            self._thin()

    def _thin(self) -> None:
        found = self.read()
        kept = found[:-_KEPT:_STEP] + found[-_KEPT:]
        replace_file(self.path, "".join(f"\n{checkpoint.note}" for checkpoint in kept).encode())
