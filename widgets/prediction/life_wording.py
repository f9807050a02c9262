"""A learned remaining life in words: hours of running with their band, or plainly why there is no number."""

from __future__ import annotations

from app.model.remaining_life import LifeForecast, LifeState
from widgets import number
from widgets.station_text import station_text
from widgets.translation import tr


def life_number(life: LifeForecast) -> str:
    """Return the one thing to know: "340 h", "> 125 h", "" where there is no number."""
    if life.state is not LifeState.TOLD:
        return ""
    if not life.p50_h:
        return f"> {_hours(life.p10_h)}"
    return _hours(life.p50_h)


def life_band(life: LifeForecast) -> str:
    """Return the band in hours of running, "" where there is no number."""
    if life.state is not LifeState.TOLD:
        return ""
    if not life.p50_h:
        return tr("more than {p10} of running: healthy machines do not show how long they live", p10=_hours(life.p10_h))
    early, middle, late = (number.number(left, decimals=0) for left in (life.p10_h, life.p50_h, life.p90_h))
    return tr("P10 {p10}  ·  P50 {p50}  ·  P90 {p90} h of running", p10=early, p50=middle, p90=late)


def no_number_text(life: LifeForecast) -> str:
    """Return why no number is told, "" where one is."""
    match life.state:
        case LifeState.TOO_FEW_FAILURES:
            return tr("no number: {n} of {needed} failures recorded", n=life.failures, needed=life.needed)
        case LifeState.NO_MODEL:
            return tr("no number: learn and promote a model")
        case LifeState.NOT_WATCHED:
            return tr("no number: not watched from new on")
        case LifeState.UNUSABLE:
            return tr("no number: {reason}", reason=station_text(life.reason))
    return ""


def no_number_remedy(life: LifeForecast) -> str:
    """Return what would have to be known for a number, as a tool tip; "" where one is told."""
    match life.state:
        case LifeState.TOO_FEW_FAILURES:
            return tr(
                "With fewer than {needed} recorded failures of the class {name} a learned remaining life would "
                "mislead. Until then the forecast to the limit says more.",
                needed=life.needed,
                name=life.machine_class,
            )
        case LifeState.NO_MODEL:
            return tr(
                "{n} failures of the class {name} are recorded: a remaining life can be learned on the page Models.",
                n=life.failures,
                name=life.machine_class,
            )
        case LifeState.NOT_WATCHED:
            return tr("Enter in its nameplate when it was commissioned or overhauled, or complete work that renews it.")
        case LifeState.UNUSABLE:
            return station_text(life.reason)
    return ""


def _hours(hours: float) -> str:
    return tr("{n} h", n=number.number(hours, decimals=0))
