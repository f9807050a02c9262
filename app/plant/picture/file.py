"""Process pictures in files of their own: `pictures/NAME.toml` beside the plant file, one picture each.

What is wrong in one of them keeps only that picture from being shown: no slip of a drawing stops a collector.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.model.picture import Picture
from app.model.plant import Plant
from app.plant.picture.assembly import picture_of
from app.plant.picture.check import PlantNames, check_picture, names_of
from app.plant.picture.grammar import PictureFileTable
from app.plant.picture.part_check import class_pictures
from app.plant.picture.path import FOLDER, picture_id, picture_path
from app.plant.problem import Findings, Problem
from app.plant.tables import LocatedPicture, PlantTables, read_picture
from app.plant.toml.line_index import LineIndex
from app.plant.toml.reading import UnreadableError, parse_toml, read_text

MOST_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A file of a picture: `name` as "pictures/air.toml", its `text`, its Picture (None where it has an error).

    `problems` bear the file's name.
    """

    id: str
    name: str
    text: str
    picture: Picture | None
    problems: tuple[Problem, ...] = ()


def examine_pictures(folder: Path, tables: PlantTables) -> list[PictureFile]:
    """Return the picture files of a plant in the order of their names, with their problems; never raises.

    `tables`: those of its plant file, whose tags and equipment the pictures name.
    """
    try:
        paths = sorted(path for path in (folder / FOLDER).glob("*.toml") if not path.name.startswith("."))
    except OSError as reason:
        problem = Problem(0, f"cannot be read ({reason.strerror}): check the rights of the folder", picture=FOLDER)
        return [PictureFile("", FOLDER, "", None, (problem,))]
    drafts = [_draft(path) for path in paths]
    above = {draft.id: draft.located.located.table.above if draft.located else "" for draft in drafts}
    above |= {picture.id: picture.located.table.above for picture in tables.pictures if picture.id not in above}
    names = names_of(tables, above, class_pictures([each.located for each in drafts if each.located is not None]))
    return [_examined(draft, names, above) for draft in drafts]


def examine_picture_text(folder: Path, picture: str, text: str, tables: PlantTables) -> PictureFile:
    """Return what a text would be as the file of a picture, with its problems; never raises."""
    name = f"{FOLDER}/{picture_path(folder, picture).name}"
    draft = _parsed(_Draft(picture, name, text))
    above = {each.id: each.located.table.above for each in tables.pictures}
    others = [each for each in examine_pictures(folder, tables) if each.id != picture]
    above |= {each.id: each.picture.above if each.picture else "" for each in others}
    classes = {each.id: each.picture.equipment_class for each in others if each.picture}
    if draft.located is not None:
        above[picture] = draft.located.located.table.above
        classes |= class_pictures([draft.located])
    return _examined(draft, names_of(tables, above, {name: each for name, each in classes.items() if each}), above)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A file as it was read: `located` is None where it is no TOML, which `problems` tell."""

    id: str
    name: str
    text: str = ""
    located: LocatedPicture | None = None
    findings: Findings | None = None
    problems: tuple[Problem, ...] = ()


def _draft(path: Path) -> _Draft:
    draft = _Draft(picture_id(path), f"{FOLDER}/{path.name}")
    try:
        return _parsed(replace(draft, text=read_text(path, most=MOST_BYTES, begin="title, equipment and size")))
    except UnreadableError as reason:
        return replace(draft, problems=(replace(reason.problem, picture=draft.name),))


def _parsed(draft: _Draft) -> _Draft:
    findings = Findings()
    try:
        document = parse_toml(draft.text)
    except UnreadableError as reason:
        return replace(draft, problems=(replace(reason.problem, picture=draft.name),))
    except RecursionError:
        return replace(draft, problems=(Problem(0, "brackets are nested too deeply", picture=draft.name),))
    located = read_picture(PictureFileTable, document, (), findings, id_=draft.id)
    written = located.located.table.id
    if written and written != draft.id:
        findings.error(
            ("id",), f'the picture is called "{draft.id}" by its file and "{written}" here: rename one, or remove `id`'
        )
    return replace(draft, located=located, findings=findings)


def _examined(draft: _Draft, names: PlantNames, above: Mapping[str, str]) -> PictureFile:
    if draft.located is None or draft.findings is None:
        return PictureFile(draft.id, draft.name, draft.text, None, draft.problems)
    check_picture(draft.located, names, draft.findings)
    _check_ring(draft.id, above, draft.findings)
    index = LineIndex(draft.text)
    problems = []
    for finding in draft.findings.found:
        other = str(index.line_of(finding.other)) if finding.other else ""
        message = finding.message.replace("{other}", other) if other else finding.message
        line = index.line_of(finding.path)
        problems.append(Problem(line, message, is_warning=finding.is_warning, picture=draft.name))
    problems.sort(key=lambda problem: problem.line)
    is_usable = all(problem.is_warning for problem in problems)
    picture = picture_of(draft.located) if is_usable else None
    return PictureFile(draft.id, draft.name, draft.text, picture, tuple(problems))


def _check_ring(picture: str, above: Mapping[str, str], findings: Findings) -> None:
    """Note a picture from which one only comes back to itself."""
    trail, name = [picture], above.get(picture, "")
    while name and name not in trail:
        trail.append(name)
        name = above.get(name, "")
    if name == picture:
        ring = " < ".join([*trail, name])
        findings.error(("above",), f"the picture is above itself ({ring}): give one of them no `above`, or another")


def check_pictures(tables: PlantTables, files: Sequence[PictureFile], findings: Findings) -> None:
    """Check the pictures that stand in the plant file itself, and note those of which a file of their own counts."""
    classes = {each.id: each.picture.equipment_class for each in files if each.picture and each.picture.equipment_class}
    names = names_of(tables, {each.id for each in files} | {each.id for each in tables.pictures}, classes)
    of_files = {each.id: each.name for each in files}
    for picture in tables.pictures:
        check_picture(picture, names, findings)
        if picture.id in of_files:
            message = f'picture "{picture.id}" is that of {of_files[picture.id]}: remove it here'
            findings.warning(picture.located.key("id"), message)


def with_pictures(plant: Plant, files: Sequence[PictureFile]) -> Plant:
    """Return a plant with the pictures of its files; one of them counts before the same picture in the plant file.

    They are in the order of the equipment that they show, overviews first; those of classes are its faceplates.
    """
    found = {each.id: each.picture for each in files}
    pictures = [each for each in plant.pictures if each.id not in found] + [each for each in found.values() if each]
    places = {equipment.id: place for place, equipment in enumerate(plant.equipment)}
    pictures.sort(key=lambda each: (places.get(each.equipment, -1), each.level.rank, each.id))
    return replace(
        plant,
        pictures=tuple(each for each in pictures if not each.equipment_class),
        faceplates=tuple(each for each in pictures if each.equipment_class),
    )
