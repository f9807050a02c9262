"""What may be done when a shift is handed over, and what is refused with whom and why."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.handover.desk import LONGEST_TEXT, HandoverDesk, HandoverStep
from app.model.actor import Actor
from app.model.alarm import Priority
from app.model.clock import NS_PER_S, from_datetime
from app.model.handover import HandoverAction, HandoverCommand, HandoverRefusal, HandoverRefusalCode
from app.model.role import Role
from app.model.shift import ShiftCalendar

CALENDAR = ShiftCalendar(zone="Asia/Shanghai")
SHIFT = CALENDAR.named("2026-11-25/early")
LI, WANG = Actor("window 1", "Li Na 李娜", Role.OPERATOR), Actor("window 1", "Wang", Role.OPERATOR)
NOW = SHIFT.end - 60 * NS_PER_S


def desk() -> HandoverDesk:
    return HandoverDesk(CALENDAR, ["PU01"])


def note(text: str = "Seal drips", equipment: str = "PU01", priority: Priority = Priority.HIGH) -> HandoverCommand:
    return HandoverCommand(HandoverAction.NOTE, equipment=equipment, priority=priority, text=text)


def over(key: str = SHIFT.key, text: str = "quiet") -> HandoverCommand:
    return HandoverCommand(HandoverAction.HAND_OVER, key=key, text=text)


def take(number: int = 1, text: str = "") -> HandoverCommand:
    return HandoverCommand(HandoverAction.TAKE_OVER, number, text=text)


def done(desk: HandoverDesk, command: HandoverCommand, who: Actor = LI, now: int = NOW) -> HandoverStep:
    step = desk.do(command, who, now, digest="d", is_proven=True)
    assert isinstance(step, HandoverStep), step
    return step


def refused(desk: HandoverDesk, command: HandoverCommand, who: Actor = LI, now: int = NOW) -> HandoverRefusal:
    refusal = desk.do(command, who, now)
    assert isinstance(refusal, HandoverRefusal), refusal
    return refusal


def test_that_a_point_is_carried_from_shift_to_shift_until_it_is_closed() -> None:
    at = desk()
    done(at, note())
    done(at, note("Look at the tower", "", Priority.CRITICAL))
    first = done(at, over()).handover
    done(at, HandoverCommand(HandoverAction.CLOSE, 1, text="new seal"), WANG, NOW + 1)
    second = done(at, over("2026-11-25/late"), WANG, SHIFT.end + 1).handover
    assert first is not None
    assert second is not None
    assert [point.text for point in first.points] == ["Look at the tower", "Seal drips"]
    assert [point.text for point in second.points] == ["Look at the tower"]
    assert (at.points[1].closed_by, at.points[1].answer, at.points[1].closed) == ("Wang", "new seal", NOW + 1)


def test_that_both_sides_sign_one_after_the_other() -> None:
    at = desk()
    handed = done(at, over()).handover
    assert handed is not None
    assert (handed.outgoing.name, handed.outgoing.is_proven, handed.incoming) == ("Li Na 李娜", True, None)
    assert (handed.start, handed.end, handed.report, handed.remark) == (SHIFT.start, SHIFT.end, "d", "quiet")
    taken = done(at, take(text="understood"), WANG, NOW + 5).handover
    assert taken is not None
    assert taken.incoming is not None
    assert (taken.incoming.name, taken.incoming.time, taken.answer) == ("Wang", NOW + 5, "understood")
    assert taken.outgoing == handed.outgoing


@pytest.mark.parametrize(
    ("command", "who", "code"),
    [
        (note(), Actor("w"), HandoverRefusalCode.NO_NAME),
        (note("  "), LI, HandoverRefusalCode.NO_TEXT),
        (note("x" * (LONGEST_TEXT + 1)), LI, HandoverRefusalCode.LONG_TEXT),
        (note(equipment="PU99"), LI, HandoverRefusalCode.NO_EQUIPMENT),
        (HandoverCommand(HandoverAction.CLOSE, 7, text="done"), LI, HandoverRefusalCode.NO_POINT),
        (HandoverCommand(HandoverAction.CLOSE, 1), LI, HandoverRefusalCode.NO_TEXT),
        (over("2026-11-25"), LI, HandoverRefusalCode.NO_SHIFT),
        (over("2026-11-25/noon"), LI, HandoverRefusalCode.NO_SHIFT),
        (over("2026-11-25/late"), LI, HandoverRefusalCode.NOT_BEGUN),
        (take(9), WANG, HandoverRefusalCode.NO_HANDOVER),
    ],
)
def test_that_what_cannot_be_done_is_refused_and_changes_nothing(
    command: HandoverCommand, who: Actor, code: HandoverRefusalCode
) -> None:
    at = desk()
    done(at, note())
    assert refused(at, command, who).code is code
    assert (len(at.points), len(at.handovers)) == (1, 0)


def test_that_of_two_windows_the_first_hands_over_and_the_second_is_told_who_it_was() -> None:
    at = desk()
    done(at, over())
    refusal = refused(at, over(), WANG, NOW + 9)
    assert (refusal.code, refusal.by, refusal.at) == (HandoverRefusalCode.ALREADY_OVER, "Li Na 李娜", NOW)


def test_that_nobody_takes_over_from_himself_and_nobody_twice() -> None:
    at = desk()
    done(at, over())
    assert refused(at, take(), Actor("w", " LI NA 李娜 ")).code is HandoverRefusalCode.SAME_PERSON
    done(at, take(), WANG)
    refusal = refused(at, take(), Actor("w", "Chen"))
    assert (refusal.code, refusal.by) == (HandoverRefusalCode.ALREADY_TAKEN, "Wang")


@pytest.mark.parametrize("name", ["li na 李娜", "LiNa李娜", "\uff2c\uff49 \uff2e\uff41 李娜", "Li  Na\u3000李娜"])
def test_that_a_name_typed_otherwise_is_still_the_same_person(name: str) -> None:
    at = desk()
    done(at, over())
    assert refused(at, take(), Actor("w", name)).code is HandoverRefusalCode.SAME_PERSON


def test_that_an_amendment_stands_beside_what_was_signed_and_alters_nothing_of_it() -> None:
    at = desk()
    handed = done(at, over()).handover
    assert handed is not None
    done(at, HandoverCommand(HandoverAction.AMEND, 1, text=" it was PU02, not PU01 "), LI, NOW + 5)
    done(at, take(), WANG, NOW + 6)
    last = done(at, HandoverCommand(HandoverAction.AMEND, 1, text="checked"), WANG, NOW + 7).handover
    assert last is not None
    assert [(each.text, each.signature.name, each.signature.time) for each in last.amendments] == [
        ("it was PU02, not PU01", "Li Na 李娜", NOW + 5),
        ("checked", "Wang", NOW + 7),
    ]
    assert (last.remark, last.report, last.outgoing) == (handed.remark, handed.report, handed.outgoing)
    assert refused(at, HandoverCommand(HandoverAction.AMEND, 1)).code is HandoverRefusalCode.NO_TEXT
    assert refused(at, HandoverCommand(HandoverAction.AMEND, 9, text="x")).code is HandoverRefusalCode.NO_HANDOVER


def test_that_a_point_is_closed_once() -> None:
    at = desk()
    done(at, note())
    close = HandoverCommand(HandoverAction.CLOSE, 1, text="done")
    done(at, close, WANG, NOW + 1)
    refusal = refused(at, close)
    assert (refusal.code, refusal.by, refusal.at) == (HandoverRefusalCode.NO_POINT, "Wang", NOW + 1)


def test_that_a_desk_goes_on_where_its_steps_end() -> None:
    before = desk()
    steps = [done(before, note()), done(before, over()), done(before, take(), WANG)]
    after = HandoverDesk(CALENDAR, ["PU01"], steps)
    assert (after.points, after.handovers) == (before.points, before.handovers)
    step = done(after, note("another"))
    assert (step.number, step.point and step.point.number) == (4, 2)
    assert from_datetime(datetime(2026, 11, 25, 6, tzinfo=UTC)) == SHIFT.end
