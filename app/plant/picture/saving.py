"""A process picture that takes the place of its former file: examined before, never over what somebody else wrote."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from app.plant.atomic import replace_text
from app.plant.file import picture_problems
from app.plant.folder import PlantFolder
from app.plant.picture.path import FOLDER, picture_path
from app.plant.problem import PlantFileError


class PictureChanged(Exception):
    """Somebody else has changed the file of the picture meanwhile; the message names it."""


@dataclass(frozen=True, slots=True)
class PictureSaving:
    """`before`: the text that was read, "" where there was no file; `after`: the one that is to be stored."""

    picture: str
    before: str
    after: str

    @property
    def difference(self) -> str:
        """Return what changes, as a unified difference."""
        name = f"{FOLDER}/{self.picture}.toml"
        former, new = self.before.splitlines(keepends=True), self.after.splitlines(keepends=True)
        return "".join(difflib.unified_diff(former, new, name, f"{name} (changed)", n=2))

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the new file, in hexadecimal."""
        return sha256(self.after.encode()).hexdigest()

    def write(self, folder: PlantFolder, *, note: Callable[[Path], None]) -> Path:
        """Write the file durably once `note` has put it into the audit trail; return where it stands.

        Raise PlantFileError where it is not in order, PictureChanged, OSError, or what `note` raises: the file is then
        as it was.
        """
        problems = picture_problems(folder.configuration, self.picture, self.after)
        errors = [problem for problem in problems if not problem.is_warning]
        if errors:
            raise PlantFileError(folder.configuration, errors)
        path = picture_path(folder.path, self.picture)
        present = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
        if present != self.before:
            raise PictureChanged(f"{path}: was changed by somebody else meanwhile: open it again")
        note(path)
        replace_text(path, self.after)
        return path
