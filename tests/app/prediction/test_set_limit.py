import numpy as np
import pytest

from app.model.alarm import AlarmDefinition, ConditionKind, Priority
from app.model.tag import TagKind
from app.model.text import LocalText
from app.prediction.set_limit import SetLimits, set_limits
from tests.app.prediction.plants import tag

NONE = float("inf")


def alarm(handle: int, kind: ConditionKind, limit: float, priority: Priority = Priority.MEDIUM) -> AlarmDefinition:
    return AlarmDefinition(f"{handle}.{kind}{limit}", f"PU02.A{handle}", kind, limit, priority, LocalText("far"))


def nearness(low: float, high: float, signal: float, usual: float) -> float:
    limits = SetLimits(np.array([low]), np.array([high]))
    return float(limits.nearness(np.array([signal]), np.array([usual]))[0])


def test_that_the_innermost_limits_of_analog_signals_count_and_diagnostic_ones_do_not() -> None:
    signals = [tag(0), tag(1), tag(2, kind=TagKind.COUNTER)]
    found = set_limits(
        signals,
        [
            alarm(0, ConditionKind.HIGH, 9.0),
            alarm(0, ConditionKind.HIGH, 7.0),
            alarm(0, ConditionKind.HIGH, 5.0, Priority.DIAGNOSTIC),
            alarm(0, ConditionKind.RATE, 1.0),
            alarm(1, ConditionKind.LOW, -2.0),
            alarm(1, ConditionKind.LOW, -1.0),
            AlarmDefinition("c", signals[2].name, ConditionKind.HIGH, 3.0, Priority.HIGH, LocalText("full")),
            alarm(7, ConditionKind.HIGH, 1.0),
        ],
    )
    assert found.high.tolist() == [7.0, NONE, NONE]
    assert found.low.tolist() == [-NONE, -1.0, -NONE]


@pytest.mark.parametrize(("signal", "near"), [(50.0, 0.0), (75.0, 0.0625), (100.0, 1.0), (150.0, 2.0), (20.0, 0.0)])
def test_that_a_signal_is_near_late_on_its_way_and_ever_farther_beyond(signal: float, near: float) -> None:
    assert nearness(-NONE, 100.0, signal, 50.0) == pytest.approx(near)
    assert nearness(-100.0, NONE, -signal, -50.0) == pytest.approx(near)


def test_that_a_limit_on_the_wrong_side_of_what_is_usual_says_nothing() -> None:
    assert nearness(-NONE, 40.0, 60.0, 50.0) == 0.0
    assert nearness(60.0, NONE, 40.0, 50.0) == 0.0


def test_that_a_signal_without_a_value_or_without_limits_is_near_nothing() -> None:
    assert nearness(0.0, 100.0, float("nan"), 50.0) == 0.0
    assert nearness(-NONE, NONE, 1e9, 50.0) == 0.0
