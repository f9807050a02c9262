"""The words of the editor, in the present language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.plant.cell import OPTION, CellRefused, Column, Form
from app.plant.configuration_difference import ConfigurationChange, Difference, Effect
from app.plant.configuration_text import value_text
from app.plant.draft_sheet import OWN_NAME
from widgets import number
from widgets.translation import tr


def column_title(column: Column) -> str:
    """Return the head of a column."""
    if column.key == "parameters" and column.part:
        return str(column.part)
    titles: Mapping[str, str] = {
        "name": tr("Name"),
        "name.en": tr("Name"),
        "name.zh": tr("Name in Chinese"),
        "equipment": tr("Equipment"),
        "title.en": tr("Title"),
        "title.zh": tr("Title in Chinese"),
        "connection": tr("Connection"),
        "address": tr("Address"),
        "unit": tr("Unit"),
        "range.0": tr("Low end"),
        "range.1": tr("High end"),
        "decimals": tr("Decimals"),
        "type": tr("Type"),
        "kind": tr("Kind"),
        "scan_ms": tr("Read every, ms"),
        "gain": tr("Gain"),
        "offset": tr("Offset"),
        "normal.0": tr("Normal from"),
        "normal.1": tr("Normal to"),
        "clean.spike": tr("Spike above"),
        "clean.stuck_s": tr("Stuck after, s"),
        "clean.stale_s": tr("Stale after, s"),
        "keep_days": tr("Kept, days"),
        "id": tr("Id"),
        "tag": tr("Tag"),
        "condition": tr("Condition"),
        "limit": tr("Limit"),
        "priority": tr("Priority"),
        "message.en": tr("Message"),
        "message.zh": tr("Message in Chinese"),
        "deadband": tr("Dead band"),
        "on_delay_s": tr("On-delay, s"),
        "off_delay_s": tr("Off-delay, s"),
        "setpoint": tr("Setpoint"),
        "states": tr("States"),
        "expression": tr("Expression"),
        "suppress_when": tr("Suppressed when"),
        "group": tr("Group"),
        "latch": tr("Latched"),
        "alarm_class": tr("Alarm class"),
        "level": tr("Level"),
        "parent": tr("Belongs to"),
        "class": tr("Class"),
        "parameters": tr("Parameters"),
        "defaults": tr("Defaults"),
        "omit": tr("Left out"),
        "driver": tr("Driver"),
        "url": tr("URL"),
        "backfill": tr("Fills gaps"),
        "alarms": tr("Own alarms"),
        OPTION: tr("Further option"),
        "direction": tr("Reached from"),
        "window_h": tr("Looks back, h"),
        "horizon_h": tr("Looks ahead, h"),
        "cause.en": tr("Cause"),
        "cause.zh": tr("Cause in Chinese"),
        "action.en": tr("What to do"),
        "action.zh": tr("What to do, in Chinese"),
        "every_days": tr("Every, days"),
        "first_due": tr("First due"),
        "every": tr("Every, on the meter"),
        "meter": tr("Meter"),
        "last_at": tr("Last at"),
        "fixed": tr("Fixed dates"),
        "lead_days": tr("Asked for ahead, days"),
        "tolerance_days": tr("May be late, days"),
        "estimated_h": tr("Takes, h"),
        "parts": tr("Parts"),
        "checks": tr("Checks"),
        "renews": tr("Renews the equipment"),
        "place": tr("Place"),
        "start": tr("Start"),
        "hours": tr("Hours"),
    }
    return titles.get(column.name, column.name)


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
        "carry": tr("bringing the draft onto the new file"),
    }
    return texts.get(name, name)


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
