"""Work orders in words, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from app.maintenance.margin import Margin, MarginState
from app.maintenance.schedule import Due, DueBy, DueState
from app.model.plant import Plant
from app.model.unit_symbol import unit_symbol
from app.model.work_order import (
    Effect,
    Ground,
    Proposal,
    WorkOrder,
    WorkRefusal,
    WorkRefusalCode,
    WorkSource,
    WorkState,
    WorkStep,
)
from widgets import number
from widgets.station_text import station_text
from widgets.translation import local, tr

DAY_S = 86_400.0


def order_name(order: int) -> str:
    """Return how people call an order."""
    return f"WO-{order:05d}"


def state_text(state: WorkState) -> str:
    """Return where an order stands."""
    texts: Mapping[WorkState, str] = {
        WorkState.REQUESTED: tr("Requested"),
        WorkState.PLANNED: tr("Planned"),
        WorkState.RELEASED: tr("Released"),
        WorkState.IN_WORK: tr("In work"),
        WorkState.DONE: tr("Done"),
        WorkState.FIXED: tr("Fixed"),
        WorkState.NOT_FIXED: tr("Not fixed"),
        WorkState.CANCELLED: tr("Cancelled"),
    }
    return texts[state]


def step_text(step: WorkStep) -> str:
    """Return what a button says that does a step."""
    texts: Mapping[WorkStep, str] = {
        WorkStep.REQUEST: tr("Request"),
        WorkStep.PLAN: tr("Plan…"),
        WorkStep.RELEASE: tr("Release"),
        WorkStep.START: tr("Start work"),
        WorkStep.INTERRUPT: tr("Interrupt…"),
        WorkStep.NOTE: tr("Note…"),
        WorkStep.COMPLETE: tr("Complete and sign…"),
        WorkStep.OBSERVE: tr("Observed"),
        WorkStep.CONFIRM_FIXED: tr("Yes, it is fixed"),
        WorkStep.CONFIRM_NOT_FIXED: tr("No, it is not…"),
        WorkStep.CANCEL: tr("Cancel the order…"),
    }
    return texts[step]


def done_text(step: WorkStep) -> str:
    """Return a step as the history of an order tells it."""
    texts: Mapping[WorkStep, str] = {
        WorkStep.REQUEST: tr("Requested"),
        WorkStep.PLAN: tr("Planned"),
        WorkStep.RELEASE: tr("Released"),
        WorkStep.START: tr("Work started"),
        WorkStep.INTERRUPT: tr("Interrupted"),
        WorkStep.NOTE: tr("Noted"),
        WorkStep.COMPLETE: tr("Completed and signed"),
        WorkStep.OBSERVE: tr("Observed by the station"),
        WorkStep.CONFIRM_FIXED: tr("Fixed"),
        WorkStep.CONFIRM_NOT_FIXED: tr("Not fixed"),
        WorkStep.CANCEL: tr("Cancelled"),
    }
    return texts[step]


def source_text(order: WorkOrder, plant: Plant) -> str:
    """Return what has asked for the work."""
    match order.source:
        case WorkSource.ALARM:
            message = next((local(alarm.message) for alarm in plant.alarms if alarm.id == order.reference), "")
            return tr("Alarm: {name}", name=message or order.reference)
        case WorkSource.FORECAST:
            cause = next((local(each.cause) for each in plant.forecasts if each.id == order.reference), "")
            return tr("Forecast: {name}", name=cause or order.reference)
        case WorkSource.CASE:
            return tr("Case {name}", name=order.reference)
        case WorkSource.METER | WorkSource.CALENDAR:
            return recurrence_text(order.reference, plant)
        case WorkSource.FOLLOW_UP:
            return tr("{order} did not help", order=order_name(order.follows))
    return tr("By hand")


def recurrence_text(definition: str, plant: Plant) -> str:
    """Return how often recurring work is done."""
    known = next((each for each in plant.maintenance if each.id == definition), None)
    if known is None:
        return definition
    parts = []
    if known.every:
        unit = next((unit_symbol(tag.unit) for tag in plant.tags if tag.name == known.meter), "")
        hours = unit if unit and unit != "1" else "h"
        parts.append(tr("every {n} {unit} of {tag}", n=number.count(known.every), unit=hours, tag=known.meter))
    if known.every_days:
        parts.append(tr("every {n} d", n=f"{known.every_days:g}"))
    return tr(" or ").join(parts)


def proposal_text(proposal: Proposal) -> str:
    """Return what the station thinks of completed work, and why."""
    grounds: Mapping[Ground, str] = {
        Ground.NONE: "",
        Ground.ALARM_AWAY: tr("the alarm stayed away"),
        Ground.ALARM_ACTIVE: tr("the alarm still stands"),
        Ground.ALARM_AGAIN: tr("the alarm came again"),
        Ground.FORECAST_AWAY: tr("nothing runs towards the limit any more"),
        Ground.FORECAST_AGAIN: tr("it runs towards the limit again"),
        Ground.HEALTH_GOOD: tr("the equipment is healthy"),
        Ground.HEALTH_POOR: tr("the equipment is not healthy"),
    }
    effects: Mapping[Effect, str] = {
        Effect.WATCHING: tr("Still watching what led to it"),
        Effect.LOOKS_FIXED: tr("It looks fixed"),
        Effect.LOOKS_NOT_FIXED: tr("It does not look fixed"),
        Effect.NOT_KNOWN: tr("The station cannot tell"),
    }
    ground = grounds[proposal.ground]
    text = f"{effects[proposal.effect]}: {ground}" if ground else effects[proposal.effect]
    if proposal.at and proposal.ground in {Ground.ALARM_AGAIN, Ground.FORECAST_AGAIN}:
        text += f" ({number.day_and_time(proposal.at)})"
    if proposal.health is not None:
        text += f"  ·  {tr('health {n}', n=number.number(proposal.health, decimals=0))}"
    return text


def due_text(each: Due) -> str:
    """Return when recurring work is due."""
    days = number.duration(abs(each.remaining) * DAY_S)
    match each.state:
        case DueState.OVERDUE:
            return tr("overdue by {time}", time=days)
        case DueState.DUE:
            return tr("to be done now")
        case DueState.SOON | DueState.LATER if each.remaining == each.remaining:
            return tr("in {time}", time=days)
        case DueState.LATER:
            return tr("the meter stands still")
    return tr("no reading of the meter yet")


def left_text(each: Due) -> str:
    """Return what the meter may still count, "" without one."""
    if each.left != each.left:
        return ""
    return (
        tr("{n} left", n=number.count(each.left)) if each.left >= 0 else tr("{n} too many", n=number.count(-each.left))
    )


def due_by_text(each: Due) -> str:
    """Return what makes it due first."""
    return tr("meter") if each.by is DueBy.METER else tr("calendar")


def margin_text(margin: Margin | None) -> str:
    """Return whether the next planned stop is early enough for a forecast; "" where there is nothing to say."""
    if margin is None:
        return ""
    if margin.stop is None:
        return tr("no stop is planned")
    name = local(margin.stop.stop.name)
    days = margin.likely if margin.state is MarginState.TOO_LATE or margin.early is None else margin.early
    time = number.duration(abs(days or 0.0) * DAY_S)
    match margin.state:
        case MarginState.TOO_LATE:
            return tr("{stop} is {time} too late", stop=name, time=time)
        case MarginState.AT_RISK:
            return tr("{stop} may be {time} too late", stop=name, time=time)
    return tr("{stop} is {time} before it", stop=name, time=time)


def refusal_text(refusal: WorkRefusal) -> str:
    """Return why something was not done."""
    return _plain_refusals().get(refusal.code) or _filled_refusal(refusal) or refusal.text


def _filled_refusal(refusal: WorkRefusal) -> str:
    who, subject = refusal.by or tr("the station"), refusal.subject
    texts: Mapping[WorkRefusalCode, str] = {
        WorkRefusalCode.CHANGED: tr(
            "{who} changed the order at {time}: look again", who=who, time=number.day_and_time(refusal.at)
        ),
        WorkRefusalCode.DUPLICATE: tr("{order} is open for this already", order=order_name(refusal.other)),
        WorkRefusalCode.ROLE: tr("{who} may not do this; it needs the role {role}", who=who, role=subject),
        WorkRefusalCode.CHECK_OPEN: tr("The checklist is open at “{line}”: do it, or remark why not", line=subject),
        WorkRefusalCode.OUT_OF_LIMITS: tr("“{line}” is beyond its limits: remark what was done about it", line=subject),
        WorkRefusalCode.NOT_STORED: tr("Nothing can be stored: {reason}", reason=station_text(subject)),
        WorkRefusalCode.WAIT: tr("Too many wrong PINs: try again in {n} s", n=subject),
    }
    return texts.get(refusal.code, "")


def _plain_refusals() -> Mapping[WorkRefusalCode, str]:
    return {
        WorkRefusalCode.NO_ORDER: tr("This order is closed already"),
        WorkRefusalCode.NO_NAME: tr("Say who you are"),
        WorkRefusalCode.NOT_SIGNED_IN: tr("Sign in first"),
        WorkRefusalCode.NO_REASON: tr("Say why"),
        WorkRefusalCode.LONG_TEXT: tr("The text is too long"),
        WorkRefusalCode.STATE: tr("This is not possible in the present state of the order"),
        WorkRefusalCode.NO_START: tr("Say when it begins"),
        WorkRefusalCode.NUMBER: tr("Hours, quantities and values are numbers from 0 on"),
        WorkRefusalCode.SIGNED: tr("What was signed is not altered: ask for new work"),
        WorkRefusalCode.NO_SIGNATURE: tr("Sign it with your PIN"),
        WorkRefusalCode.WRONG_SIGNATURE: tr("The PIN is wrong"),
    }
