"""A link that carries one request at a time, driven as one that carries many: serial lines, ASCII, UDP."""

from __future__ import annotations

import asyncio
import logging

from drivers.driver import DriverError
from drivers.modbus.link import Answered, BadAnswer, Link

log = logging.getLogger(__name__)

_EXCHANGES: set[asyncio.Task[None]] = set()


def send_one_at_a_time(link: Link, unit: int, pdu: bytes, answered: Answered) -> None:
    """Begin one exchange; `answered` is called once with its outcome."""
    task = asyncio.get_running_loop().create_task(_exchange(link, unit, pdu, answered), name="modbus-exchange")
    _EXCHANGES.add(task)
    task.add_done_callback(_EXCHANGES.discard)


async def _exchange(link: Link, unit: int, pdu: bytes, answered: Answered) -> None:
    try:
        outcome: bytes | DriverError = await link.request(unit, pdu)
    except DriverError as error:
        outcome = error
    except Exception as error:
        log.exception("modbus.exchange.failed", extra={"unit": unit})
        outcome = BadAnswer(f"unit {unit}: {type(error).__name__}: {error}")
    answered(outcome)
