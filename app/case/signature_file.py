"""The file of signatures: known causes of a plant's equipment classes, as a maintainer writes and reads them.

    [[signature]]
    id = "pump.strainer"
    kind = "centrifugal_pump"
    symptoms = { DP_STR = 1.0, NPSH = -0.5 }
    cause = { en = "Suction strainer clogging", zh = "吸入滤网堵塞" }
    action = { en = "Clean the strainer", zh = "清洗滤网" }

A symptom is named by what stands in a tag's name behind that of its equipment; its number says how strongly it rises
(> 0) or falls (< 0), beside the others. `equipment` instead of `kind` makes it one of a single Equipment.
`usage = true` marks a cause that is another use of the equipment, such as a larger load, and no fault: on an
equipment's first day it opens no case.
"""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

from app.case.signature import Signature
from app.model.text import LocalText

_KEYS = {"id", "kind", "equipment", "symptoms", "cause", "action", "usage"}


class SignatureFileError(ValueError):
    """The file cannot be used; the message names the file, the place and the remedy."""


def read_signatures(path: Path) -> tuple[Signature, ...]:
    """Return the signatures of a file, none where there is no file; raise SignatureFileError."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SignatureFileError(f"{path}: {error}") from error
    tables = content.get("signature", [])
    if not isinstance(tables, list) or set(content) - {"signature"}:
        raise SignatureFileError(f"{path}: holds [[signature]] tables and nothing else")
    found: dict[str, Signature] = {}
    for place, table in enumerate(tables, 1):
        signature = _signature(table, f"{path}: signature {place}")
        if signature.id in found:
            raise SignatureFileError(f"{path}: signature {place}: the id {signature.id!r} is there already")
        found[signature.id] = signature
    return tuple(found.values())


def _signature(table: Any, where: str) -> Signature:  # noqa: ANN401 - of a file that anybody may have written
    if not isinstance(table, dict):
        raise SignatureFileError(f"{where}: write it as a table [[signature]]")
    if unknown := sorted(set(table) - _KEYS):
        raise SignatureFileError(f"{where}: {unknown[0]!r} is not known; known are {', '.join(sorted(_KEYS))}")
    name = table.get("id")
    if not isinstance(name, str) or not name:
        raise SignatureFileError(f"{where}: give it an id, such as 'pump.strainer'")
    where = f"{where} ({name})"
    kind = table.get("kind") or table.get("equipment")
    if not isinstance(kind, str) or not kind:
        raise SignatureFileError(f"{where}: say of which class of equipment it is (kind), or of which equipment")
    is_usage = table.get("usage", False)
    if not isinstance(is_usage, bool):
        raise SignatureFileError(f"{where}: usage is {is_usage!r}: write true or false")
    return Signature(
        name, kind, _text(table.get("cause"), f"{where}: cause"), _text(table.get("action"), f"{where}: action"),
        _symptoms(table.get("symptoms"), where), is_usage=is_usage,
    )  # fmt: skip


def _symptoms(table: Any, where: str) -> dict[str, float]:  # noqa: ANN401 - of a file that anybody may have written
    if not isinstance(table, dict) or not table:
        raise SignatureFileError(f"{where}: name at least one symptom, such as symptoms = {{ DP_STR = 1.0 }}")
    for role, part in table.items():
        is_number = isinstance(part, int | float) and not isinstance(part, bool)
        if not is_number or not math.isfinite(part) or part == 0:
            raise SignatureFileError(f"{where}: symptom {role!r} is {part!r}: write a number above or below 0")
    return {role: float(part) for role, part in table.items()}


def _text(table: Any, where: str) -> LocalText:  # noqa: ANN401 - of a file that anybody may have written
    if isinstance(table, str) and table:
        return LocalText(table)
    if isinstance(table, dict) and set(table) <= {"en", "zh"} and all(isinstance(each, str) for each in table.values()):
        text = LocalText(table.get("en", ""), table.get("zh", ""))
        if text.en:
            return text
    raise SignatureFileError(f'{where}: write {{ en = "...", zh = "..." }}')
