import random

import numpy as np
import pytest

from app.alarm.evaluation import AlarmEvaluation
from app.alarm.refusal import AlarmError
from app.alarm.what_if.numbers import numbers_of, tags_needed
from app.alarm.what_if.replay import Settings, replay, zones_of
from app.model import status
from app.model.alarm import AlarmDefinition, AlarmState, ConditionKind
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.series import Series
from tests.app.alarm.plants import START, definition, tags_of

LIMITS = {"high": 100.0, "deviation": 2.5, "rate": 9.0, "state": 0.5, "expression": 0.5}
CODES = (status.GOOD,) * 12 + (
    status.BAD_NO_COMMUNICATION,
    status.UNCERTAIN_SENSOR_NOT_ACCURATE,
    status.UNCERTAIN_SUB_NORMAL,
)


def random_series(chance: random.Random, count: int, *, pace_s: float = 1.0) -> Series:
    """A walk around 100 with noise, lost samples, doubts, NaN and pauses."""
    time, value, times, values = START, 99.0, [], []
    for _ in range(count):
        time += 1 + round(chance.choice((0.2, 1, 1, 1, 9)) * pace_s * NS_PER_S)
        value += chance.uniform(-1.5, 1.5) + (99.5 - value) * 0.1
        times.append(time)
        values.append(value if chance.random() > 0.02 else float("nan"))
    codes = [chance.choice(CODES) for _ in range(count)]
    return Series(np.array(times), np.array(values), np.array(codes, np.uint32))


def recorded(watched: AlarmDefinition, parts: list[Series], end: int) -> list[tuple[int, int]]:
    """Return when the evaluation that runs in the collector says that the alarm came and went."""
    evaluation = AlarmEvaluation(tags_of(len(parts)), [watched], lateness_s=0.0)
    rows = sorted(
        (time, handle, value, code)
        for handle, part in enumerate(parts)
        for time, value, code in zip(part.time.tolist(), part.value.tolist(), part.status.tolist(), strict=True)
    )
    changes = []
    for time, handle, value, code in rows:
        if watched.condition is ConditionKind.RATE:
            changes += evaluation.tick(time)
        changes += evaluation.evaluate(block_of([handle], time, [value], code))
    changes += evaluation.tick(end)
    raised = [change.raised for change in changes if change.state is AlarmState.UNACKNOWLEDGED]
    returned = [change.returned for change in changes if change.state is AlarmState.RETURNED]
    returned += [end] * (len(raised) - len(returned))
    return list(zip(raised, returned, strict=True))


@pytest.mark.parametrize(
    "condition",
    [
        ConditionKind.HIGH,
        ConditionKind.LOW,
        ConditionKind.DEVIATION,
        ConditionKind.RATE,
        ConditionKind.STATE,
        ConditionKind.EXPRESSION,
    ],
)
def test_that_a_replay_says_what_the_evaluation_says(condition: ConditionKind) -> None:
    chance = random.Random(f"replay {condition}")
    came = 0
    for turn in range(30):
        settings = Settings(
            chance.choice((0.0, 0.5, 2.0)) if condition in {"high", "low", "deviation", "rate"} else 0.0,
            chance.choice((0.0, 0.0, 1.0, 7.5)),
            chance.choice((0.0, 0.0, 3.0, 20.0)),
        )
        watched = definition(
            condition,
            LIMITS.get(condition, 99.0),
            deadband=settings.deadband,
            on_delay_s=settings.on_delay_s,
            off_delay_s=settings.off_delay_s,
            setpoint=("T1" if turn % 2 else 99.0) if condition == "deviation" else "",
            states=(1.0,) if condition == "state" else (),
            expression="T0 > 100 and T1 < 100" if condition == "expression" else "",
        )
        parts = [random_series(chance, 300), random_series(chance, 200)]
        if condition == "state":
            parts[0] = Series(parts[0].time, np.round(parts[0].value - 99), parts[0].status)
        end = max(int(part.time[-1]) for part in parts) + 10 * NS_PER_S
        tags = {tag.name: tag for tag in tags_of(2)}
        series = {f"T{number}": part for number, part in enumerate(parts)}
        numbers = numbers_of(watched, tags, series, end)
        found = replay(zones_of(numbers, settings.deadband, end), settings)
        assert list(zip(found.raised.tolist(), found.returned.tolist(), strict=True)) == recorded(watched, parts, end)
        came += len(found)
    assert came > 50


def test_that_what_is_not_made_of_samples_is_refused() -> None:
    with pytest.raises(AlarmError, match="cannot be told from the history"):
        tags_needed(definition(ConditionKind.BAD_QUALITY))
