"""Binds a model that was learned elsewhere to equipment of this plant: same class, same roles of tags, same units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.learning.model_file import SharedModel
from app.learning.refusal import ModelRefused
from app.model.learned_model import ModelRecord
from app.model.plant import Plant


def bound(
    shared: SharedModel, plant: Plant, subject: str, *, names: Mapping[str, str], author: str, now: int, source: str
) -> ModelRecord:
    """Return the model as one of `subject`, an Equipment or a class of this plant; raise ModelRefused.

    `names`: what a role of the model is called here, where that is something else. All that does not fit is told.
    """
    record = shared.record
    known = {each.id: each.kind for each in plant.equipment}
    machines = [each for each, kind in known.items() if kind == subject] if record.is_class else [subject]
    if not machines or (not record.is_class and subject not in known):
        what = "class" if record.is_class else "equipment"
        there = ", ".join(sorted(({*known.values()} - {""}) if record.is_class else known)) or "none"
        raise ModelRefused(f"{subject}: this plant has no such {what}; there are: {there}")
    if strange := sorted(set(names) - {*record.tags, *record.modes}):
        has = ", ".join((*record.tags, *record.modes))
        raise ModelRefused(f"the model has no tag {strange[0]}; it has: {has}")
    if wrong := [each for each in machines if shared.equipment_class != known[each]]:
        raise ModelRefused(
            f"the model is of the class {shared.equipment_class or '(none)'}, but {wrong[0]} is of "
            f"{known[wrong[0]] or '(none)'}: bind it to equipment of its own class, or set kind in plant.toml"
        )
    roles = tuple(names.get(role, role) for role in record.tags)
    modes = tuple(names.get(role, role) for role in record.modes)
    wanted = [*zip(roles, record.units, strict=True), *((role, None) for role in modes)]
    faults = [fault for each in machines for fault in _faults(plant, each, wanted)]
    if faults:
        raise ModelRefused("it does not fit:\n" + "\n".join(f"  {fault}" for fault in faults))
    return replace(
        record,
        number=0,
        subject=subject,
        made=now,
        author=author,
        data_begin=0,
        data_end=0,
        tags=roles,
        modes=modes,
        source=source,
    )


def _faults(plant: Plant, equipment: str, wanted: Sequence[tuple[str, str | None]]) -> list[str]:
    """Return what of the roles an Equipment lacks, or has in another unit than the one that is wanted, if any is."""
    has = {tag.name.removeprefix(f"{equipment}."): tag.unit for tag in plant.tags_of(equipment)}
    found = []
    for role, unit in wanted:
        if role not in has:
            found.append(
                f"{equipment} has no tag {role} (it has {', '.join(sorted(has)) or 'none'}): --name {role}=ITS_NAME"
            )
        elif unit is not None and has[role] != unit:
            found.append(
                f"{equipment}.{role} is in {has[role] or '1'}, the model in {unit or '1'}: give the tag that unit"
            )
    return found


def subjects_for(shared: SharedModel, plant: Plant) -> list[str]:
    """Return to what of this plant a model may be bound: its class, or the equipment of that class."""
    alike = [each.id for each in plant.equipment if each.kind and each.kind == shared.equipment_class]
    if shared.record.is_class:
        return [shared.equipment_class] if alike else []
    return alike


def roles_for(shared: SharedModel, plant: Plant, subject: str) -> dict[str, list[str]]:
    """Return for each role of a model the roles of `subject` here that have its unit; one of its own name first.

    Where `subject` is a class, all of its equipment has them.
    """
    machines = [each.id for each in plant.equipment if subject in {each.id, each.kind}]
    found: dict[str, list[str]] = {}
    for role, unit in zip(shared.record.tags, shared.record.units, strict=True):
        each_has = [
            {tag.name.removeprefix(f"{name}.") for tag in plant.tags_of(name) if tag.unit == unit} for name in machines
        ]
        here = set.intersection(*each_has) if each_has else set()
        found[role] = sorted(here, key=lambda name: (name != role, name))
    return found
