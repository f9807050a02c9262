"""A figure of a model's shadow run, explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from widgets.explain.figure import Derivation, Figure
from widgets.translation import tr


def trial_figure(name: str, cells: Sequence[str], *, start: int, end: int, beside: int) -> Figure:
    """Return how a figure came about; `cells`: its row, `start`, `end`: of the run (int64 ns UTC)."""
    title, this, other, bound, count = cells
    numbers = [
        Derivation(title, this, _formula(name)),
        Derivation(tr("Model {n}", n=beside) if beside else tr("Without a model"), other),
    ]
    if bound:
        numbers.append(Derivation(tr("Has to be"), bound, tr("what is asked of a model before it may be promoted")))
    inputs = (tr("{n} cases, rows or machines of the history that the model has not learned from", n=count),)
    return Figure(title, tuple(numbers), inputs=inputs, start=start, end=end)


def _formula(name: str) -> str:
    texts: Mapping[str, str] = {
        "false_alarms_per_month": tr("findings in time that was judged healthy ÷ that time in months"),
        "share_of_healthy_time_in_alarm": tr("time in alarm while the machine was healthy ÷ healthy time"),
        "share_of_time_in_known_modes": tr("time in modes that the model has learned ÷ time in which the machine ran"),
        "share_of_cases_found": tr("confirmed cases in which the model was in alarm ÷ confirmed cases"),
        "share_of_cases_with_true_cause_first": tr("cases whose true cause the model ranked first ÷ confirmed cases"),
        "mean_error_h": tr("mean of |foretold − true| remaining life"),
        "share_from_p10_to_p90": tr("true remaining lives within the foretold band ÷ all; 80 % is right"),
    }
    return texts.get(name, "")
