"""The words of the editor, in the present language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.plant.configuration_difference import ConfigurationChange, Difference, Effect
from app.plant.configuration_text import value_text
from app.plant.draft.cell import CellRefused
from app.plant.draft.column import OPTION, Column, Form
from app.plant.draft.sheet import OWN_NAME
from widgets import number
from widgets.editor.column_title import column_title
from widgets.translation import tr


def refusal_text(refused: CellRefused) -> str:
    """Return why a cell was not taken, with what may stand there."""
    column = refused.column or Column("")
    if refused.expected == OWN_NAME:
        return tr("A connection needs a name that no other one has: {name}", name=f"“{refused.text}”")
    if column.key == OPTION:
        return tr(
            "“{value}” is no option of a driver: write one such as {example}",
            value=refused.text[:40],
            example='order = "CDAB"',
        )
    expected = {
        Form.NUMBER: tr("a number"),
        Form.WHOLE: tr("a whole number"),
        Form.SWITCH: tr("true or false"),
        Form.CHOICE: ", ".join(column.choices),
        Form.LIST: tr("values with commas between"),
        Form.NUMBERS: tr("numbers with commas between"),
        Form.STATES: tr("numbers with what they mean, such as {example}", example="0 Stopped / 停止, 1 Running / 运行"),
    }.get(column.form, refused.expected)
    return tr(
        "{column}: “{value}” cannot stand there. It takes: {expected}.",
        column=column_title(column),
        value=refused.text[:40],
        expected=expected,
    )


def step_text(name: str) -> str:
    """Return what a step did; "" for none."""
    texts: Mapping[str, str] = {
        "": "",
        "set": tr("change of cells"),
        "fill": tr("filling by a pattern"),
        "replace": tr("replacing"),
        "paste": tr("pasting"),
        "add": tr("new rows"),
        "remove": tr("taking rows away"),
        "move": tr("another order"),
        "carry": tr("bringing the draft onto the new file"),
    }
    return texts.get(name, name)


def empty_text(kind: str, *, is_filtered: bool, is_class: bool) -> str:
    """Return what to do where a sheet has no rows."""
    if is_filtered:
        return tr("Nothing here is what the filter asks for.")
    first = {
        "connection": tr("A connection is the way to one device: its driver and its URL."),
        "tag": tr("A tag is one value of a device. Add a device reads them from it."),
        "equipment_class": tr("A class says once what all equipment of a kind has: its tags, alarms and maintenance."),
        "equipment": tr("Equipment is what tags and alarms belong to: areas, lines, machines."),
    }.get(kind, "")
    more = tr("New row (Ins) adds one, and Paste takes rows from a spreadsheet.")
    own = tr("Texts may hold parameters in braces, such as {id}.P, which each instance fills in.") if is_class else ""
    return "\n".join(part for part in (tr("Nothing here yet."), first, own, more) if part)


def kind_text(kind: str) -> str:
    """Return what a table of the plant file is."""
    texts: Mapping[str, str] = {
        "plant": tr("Plant"),
        "equipment": tr("Equipment"),
        "equipment_class": tr("Class"),
        "connection": tr("Connection"),
        "tag": tr("Tag"),
        "alarm": tr("Alarm"),
        "forecast": tr("Forecast"),
        "method": tr("Method"),
        "picture": tr("Picture"),
        "measuring_point": tr("Measuring point"),
        "maintenance_definition": tr("Maintenance"),
        "spare_part": tr("Spare part"),
        "planned_stop": tr("Planned stop"),
        "alarm_class": tr("Alarm class"),
        "shift": tr("Shift"),
        "vibration_zones": tr("Vibration zones"),
        "report": tr("Reports"),
        "history": tr("History"),
        "collector": tr("Collector"),
        "alarms": tr("Alarm rules"),
        "alarm_matrix": tr("Priority matrix"),
        "maintenance": tr("Maintenance rules"),
    }
    return texts.get(kind, f"[{kind}]")


def subject_text(change: ConfigurationChange) -> str:
    """Return what a change is about."""
    subject = change.subject
    what = " ".join(part for part in (kind_text(subject.kind), subject.name) if part)
    return tr("Class {name}: {what}", name=subject.owner, what=what) if subject.owner else what


def change_text(change: ConfigurationChange) -> str:
    """Return what is otherwise of it."""
    match change.what:
        case Difference.ADDED:
            return tr("new")
        case Difference.REMOVED:
            return tr("goes")
        case Difference.RENAMED:
            return tr("was {name}", name=str(change.before))
        case Difference.MOVED:
            return tr("in another order")
    return f"{change.key}: {_side(change, change.before)} → {_side(change, change.after)}"


def _side(change: ConfigurationChange, value: object) -> str:
    if value is not None:
        return value_text(value, change.key)
    return "–" if change.usual is None else f"({value_text(change.usual, change.key)})"


def effects_text(effects: Sequence[Effect]) -> str:
    """Return how much of the plant is otherwise, with all that classes make; "" for nothing."""
    parts = [
        tr(
            "{kind}: {added} new, {changed} changed, {removed} gone",
            kind=kind_text(effect.kind),
            added=number.count(effect.added),
            changed=number.count(effect.changed),
            removed=number.count(effect.removed),
        )
        for effect in effects
    ]
    return tr("In all  {parts}", parts="   ".join(parts)) if parts else ""
