"""What is wrong with a draft, each problem at the row and key that is to be mended."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.plant.draft.list_cell import list_text, states_text
from app.plant.file import examine_document
from app.plant.problem import Finding, KeyPath
from drivers.driver import Grammar


@dataclass(frozen=True, slots=True)
class DraftProblem:
    """One problem at a key of the draft's document; a warning does not keep it from being taken over.

    `name`: of the table that it is about, "" where it has none.
    """

    path: KeyPath
    message: str
    is_warning: bool = False
    name: str = ""


def draft_problems(
    draft_document: Mapping[str, object],
    *,
    drivers: Collection[str],
    grammars: Mapping[str, type[Grammar]],
    folder: str,
) -> list[DraftProblem]:
    """Return the problems of a draft's document, the grave ones first; `folder`: that of the plant."""
    found = examine_document(draft_document, drivers, grammars, folder=folder).findings
    problems = [
        DraftProblem(each.path, _message(each), each.is_warning, _name(each.path, draft_document)) for each in found
    ]
    return sorted(problems, key=lambda problem: problem.is_warning)


def _name(path: KeyPath, document: Mapping[str, object]) -> str:
    """Return the name of the innermost table on a path that has one."""
    found: object = document
    name = ""
    for part in path:
        if isinstance(found, Mapping):
            found = found.get(str(part))
        elif isinstance(found, list) and isinstance(part, int) and part < len(found):
            found = found[part]
        else:
            break
        if isinstance(found, Mapping):
            known = found.get("id") or (found.get("name") if isinstance(part, int) else None)
            name = str(known) if isinstance(known, str) else name
    return name


def _message(finding: Finding) -> str:
    """Return a message without lines, which a draft does not have."""
    message = _WRITE.sub(lambda said: f"write {_as_in_a_cell(said[1])}", finding.message.replace(" in quotes", ""))
    if finding.other is not None:
        message = message.replace("at line {other}", f"in {_place(finding.other)}")
    if finding.instance:
        others = f" and {finding.instances - 1} more" if finding.instances > 1 else ""
        message += f" (as {finding.name} has it{others})"
    return message


_WRITE = re.compile(r"(?:write|add) \w+ = (.+)$")


def _as_in_a_cell(example: str) -> str:
    """Return how a value of the plant file is written in a cell of a sheet."""
    try:
        found = tomllib.loads(f"x = {example}")["x"]
    except tomllib.TOMLDecodeError:
        return example
    if isinstance(found, str):
        return found
    if isinstance(found, list):
        return states_text(found) or list_text(found) or example
    return example


def _place(path: KeyPath) -> str:
    """Return where a key stands, such as "tag 17": rows are counted from 1."""
    parts = [str(part + 1) if isinstance(part, int) else str(part) for part in path[:-1]]
    return " ".join(parts) or "the file"
