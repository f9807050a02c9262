"""The folder of one plant on this PC: its configuration, its history and the run files of its collector."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PlantFolder:
    """Where the files of a plant stand.

    `configuration`: plant.toml. `history`: the SQLite file. `run`: files that only live as long as the collector.
    """

    path: Path

    @property
    def configuration(self) -> Path:
        """Return the plant's TOML file."""
        return self.path / "plant.toml"

    @property
    def signatures(self) -> Path:
        """Return the TOML file of known causes of faults, which a plant need not have."""
        return self.path / "signatures.toml"

    @property
    def trend_views(self) -> Path:
        """Return the TOML file of the saved views of trends, which a plant need not have."""
        return self.path / "trends.toml"

    @property
    def draft(self) -> Path:
        """Return the file of the draft that somebody is engineering, which a plant need not have."""
        return self.path / "plant-draft.jsonl"

    @property
    def history(self) -> Path:
        """Return the SQLite file of the history, the alarms and the journal."""
        return self.path / "history.sqlite"

    @property
    def users(self) -> Path:
        """Return the file of who may sign in, which only the owner of the plant may read."""
        return self.path / "users.json"

    @property
    def run(self) -> Path:
        """Return the folder of the run files (mode 0700)."""
        return self.path / "run"

    @property
    def live(self) -> Path:
        """Return the mapped file of live values."""
        return self.run / "live.ring"

    @property
    def token(self) -> Path:
        """Return the file with the secret that a window must know."""
        return self.run / "token"

    @property
    def lock(self) -> Path:
        """Return the lock that only one collector holds."""
        return self.run / "collector.lock"
