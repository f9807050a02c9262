"""What is wrong with a draft, each problem at the row and key that is to be mended."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.plant.draft import Draft
from app.plant.file import examine_document
from app.plant.problem import Finding, KeyPath
from app.plant.tag_list.revision import CannotRevise
from drivers.driver import Grammar


@dataclass(frozen=True, slots=True)
class DraftProblem:
    """One problem at a key of the draft's document; a warning does not keep it from being taken over."""

    path: KeyPath
    message: str
    is_warning: bool = False


def draft_problems(
    draft_document: Mapping[str, object],
    *,
    drivers: Collection[str],
    grammars: Mapping[str, type[Grammar]],
    folder: str,
) -> list[DraftProblem]:
    """Return the problems of a draft's document, the grave ones first; `folder`: that of the plant."""
    found = examine_document(draft_document, drivers, grammars, folder=folder).findings
    problems = [DraftProblem(each.path, _message(each), each.is_warning) for each in found]
    return sorted(problems, key=lambda problem: problem.is_warning)


def revision_problem(draft: Draft) -> str:
    """Return why the text of the file cannot be revised by rule, "" where it can."""
    try:
        draft.revised_text()
    except CannotRevise as error:
        return str(error)
    return ""


def _message(finding: Finding) -> str:
    """Return a message without lines, which a draft does not have."""
    message = finding.message
    if finding.other is not None:
        message = message.replace("at line {other}", f"in {_place(finding.other)}")
    if finding.instance:
        others = f" and {finding.instances - 1} more" if finding.instances > 1 else ""
        message += f" (as {finding.name} has it{others})"
    return message


def _place(path: KeyPath) -> str:
    """Return where a key stands, such as "tag 17": rows are counted from 1."""
    parts = [str(part + 1) if isinstance(part, int) else str(part) for part in path[:-1]]
    return " ".join(parts) or "the file"
