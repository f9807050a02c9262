"""What can be wrong with a recording."""

from __future__ import annotations

from pathlib import Path


class RecordingError(Exception):
    """A file cannot be replayed; the message is "file.csv:LINE: what is wrong: remedy", without LINE where unknown."""

    def __init__(self, path: Path, message: str, *, line: int = 0) -> None:
        """Name the file, its line (from 1; 0 is the file as a whole), what is wrong and the remedy."""
        self.path = path
        self.line = line
        super().__init__(f"{path.name}:{line}: {message}" if line else f"{path.name}: {message}")
