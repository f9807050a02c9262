"""Limits are written as an operator reads them."""

from __future__ import annotations

import math

import pytest
from msgspec import structs

from app.model.alarm import ConditionKind, Priority
from tests.widgets import plant
from widgets.alarm.wording import limit_text, order_of_urgency, reading_text
from widgets.translation import set_language

TEMPERATURE = plant.plant().tag("AC01.T_D")
RUNNING = plant.plant().tag("AC01.RUN")


@pytest.mark.parametrize(
    ("condition", "limit", "text"),
    [
        (ConditionKind.HIGH, 103.0, "> 103.0 °C"),
        (ConditionKind.LOW, -5.0, "< −5.0 °C"),
        (ConditionKind.DEVIATION, 5.0, "± 5.0 °C"),
        (ConditionKind.RATE, 2.0, "+2.0 °C/min"),
        (ConditionKind.RATE, -2.0, "−2.0 °C/min"),
    ],
)
def test_that_each_condition_has_its_own_sign(condition: ConditionKind, limit: float, text: str) -> None:
    record = structs.replace(plant.alarm("AC01.T_D"), condition=condition, limit=limit)
    assert limit_text(record, TEMPERATURE, with_unit=True) == text


@pytest.mark.parametrize(
    ("condition", "value", "text"),
    [
        (ConditionKind.HIGH, 97.46, "97.5 °C"),
        (ConditionKind.TIME_TO_LIMIT, 1.5, "1.5 h"),
        (ConditionKind.TIME_TO_LIMIT, math.inf, "—"),
        (ConditionKind.HEALTH, 62.4, "62 %"),
    ],
)
def test_that_the_journal_has_what_was_compared_in_its_own_unit(
    condition: ConditionKind, value: float, text: str
) -> None:
    record = structs.replace(plant.alarm("AC01.T_D"), condition=condition, value=value)
    assert reading_text(record, TEMPERATURE) == text


def test_that_a_discrete_limit_is_a_state() -> None:
    record = structs.replace(plant.alarm("AC01.T_D"), limit=0.5)
    assert limit_text(record, RUNNING) == "= On"
    assert limit_text(structs.replace(record, condition=ConditionKind.LOW), RUNNING) == "= Off"
    set_language("zh")
    assert limit_text(record, RUNNING) == "= 开"


def test_that_urgency_is_priority_then_novelty() -> None:
    old = plant.alarm("AC01.T_D", priority=Priority.HIGH, age_s=60)
    new = plant.alarm("F01.T", priority=Priority.HIGH, age_s=5)
    worst = plant.alarm("P01.VIB", priority=Priority.CRITICAL, age_s=900)
    assert order_of_urgency([old, new, worst]) == [worst, new, old]
