"""Where a campaign works: in memory where that can be, since thousands of files are synced that nobody keeps."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it


@contextmanager
def working_folder(parent: Path | None = None) -> Iterator[Path]:
    """Give an empty folder (in `parent` where given), which is removed at the end."""
    if parent is None and _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK):
        parent = _MEMORY
    with tempfile.TemporaryDirectory(prefix="foreshift-chaos-", dir=parent) as folder:
        yield Path(folder).resolve()
