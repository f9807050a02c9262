"""Reads a plant file: TOML in UTF-8, checked as a whole, every problem at its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from app.model.plant import Plant
from app.plant.assembly import assemble
from app.plant.device_text import check_devices
from app.plant.line_index import LineIndex
from app.plant.maintenance_check import check_maintenance
from app.plant.plausibility import check_numbers
from app.plant.problem import Finding, Findings, PlantFileError, Problem
from app.plant.reference import check_drivers, check_names, check_references
from app.plant.report_check import check_reports
from app.plant.sheet_check import check_sheets
from app.plant.tables import read_document
from app.plant.vibration_check import check_vibration
from app.plant.write_check import check_writes
from drivers.driver import Grammar

NO_GRAMMARS: Mapping[str, type[Grammar]] = MappingProxyType({})
MAX_BYTES = 64 << 20
MAX_LINE = 16 << 10
_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Examination:
    """What a plant file holds and what is wrong with it; `plant` is None where a problem is more than a warning."""

    plant: Plant | None
    problems: tuple[Problem, ...]


def read_plant(path: Path, *, drivers: Collection[str] = ()) -> Plant:
    """Return the Plant that the file at `path` describes; `drivers`: the names that may be used, () to allow any.

    Raise PlantFileError with all problems of the file.
    """
    examination = examine_plant(path, drivers=drivers)
    if examination.plant is None:
        raise PlantFileError(path, [problem for problem in examination.problems if not problem.is_warning])
    return examination.plant


def examine_plant(
    path: Path, *, drivers: Collection[str] = (), grammars: Mapping[str, type[Grammar]] = NO_GRAMMARS
) -> Examination:
    """Return the Plant of a file together with its problems and warnings, in the order of their lines; never raises.

    `drivers`: the names that may be used, () to allow any. `grammars`: the drivers by whose words URLs, options and
    addresses are checked too. A collector does without: one wrong address must not keep it from all the others.
    """
    try:
        text = _read_text(path)
        document = _parse(text)
        return _examine(text, document, drivers, grammars, folder=str(path.absolute().parent))
    except _UnreadableError as reason:
        return Examination(None, (reason.problem,))
    except RecursionError:
        return Examination(None, (Problem(0, "brackets are nested too deeply: this is no plant file"),))


def examine_text(
    text: str, *, drivers: Collection[str], grammars: Mapping[str, type[Grammar]], folder: str
) -> Examination:
    """Return the Plant of a text that is to become a plant file, with its problems; never raises."""
    try:
        return _examine(text, _parse(text), drivers, grammars, folder=folder)
    except _UnreadableError as reason:
        return Examination(None, (reason.problem,))


class _UnreadableError(Exception):
    """The file is no TOML; there is nothing more to be said of it than `problem`."""

    def __init__(self, line: int, message: str) -> None:
        self.problem = Problem(line, message)
        super().__init__(message)


def _examine(
    text: str,
    document: dict[str, object],
    drivers: Collection[str],
    grammars: Mapping[str, type[Grammar]],
    *,
    folder: str,
) -> Examination:
    findings = Findings()
    tables = read_document(document, findings)
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
    problems = _locate(text, findings.found)
    is_usable = all(problem.is_warning for problem in problems)
    return Examination(assemble(tables, folder=folder) if is_usable else None, problems)


def _locate(text: str, findings: list[Finding]) -> tuple[Problem, ...]:
    if not findings:
        return ()
    index = LineIndex(text)
    problems = []
    for finding in findings:
        message = finding.message
        if finding.other is not None:
            message = message.replace("{other}", str(index.line_of(finding.other)))
        line = index.line_of(finding.path) if finding.path else 0
        problems.append(Problem(line, message, is_warning=finding.is_warning))
    return tuple(sorted(problems, key=lambda problem: problem.line))


def _read_text(path: Path) -> str:
    if path.is_dir():
        raise _UnreadableError(0, "is a folder: give the path of the plant.toml in it")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _UnreadableError(0, f"has {size >> 20} MiB, more than {MAX_BYTES >> 20}: this is no plant file")
        content = path.read_bytes()
    except FileNotFoundError:
        raise _UnreadableError(0, f"there is no such file: check the path {path}") from None
    except OSError as reason:
        raise _UnreadableError(0, f"cannot be read ({reason.strerror}): check the rights of {path}") from reason
    return _decode(content)


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _UnreadableError(1, "the file is in UTF-16: save it as UTF-8")
    if b"\x00" in content:
        line = content.count(b"\n", 0, content.index(b"\x00")) + 1
        raise _UnreadableError(line, "the file holds zero bytes: it is no text, or was cut off by a power failure")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        line = content.count(b"\n", 0, reason.start) + 1
        raise _UnreadableError(line, "the text is not in UTF-8: save the file as UTF-8") from reason
    if not text.strip():
        raise _UnreadableError(0, "the file is empty: begin with [plant], id and name")
    return text


def _parse(text: str) -> dict[str, object]:
    """Return the TOML document; lines are bounded because tomllib needs quadratic time for a very long key."""
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > MAX_LINE:
            raise _UnreadableError(number, f"the line has {len(line)} characters: this is no plant file")
    try:
        document: dict[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        raise _syntax_error(text, str(reason)) from reason
    except ValueError as reason:  # a number of more digits than Python converts
        raise _UnreadableError(0, f"a value cannot be read ({reason}): correct it") from reason
    return document


def _syntax_error(text: str, reason: str) -> _UnreadableError:
    match = _AT_LINE.search(reason)
    line = int(match.group(1)) if match else text.rstrip().count("\n") + 1
    what = _AT_LINE.sub("", reason).replace("(at end of document)", "at the end of the file").strip()
    return _UnreadableError(line, f"this is not TOML: {what}: correct the line, or the one above it")
