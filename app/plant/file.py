"""Reads a plant file: TOML in UTF-8, checked as a whole, every problem at its line."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from app.model.plant import Plant
from app.plant.assembly import assemble
from app.plant.device_text import check_devices
from app.plant.expansion import Expansion, expand
from app.plant.maintenance_check import check_maintenance
from app.plant.origin import at_origin
from app.plant.picture.file import (
    PictureFile,
    check_pictures,
    examine_picture_text,
    examine_pictures,
    with_pictures,
)
from app.plant.plausibility import check_numbers
from app.plant.problem import Finding, Findings, PlantFileError, Problem
from app.plant.reference import check_drivers, check_names, check_references
from app.plant.report_check import check_reports
from app.plant.sheet_check import check_sheets
from app.plant.tables import PlantTables, read_document
from app.plant.toml.line_index import LineIndex
from app.plant.toml.reading import UnreadableError, parse_toml, read_text
from app.plant.vibration_check import check_vibration
from app.plant.write_check import check_writes
from drivers.driver import Grammar

log = logging.getLogger(__name__)

NO_GRAMMARS: Mapping[str, type[Grammar]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Examination:
    """What a plant file and the files of its pictures hold, and what is wrong with them.

    `plant` is None where a problem of the plant file itself is more than a warning; a picture that has one is left out.
    """

    plant: Plant | None
    problems: tuple[Problem, ...]


def read_plant(path: Path, *, drivers: Collection[str] = ()) -> Plant:
    """Return the Plant that the file at `path` describes; `drivers`: the names that may be used, () to allow any.

    Raise PlantFileError with all problems of the file. A picture file that is not in order is left out, and logged.
    """
    examination = examine_plant(path, drivers=drivers)
    errors = [problem for problem in examination.problems if not problem.is_warning]
    if examination.plant is None:
        raise PlantFileError(path, [problem for problem in errors if not problem.picture])
    for problem in errors:
        log.warning("picture.left_out reason=%s", problem.at(str(path)))
    return examination.plant


def examine_plant(
    path: Path, *, drivers: Collection[str] = (), grammars: Mapping[str, type[Grammar]] = NO_GRAMMARS
) -> Examination:
    """Return the Plant of a file together with its problems and warnings, in the order of their lines; never raises.

    `drivers`: the names that may be used, () to allow any. `grammars`: the drivers by whose words URLs, options and
    addresses are checked too. A collector does without: one wrong address must not keep it from all the others.
    """
    try:
        text = read_text(path)
        document = parse_toml(text)
        return _examine(text, document, drivers, grammars, folder=str(path.absolute().parent))
    except UnreadableError as reason:
        return Examination(None, (reason.problem,))
    except RecursionError:
        return Examination(None, (Problem(0, "brackets are nested too deeply: this is no plant file"),))


def examine_text(
    text: str, *, drivers: Collection[str], grammars: Mapping[str, type[Grammar]], folder: str
) -> Examination:
    """Return the Plant of a text that is to become a plant file, with its problems; never raises."""
    try:
        return _examine(text, parse_toml(text), drivers, grammars, folder=folder)
    except UnreadableError as reason:
        return Examination(None, (reason.problem,))


def picture_problems(path: Path, picture: str, text: str) -> tuple[Problem, ...]:
    """Return what would be wrong with `text` as the file of a picture of the plant whose file is at `path`."""
    try:
        expansion = expand(parse_toml(read_text(path)), Findings())
    except UnreadableError as reason:
        return (reason.problem,)
    tables = read_document(expansion.document, Findings())
    return examine_picture_text(path.absolute().parent, picture, text, tables).problems


def _examine(
    text: str,
    document: dict[str, object],
    drivers: Collection[str],
    grammars: Mapping[str, type[Grammar]],
    *,
    folder: str,
) -> Examination:
    found = examine_document(document, drivers, grammars, folder=folder)
    problems = _locate(text, found.findings)
    of_files = tuple(problem for each in found.files for problem in each.problems)
    if not all(problem.is_warning for problem in problems):
        return Examination(None, problems + of_files)
    plant = assemble(found.tables, folder=folder, expansion=found.expansion)
    return Examination(with_pictures(plant, found.files), problems + of_files)


@dataclass(frozen=True, slots=True)
class DocumentExamination:
    """What a parsed plant file holds, with each finding at its key and not yet at its line."""

    findings: list[Finding]
    tables: PlantTables
    expansion: Expansion
    files: list[PictureFile]


def examine_document(
    document: Mapping[str, object],
    drivers: Collection[str],
    grammars: Mapping[str, type[Grammar]],
    *,
    folder: str,
) -> DocumentExamination:
    """Return what a parsed plant file holds and what is wrong with it; `folder`: where its pictures are."""
    findings = Findings()
    expansion = expand(document, findings)
    tables = read_document(expansion.document, findings)
    check_names(tables, findings)
    check_references(tables, findings)
    if drivers:
        check_drivers(tables, drivers, findings)
    check_devices(tables, grammars, findings)
    check_numbers(tables, findings)
    check_writes(tables, findings)
    check_sheets(tables, findings)
    check_maintenance(tables, findings)
    check_vibration(tables, findings)
    check_reports(tables, findings)
    files = examine_pictures(Path(folder), tables)
    check_pictures(tables, files, findings)
    return DocumentExamination(at_origin(findings.found, expansion.origins), tables, expansion, files)


def _locate(text: str, findings: list[Finding]) -> tuple[Problem, ...]:
    if not findings:
        return ()
    index = LineIndex(text)
    problems = []
    for finding in findings:
        message = finding.message
        if finding.other is not None:
            message = message.replace("{other}", str(index.line_of(finding.other)))
        if finding.instance:
            others = f" and {finding.instances - 1} more" if finding.instances > 1 else ""
            message += f" (as {finding.name} at line {index.line_of(finding.instance)} has it{others})"
        line = index.line_of(finding.path) if finding.path else 0
        problems.append(Problem(line, message, is_warning=finding.is_warning))
    return tuple(sorted(problems, key=lambda problem: problem.line))
