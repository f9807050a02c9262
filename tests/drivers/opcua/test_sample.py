"""DataValues as columns."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import cast

import pytest
from asyncua import ua

from app.model import status
from app.model.clock import NS_PER_S
from drivers.opcua.sample import rows

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
NOON_NS = 1_767_355_200 * NS_PER_S


def _value(
    value: object, variant_type: ua.VariantType, *, code: int = 0, source: datetime | None = NOON
) -> ua.DataValue:
    return ua.DataValue(
        ua.Variant(value, variant_type), ua.StatusCode(ua.UInt32(code)), cast("ua.DateTime | None", source)
    )


@pytest.mark.parametrize(
    ("value", "variant_type", "expected"),
    [
        (1.5, ua.VariantType.Double, 1.5),
        (math.inf, ua.VariantType.Float, math.inf),
        (-7, ua.VariantType.Int32, -7.0),
        (True, ua.VariantType.Boolean, 1.0),
        (" 12.5 ", ua.VariantType.String, 12.5),
    ],
)
def test_that_numbers_of_every_kind_are_float64(value: object, variant_type: ua.VariantType, expected: float) -> None:
    assert rows([_value(value, variant_type)]) == ([expected], [status.GOOD], [NOON_NS])


@pytest.mark.parametrize(
    ("value", "variant_type", "code"),
    [
        ("running", ua.VariantType.String, status.BAD_TYPE_MISMATCH),
        ([1.0, 2.0], ua.VariantType.Double, status.BAD_TYPE_MISMATCH),
        (NOON, ua.VariantType.DateTime, status.BAD_TYPE_MISMATCH),
        (None, ua.VariantType.Null, status.BAD_NO_DATA),
    ],
)
def test_that_what_is_no_number_is_bad(value: object, variant_type: ua.VariantType, code: int) -> None:
    (number,), codes, times = rows([_value(value, variant_type)])
    assert math.isnan(number)
    assert (codes, times) == ([code], [NOON_NS])


def test_that_status_codes_pass_with_all_their_bits() -> None:
    codes = [
        status.GOOD | status.OVERFLOW,
        status.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED | status.LIMIT_HIGH,
        status.BAD_SENSOR_FAILURE,
        0xFFFF_0000,
    ]
    values, found, _ = rows([_value(3.0, ua.VariantType.Double, code=code) for code in codes])
    assert found == codes
    assert values[:2] == [3.0, 3.0]
    assert all(math.isnan(value) for value in values[2:])


def test_that_a_missing_status_is_good_and_a_missing_value_bad() -> None:
    _, codes, _ = rows([ua.DataValue(ua.Variant(1.0, ua.VariantType.Double), None), ua.DataValue()])
    assert codes == [status.GOOD, status.BAD_NO_DATA]


@pytest.mark.parametrize("source", [None, datetime(1601, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
def test_that_a_time_no_plant_can_have_is_none(source: datetime | None) -> None:
    assert rows([_value(1.0, ua.VariantType.Double, source=source)])[2] == [0]


def test_that_the_servers_time_stands_in_for_that_of_the_source() -> None:
    sample = ua.DataValue(ua.Variant(1.0, ua.VariantType.Double), ServerTimestamp=cast("ua.DateTime", NOON))
    assert rows([sample])[2] == [NOON_NS]
