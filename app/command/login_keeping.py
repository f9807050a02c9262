"""What somebody gave to be let into a device, kept for a plant: typed passwords, and files that lie elsewhere.

The plant file then names the place of a password and never holds it; files move with the plant's folder.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.model.connection import ConnectionDefinition
from app.model.plant import Plant
from drivers.driver import DriverError
from drivers.secret import is_typed, keep_typed, place_of
from drivers.whole_file import replace_file

_TYPED_ENDING = "_secret"
_FILES = ("user_certificate", "user_key", "authority", "certificate", "key")
_LARGEST_FILE = 1 << 20
"""A certificate has some thousand bytes; what is larger was chosen by mistake."""


def kept_plant(plant: Plant, folder: Path) -> Plant:
    """Return the plant with what its connections need in `folder`; raise DriverError or OSError."""
    return replace(plant, connections=tuple(kept_connection(each, folder) for each in plant.connections))


def kept_connection(definition: ConnectionDefinition, folder: Path, *, is_dry: bool = False) -> ConnectionDefinition:
    """Return a connection whose typed passwords are kept and whose files are copied into `folder`.

    What it names already as kept stays as it is. `is_dry`: only say how it would be. Raise DriverError where a password
    cannot be kept, OSError.
    """
    options: dict[str, object] = {}
    for name, value in definition.options.items():
        if name.endswith(_TYPED_ENDING) and isinstance(value, str) and is_typed(value):
            option = name.removesuffix(_TYPED_ENDING)
            kept_as = definition.id if option == "password" else f"{definition.id}-{option.removesuffix('_password')}"
            options |= place_of(option, kept_as) if is_dry else keep_typed(value, folder, option, kept_as)
        elif name in _FILES and isinstance(value, str) and Path(value).is_absolute():
            options[name] = _copied(Path(value), folder, definition.id, is_dry=is_dry)
        else:
            options[name] = value
    return replace(definition, options=options)


def _copied(path: Path, folder: Path, connection: str, *, is_dry: bool) -> str:
    """Copy a file to `pki/CONNECTION` and return its place there, as the plant file names it."""
    if path.resolve().is_relative_to(folder.resolve()):
        return path.resolve().relative_to(folder.resolve()).as_posix()
    if path.stat().st_size > _LARGEST_FILE:
        raise DriverError(f"{path}: is too large for a certificate or a key: choose another file")
    place = Path("pki") / connection / path.name
    if not is_dry:
        replace_file(folder / place, path.read_bytes(), mode=0o600)
    return place.as_posix()
