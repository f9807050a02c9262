"""When recurring work is due."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.maintenance.meter import MeterReading
from app.maintenance.schedule import Due, DueBy, DueState, Past, due, order_of_urgency
from app.model import clock
from app.model.maintenance import MaintenanceDefinition
from app.model.text import LocalText
from tests.app.maintenance.plants import DAY, FROM_SERVICE, NOW, completed, desk

MONTHLY = MaintenanceDefinition("belt", "AC01", LocalText("Belt"), every_days=30.0, lead_days=5.0, tolerance_days=2.0)
BY_METER = MaintenanceDefinition("oil", "AC01", LocalText("Oil"), every=500.0, meter="AC01.H", lead_days=5.0)


def metered(total: float, at: int = NOW, first: float = 1_000.0) -> Past:
    """A meter that has counted 10 a day so far."""
    days = (total - first) / 10.0
    return Past(0, first=MeterReading(at - round(days * DAY), first, None), last=MeterReading(at, total, None))


@pytest.mark.parametrize(
    ("days", "state"),
    [(24, DueState.LATER), (26, DueState.SOON), (30, DueState.DUE), (31.9, DueState.DUE), (32.1, DueState.OVERDUE)],
)
def test_that_the_calendar_tells_what_is_soon_due_and_overdue(days: float, state: DueState) -> None:
    found = due(MONTHLY, Past(seen=NOW), NOW + round(days * DAY))
    assert (found.state, found.by) == (state, DueBy.CALENDAR)
    assert found.remaining == pytest.approx(30 - days)


def test_that_the_next_date_counts_from_when_it_was_done() -> None:
    order = replace(completed(desk(), FROM_SERVICE), completed=NOW + 34 * DAY, due=NOW + 30 * DAY)
    assert due(MONTHLY, Past(seen=NOW, done=order), NOW).at == NOW + 64 * DAY


@pytest.mark.parametrize("done_at", [26, 30, 34])
def test_that_a_fixed_date_does_not_move_with_the_work(done_at: int) -> None:
    order = replace(completed(desk(), FROM_SERVICE), completed=NOW + done_at * DAY, due=NOW + 30 * DAY)
    found = due(replace(MONTHLY, is_fixed=True), Past(seen=NOW, done=order), NOW)
    assert found.at == NOW + 60 * DAY


def test_that_a_first_date_is_one_of_this_pcs_calendar() -> None:
    definition = replace(MONTHLY, first_due="2026-12-24T08:00:00+08:00")
    assert due(definition, Past(seen=NOW), NOW).at == clock.instant_of("2026-12-24T00:00:00+00:00")
    with pytest.raises(ValueError, match="soon"):
        clock.instant_of("soon")


def test_that_a_simulated_plant_has_its_own_days() -> None:
    found = due(MONTHLY, Past(seen=NOW), NOW + DAY // 2, time_scale=60.0)
    assert (found.state, round(found.remaining)) == (DueState.DUE, 0)


def test_that_a_meter_tells_the_day_by_its_present_rate() -> None:
    found = due(BY_METER, metered(1_300.0), NOW)
    assert (found.state, found.left, found.reading) == (DueState.LATER, 200.0, 1_300.0)
    assert found.at == NOW + 20 * DAY
    assert found.remaining == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("total", "state"),
    [(1_449.0, DueState.LATER), (1_451.0, DueState.SOON), (1_500.0, DueState.DUE), (1_530.0, DueState.OVERDUE)],
)
def test_that_a_meter_makes_work_due(total: float, state: DueState) -> None:
    assert due(replace(BY_METER, tolerance_days=2.0), metered(total), NOW).state is state


def test_that_the_meter_counts_from_the_reading_that_was_signed() -> None:
    order = replace(completed(desk(), FROM_SERVICE), meter=1_290.0)
    assert due(BY_METER, replace(metered(1_300.0), done=order), NOW).left == 490.0
    assert due(replace(BY_METER, last_at=850.0), metered(1_300.0), NOW).left == 50.0


def test_that_a_meter_that_stands_still_has_no_date() -> None:
    still = Past(0, first=MeterReading(NOW - DAY, 1_000.0, None), last=MeterReading(NOW, 1_000.0, None))
    found = due(BY_METER, still, NOW)
    assert (found.state, found.at, found.left) == (DueState.LATER, 0, 500.0)


def test_that_a_meter_that_was_not_read_lately_makes_nothing_due_by_itself() -> None:
    found = due(BY_METER, metered(1_450.0), NOW + 30 * DAY)
    assert (found.state, found.left) == (DueState.SOON, 50.0)


def test_that_a_meter_that_was_never_read_is_told_as_not_known() -> None:
    assert due(BY_METER, Past(0), NOW).state is DueState.NOT_KNOWN


def test_that_what_comes_first_counts() -> None:
    both = replace(BY_METER, every_days=30.0)
    past = replace(metered(1_300.0), seen=NOW)
    by_meter = due(both, past, NOW)
    assert (by_meter.by, by_meter.left) == (DueBy.METER, 200.0)
    by_date = due(replace(both, every_days=10.0), past, NOW)
    assert (by_date.by, by_date.at, by_date.left) == (DueBy.CALENDAR, NOW + 10 * DAY, 200.0)


def test_that_what_is_overdue_stands_first() -> None:
    def at(state: DueState, remaining: float) -> Due:
        return Due(MONTHLY, state, DueBy.CALENDAR, 0, remaining)

    late, later = at(DueState.OVERDUE, -9.0), at(DueState.OVERDUE, -3.0)
    now, soon, unknown = at(DueState.DUE, -1.0), at(DueState.SOON, 3.0), at(DueState.LATER, float("nan"))
    far = at(DueState.LATER, 90.0)
    assert sorted([unknown, far, soon, now, later, late], key=order_of_urgency) == [
        late,
        later,
        now,
        soon,
        far,
        unknown,
    ]
