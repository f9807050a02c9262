"""Handovers in words of the operator's language."""

from __future__ import annotations

from collections.abc import Mapping

from app.model.handover import HandoverAction, HandoverRefusal, HandoverRefusalCode
from app.model.plant import Plant
from app.model.shift import Period
from app.model.work_order import Signature
from widgets.station_text import station_text
from widgets.translation import local, tr


def shift_text(key: str, plant: Plant) -> str:
    """Return a shift as people call it: its day and its name."""
    day, slash, name = key.partition("/")
    if not slash:
        return day
    shift = plant.calendar.shift(name)
    return f"{day}  {name if shift is None else local(shift.name)}"


def draft_text(period: Period, now: int) -> str:
    """Return how far a shift is that was not handed over yet."""
    return tr("runs") if now < period.end else tr("ended, not handed over")


def wall_text(time: int, plant: Plant) -> str:
    """Return an instant (int64 ns UTC) by the clock of the plant, as its reports have it, whatever this PC's says."""
    return plant.calendar.on_wall(time).strftime("%Y-%m-%d %H:%M")


def signature_text(signature: Signature, plant: Plant) -> str:
    """Return who has signed, when and how."""
    how = tr("with PIN") if signature.is_proven else tr("without PIN")
    return f"{signature.name}, {wall_text(signature.time, plant)} ({how})"


def action_text(action: HandoverAction) -> str:
    """Return what a button does."""
    texts: Mapping[HandoverAction, str] = {
        HandoverAction.NOTE: tr("Note a point…"),
        HandoverAction.CLOSE: tr("Close the point…"),
        HandoverAction.HAND_OVER: tr("Hand over…"),
        HandoverAction.TAKE_OVER: tr("Take over…"),
        HandoverAction.AMEND: tr("Amend…"),
    }
    return texts[action]


def equipment_text(equipment: str, plant: Plant) -> str:
    """Return what a point is about."""
    if not equipment:
        return tr("the plant")
    name = next((local(each.name) for each in plant.equipment if each.id == equipment), "")
    return name or equipment


def refusal_text(refusal: HandoverRefusal, plant: Plant) -> str:
    """Return why something was not done."""
    when = wall_text(refusal.at, plant) if refusal.at else ""
    texts: Mapping[HandoverRefusalCode, str] = {
        HandoverRefusalCode.NO_NAME: tr("say who you are"),
        HandoverRefusalCode.NOT_SIGNED_IN: tr("sign in first"),
        HandoverRefusalCode.ROLE: tr("{who} may not: operators may", who=refusal.by),
        HandoverRefusalCode.NO_TEXT: tr("say what it is about"),
        HandoverRefusalCode.LONG_TEXT: tr("the text is too long: at most {n} characters", n=refusal.subject),
        HandoverRefusalCode.NO_EQUIPMENT: tr("there is no such equipment"),
        HandoverRefusalCode.NO_SHIFT: tr("the plant has no such shift"),
        HandoverRefusalCode.NOT_BEGUN: tr("the shift has not begun yet"),
        HandoverRefusalCode.ALREADY_OVER: tr("{who} handed it over at {time}", who=refusal.by, time=when),
        HandoverRefusalCode.NO_HANDOVER: tr("there is no such handover"),
        HandoverRefusalCode.ALREADY_TAKEN: tr("{who} took it over at {time}", who=refusal.by, time=when),
        HandoverRefusalCode.SAME_PERSON: tr("{who} has handed it over: somebody else takes it", who=refusal.by),
        HandoverRefusalCode.OTHER_REPORT: tr("the report is of another shift: look at it again"),
        HandoverRefusalCode.NO_SIGNATURE: tr("sign it with your PIN"),
        HandoverRefusalCode.WRONG_SIGNATURE: tr("name or PIN is wrong"),
        HandoverRefusalCode.WAIT: tr("wait {n} s after wrong PINs", n=refusal.subject),
        HandoverRefusalCode.NOT_STORED: tr("nothing can be stored: {reason}", reason=station_text(refusal.subject)),
    }
    if refusal.code is HandoverRefusalCode.NO_POINT:
        return (
            tr("{who} closed it at {time}", who=refusal.by, time=when) if refusal.by else tr("there is no such point")
        )
    return texts[refusal.code]
