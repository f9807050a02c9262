"""Work orders on their way from a request to the answer whether it helped."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.maintenance.check import LONGEST_TEXT, role_for
from app.maintenance.desk import WorkChange, WorkDesk, request_work
from app.maintenance.effect import Observation
from app.maintenance.transition import TRANSITIONS, next_state, steps_from
from app.model.actor import Actor
from app.model.maintenance import MaintenanceRules
from app.model.role import Role
from app.model.work_order import (
    CheckEntry,
    Effect,
    Ground,
    PartUse,
    WorkCommand,
    WorkOrder,
    WorkRefusal,
    WorkRefusalCode,
    WorkRequest,
    WorkSource,
    WorkState,
    WorkStep,
)
from tests.app.maintenance.plants import (
    DAY,
    FROM_SERVICE,
    HOUR,
    LI,
    NOW,
    SERVICE,
    WANG,
    completed,
    desk,
    done,
    in_work,
    opened,
    plant,
    wanted,
)


def refused(at: WorkDesk, order: WorkOrder, step: WorkStep, who: Actor = WANG, **given: Any) -> WorkRefusal:  # noqa: ANN401 - of any kind
    command = WorkCommand(order.id, order.version, step, **given)
    refusal = at.step(command, who, NOW)
    assert isinstance(refusal, WorkRefusal)
    assert at.order(order.id) == order
    return refusal


def test_that_an_order_goes_from_request_to_fixed_and_tells_who_did_what() -> None:
    at = desk()
    order = completed(at)
    assert (order.state, order.requested_by, order.changed_by) == (WorkState.DONE, "Li", "Li")
    assert (order.planned_start, order.assignee, order.estimated_h) == (NOW + DAY, "Zhao", 3.0)
    assert order.signature is not None
    assert (order.signature.name, order.signature.is_proven) == ("Li", False)
    order = done(at, order, WorkStep.CONFIRM_FIXED, now=NOW + HOUR)
    assert (order.state, order.confirmed, order.confirmed_by) == (WorkState.FIXED, NOW + HOUR, "Wang")
    assert at.open_orders() == []


def test_that_work_that_did_not_help_is_followed_by_another_request() -> None:
    at = desk()
    order = completed(at, wanted(WorkSource.ALARM, reference="AC01.T.H"))
    command = WorkCommand(order.id, order.version, WorkStep.CONFIRM_NOT_FIXED, reason="still rattles")
    changes = at.step(command, WANG, NOW)
    assert not isinstance(changes, WorkRefusal)
    closed, follow = (change.order for change in changes)
    assert closed.state is WorkState.NOT_FIXED
    assert (follow.state, follow.source, follow.follows) == (WorkState.REQUESTED, WorkSource.FOLLOW_UP, closed.id)
    assert (follow.reason, follow.title, follow.reference) == ("still rattles", closed.title, "AC01.T.H")


def test_that_an_order_of_a_definition_has_its_checklist_parts_and_hours() -> None:
    order = opened(desk(), FROM_SERVICE)
    assert [result.item for result in order.checks] == list(SERVICE.checks)
    assert (order.planned_parts, order.estimated_h, order.renews) == (("filter",), 4.0, True)
    assert order.title == SERVICE.title


def test_that_a_second_request_for_the_same_alarm_names_the_open_order() -> None:
    at = desk()
    first = opened(at, wanted(WorkSource.ALARM, reference="AC01.T.H"))
    refusal = at.request(wanted(WorkSource.ALARM, reference="AC01.T.H"), WANG, NOW)
    assert isinstance(refusal, WorkRefusal)
    assert (refusal.code, refusal.other, refusal.by) == (WorkRefusalCode.DUPLICATE, first.id, "Li")
    assert isinstance(at.request(wanted(WorkSource.CASE, reference="AC01.T.H"), WANG, NOW), WorkChange)


@pytest.mark.parametrize(
    ("request_", "who", "code"),
    [
        (request_work("AC99", WorkSource.HAND, "why"), LI, WorkRefusalCode.NO_EQUIPMENT),
        (request_work("AC01", WorkSource.HAND, " "), LI, WorkRefusalCode.NO_REASON),
        (request_work("AC01", WorkSource.HAND, "x" * (LONGEST_TEXT + 1)), LI, WorkRefusalCode.LONG_TEXT),
        (request_work("AC01", WorkSource.HAND, "why"), Actor(""), WorkRefusalCode.NO_NAME),
        (WorkRequest("AC01", WorkSource.METER, "why", definition="none"), LI, WorkRefusalCode.NO_DEFINITION),
    ],
    ids=lambda value: value.value if isinstance(value, WorkRefusalCode) else "",
)
def test_that_a_request_that_cannot_be_meant_is_refused(
    request_: WorkRequest, who: Actor, code: WorkRefusalCode
) -> None:
    refusal = desk().request(request_, who, NOW)
    assert isinstance(refusal, WorkRefusal)
    assert refusal.code is code


def test_that_who_comes_second_is_told_who_was_first() -> None:
    at = desk()
    order = opened(at)
    done(at, order, WorkStep.PLAN, LI, planned_start=NOW)
    command = WorkCommand(order.id, order.version, WorkStep.CANCEL, reason="not needed")
    refusal = at.step(command, WANG, NOW)
    assert isinstance(refusal, WorkRefusal)
    assert (refusal.code, refusal.by, refusal.at) == (WorkRefusalCode.CHANGED, "Li", NOW)
    assert "changed by Li at" in refusal.text


def test_that_an_open_checklist_keeps_work_from_being_signed() -> None:
    at = desk()
    order = in_work(at, FROM_SERVICE)
    assert refused(at, order, WorkStep.COMPLETE).code is WorkRefusalCode.CHECK_OPEN
    only_ticked = (CheckEntry(0), CheckEntry(1))
    assert refused(at, order, WorkStep.COMPLETE, checks=only_ticked).subject == "Oil pressure"
    order = done(at, order, WorkStep.NOTE, LI, checks=(CheckEntry(0),))
    remarked = (CheckEntry(1, is_done=False, remark="no gauge"),)
    assert done(at, order, WorkStep.COMPLETE, LI, checks=remarked).state is WorkState.DONE


def test_that_a_value_beyond_its_limits_has_to_be_explained() -> None:
    at = desk()
    order = in_work(at, FROM_SERVICE)
    checks = (CheckEntry(0), CheckEntry(1, value=4.6))
    refusal = refused(at, order, WorkStep.COMPLETE, checks=checks)
    assert (refusal.code, "4.6 bar" in refusal.text) == (WorkRefusalCode.OUT_OF_LIMITS, True)
    explained = (CheckEntry(0), CheckEntry(1, value=4.6, remark="valve ordered"))
    assert done(at, order, WorkStep.COMPLETE, LI, checks=explained).checks[1].value == 4.6


def test_that_what_was_signed_is_not_altered_by_who_judges_it() -> None:
    at = desk()
    order = completed(at)
    refusal = refused(at, order, WorkStep.CONFIRM_FIXED, parts=(PartUse("filter"),))
    assert refusal.code is WorkRefusalCode.SIGNED


def test_that_hours_and_parts_add_up() -> None:
    at = desk()
    order = in_work(at)
    order = done(at, order, WorkStep.NOTE, LI, spent_h=1.5, parts=(PartUse("filter"),))
    order = done(at, order, WorkStep.COMPLETE, LI, spent_h=0.5, parts=(PartUse("filter", 2.0), PartUse("grease", 0.2)))
    assert order.spent_h == 2.0
    assert order.parts == (PartUse("filter", 3.0), PartUse("grease", 0.2))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"spent_h": -1.0}, WorkRefusalCode.NUMBER),
        ({"spent_h": float("nan")}, WorkRefusalCode.NUMBER),
        ({"parts": (PartUse("filter", float("inf")),)}, WorkRefusalCode.NUMBER),
        ({"checks": (CheckEntry(7),)}, WorkRefusalCode.NO_CHECK),
        ({"reason": "x" * (LONGEST_TEXT + 1)}, WorkRefusalCode.LONG_TEXT),
    ],
    ids=lambda value: value.value if isinstance(value, WorkRefusalCode) else "",
)
def test_that_numbers_and_texts_that_cannot_be_meant_are_refused(given: dict[str, Any], code: WorkRefusalCode) -> None:
    at = desk()
    assert refused(at, in_work(at), WorkStep.NOTE, **given).code is code


def test_that_what_ends_or_interrupts_work_needs_a_reason_and_a_plan_a_start() -> None:
    at = desk()
    order = opened(at)
    assert refused(at, order, WorkStep.CANCEL).code is WorkRefusalCode.NO_REASON
    assert refused(at, order, WorkStep.PLAN).code is WorkRefusalCode.NO_START
    assert refused(at, in_work(at), WorkStep.INTERRUPT).code is WorkRefusalCode.NO_REASON


def test_that_the_refusal_of_a_step_names_the_possible_ones() -> None:
    at = desk()
    refusal = refused(at, opened(at), WorkStep.COMPLETE)
    assert refusal.code is WorkRefusalCode.STATE
    assert "plan, note, cancel" in refusal.text


def test_that_only_an_engineer_releases_and_judges_unless_the_plant_says_otherwise() -> None:
    rules = MaintenanceRules()
    assert role_for(WorkStep.RELEASE, rules) is Role.ENGINEER
    assert role_for(WorkStep.CONFIRM_FIXED, rules) is Role.ENGINEER
    assert role_for(WorkStep.COMPLETE, rules) is Role.OPERATOR
    assert role_for(WorkStep.RELEASE, MaintenanceRules(release_role=Role.OPERATOR)) is Role.OPERATOR


def test_that_completion_of_work_that_renews_tells_so_once() -> None:
    at = desk()
    order = in_work(at)
    command = WorkCommand(order.id, order.version, WorkStep.COMPLETE, renews=True)
    changes = at.step(command, LI, NOW + HOUR, meter=1234.0)
    assert not isinstance(changes, WorkRefusal)
    event = changes[0].renewal
    assert event is not None
    assert (event.equipment, event.time, event.order) == ("AC01", NOW + HOUR, order.id)
    assert changes[0].order.meter == 1234.0
    judged = done(at, changes[0].order, WorkStep.CONFIRM_FIXED)
    assert WorkChange(judged, WANG, "").renewal is None


def test_that_the_proposal_is_told_when_it_changes_and_decides_nothing() -> None:
    at = desk()
    order = completed(at, wanted(WorkSource.ALARM, reference="AC01.T.H"))
    first = at.observe(order.id, Observation(is_active=False), NOW + HOUR)
    assert first is not None
    assert first.order.proposal is not None
    assert first.order.proposal.effect is Effect.WATCHING
    assert at.observe(order.id, Observation(is_active=False), NOW + 2 * HOUR) is None
    again = at.observe(order.id, Observation(raised=NOW + 3 * HOUR, is_active=True), NOW + 3 * HOUR)
    assert again is not None
    assert again.order.proposal is not None
    assert (again.order.proposal.effect, again.order.proposal.ground) == (Effect.LOOKS_NOT_FIXED, Ground.ALARM_AGAIN)
    assert again.order.state is WorkState.DONE
    assert again.who.name == ""


def test_that_the_watch_is_as_long_as_the_plants_own_hours() -> None:
    at = WorkDesk(plant(time_scale=60.0), (), last=0)
    order = completed(at)
    assert order.watch_until - order.completed == 72 * HOUR // 60


@settings(max_examples=60, stateful_step_count=30, deadline=None)
class WorkOrders(RuleBasedStateMachine):
    """Any sequence of steps, possible or not, on a few orders."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = desk()
        self.time = NOW
        self.known: dict[int, list[WorkOrder]] = {}

    def take(self, changes: object) -> None:
        if isinstance(changes, WorkRefusal) or changes is None:
            return
        for change in changes if isinstance(changes, list) else [changes]:
            assert isinstance(change, WorkChange)
            self.known.setdefault(change.order.id, []).append(change.order)

    @rule(source=st.sampled_from(WorkSource), reference=st.sampled_from(["a", "b"]), with_list=st.booleans())
    def ask(self, source: WorkSource, reference: str, *, with_list: bool) -> None:
        self.time += HOUR
        before = [order for order in self.desk.open_orders() if (order.source, order.reference) == (source, reference)]
        request = WorkRequest("AC01", source, "why", reference=reference, definition=SERVICE.id if with_list else "")
        answer = self.desk.request(request, LI, self.time)
        is_unique = source in {WorkSource.HAND, WorkSource.FOLLOW_UP} or not before
        assert isinstance(answer, WorkChange) is is_unique
        self.take(answer)

    @rule(
        data=st.data(),
        step=st.sampled_from(WorkStep),
        reason=st.sampled_from(["", "because"]),
        start=st.sampled_from([0, NOW + DAY]),
        lag=st.sampled_from([0, 0, 0, 1]),
        is_filled=st.booleans(),
    )
    def go(self, data: st.DataObject, step: WorkStep, reason: str, start: int, lag: int, *, is_filled: bool) -> None:
        if not self.known:
            return
        self.time += HOUR
        order = self.known[data.draw(st.sampled_from(sorted(self.known)))][-1]
        checks = (CheckEntry(0), CheckEntry(1, value=3.0)) if is_filled and order.checks else ()
        spent_h = 0.0 if order.completed else 0.5
        command = WorkCommand(
            order.id, order.version - lag, step, reason=reason, planned_start=start, spent_h=spent_h, checks=checks
        )
        answer = self.desk.step(command, WANG, self.time)
        may = next_state(order.state, step) is not None and step is not WorkStep.OBSERVE and not lag
        if not may:
            assert isinstance(answer, WorkRefusal)
        self.take(answer)

    @rule(data=st.data(), raised=st.booleans())
    def see(self, data: st.DataObject, *, raised: bool) -> None:
        if self.known:
            number = data.draw(st.sampled_from(sorted(self.known)))
            self.time += DAY
            self.take(self.desk.observe(number, Observation(raised=self.time * raised, is_active=raised), self.time))

    @invariant()
    def each_step_follows_the_table_and_none_is_lost(self) -> None:
        for versions in self.known.values():
            assert [order.version for order in versions] == list(range(1, len(versions) + 1))
            assert versions[0].state is WorkState.REQUESTED
            for before, after in pairwise(versions):
                assert TRANSITIONS[before.state, after.step] is after.state
                assert after.changed > before.changed
                assert after.spent_h >= before.spent_h

    @invariant()
    def what_is_open_is_what_is_not_closed(self) -> None:
        newest = {number: versions[-1] for number, versions in self.known.items()}
        assert {order.id for order in self.desk.open_orders()} == {
            number for number, order in newest.items() if not order.state.is_final
        }

    @invariant()
    def what_is_done_is_signed_and_stays_as_it_was_signed(self) -> None:
        for versions in self.known.values():
            signed = [order for order in versions if order.completed]
            assert all(order.signature is not None and order.watch_until > order.completed for order in signed)
            assert (
                len({(order.checks, order.parts, order.spent_h, order.remark, order.signature) for order in signed})
                <= 1
            )


TestAnySequenceOfSteps = WorkOrders.TestCase


def test_that_every_state_but_the_final_ones_leads_on() -> None:
    for state in WorkState:
        assert bool(steps_from(state)) is not state.is_final
