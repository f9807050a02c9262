"""A trial of how many requests at once a device bears, on a connection of its own, so that it costs no sample.

Some servers lose all but the last of the requests that arrive together (pymodbus's), some answer none any more. They
are found out here: reads of an address that is known to answer, each of another length, so that an answer to the wrong
request shows, two at once, then 4, 8, 16, until one is not answered rightly.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from drivers.driver import ConnectionLost, DriverError
from drivers.modbus.address import Table
from drivers.modbus.link import PipelinedLink
from drivers.modbus.links import link_to
from drivers.modbus.pdu import expected, read_request
from drivers.modbus.settings import ModbusSettings
from drivers.modbus.window import LARGEST

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trial:
    """A read that the device has just answered."""

    unit: int
    table: Table
    start: int
    count: int


async def bearable(settings: ModbusSettings, read: Trial, *, opened: Callable[[], None]) -> int | None:
    """Return how many requests at once are answered rightly, None where no second connection can be had.

    `opened` is called once there is one: from then on a loss tells something about the device too.
    """
    link = link_to(settings, _pass_over)
    if not isinstance(link, PipelinedLink):
        return 1
    try:
        await link.open()
    except ConnectionLost as error:
        log.info("modbus.trial.refused", extra={"reason": str(error)})
        return None
    try:
        opened()
        await asyncio.sleep(settings.settle_ms / 1000)
        return await _largest(link, read)
    finally:
        link.close()


async def _largest(link: PipelinedLink, read: Trial) -> int:
    depth = 1
    try:
        while depth < LARGEST and await _answers(link, read, depth * 2):
            depth *= 2
    except ConnectionLost:
        return 1
    return depth


def _pass_over(reason: str) -> None:
    """Do nothing about the loss of the connection: the request that it ends says so."""
    log.debug("modbus.trial.lost", extra={"reason": reason})


async def _answers(link: PipelinedLink, read: Trial, depth: int) -> bool:
    """Return whether `depth` requests sent together are all answered, each with what it asked for."""
    answers = [_send(link, read, 1 + row % read.count) for row in range(depth)]
    return all(await asyncio.gather(*answers))


def _send(link: PipelinedLink, read: Trial, count: int) -> asyncio.Future[bool]:
    pdu = read_request(read.table, read.start, count)
    is_right: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    head, length = expected(pdu)

    def answered(outcome: bytes | DriverError) -> None:
        if not is_right.done():
            is_right.set_result(isinstance(outcome, bytes) and outcome.startswith(head) and len(outcome) == length)

    link.send(read.unit, pdu, answered)
    return is_right
