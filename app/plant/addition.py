"""Adding a device to a plant that is in use: its equipment, connection and tags go into the text of the plant file.

Whatever stands there keeps its bytes, as `tag_list.revision` has it: comments and order stay. What would be written is
shown first (`plan_addition`), with every problem at its line; nothing is written here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.plant.file import examine_text
from app.plant.problem import Problem
from app.plant.tag_list.revision import CannotRevise
from app.plant.toml.line_index import LineIndex
from app.plant.writer import plant_text
from drivers.driver import Grammar

_MARK = "\ufeff"
_KINDS = ("equipment", "connection", "tag")


@dataclass(frozen=True, slots=True)
class Addition:
    """A device that a plant gets: where it belongs, how it is reached and what is read of it."""

    equipment: Equipment
    connection: ConnectionDefinition
    tags: tuple[TagDefinition, ...]


@dataclass(frozen=True, slots=True)
class AdditionPlan:
    """What an addition would make of a plant file.

    `before`, `after`: its whole text without a byte order mark. `lines`: those that are added, with their numbers (from
    1) in the new file. `problems`: of the new file, at its lines; one that is no warning keeps it from being written.
    """

    before: str
    after: str
    lines: tuple[tuple[int, str], ...]
    problems: tuple[Problem, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Whether nothing speaks against writing it."""
        return all(problem.is_warning for problem in self.problems)


def named_apart(addition: Addition, plant: Plant) -> Addition:
    """Return the addition with ids that nothing in the plant has, and with tags that follow its tags."""
    connection = _free(addition.connection.id, {each.id for each in plant.connections})
    equipment = _free(addition.equipment.id, {each.id for each in plant.equipment})
    tags = tuple(
        replace(tag, handle=len(plant.tags) + place, connection=connection, equipment=equipment)
        for place, tag in enumerate(addition.tags)
    )
    return Addition(
        replace(addition.equipment, id=equipment), replace(addition.connection, id=connection, folder=""), tags
    )


def plan_addition(
    path: Path,
    addition: Addition,
    *,
    drivers: Collection[str] = (),
    grammars: Mapping[str, type[Grammar]] | None = None,
) -> AdditionPlan:
    """Return what `addition` would make of the plant file at `path`.

    Raise CannotRevise where the file is laid out in a way that nothing can be added by rule, OSError.
    """
    before = path.read_bytes().decode("utf-8").removeprefix(_MARK)
    edits = _edits(before, addition)
    after = _edited(before, edits)
    _require(after, tomllib.loads(before), tomllib.loads("".join(new for _, new in edits)))
    found = examine_text(after, drivers=drivers, grammars=grammars or {}, folder=str(path.absolute().parent))
    return AdditionPlan(before, after, _new_lines(before, edits), found.problems)


def _edits(text: str, addition: Addition) -> list[tuple[int, str]]:
    """Return what is inserted where, in the order of the text."""
    newline = "\r\n" if "\r\n" in text else "\n"
    try:
        tomllib.loads(text)
        index = LineIndex(text)
    except tomllib.TOMLDecodeError as error:
        raise CannotRevise(f"the plant file is no TOML ({error}): mend it first") from error
    edits = []
    for kind, sections in _sections(addition).items():
        at = _behind(text, index, kind)
        lead = "" if at == 0 or text[:at].endswith("\n") else newline
        edits.append((at, lead + "".join(newline + section.replace("\n", newline) for section in sections)))
    return sorted(edits, key=lambda edit: edit[0])


def _edited(text: str, edits: Sequence[tuple[int, str]]) -> str:
    pieces, begin = [], 0
    for at, new in edits:
        pieces += [text[begin:at], new]
        begin = at
    return "".join([*pieces, text[begin:]])


def _sections(addition: Addition) -> dict[str, list[str]]:
    """Return the TOML of an addition by kind, as the writer of plant files has it."""
    plant = Plant("x", LocalText("x"), (addition.equipment,), (addition.connection,), addition.tags)
    found: dict[str, list[str]] = {kind: [] for kind in _KINDS}
    for part in plant_text(plant).split("\n\n"):
        head = part.lstrip("[").partition("]")[0].partition(".")[0]
        if head in found:
            found[head].append(part.rstrip("\n") + "\n")
    return found


def _behind(text: str, index: LineIndex, kind: str) -> int:
    """Return where something of a kind goes: behind the last one, else at the end."""
    ends = [span[1] for path, span in index.spans.items() if path[0] == kind]
    if not ends:
        return len(text)
    end = text.find("\n", max(ends))
    return len(text) if end < 0 else end + 1


def _require(result: str, before: Mapping[str, object], new: Mapping[str, object]) -> None:
    """Raise CannotRevise unless the result is the former document with what is new behind it."""
    wanted = dict(before)
    for kind in _KINDS:
        there, more = before.get(kind), new.get(kind)
        if isinstance(more, dict):
            wanted[kind] = {**(there if isinstance(there, dict) else {}), **more}
        elif isinstance(more, list):
            wanted[kind] = [*(there if isinstance(there, list) else []), *more]
    try:
        document = tomllib.loads(result)
    except tomllib.TOMLDecodeError as error:
        raise CannotRevise(f"the file is laid out in a way that nothing can be added by rule ({error})") from error
    if document != wanted:
        raise CannotRevise("the file is laid out in a way that nothing can be added by rule: add the device by hand")


def _new_lines(text: str, edits: Sequence[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    found: list[tuple[int, str]] = []
    inserted = 0
    for at, new in edits:
        first = text.count("\n", 0, at) + inserted + 1
        lines = new.splitlines()
        found += [(first + place, line) for place, line in enumerate(lines)]
        inserted += len(lines)
    return tuple(found)


def _free(name: str, taken: Collection[str]) -> str:
    found, number = name, 2
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found
