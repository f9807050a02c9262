"""The file in which a process picture of a plant stands: `pictures/ID.toml` beside the plant file."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

FOLDER = "pictures"
_UNFIT = re.compile(r'[\x00-\x1f"*/:<>?\\|%]|^\.')


def picture_path(folder: Path, picture: str) -> Path:
    """Return where the picture of that id stands; `folder`: the plant's. Characters no file may have are escaped."""
    return folder / FOLDER / f"{_UNFIT.sub(lambda match: f'%{ord(match.group()):02X}', picture)}.toml"


def picture_id(path: Path) -> str:
    """Return the id of the picture in a file."""
    return unquote(path.stem)


def picture_in(folder: Path, name: str) -> Path | None:
    """Return the file in a plant's folder that a name such as "pictures/air.toml" means, None where it means none."""
    parent, _, file = name.partition("/")
    is_picture = parent == FOLDER and file.endswith(".toml") and not _UNFIT.search(file.replace("%", ""))
    return folder / FOLDER / file if is_picture else None


def picture_texts(folder: Path) -> dict[str, str]:
    """Return the text of each picture file of a plant by its name; raise OSError or UnicodeDecodeError."""
    paths = sorted((folder / FOLDER).glob("*.toml"))
    return {f"{FOLDER}/{path.name}": path.read_text(encoding="utf-8") for path in paths}
