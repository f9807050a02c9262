"""What a bad value means is told once for all addresses that have it, with what to do."""

from __future__ import annotations

import math

from app.command.bad_value import remedies
from app.model import status
from app.model.block import block_of

URL = "modbus://192.168.0.7?unit=3"


def test_that_addresses_with_the_same_fault_stand_in_one_line_with_the_remedy() -> None:
    codes = [status.GOOD, status.BAD_NODE_ID_UNKNOWN, status.BAD_NO_COMMUNICATION, status.BAD_NODE_ID_UNKNOWN]
    block = block_of([0, 1, 2, 3], 0, math.nan, codes)
    assert remedies(block, ["HR0", "HR1", "HR2", "HR3"], URL) == [
        f"HR1, HR3: BadNodeIdUnknown: the device has no such address: `foreshift browse {URL}` lists those that it has",
        "HR2: BadNoCommunication: who was asked does not reach it: check unit id (?unit=N) and the line behind it",
    ]


def test_that_many_addresses_are_counted_and_odd_codes_told_by_the_standard() -> None:
    block = block_of(list(range(7)), 0, math.nan, 0x80AB_0000)
    (line,) = remedies(block, [f"A{number}" for number in range(7)], URL)
    assert line.startswith("A0, A1, A2, A3, A4 and 2 more: Bad 0x80AB0000: ")
    assert "Part 4" in line


def test_that_values_that_can_be_used_and_what_is_no_address_at_all_are_left_out() -> None:
    codes = [status.GOOD, status.UNCERTAIN_LAST_USABLE_VALUE, status.BAD_NODE_ID_INVALID]
    assert remedies(block_of([0, 1, 2], 0, 1.0, codes), ["A", "B", "C"], URL) == []
