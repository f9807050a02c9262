"""The order of words that nobody has written down is found by looking at values."""

from __future__ import annotations

import itertools
import struct

import numpy as np
import pytest

from app.model.connection import ConnectionDefinition
from drivers.driver import BadAddress
from drivers.modbus.address import Address, DataType, Order, Table
from drivers.modbus.client import ModbusDriver
from drivers.modbus.encode import encoder
from drivers.modbus.interpretation import interpretations, order_of
from drivers.probe import Decoded
from tests.drivers.modbus.sunspec_map import served


def words_of(order: Order, data_type: DataType, *values: float) -> np.ndarray[tuple[int], np.dtype[np.uint16]]:
    address = Address(Table.HOLDING_REGISTERS, 0, data_type)
    return np.array([word for value in values for word in encoder(address, order)(value)], np.uint16)


@pytest.mark.parametrize(
    ("order", "data_type"), list(itertools.product(Order, [DataType.F32, DataType.F64, DataType.I32]))
)
def test_that_the_order_in_which_a_measurement_was_sent_comes_first(order: Order, data_type: DataType) -> None:
    steps = (0.0, 0.3, -0.2) if data_type.is_float else (0, 3, -2)
    reads = [words_of(order, data_type, 4321 + step, 235_871 + step) for step in steps]
    best = interpretations(reads, Table.HOLDING_REGISTERS, 100)[0]
    assert (best.order, best.data_type) == (order, data_type)
    assert best.addresses[0] == f"HR100:{data_type}:{order}"
    assert best.values == pytest.approx((4321 + steps[-1], 235_871 + steps[-1]))
    assert best.moved[0] == pytest.approx(steps[1] - steps[2], abs=1e-2)


def test_that_all_four_orders_are_shown_also_those_that_are_no_numbers() -> None:
    found = interpretations([words_of(Order.ABCD, DataType.F32, 21.5)], Table.INPUT_REGISTERS, 0, unit=4)
    assert {each.order for each in found if each.data_type == "F32"} == set(Order)
    assert all(0.0 <= each.plausibility <= 1.0 for each in found)
    assert found[0].addresses == ("4/IR0:F32:ABCD",)


@pytest.mark.parametrize("order", Order)
def test_that_a_block_of_round_floats_tells_its_order_wherever_it_begins(order: Order) -> None:
    floats = words_of(order, DataType.F32, 21.37, 55.81, 1013.26, 0.873, 402.17)
    assert order_of([floats]) == ((order, 0),)
    assert order_of([np.concatenate([np.array([7], np.uint16), floats])]) == ((order, 1),)


def test_that_measured_floats_leave_two_orders_of_which_one_is_right() -> None:
    floats = words_of(Order.ABCD, DataType.F32, *np.random.default_rng(3).uniform(20, 90, 12).tolist())
    assert set(order_of([floats])) == {(Order.ABCD, 0), (Order.CDAB, 1)}


def test_that_whole_numbers_and_noughts_tell_no_order() -> None:
    assert order_of([np.arange(1, 31, dtype=np.uint16)]) == ()
    assert order_of([np.zeros(20, np.uint16)]) == ()


async def test_that_a_device_shows_the_decodings_of_its_registers() -> None:
    words = list(struct.unpack(">4H", struct.pack("<2f", 21.5, 4.25)[::-1]))
    async with served({2: {100: words}}) as port:
        definition = ConnectionDefinition("c", "modbus", f"modbus://127.0.0.1:{port}?unit=2&base=1")
        driver = ModbusDriver.from_definition(definition)
        await driver.open()
        assert isinstance(driver, Decoded)
        found = await driver.decodings("HR101", 4, reads=2, pause_s=0.0)
        with pytest.raises(BadAddress, match="fewer registers"):
            await driver.decodings("HR101", 9, reads=1, pause_s=0.0)
        with pytest.raises(BadAddress, match="is a bit"):
            await driver.decodings("CO1", 1, reads=1, pause_s=0.0)
        await driver.close()
    assert (found[0].data_type, found[0].order, found[0].addresses[0]) == ("F32", "ABCD", "HR101:F32:ABCD")
    assert found[0].values == (4.25, 21.5)
