"""Signatures that go from plant to plant as a file, and whether they fit the equipment of this one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.case.pattern import role_of
from app.case.signature import Signature
from app.case.signature_file import SignatureFileError
from app.model.case import CaseEffect, EffectKind
from app.model.plant import Plant
from app.model.text import LocalText

_LOOK = LocalText("Inspect it", "检查")


def taught(effects: Sequence[CaseEffect], kinds: Mapping[str, str], kind: str) -> list[Signature]:
    """Return the signatures that verdicts taught at equipment of a class and that were not undone, the newest of each.

    `kinds`: the class of each Equipment.
    """
    found: dict[str, Signature] = {}
    for each in effects:
        if each.kind is EffectKind.SIGNATURE and each.stands and kinds.get(each.equipment) == kind:
            symptoms = _symptoms(each)
            if symptoms:
                name = f"{kind}.case{each.case}"
                found[each.cause.en.casefold()] = Signature(
                    name, kind, each.cause, each.action, symptoms, f"case {each.case}"
                )
    return list(found.values())


def _symptoms(effect: CaseEffect) -> dict[str, float]:
    """Return how the tags moved: the root of each share, with the sign of its change."""
    return {
        role_of(each.tag, effect.equipment): round((each.share**0.5) * (-1.0 if each.change < 0.0 else 1.0), 3)
        for each in effect.contributions
        if each.share >= 0.01
    }


def as_toml(signatures: Sequence[Signature]) -> str:
    """Return signatures as tables of the file that a maintainer reads and writes."""
    return "\n".join(
        f"[[signature]]\nid = {_quoted(each.id)}\nkind = {_quoted(each.kind)}\n"
        f"symptoms = {{ {', '.join(f'{_quoted(role)} = {part:g}' for role, part in each.symptoms.items())} }}\n"
        f"cause = {_text(each.cause)}\naction = {_text(each.action if each.action.en else _LOOK)}\n"
        for each in signatures
    )


def bound(
    signatures: Sequence[Signature], plant: Plant, kind: str, *, names: Mapping[str, str], known: Sequence[Signature]
) -> list[Signature]:
    """Return those that are new here, as ones of the class `kind` of this plant; raise SignatureFileError.

    `names`: what a role is called here, where that is something else. Each role must be there at each Equipment of the
    class; all that is not is told. A signature whose id is taken by another one is refused.
    """
    machines = [each.id for each in plant.equipment if each.kind == kind]
    if not machines:
        there = ", ".join(sorted({each.kind for each in plant.equipment} - {""})) or "none"
        raise SignatureFileError(f"{kind}: this plant has no equipment of this class; there are: {there}")
    if other := next((each for each in signatures if each.kind != kind), None):
        raise SignatureFileError(f"{other.id} is of the class {other.kind}, not of {kind}: bind it to its own class")
    renamed = [
        replace(each, symptoms={names.get(role, role): part for role, part in each.symptoms.items()})
        for each in signatures
    ]
    faults = [fault for each in renamed for fault in _faults(each, plant, machines)]
    if faults:
        raise SignatureFileError("they do not fit:\n" + "\n".join(f"  {fault}" for fault in faults))
    taken = {each.id: each for each in known}
    if clash := next((each for each in renamed if each.id in taken and not _is_same(each, taken[each.id])), None):
        raise SignatureFileError(f"{clash.id}: another signature here has this id: rename one of them")
    return [each for each in renamed if each.id not in taken]


def _faults(signature: Signature, plant: Plant, machines: Sequence[str]) -> list[str]:
    found = []
    for machine in machines:
        has = {role_of(tag.name, machine) for tag in plant.tags_of(machine)}
        found += [
            f"{signature.id}: {machine} has no tag {role} (it has {', '.join(sorted(has)) or 'none'}): "
            f"--name {role}=ITS_NAME"
            for role in sorted(set(signature.symptoms) - has)
        ]
    return found


def _is_same(one: Signature, other: Signature) -> bool:
    return (one.kind, one.cause, dict(one.symptoms)) == (other.kind, other.cause, dict(other.symptoms))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _text(text: LocalText) -> str:
    chinese = f", zh = {_quoted(text.zh)}" if text.zh else ""
    return f"{{ en = {_quoted(text.en)}{chinese} }}"
