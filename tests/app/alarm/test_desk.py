from dataclasses import replace

import pytest

from app.alarm.evaluation import AlarmEvaluation
from app.model.alarm import AlarmEvent, AlarmRecord, AlarmState
from app.model.alarm_command import AlarmAction, AlarmCommand, AlarmRefusal, AlarmRules, RefusalCode
from app.model.block import block_of
from app.model.clock import NS_PER_S
from tests.app.alarm.plants import at, definition, samples, tags_of

SHELVE, UNSHELVE, SUPPRESS = AlarmAction.SHELVE, AlarmAction.UNSHELVE, AlarmAction.SUPPRESS
REMOVE, RETURN, RESET = AlarmAction.REMOVE_FROM_SERVICE, AlarmAction.RETURN_TO_SERVICE, AlarmAction.RESET
NAME = "T0.high"


def standing_alarm(*, latch: bool = False, longest_shelf_min: float | None = None) -> AlarmEvaluation:
    watched = replace(definition(), latch=latch, longest_shelf_min=longest_shelf_min)
    alarms = AlarmEvaluation(tags_of(1), [watched], rules=AlarmRules(longest_shelf_min=60), lateness_s=0.0)
    alarms.evaluate(samples([(0, 101.0)]))
    return alarms


def order(
    alarms: AlarmEvaluation,
    action: AlarmAction,
    second: float,
    *,
    by: str = "Li",
    until: float = 0,
    reason: str = "wet",
    one_shot: bool = False,
    raised: int | None = None,
) -> AlarmRecord | AlarmRefusal:
    shown = at(0) if raised is None else raised
    command = AlarmCommand(action, (NAME,), (shown,), reason, at(until) if until else 0, one_shot)
    changes, refusals = alarms.obey(command, by, at(second))
    assert len(changes) + len(refusals) == 1
    return changes[0] if changes else refusals[0]


def code(told: AlarmRecord | AlarmRefusal) -> RefusalCode:
    assert isinstance(told, AlarmRefusal)
    return told.code


def record(told: AlarmRecord | AlarmRefusal) -> AlarmRecord:
    assert isinstance(told, AlarmRecord)
    return told


def test_that_a_shelved_alarm_comes_back_by_itself_as_it_is_and_tells_what_it_did_meanwhile() -> None:
    alarms = standing_alarm()
    shelved = record(order(alarms, SHELVE, 1, until=100))
    assert (shelved.state, shelved.course, shelved.event) == ("shelved", "unacknowledged", "shelve")
    told = alarms.evaluate(samples([(10, 50.0), (20, 102.0)]))
    assert [(change.event, change.state, change.course) for change in told] == [
        ("clear", "shelved", "returned"),
        ("raise", "shelved", "unacknowledged"),
    ]
    assert not alarms.tick(at(99.9))
    (back,) = alarms.tick(at(105))
    assert (back.state, back.event, back.changed, back.by) == ("unacknowledged", AlarmEvent.UNSHELVE, at(100), "")
    assert (back.hidden_raises, back.raised, back.shelf) == (1, at(20), None)


def test_that_an_alarm_that_came_and_went_unseen_needs_no_acknowledgement() -> None:
    alarms = standing_alarm()
    order(alarms, AlarmAction.ACKNOWLEDGE, 1)
    alarms.evaluate(samples([(2, 50.0)]))
    assert record(order(alarms, SHELVE, 3)).course is AlarmState.NORMAL
    assert [change.course for change in alarms.evaluate(samples([(4, 101.0), (5, 50.0)]))] == [
        "unacknowledged",
        "normal",
    ]
    (back,) = alarms.tick(at(3 + 3600))
    assert (back.state, back.hidden_raises) == ("normal", 1)


def test_that_a_one_shot_shelving_ends_with_the_occurrence() -> None:
    alarms = standing_alarm()
    order(alarms, SHELVE, 1, one_shot=True)
    cleared, back = alarms.evaluate(samples([(5, 50.0)]))
    assert (cleared.state, back.state, back.changed) == ("shelved", "returned", at(5))
    assert code(order(alarms, SHELVE, 6, one_shot=True)) is RefusalCode.NOT_ACTIVE


def test_that_a_one_shot_shelving_ends_at_its_longest_time_too() -> None:
    alarms = standing_alarm()
    order(alarms, SHELVE, 1, one_shot=True)
    (back,) = alarms.tick(at(1 + 3600))
    assert back.state is AlarmState.UNACKNOWLEDGED


@pytest.mark.parametrize(
    ("action", "before"),
    [
        (SHELVE, [SHELVE]),
        (UNSHELVE, [SHELVE, UNSHELVE]),
        (SUPPRESS, [SUPPRESS]),
        (REMOVE, [REMOVE]),
        (RETURN, [REMOVE, RETURN]),
        (AlarmAction.ACKNOWLEDGE, [AlarmAction.ACKNOWLEDGE]),
    ],
)
def test_that_the_second_is_told_who_was_first_and_when(action: AlarmAction, before: list[AlarmAction]) -> None:
    alarms = standing_alarm()
    for second, each in enumerate(before, start=1):
        record(order(alarms, each, second, by="Li"))
    told = order(alarms, action, 9, by="Chen")
    assert code(told) is RefusalCode.ALREADY
    assert isinstance(told, AlarmRefusal)
    assert (told.by, told.at) == ("Li", at(len(before)))
    assert "by Li at 2023-11-14 22:13:2" in told.text


def test_that_the_second_of_two_acknowledgements_is_told_also_when_the_alarm_has_ended_by_that() -> None:
    alarms = standing_alarm()
    alarms.evaluate(samples([(1, 50.0)]))
    assert record(order(alarms, AlarmAction.ACKNOWLEDGE, 2)).state is AlarmState.NORMAL
    told = order(alarms, AlarmAction.ACKNOWLEDGE, 3, by="Chen")
    assert isinstance(told, AlarmRefusal)
    assert (told.code, told.by, told.at) == (RefusalCode.ALREADY, "Li", at(2))


def test_that_hiding_is_bounded_and_needs_a_reason_and_a_name() -> None:
    alarms = standing_alarm()
    assert code(order(alarms, SHELVE, 1, until=1 + 3601)) is RefusalCode.TOO_LONG
    assert code(order(alarms, SHELVE, 5, until=4)) is RefusalCode.PAST
    assert code(order(alarms, SHELVE, 1, reason=" ")) is RefusalCode.NO_REASON
    assert code(order(alarms, SHELVE, 1, by=" ")) is RefusalCode.NO_NAME
    assert code(order(alarms, SHELVE, 1, reason="x" * 2001)) is RefusalCode.LONG_REASON
    assert code(order(alarms, REMOVE, 1, until=31 * 86_400)) is RefusalCode.TOO_LONG
    assert record(order(alarms, REMOVE, 1, until=29 * 86_400)).state is AlarmState.OUT_OF_SERVICE
    assert code(order(standing_alarm(longest_shelf_min=0), SHELVE, 1)) is RefusalCode.NOT_ALLOWED
    hold = record(order(standing_alarm(longest_shelf_min=5), SHELVE, 1)).shelf
    assert hold is not None
    assert hold.until - hold.since == 300 * NS_PER_S


def test_that_what_hides_an_alarm_is_independent_and_the_strongest_is_shown() -> None:
    alarms = standing_alarm()
    assert record(order(alarms, SUPPRESS, 1)).state is AlarmState.SUPPRESSED
    assert record(order(alarms, SHELVE, 2)).state is AlarmState.SHELVED
    assert record(order(alarms, REMOVE, 3)).state is AlarmState.OUT_OF_SERVICE
    assert record(order(alarms, UNSHELVE, 4)).state is AlarmState.OUT_OF_SERVICE
    assert record(order(alarms, RETURN, 5)).state is AlarmState.SUPPRESSED
    assert record(order(alarms, AlarmAction.UNSUPPRESS, 6)).state is AlarmState.UNACKNOWLEDGED


def test_that_a_latched_alarm_is_reset_after_its_end_and_its_acknowledgement() -> None:
    alarms = standing_alarm(latch=True)
    assert code(order(alarms, RESET, 1)) is RefusalCode.STILL_ACTIVE
    (back,) = alarms.evaluate(samples([(2, 50.0)]))
    assert (back.state, back.needs_reset) == ("returned", True)
    assert code(order(alarms, RESET, 3)) is RefusalCode.ACKNOWLEDGE_FIRST
    assert record(order(alarms, AlarmAction.ACKNOWLEDGE, 4)).state is AlarmState.LATCHED
    assert record(order(alarms, RESET, 5)).state is AlarmState.NORMAL
    assert code(order(alarms, RESET, 6, by="Chen")) is RefusalCode.ALREADY


def test_that_many_are_done_or_refused_each_for_itself_and_a_name_given_twice_counts_once() -> None:
    alarms = AlarmEvaluation(tags_of(3), [definition(tag=f"T{n}") for n in range(3)])
    alarms.evaluate(block_of([0, 1], at(0), [101.0, 102.0]))
    names = ("T0.high", "T1.high", "T1.high", "T2.high", "none")
    command = AlarmCommand(AlarmAction.ACKNOWLEDGE, names, (at(0),) * len(names))
    changes, refusals = alarms.obey(command, "Li", at(1))
    assert [change.alarm for change in changes] == ["T0.high", "T1.high"]
    assert [(refused.alarm, refused.code) for refused in refusals] == [("T2.high", "normal"), ("none", "no_alarm")]


def test_that_a_comment_stands_beside_the_acknowledgement() -> None:
    alarms = standing_alarm()
    order(alarms, AlarmAction.ACKNOWLEDGE, 1, reason="seen")
    noted = record(order(alarms, AlarmAction.COMMENT, 2, by="Chen", reason="valve is open"))
    assert (noted.comment, noted.by, noted.acknowledged_by, noted.state) == (
        "valve is open",
        "Chen",
        "Li",
        "acknowledged",
    )
