"""What an editor of pictures saves, in the place of the audit trail."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from app.plant.folder import PlantFolder
from app.plant.picture.saving import PictureSaving


@dataclass
class Saved:
    """What was saved, in the place of the plant's folder."""

    savings: list[tuple[PictureSaving, str, str]] = field(default_factory=list)

    def draw(self, folder: PlantFolder, saving: PictureSaving, reason: str, user: str) -> Path:
        self.savings.append((saving, reason, user))
        return saving.write(folder, note=lambda _: None)
