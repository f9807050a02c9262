"""Takes a list of tags over into a plant file: a copy of the former file is kept, and the new one replaces it whole."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.plant.alarm_revision import difference as text_difference
from app.plant.file import examine_plant, examine_text
from app.plant.problem import PlantFileError
from app.plant.replacement import PlantFileChanged, Replacement
from app.plant.tag_list.difference import Difference, Placing, difference
from app.plant.tag_list.entry import TagList
from app.plant.tag_list.revision import CannotRevise, revised
from drivers.driver import Grammar

_MARK = "\ufeff"


class FileChanged(CannotRevise):
    """Somebody has changed the plant file since it was compared."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A list beside a plant file, as the file was when it was read."""

    path: Path
    content: bytes
    difference: Difference

    @property
    def text(self) -> str:
        """Return the text of the file without its byte order mark."""
        return self.content.decode("utf-8").removeprefix(_MARK)


def compare(
    path: Path,
    found: TagList,
    placing: Placing,
    *,
    drivers: Collection[str],
    grammars: Mapping[str, type[Grammar]],
) -> Comparison:
    """Return what `found` would change in the plant file at `path`; raise PlantFileError where that is not in order."""
    path = path.resolve()  # a link stays one
    examination = examine_plant(path, drivers=drivers)
    if examination.plant is None:
        raise PlantFileError(path, [problem for problem in examination.problems if not problem.is_warning])
    content = path.read_bytes()
    document = tomllib.loads(content.decode("utf-8").removeprefix(_MARK))
    return Comparison(path, content, difference(found, document, placing, grammars=grammars))


def take_over(
    comparison: Comparison,
    *,
    drivers: Collection[str],
    grammars: Mapping[str, type[Grammar]],
    note: Callable[[Replacement], None] = lambda _: None,
) -> Path:
    """Write the plant file anew and return the copy of the former one; `note` hears of it just before.

    Raise FileChanged where it is another meanwhile, CannotRevise, PlantFileError where the result would not be in
    order, OSError, what `note` raises; the file is then as it was.
    """
    path, found = comparison.path, comparison.difference
    text = revised(comparison.text, [*found.changed, *found.new])
    examination = examine_text(text, drivers=drivers, grammars=grammars, folder=str(path.absolute().parent))
    if examination.plant is None:
        raise PlantFileError(path, [problem for problem in examination.problems if not problem.is_warning])
    mark = _MARK if comparison.content.startswith(_MARK.encode()) else ""
    new, changes = (mark + text).encode("utf-8"), text_difference(comparison.text, text)
    made = Replacement(path, examination.plant, comparison.content, new, changes)
    changed = FileChanged(f"{path.name} was changed by somebody else meanwhile: compare again")
    if path.read_bytes() != comparison.content:
        raise changed
    note(made)
    try:
        return made.write()
    except PlantFileChanged as error:
        raise changed from error
