"""The figures of an alarm system beside what the standards recommend for one operator position."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.alarm.statistics.figures import TOP, AlarmFigures
from app.model.alarm import Priority
from app.model.text import LocalText


class Verdict(StrEnum):
    """How a figure stands to its recommendation; OPEN: nothing can be said yet, or nothing is recommended."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    OPEN = "open"


class Unit(StrEnum):
    """In what a figure is told."""

    NUMBER = "number"
    SHARE = "share"
    SECONDS = "seconds"


VERDICT_TEXTS: Mapping[Verdict, LocalText] = MappingProxyType(
    {
        Verdict.GOOD: LocalText("as recommended", "符合推荐值"),
        Verdict.FAIR: LocalText("manageable", "可控"),
        Verdict.POOR: LocalText("not acceptable", "不可接受"),
        Verdict.OPEN: LocalText("", ""),
    }
)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What a figure should be.

    `target`: the value in words; `good`, `fair`: the largest (or where `is_least`, the smallest) value that is as
    recommended or still manageable, NaN where nothing is recommended. `source`: the standard's place.
    """

    key: str
    title: LocalText
    unit: Unit
    value: Callable[[AlarmFigures], float]
    target: LocalText = LocalText("")
    good: float = math.nan
    fair: float = math.nan
    is_least: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A figure (`value`, NaN where there is none) and how it stands to its recommendation."""

    recommendation: Recommendation
    value: float
    verdict: Verdict


def assess(figures: AlarmFigures) -> tuple[Assessment, ...]:
    """Return all figures with their verdicts, in the order in which they are read."""
    return tuple(_assessed(each, figures) for each in RECOMMENDATIONS)


def _assessed(recommendation: Recommendation, figures: AlarmFigures) -> Assessment:
    value = recommendation.value(figures)
    if math.isnan(value) or math.isnan(recommendation.good):
        verdict = Verdict.OPEN
    else:
        sign = -1 if recommendation.is_least else 1
        if sign * value <= sign * recommendation.good:
            verdict = Verdict.GOOD
        else:
            verdict = Verdict.FAIR if sign * value <= sign * recommendation.fair else Verdict.POOR
    return Assessment(recommendation, value, verdict)


def _top_share(figures: AlarmFigures) -> float:
    # ten alarms of ten are always all of them
    return figures.top_share if sum(load.activations > 0 for load in figures.loads) > TOP else math.nan


_IEC = "IEC 62682:2014 16.4, ISA-18.2-2016 16.5"
_EEMUA = "EEMUA 191 ed. 3"

RECOMMENDATIONS = (
    Recommendation(
        "per_day",
        LocalText("Alarms per day, average", "每天报警数，平均"),
        Unit.NUMBER,
        lambda figures: figures.mean_per_day,
        LocalText("≤ 144; at most 288", "≤ 144；最多 288"),
        144.0,
        288.0,
        source=_IEC,
    ),
    Recommendation(
        "per_hour",
        LocalText("Alarms per hour, average", "每小时报警数，平均"),
        Unit.NUMBER,
        lambda figures: figures.mean_per_hour,
        LocalText("≤ 6; at most 12", "≤ 6；最多 12"),
        6.0,
        12.0,
        source=_IEC,
    ),
    Recommendation(
        "per_period",
        LocalText("Alarms per 10 min, average", "每 10 分钟报警数，平均"),
        Unit.NUMBER,
        lambda figures: figures.mean_per_period,
        LocalText("≤ 1; at most 2", "≤ 1；最多 2"),
        1.0,
        2.0,
        source=_IEC,
    ),
    Recommendation(
        "peak",
        LocalText("Most alarms in 10 min", "10 分钟内最多报警数"),
        Unit.NUMBER,
        lambda figures: float(figures.per_period.max(initial=0)),
        LocalText("≤ 10", "≤ 10"),
        10.0,
        10.0,
        source=_IEC,
    ),
    Recommendation(
        "busy_periods",
        LocalText("10 min with more than 10 alarms", "报警超过 10 个的 10 分钟"),
        Unit.SHARE,
        lambda figures: figures.busy_periods,
        LocalText("≤ 1 %", "≤ 1 %"),
        0.01,
        0.05,
        source=_IEC,
    ),
    Recommendation(
        "busy_hours",
        LocalText("Hours with more than 30 alarms", "报警超过 30 个的小时"),
        Unit.SHARE,
        lambda figures: figures.busy_hours,
        LocalText("≤ 1 %", "≤ 1 %"),
        0.01,
        0.05,
        source=_IEC,
    ),
    Recommendation(
        "flood_share",
        LocalText("Time in flood", "报警泛滥时间"),
        Unit.SHARE,
        lambda figures: figures.flood_share,
        LocalText("≤ 1 %", "≤ 1 %"),
        0.01,
        0.05,
        source=_IEC,
    ),
    Recommendation(
        "top_share",
        LocalText("Share of the ten most frequent", "最频繁十个报警的占比"),
        Unit.SHARE,
        _top_share,
        LocalText("≤ 5 %, with a plan", "≤ 5 %，并有改进计划"),
        0.05,
        0.20,
        source=_IEC,
    ),
    Recommendation(
        "chattering",
        LocalText("Chattering alarms", "抖动报警"),
        Unit.NUMBER,
        lambda figures: float(figures.chattering_alarms),
        LocalText("0", "0"),
        0.0,
        0.0,
        source=_IEC,
    ),
    Recommendation(
        "fleeting",
        LocalText("Fleeting alarms", "瞬时报警"),
        Unit.NUMBER,
        lambda figures: float(figures.fleeting_alarms),
        LocalText("0", "0"),
        0.0,
        0.0,
        source=_IEC,
    ),
    Recommendation(
        "stale",
        LocalText("Stale alarms on the worst day", "最差一天的陈旧报警"),
        Unit.NUMBER,
        lambda figures: float(figures.most_stale),
        LocalText("< 5, with a plan", "< 5，并有改进计划"),
        4.0,
        4.0,
        source=_IEC,
    ),
    Recommendation(
        "standing",
        LocalText("Active alarms, average", "活动报警数，平均"),
        Unit.NUMBER,
        lambda figures: float(figures.standing.mean()),
        LocalText("< 10", "< 10"),
        10.0,
        20.0,
        source=_EEMUA,
    ),
    Recommendation(
        "critical",
        LocalText("Priority critical", "优先级：紧急"),
        Unit.SHARE,
        lambda figures: figures.priority_share(Priority.CRITICAL),
        LocalText("about 5 %", "约 5 %"),
        0.07,
        0.15,
        source=_IEC,
    ),
    Recommendation(
        "high",
        LocalText("Priority high", "优先级：高"),
        Unit.SHARE,
        lambda figures: figures.priority_share(Priority.HIGH),
        LocalText("about 15 %", "约 15 %"),
        0.20,
        0.35,
        source=_IEC,
    ),
    Recommendation(
        "medium",
        LocalText("Priority medium", "优先级：中"),
        Unit.SHARE,
        lambda figures: figures.priority_share(Priority.MEDIUM),
        LocalText("about 80 %", "约 80 %"),
        0.73,
        0.50,
        is_least=True,
        source=_IEC,
    ),
    Recommendation(
        "acknowledge",
        LocalText("Time to acknowledge, median", "确认用时，中位数"),
        Unit.SECONDS,
        lambda figures: figures.acknowledgements.median_s,
    ),
)
"""The recommended values restate tables of the standards; a plant's alarm philosophy may set its own."""
