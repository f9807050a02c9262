"""Why something was not done to an alarm, as the operator reads it: above all who was first, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.model.alarm_command import AlarmRefusal, RefusalCode
from app.model.clock import NS_PER_S
from widgets import number
from widgets.station_text import station_text
from widgets.translation import tr

MOST_TOLD = 3


def refusal_text(refusal: AlarmRefusal, message: str, *, now: int) -> str:
    """Return one refusal in words; `message`: of the alarm, "" where the refusal is of the whole command."""
    reason = _reason(refusal, now)
    return tr("{alarm}: {reason}", alarm=message, reason=reason) if message else reason


def refusals_text(refusals: Sequence[AlarmRefusal], message: Callable[[str], str], *, now: int) -> str:
    """Return several refusals in one line: the first ones, and how many more there are."""
    texts = [refusal_text(each, message(each.alarm) if each.alarm else "", now=now) for each in refusals[:MOST_TOLD]]
    if len(refusals) > len(texts):
        texts.append(tr("and {n} more", n=len(refusals) - len(texts)))
    return "; ".join(texts)


def _reason(refusal: AlarmRefusal, now: int) -> str:
    match refusal.code:
        case RefusalCode.ALREADY:
            return _already(refusal, now)
        case RefusalCode.TOO_LONG:
            return tr("at most for {time}: choose an earlier end", time=number.duration(refusal.limit / NS_PER_S))
        case RefusalCode.LONG_REASON:
            return tr("the text is too long: at most {n} characters", n=refusal.limit)
        case RefusalCode.ROLE:
            return tr("{name} may not do this: let somebody with more rights sign in", name=refusal.by)
    return _because(refusal) or _fixed().get(refusal.code, refusal.text)


def _because(refusal: AlarmRefusal) -> str:
    """Return those that name what the file or the disk said; "" for all others."""
    reason = station_text(refusal.text.partition(": ")[2])
    match refusal.code:
        case RefusalCode.NOT_STORED:
            return tr(
                "nothing can be stored at present, so nothing was done: make room on the disk and try again ({reason})",
                reason=reason,
            )
        case RefusalCode.NOT_YET_STORED:
            return tr("done, but not on disk yet ({reason})", reason=reason)
        case RefusalCode.NOT_WRITTEN:
            return tr("the plant file was not changed ({reason})", reason=reason)
    return ""


def _already(refusal: AlarmRefusal, now: int) -> str:
    """Where nobody did it, it came by itself, such as the end of a shelving."""
    if refusal.by and refusal.at:
        return tr("already done by {name} at {time}", name=refusal.by, time=number.moment(refusal.at, now=now))
    if refusal.at:
        return tr("already happened at {time}", time=number.moment(refusal.at, now=now))
    return tr("already done")


def _fixed() -> Mapping[RefusalCode, str]:
    return {
        RefusalCode.NO_ALARM: tr("there is no such alarm any more"),
        RefusalCode.NO_NAME: tr("say who operates first"),
        RefusalCode.NOT_SIGNED_IN: tr("sign in first, at the top right"),
        RefusalCode.NO_REASON: tr("say why"),
        RefusalCode.NORMAL: tr("already back to normal, nothing left to do"),
        RefusalCode.RAISED_AGAIN: tr("raised again since it was shown: look at it first"),
        RefusalCode.NOT_HIDDEN: tr("is not hidden"),
        RefusalCode.NOT_ACTIVE: tr("not active, so it cannot be shelved until it ends"),
        RefusalCode.STILL_ACTIVE: tr("cannot be reset while its condition holds"),
        RefusalCode.NOT_LATCHED: tr("is not latched"),
        RefusalCode.ACKNOWLEDGE_FIRST: tr("acknowledge it first"),
        RefusalCode.NOT_ALLOWED: tr("may not be shelved, as the plant file says"),
        RefusalCode.PAST: tr("the end is in the past"),
        RefusalCode.AT_SERVER: tr("this can only be done at the server that alarms"),
    }
