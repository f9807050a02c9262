"""The figures of an alarm system explained: formula, source of the recommendation, time, and the records behind."""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.alarm.statistics.assessment import Assessment, Unit
from app.alarm.statistics.figures import AlarmFigures
from app.alarm.statistics.formulas import FORMULAS
from widgets import number
from widgets.explain.figure import Derivation, Figure
from widgets.translation import local, tr


def figure_text(assessment: Assessment) -> str:
    """Return a figure with its unit in the present language."""
    value = assessment.value
    match assessment.recommendation.unit:
        case Unit.SHARE:
            return number.NO_VALUE if math.isnan(value) else tr("{n} %", n=number.number(100 * value))
        case Unit.SECONDS:
            return number.duration(value)
        case Unit.NUMBER:
            return number.count(value) if value == round(value) else number.number(value, decimals=2)


def performance_figure(assessment: Assessment, figures: AlarmFigures) -> Figure:
    """Return how a figure of the standards came about."""
    wanted = assessment.recommendation
    title = local(wanted.title)
    target = local(wanted.target)
    numbers = [Derivation(title, figure_text(assessment), local(FORMULAS[wanted.key]))]
    if target:
        numbers.append(Derivation(tr("Recommended"), target, wanted.source))
    return Figure(title, tuple(numbers), inputs=_inputs(figures), start=figures.start, end=figures.end)


def load_figure(cells: Sequence[str], figures: AlarmFigures, *, tag: str) -> Figure:
    """Return how the numbers of one alarm came about; `cells`: its row, `tag`: what it watches, "" where unknown."""
    _, message, _, came, share, chattering, fleeting, active = cells
    numbers = (
        Derivation(tr("Alarms"), came, tr("how often it came before the operator, not while it was hidden")),
        Derivation(tr("Share"), share, tr("its activations ÷ those of all alarms")),
        Derivation(tr("Chattering"), chattering or "0", tr("activations that came three times within a minute")),
        Derivation(tr("Fleeting"), fleeting or "0", tr("activations of less than ten seconds, without chattering")),
        Derivation(tr("Active"), active, tr("for how long it was active; stale: without an end for more than 24 h")),
    )
    tags = (tag,) if tag else ()
    return Figure(message, numbers, tags=tags, inputs=_inputs(figures), start=figures.start, end=figures.end)


def _inputs(figures: AlarmFigures) -> tuple[str, ...]:
    return (tr("{n} activations in the alarm journal", n=number.count(figures.activations)),)
