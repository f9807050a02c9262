"""The audit trail in words of the operator's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress

from app.audit.journal import AuditLine
from app.audit.search import Standing
from app.model.alarm import AlarmEvent, AlarmState
from app.model.audit import AuditAction, AuditRecord
from app.model.case import Verdict
from app.model.content import Content, is_nothing
from app.model.control import ControlState
from app.model.former_name import FormerNames
from app.model.unit_symbol import unit_symbol
from widgets import number
from widgets.case.wording import indicator_text, verdict_text
from widgets.control.wording import state_text
from widgets.feed import Feed
from widgets.former_text import former_text
from widgets.model.journal_table import event_text
from widgets.station_text import station_text
from widgets.translation import local, tr

KINDS = (
    "write", "method", "alarm", "case", "work", "handover", "model", "configuration", "user", "certificate", "sign_in",
    "history", "log",
)  # fmt: skip
_CASE = re.compile(r"case (\d+)(?: (.+))?")
"""How a record names a case, with its equipment where it is of one."""


def kind_text(kind: str) -> str:
    """Return a kind of deeds as one chooses it."""
    texts: Mapping[str, str] = {
        "write": tr("Writes"),
        "method": tr("Calls"),
        "alarm": tr("Alarms"),
        "case": tr("Cases"),
        "work": tr("Work orders"),
        "handover": tr("Handovers"),
        "model": tr("Models"),
        "configuration": tr("Configuration"),
        "user": tr("Users"),
        "certificate": tr("Certificates"),
        "sign_in": tr("Signing in"),
        "history": tr("History file"),
        "log": tr("The log itself"),
    }
    return texts.get(kind, kind)


def action_text(action: str) -> str:
    """Return what was done."""
    texts: Mapping[str, str] = {
        AuditAction.WRITE_INTENT: tr("Write ordered"),
        AuditAction.WRITE_RESULT: tr("Write ended"),
        AuditAction.WRITE_REFUSED: tr("Write refused"),
        AuditAction.METHOD_INTENT: tr("Call ordered"),
        AuditAction.METHOD_RESULT: tr("Call ended"),
        AuditAction.METHOD_REFUSED: tr("Call refused"),
        AuditAction.ALARM_CHANGED: tr("Alarm changed"),
        AuditAction.ALARM_OPERATED: tr("Alarm operated"),
        AuditAction.ALARM_INTENT: tr("Alarm command"),
        AuditAction.ALARM_REFUSED: tr("Alarm command refused"),
        AuditAction.CASE_OPENED: tr("Case opened"),
        AuditAction.CASE_CLOSED: tr("Case closed"),
        AuditAction.CASE_CHANGE_MADE: tr("Changed by a verdict"),
        AuditAction.CASE_CHANGE_UNDONE: tr("Change undone"),
        AuditAction.CASE_REFUSED: tr("Case command refused"),
        AuditAction.WORK_STEPPED: tr("Work order changed"),
        AuditAction.WORK_REFUSED: tr("Work order refused"),
        AuditAction.HANDOVER_STEPPED: tr("Handover"),
        AuditAction.HANDOVER_REFUSED: tr("Handover refused"),
        AuditAction.STOP_CHANGED: tr("Planned stop changed"),
        AuditAction.PART_BOOKED: tr("Part booked"),
        AuditAction.PART_RULE_SET: tr("Minimum or place of a part set"),
        AuditAction.MODEL_ADDED: tr("Model added"),
        AuditAction.MODEL_TRIED: tr("Model tried"),
        AuditAction.MODEL_STEPPED: tr("Model changed"),
        AuditAction.MODEL_REFUSED: tr("Model refused"),
        AuditAction.SIGN_IN: tr("Signed in"),
        AuditAction.SIGN_IN_REFUSED: tr("Sign-in refused"),
        AuditAction.SIGN_OFF: tr("Signed off"),
        AuditAction.USER_ADDED: tr("User added"),
        AuditAction.USER_REMOVED: tr("User removed"),
        AuditAction.CERTIFICATE_TRUSTED: tr("Certificate trusted"),
        AuditAction.CERTIFICATE_REFUSED: tr("Certificate refused"),
        AuditAction.CONFIGURATION_CHANGED: tr("Configuration changed"),
        AuditAction.PICTURE_CHANGED: tr("Picture changed"),
        AuditAction.HISTORY_BACKED_UP: tr("Backed up"),
        AuditAction.HISTORY_RESTORED: tr("Restored"),
        AuditAction.HISTORY_REPAIRED: tr("Repaired"),
        AuditAction.HISTORY_IMPORTED: tr("Imported"),
        AuditAction.LOG_MIGRATED: tr("Taken over from an older version"),
        AuditAction.LOG_ANCHORED: tr("Taken outside"),
        AuditAction.LOG_ACCEPTED: tr("Accepted"),
        AuditAction.LOG_BODIES_DROPPED: tr("Texts dropped"),
        AuditAction.CLOCK_SET_BACK: tr("Clock set back"),
        AuditAction.KEY_MADE: tr("Key made"),
        AuditAction.KEY_ROTATED: tr("Key changed"),
        AuditAction.KEY_REPLACED: tr("Key replaced, unvouched"),
    }
    return texts.get(action, action)


def object_text(record: AuditRecord, feed: Feed, former: FormerNames | None = None) -> str:
    """Return what it was done to; `former`: names that were others once."""
    now = "" if former is None else former.present(record.tag)
    tag = feed.tags.get(now or record.tag)
    name = former_text(record.tag, now)
    name = f"{name}  {local(tag.title)}" if tag is not None else name
    if record.action.kind == "method":
        title = next((local(each.title) for each in feed.plant.methods if each.name == record.subject), "")
        name = "  ".join(part for part in (record.subject, title) if part)
    if record.action.kind == "case":
        name = _case_text(record.subject, feed)
    return name or record.alarm or record.subject


def _case_text(subject: str, feed: Feed) -> str:
    """Return what a record says of a case: its number, and the equipment where one is named."""
    found = _CASE.fullmatch(subject)
    if found is None:
        return subject
    equipment = next((local(each.name) for each in feed.plant.equipment if each.id == found[2]), found[2] or "")
    return "  ".join(part for part in (tr("Case {n}", n=found[1]), equipment) if part)


def detail_text(record: AuditRecord, feed: Feed) -> str:
    """Return what has to be known besides, in one line: what came of it, from what to what, and why."""
    parts = [_outcome_text(record)]
    if not is_nothing(record.new):
        parts.append(f"{_value_text(record.old, record, feed)} → {_value_text(record.new, record, feed)}")
    changed = [line for line in record.detail.splitlines() if not line.startswith("@@")]
    parts += [_reason_text(record, feed), "   ".join(changed[:2]) + (" …" if len(changed) > 2 else "")]
    return "  ·  ".join(part for part in parts if part)


def _reason_text(record: AuditRecord, feed: Feed) -> str:
    """Return why it was; of a case that was opened by what."""
    if record.action is AuditAction.CASE_OPENED:
        return ", ".join(indicator_text(each, feed) for each in record.reason.split(", ") if each)
    return station_text(record.reason)


def _outcome_text(record: AuditRecord) -> str:
    """Return how it ended; of an alarm what happened to it."""
    if record.action.kind == "alarm":
        with suppress(ValueError):
            state = AlarmState(record.outcome) if record.outcome else AlarmState.NORMAL
            return event_text(AlarmEvent(record.operation) if record.operation else None, state)
    if record.action.kind in {"write", "method"}:
        with suppress(ValueError):
            return state_text(ControlState(record.outcome))
    if record.action.kind == "case" and record.outcome in list(Verdict):
        return verdict_text(Verdict(record.outcome))
    return "" if record.action.kind == "configuration" else record.outcome


def _value_text(value: Content, record: AuditRecord, feed: Feed) -> str:
    tag = feed.tags.get(record.tag)
    if is_nothing(value):
        return number.NO_VALUE
    if tag is not None and (tag.states or not isinstance(value, float)):
        return number.content_text(value, tag=tag)
    if not isinstance(value, float):
        return str(value)
    decimals = len(f"{value:.9f}".rstrip("0").partition(".")[2])
    text = number.number(value, decimals=decimals)  # all that was written, not what a screen rounds it to
    return text if tag is None or not tag.unit else f"{text} {unit_symbol(tag.unit)}"


def full_text(line: AuditLine) -> str:
    """Return the whole of a record, for whoever points at it."""
    record = line.record
    if record is None:
        return tr("The text of this record was dropped by a rule of retention; its hash is kept.")
    pairs = [
        (tr("From where"), record.window),
        (tr("Role"), record.role),
        (tr("Alarm"), record.alarm),
        (tr("Object"), record.subject),
        (tr("Outcome"), record.outcome),
        (tr("Reason"), station_text(record.reason)),
        ("SHA-256", record.digest),
    ]
    lines = [f"{name}: {value}" for name, value in pairs if value]
    return "\n".join(lines + record.detail.splitlines()[:40]) or action_text(line.action)


def standing_text(standing: Standing, now: int) -> str:
    """Return how well the log is bound, in one line."""
    if not standing.size:
        return tr("The log is empty")
    if not standing.signed:
        signed = tr("{n} records, none signed yet", n=number.count(standing.size))
    else:
        signed = tr("{n} records, signed up to {m}", n=number.count(standing.size), m=number.count(standing.signed))
    if not standing.anchored_at:
        return f"{signed}  ·  {tr('never taken outside of this PC')}"
    age = number.plain_duration(max(0, now - standing.anchored_at) / 1e9)
    return f"{signed}  ·  {tr('last taken outside {age} ago', age=age)}"
