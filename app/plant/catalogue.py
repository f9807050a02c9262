"""The plants that this PC knows: the folders below the user's data folder and those opened from elsewhere."""

from __future__ import annotations

import json
import logging
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import platformdirs

from app.plant.atomic import replace_text
from app.plant.folder import PlantFolder

log = logging.getLogger(__name__)

HOME_VARIABLE = "FORESHIFT_HOME"
_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 80


class _Opened(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is remembered from start to start: paths of plant folders, the last opened one first."""

    opened: list[str] = msgspec.field(default_factory=list)


def home_folder() -> Path:
    """Return the folder of all that Foreshift keeps for this user; FORESHIFT_HOME names another one."""
    chosen = os.environ.get(HOME_VARIABLE, "")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("foreshift", appauthor=False))


def folder_of(path: Path) -> PlantFolder:
    """Return the plant folder that `path` names, whether it is the folder or the plant.toml in it."""
    whole = path.expanduser().absolute()
    return PlantFolder(whole.parent if whole.suffix == ".toml" or whole.is_file() else whole)


@dataclass(frozen=True, slots=True)
class PlantCatalogue:
    """The plants known below one home folder; a missing or damaged memory of opened plants counts as empty."""

    home: Path = field(default_factory=home_folder)

    def new_folder(self, name: str) -> PlantFolder:
        """Return where a plant called `name` has its folder; nothing is made."""
        safe = _UNSAFE.sub("-", name).strip("-.")[:_LONGEST_NAME]
        return PlantFolder(self.home / "plants" / (safe or "plant"))

    def plants(self) -> list[PlantFolder]:
        """Return every known plant that still has its plant.toml, the last opened ones first, the rest by name."""
        here = sorted((self.home / "plants").glob("*/plant.toml"))
        known = [*(Path(path) for path in self._opened()), *(file.parent for file in here)]
        folders = (PlantFolder(path) for path in dict.fromkeys(known))
        return [folder for folder in folders if folder.configuration.is_file()]

    def last(self) -> PlantFolder | None:
        """Return the plant that was opened last, None where there is none or where it is gone."""
        opened = self._opened()
        folder = PlantFolder(Path(opened[0])) if opened else None
        return folder if folder is not None and folder.configuration.is_file() else None

    def remember(self, folder: PlantFolder) -> None:
        """Note that a plant was opened just now; raise OSError where the home folder cannot be written."""
        path = str(folder.path.absolute())
        self._write([path, *(other for other in self._opened() if other != path)])

    def forget(self, folder: PlantFolder) -> None:
        """No longer list a plant as opened; its files stay."""
        path = str(folder.path.absolute())
        self._write([other for other in self._opened() if other != path])

    @property
    def _file(self) -> Path:
        return self.home / "opened.json"

    def _opened(self) -> list[str]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=_Opened).opened
        except FileNotFoundError:
            return []
        except (OSError, msgspec.DecodeError) as reason:
            log.warning("catalogue.unreadable file=%s reason=%s", self._file, reason)
            return []

    def _write(self, opened: list[str]) -> None:
        replace_text(self._file, json.dumps({"opened": opened}, ensure_ascii=False, indent=1) + "\n")
