"""Loss: a connection that is cut, that hangs or that is garbled is told in time, after what came before it."""

from __future__ import annotations

import asyncio
import hashlib
import re
from contextlib import suppress

import pytest

from app.model import status
from drivers.conformance.device import PATIENCE_S, Device, DriverSubject, has_all, never, opened, specs, take, until
from drivers.conformance.relay import relay_to
from drivers.conformance.turn_clock import turn_clock
from drivers.driver import ConnectionLost, DriverError


def _noise(data: bytes) -> bytes:
    return hashlib.shake_128(data).digest(len(data))


def _scrambled(data: bytes) -> bytes:
    """Return a text of the same words and lines, of which no number can be made."""
    return re.sub(rb"[^\s]", b"?", data)


class LossContract(DriverSubject):
    """The part of the suite about servers that go away."""

    async def test_that_a_lost_connection_is_told_after_what_came_before_it(self, device: Device) -> None:
        async with relay_to(device.port) as relay, opened(self.driver(relay.port)) as driver:
            await driver.subscribe(specs(list(device.values)))
            await take(driver, has_all(set(range(len(device.values)))))
            device.publish(device.values)
            await until(lambda: driver.diagnose().samples > len(device.values))
            relay.cut()
            with turn_clock() as waited, pytest.raises(ConnectionLost, match=str(relay.port)):
                await take(driver, never)
            assert waited.seconds < 1.0
            with pytest.raises(ConnectionLost):
                await driver.read(specs(list(device.values)))

    async def test_that_what_was_delivered_before_a_loss_is_not_lost_with_it(self, device: Device) -> None:
        async with relay_to(device.port) as relay, opened(self.driver(relay.port)) as driver:
            await driver.subscribe(specs(list(device.values)))
            await until(lambda: driver.diagnose().samples >= len(device.values))
            relay.cut()
            await asyncio.sleep(0.1)
            block = await driver.batches().get()
            assert has_all(set(range(len(device.values))))(block)
            with pytest.raises(ConnectionLost):
                await take(driver, never)

    async def test_that_a_server_that_hangs_is_noticed_and_let_go_of_in_time(self, device: Device) -> None:
        async with relay_to(device.port) as relay, opened(self.driver(relay.port)) as driver:
            await driver.subscribe(specs(list(device.values)))
            await take(driver, has_all(set(range(len(device.values)))))
            relay.freeze()
            with turn_clock() as waited:
                with pytest.raises(ConnectionLost, match=str(relay.port)):
                    await take(driver, never)
                assert waited.seconds < 2.3
                waited.begin_anew()
                await driver.close()
            assert waited.seconds < 1.0

    async def test_that_closing_does_not_wait_for_a_server_that_hangs(self, device: Device) -> None:
        async with relay_to(device.port) as relay, opened(self.driver(relay.port)) as driver:
            await driver.subscribe(specs(list(device.values)))
            await take(driver, has_all(set(range(len(device.values)))))
            relay.freeze()
            with turn_clock() as waited:
                await driver.close()
            assert waited.seconds < 2.0

    async def test_that_an_address_where_nothing_listens_is_named(self) -> None:
        async with relay_to(0) as relay:
            port = relay.port
        told = rf"127\.0\.0\.1:{port}: nothing listens there: check"
        with turn_clock() as waited, pytest.raises(ConnectionLost, match=told):
            async with opened(self.driver(port)):
                pass
        assert waited.seconds < 2.0

    async def test_that_a_garbled_answer_is_no_value_and_no_other_error(self, device: Device) -> None:
        addresses = list(device.values)
        async with relay_to(device.port) as relay, opened(self.driver(relay.port)) as driver:
            relay.falsify = _scrambled
            async with asyncio.timeout(PATIENCE_S):
                with suppress(DriverError):
                    block = await driver.read(specs(addresses))
                    is_usable = status.usable_mask(block.status)
                    held = list(device.values.values())
                    assert block.value[is_usable].tolist() == [held[row] for row in is_usable.nonzero()[0]]
        async with relay_to(device.port) as relay:
            relay.falsify = _noise
            with suppress(DriverError):
                async with opened(self.driver(relay.port)):
                    pass
