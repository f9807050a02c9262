"""Cases in words of the operator's language."""

from __future__ import annotations

from collections.abc import Mapping

from app.model.case import (
    EQUIPMENT_INDICATOR,
    SIGNALS_INDICATOR,
    UNKNOWN_CAUSE,
    CaseEffect,
    CaseRecord,
    CaseRefusal,
    CaseRefusalCode,
    EffectKind,
    RankedCause,
    Verdict,
)
from widgets import number
from widgets.feed import Feed
from widgets.station_text import station_text
from widgets.translation import local, tr
from widgets.vibration.wording import indicator_words


def verdict_text(verdict: Verdict) -> str:
    """Return a verdict as it is chosen and shown."""
    texts: Mapping[Verdict, str] = {
        Verdict.CONFIRMED: tr("Confirmed"),
        Verdict.FALSE: tr("False"),
        Verdict.EXPECTED: tr("Expected"),
    }
    return texts[verdict]


def indicator_text(indicator: str, feed: Feed) -> str:
    """Return what an indicator is called."""
    kind, _, name = indicator.partition(" ")
    if indicator == "health":
        return tr("Health")
    if kind == "forecast":
        definition = next((each for each in feed.plant.forecasts if each.id == name), None)
        return tr("Forecast: {cause}", cause=local(definition.cause) if definition else name)
    if indicator == EQUIPMENT_INDICATOR:
        return tr("Model of the equipment")
    if indicator == SIGNALS_INDICATOR:
        return tr("Single signals (information)")
    if kind == "vibration":
        return indicator_words(indicator)
    return indicator


def cause_text(record: CaseRecord) -> str:
    """Return the cause that a case is listed with: the confirmed one, else the likeliest."""
    if record.cause.en:
        return local(record.cause)
    if not record.causes:
        return number.NO_VALUE
    first = record.causes[0]
    return tr("Unknown") if first.id == UNKNOWN_CAUSE else local(first.cause)


def state_text(record: CaseRecord) -> str:
    """Return where a case stands, in a word or two."""
    if record.verdict is not None:
        return verdict_text(record.verdict)
    return tr("still bad") if record.is_present else tr("quiet again")


def source_text(cause: RankedCause) -> str:
    """Return where a cause is known from."""
    if cause.source.startswith("case "):
        return tr("taught by case {n}", n=cause.source.removeprefix("case "))
    if cause.source.startswith("model "):
        return tr("told by model {n}", n=cause.source.removeprefix("model "))
    return tr("by its forecast") if cause.source == "forecast" else tr("by its signature")


def share_text(share: float) -> str:
    """Return a share of one in whole per cent."""
    return tr("{n} %", n=f"{100 * share:.0f}")


def equipment_text(equipment: str, feed: Feed) -> str:
    """Return the name of an equipment, with its id in front unless that is part of the name."""
    known = feed.equipment.get(equipment)
    name = local(known.name) if known is not None else ""
    if not name:
        return equipment
    return name if equipment in name else f"{equipment}  {name}"


def effect_text(effect: CaseEffect, feed: Feed) -> str:
    """Return what a verdict changed, in one line."""
    match effect.kind:
        case EffectKind.THRESHOLD:
            return tr(
                "Limit of {indicator}: ×{old} → ×{new}",
                indicator=indicator_text(effect.indicator, feed),
                old=number.number(effect.old, decimals=2),
                new=number.number(effect.new, decimals=2),
            )
        case EffectKind.ALLOWED:
            return tr(
                "Allowed pattern of {indicator} up to ×{new}: {tags}",
                indicator=indicator_text(effect.indicator, feed),
                new=number.number(effect.new, decimals=2),
                tags=", ".join(each.tag for each in effect.contributions[:3]),
            )
        case EffectKind.SIGNATURE:
            return tr("Known cause of its class: {cause}", cause=local(effect.cause))


def refusal_text(refusal: CaseRefusal, *, now: int) -> str:
    """Return why something was not done to a case; `now`: int64 ns UTC."""
    when = number.moment(refusal.at, now=now) if refusal.at else ""
    texts: Mapping[CaseRefusalCode, str] = {
        CaseRefusalCode.NO_CASE: tr("There is no such case any more; look at the list again"),
        CaseRefusalCode.NO_CHANGE: tr("There is no such change; look at the list again"),
        CaseRefusalCode.NO_NAME: tr("Give your name"),
        CaseRefusalCode.NO_REASON: tr("Say why"),
        CaseRefusalCode.LONG_REASON: tr("The reason is too long"),
        CaseRefusalCode.NO_VERDICT: tr("Choose confirmed, false or expected"),
        CaseRefusalCode.NO_CAUSE: tr("Choose the cause, or write what was found"),
        CaseRefusalCode.ALREADY_CLOSED: tr("{by} has closed it already, at {when}", by=refusal.by, when=when),
        CaseRefusalCode.ALREADY_UNDONE: tr("{by} has undone it already, at {when}", by=refusal.by, when=when),
        CaseRefusalCode.NOT_SIGNED_IN: tr("Sign in first"),
        CaseRefusalCode.ROLE: tr("Your role may not do this"),
        CaseRefusalCode.NOT_STORED: tr("Nothing can be stored: {reason}", reason=station_text(refusal.subject)),
    }
    return texts[refusal.code]
