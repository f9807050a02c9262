"""Addresses of Modbus values as places: what they take up, and where the next one stands."""

from __future__ import annotations

import pytest

from widgets.model.register_place import RegisterPlace, place_of


@pytest.mark.parametrize(
    ("address", "place", "width"),
    [
        ("5/HR100:F32:CDAB", RegisterPlace(5, "HR", 100, ":F32:CDAB"), 2),
        ("1/IR0:U16", RegisterPlace(1, "IR", 0, ":U16"), 1),
        ("17/HR9:F64", RegisterPlace(17, "HR", 9, ":F64"), 4),
        ("1/CO3", RegisterPlace(1, "CO", 3), 1),
    ],
)
def test_that_an_address_says_unit_table_offset_and_width(address: str, place: RegisterPlace, width: int) -> None:
    found = place_of(address)
    assert (found, place.width) == (place, width)
    assert place.at(place.offset) == address


@pytest.mark.parametrize("address", ["ns=2;s=T", "HR", "i=2259", "5/HR100/2", ""])
def test_that_an_address_of_another_protocol_is_no_place(address: str) -> None:
    assert place_of(address) is None
