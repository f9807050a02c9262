"""Which units are asked, which are left alone, and when it is the link that is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from app.model import clock, status
from drivers.modbus.settings import ModbusSettings
from drivers.modbus.units import Turnout, Units

S = clock.NS_PER_S
TIMEOUT = S // 2


@pytest.fixture
def advance() -> Iterator[Callable[[int], None]]:
    with clock.frozen(1_000 * S) as move:
        yield move


def _units(*polled: int) -> Units:
    units = Units(ModbusSettings("plc", demote_after=3, demote_s=10, retries=2))
    units.poll("a connection", frozenset(polled))
    return units


def _miss(units: Units, unit: int, times: int = 1) -> None:
    for _ in range(times):
        units.missed(unit, TIMEOUT)


def test_that_a_unit_is_left_alone_after_three_misses_and_tried_again(advance: Callable[[int], None]) -> None:
    units = _units(1, 2)
    units.answered(1)
    _miss(units, 2, 2)
    assert units.turnout(2) is Turnout.ASK
    _miss(units, 2)
    assert units.turnout(2) is Turnout.LEAVE
    assert units.status_of(2) == status.BAD_OUT_OF_SERVICE
    assert units.turnout(1) is Turnout.ASK
    advance(10 * S)
    assert [units.turnout(2), units.turnout(2)] == [Turnout.TRY, Turnout.LEAVE]
    units.answered(2)
    assert units.turnout(2) is Turnout.ASK
    assert units.status_of(2) == status.GOOD


def test_that_an_answer_between_misses_begins_the_count_anew() -> None:
    units = _units(1, 2)
    for _ in range(5):
        _miss(units, 2, 2)
        units.answered(2)
    assert units.turnout(2) is Turnout.ASK


def test_that_trials_of_all_units_together_take_one_part_in_25_of_the_bus(advance: Callable[[int], None]) -> None:
    silent = range(2, 12)
    units = _units(1, *silent)
    for unit in silent:
        _miss(units, unit, 3)
        units.answered(1)
    tried = dict.fromkeys(silent, 0)
    for _ in range(2_000):
        advance(S // 2)
        for unit in silent:
            if units.turnout(unit) is Turnout.TRY:
                tried[unit] += 1
                _miss(units, unit)
                units.answered(1)
    assert sum(tried.values()) * TIMEOUT <= 1_000 * S // 25
    assert min(tried.values()) >= 4


def test_that_the_link_is_lost_when_no_polled_unit_answers() -> None:
    units = _units(1, 2)
    _miss(units, 1, 3)
    assert not units.are_silent
    _miss(units, 2)
    assert units.are_silent


def test_that_a_single_unit_has_all_its_attempts_before_the_link_is_lost() -> None:
    units = _units(1)
    _miss(units, 1, 2)
    assert not units.are_silent
    _miss(units, 1)
    assert units.are_silent


def test_that_three_units_that_answered_before_are_enough_to_see_a_loss_behind_many() -> None:
    units = _units(*range(1, 30))
    for unit in (10, 11, 12):
        _miss(units, unit)
    assert not units.are_silent
    for unit in range(1, 10):
        units.answered(unit)
    for unit in (1, 2, 3):
        assert not units.are_silent
        _miss(units, unit)
    assert units.are_silent


def test_that_units_left_alone_do_not_keep_a_lost_link_alive() -> None:
    units = _units(1, 2)
    units.answered(1)
    _miss(units, 2, 3)
    units.answered(1)
    _miss(units, 1, 3)
    assert units.are_silent


def test_that_units_of_which_the_gateway_says_that_they_are_absent_are_no_lost_link() -> None:
    units = _units(1)
    for _ in range(5):
        units.unreachable(1, TIMEOUT)
    assert not units.are_silent
    assert units.turnout(1) is Turnout.LEAVE
    assert units.status_of(1) == status.BAD_NO_COMMUNICATION


def test_that_a_unit_that_nobody_polls_says_nothing_about_the_link() -> None:
    units = _units()
    _miss(units, 9, 20)
    assert not units.are_silent
    assert units.turnout(9) is Turnout.ASK
    units.poll("a connection", frozenset({1}))
    _miss(units, 9, 20)
    assert not units.are_silent
