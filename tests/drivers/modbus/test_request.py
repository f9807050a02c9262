"""How tags are merged into requests."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from drivers.driver import TagSpec
from drivers.modbus.address import parse_address
from drivers.modbus.request import Point, Request, halves, plan_requests
from drivers.modbus.settings import ModbusSettings
from drivers.modbus.traits import Traits

SETTINGS = ModbusSettings("plc", max_block=10, max_gap=3, max_block_bits=32, max_gap_bits=8)


def points_at(*texts: str) -> list[Point]:
    addresses = [parse_address(text) for text in texts]
    return [
        Point(TagSpec(handle, text), address, 1 if address.unit is None else address.unit)
        for handle, (text, address) in enumerate(zip(texts, addresses, strict=True))
    ]


def spans(requests: list[Request]) -> list[tuple[int, str, int, int]]:
    return [(request.unit, str(request.table), request.start, request.count) for request in requests]


def test_that_neighbours_and_small_gaps_are_read_at_once() -> None:
    assert spans(plan_requests(points_at("HR4", "HR0:F32", "HR5:F32"), SETTINGS, Traits())) == [(1, "HR", 0, 7)]


def test_that_wide_gaps_tables_and_units_part_requests() -> None:
    requests = plan_requests(points_at("HR0", "HR5", "IR0", "2/HR1"), SETTINGS, Traits())
    assert spans(requests) == [(1, "HR", 0, 1), (1, "HR", 5, 1), (1, "IR", 0, 1), (2, "HR", 1, 1)]


def test_that_no_value_is_split_at_the_end_of_a_block() -> None:
    requests = plan_requests(points_at("HR0", "HR1:F64", "HR5:F64", "HR9:F32"), SETTINGS, Traits())
    assert spans(requests) == [(1, "HR", 0, 9), (1, "HR", 9, 2)]


def test_that_a_value_within_another_does_not_shorten_the_block() -> None:
    assert spans(plan_requests(points_at("HR0:F64", "HR1", "HR4"), SETTINGS, Traits())) == [(1, "HR", 0, 5)]


def test_that_bits_have_limits_of_their_own() -> None:
    assert spans(plan_requests(points_at("CO0", "CO8", "CO31", "CO32"), SETTINGS, Traits())) == [
        (1, "CO", 0, 9),
        (1, "CO", 31, 2),
    ]


@given(
    st.lists(st.tuples(st.integers(0, 200), st.sampled_from(["U16", "F32", "F64"])), min_size=1, max_size=60),
    st.integers(4, 125),
    st.integers(0, 20),
)
def test_that_every_point_is_read_once_and_wholly(places: list[tuple[int, str]], block: int, gap: int) -> None:
    points = points_at(*(f"HR{offset}:{name}" for offset, name in places))
    settings = ModbusSettings("plc", max_block=block, max_gap=gap)
    requests = plan_requests(points, settings, Traits())
    for request in requests:
        assert request.count <= block
        assert all(request.start <= p.address.offset and p.end <= request.start + request.count for p in request.points)
    assert sorted(np.concatenate([request.handles for request in requests]).tolist()) == list(range(len(points)))


def test_that_halves_hold_all_points_of_the_whole() -> None:
    (request,) = plan_requests(points_at("HR0", "HR1", "HR2:F32"), SETTINGS, Traits())
    assert spans(list(halves(request, SETTINGS))) == [(1, "HR", 0, 1), (1, "HR", 1, 3)]
