"""Expressions over tags that move: what is told without looking at each sample is what is told by looking at all."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from app.alarm import watch_list
from app.alarm.evaluation import AlarmEvaluation
from app.alarm.measure_state import ExpressionMeasure
from app.model import status
from app.model.alarm import AlarmDefinition, AlarmRecord, ConditionKind
from app.model.block import Block, block_of
from app.model.clock import NS_PER_S
from app.model.expression import parse_expression
from tests.app.alarm.plants import START, definition, tags_of

TAGS = 5
SAMPLES = 240
TEXTS = (
    "T0 > T1 + 1 and T4 == 1",
    "max(T0, T1) - T2 > 2",
    "not T4 or T1 * T2 < 4",
    "T0 / T1 > 1.5 or abs(T2 - T3) > 2",
    "min(T0, T1, T2, T3) < 1.5",
    "T3 > 4",
)


class _Unfollowed(ExpressionMeasure):
    """One that looks at every sample."""

    def __init__(self, *words: object, **keys: object) -> None:
        super().__init__(*words, **keys)  # type: ignore[arg-type]
        self.moving = ()


def watched(chance: np.random.Generator) -> list[AlarmDefinition]:
    found = [
        definition(
            ConditionKind.EXPRESSION,
            0.5,
            tag=f"T{chance.integers(TAGS)}",
            name=f"X{number}",
            expression=text,
            on_delay_s=float(chance.choice([0, 0, 3])),
            off_delay_s=float(chance.choice([0, 0, 3])),
        )
        for number, text in enumerate(TEXTS)
        if chance.random() < 0.6
    ]
    if chance.random() < 0.5:
        found.append(definition(ConditionKind.DEVIATION, 2.0, tag="T0", name="D", setpoint="T3", deadband=0.5))
    if chance.random() < 0.5:
        found.append(definition(limit=4.5, tag="T1", name="H", deadband=0.5, on_delay_s=2.0))
    return found


def samples(chance: np.random.Generator) -> Block:
    """Return tags that walk, mostly in small steps, one that is a state, and some bad samples."""
    handle = chance.integers(0, TAGS, SAMPLES)
    step = chance.standard_normal(SAMPLES) * chance.choice([0.01, 0.05, 0.5])
    step[chance.random(SAMPLES) < 0.03] *= 20.0
    value = np.empty(SAMPLES)
    for tag in range(TAGS):
        rows = handle == tag
        value[rows] = 3.0 + np.cumsum(step[rows])
    value[handle == TAGS - 1] = chance.random(int((handle == TAGS - 1).sum())) < 0.9
    code = np.where(chance.random(SAMPLES) < 0.02, status.BAD_TIMEOUT, status.GOOD)
    time = START + np.arange(SAMPLES) * NS_PER_S // 2
    return block_of(handle, time, np.where(code == status.GOOD, value, math.nan), code)


def told(block: Block, definitions: list[AlarmDefinition], cuts: list[int]) -> list[AlarmRecord]:
    alarms = AlarmEvaluation(tags_of(TAGS), definitions)
    changes: list[AlarmRecord] = []
    for first, last in pairwise(cuts):
        part = block.select(slice(first, last))
        changes += alarms.evaluate(part) + alarms.tick(int(part.time[-1]))
    return changes


def cuts_of(chance: np.random.Generator) -> list[int]:
    return [0, *sorted({int(cut) for cut in chance.integers(1, SAMPLES, 30)}), SAMPLES]


@pytest.fixture(params=range(60), ids=str)
def chance(request: pytest.FixtureRequest) -> np.random.Generator:
    return np.random.default_rng(request.param)


def test_that_what_is_told_is_what_looking_at_every_sample_tells(
    chance: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    definitions, block, cuts = watched(chance), samples(chance), cuts_of(chance)
    quickly = told(block, definitions, cuts)
    monkeypatch.setattr(watch_list, "ExpressionMeasure", _Unfollowed)
    assert repr(quickly) == repr(told(block, definitions, cuts)), "as texts, since a value may be NaN"


def test_that_most_samples_far_from_the_limit_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    take = ExpressionMeasure.take

    def counted(measure: ExpressionMeasure, handle: int, time: int, value: float) -> tuple[float, float]:
        looked.append(handle)
        return take(measure, handle, time, value)

    monkeypatch.setattr(ExpressionMeasure, "take", counted)
    chance = np.random.default_rng(1)
    alarms = AlarmEvaluation(
        tags_of(3), [definition(ConditionKind.EXPRESSION, 0.5, expression="T0 - T1 > 50 and T2 == 1")]
    )
    for second in range(200):
        values = [*(100.0 + chance.standard_normal(2)), 1.0]
        assert not alarms.evaluate(block_of([0, 1, 2], START + second * NS_PER_S, values))
    assert len(looked) < 60


def test_that_bounds_hold_for_all_values_between_the_ends() -> None:
    chance = np.random.default_rng(2)
    texts = [
        *TEXTS,
        "-T0 * T1 / (T2 - 3) == T3",
        "T0 and T1 or not (T2 != 2)",
        "1 / (T0 - T1) > 0",
        "abs(T0 * T1) <= 3",
    ]
    for text in texts:
        expression = parse_expression(text)
        for _ in range(150):
            low = np.round(chance.normal(2.0, 2.0, len(expression.tags)), int(chance.integers(0, 3)))
            high = low + np.round(chance.exponential(1.0, len(low)), 1) * (chance.random(len(low)) < 0.7)
            if chance.random() < 0.1:
                low[0] = high[0] = math.nan
            least, most = expression.within(low.tolist(), high.tolist())
            points = low + (high - low) * chance.choice([0.0, 1.0, 0.5, chance.random()], (12, len(low)))
            found = [expression.evaluate(point.tolist()) for point in points]
            if not math.isnan(least):
                assert all(least <= number <= most for number in found), text
