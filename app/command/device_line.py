"""A way to a device for as long as somebody looks at it: a driver in a thread of its own, asked from other threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from app.acquisition.event_loop import run_drivers
from app.command.device import connected, specs_of
from app.model.connection import ConnectionDefinition
from drivers.driver import ConnectionLost, Driver, DriverError
from drivers.probe import Decoded, Decoding
from drivers.state import State
from widgets.engineering.devices import Reading

Result = TypeVar("Result")
_OPENING_S = 15.0
_ANSWER_S = 15.0


class OpenLine:
    """The driver of one connection, opened by the first call."""

    def __init__(self, definition: ConnectionDefinition) -> None:
        self._definition = definition
        self._url = definition.url
        self._ready: Future[tuple[asyncio.AbstractEventLoop, Driver]] = Future()
        self._over: asyncio.Event | None = None
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="device-line", daemon=True)
        self._begins = threading.Lock()

    def read(self, addresses: Sequence[str]) -> list[Reading]:
        """Return the values of addresses, one each; raise DriverError."""
        return self._ask(lambda: self._read(addresses))

    def decodings(self, address: str, count: int) -> list[Decoding]:
        """Return what registers may mean; raise DriverError."""
        return self._ask(lambda: self._decodings(address, count))

    def close(self) -> None:
        """Let go of the device, without waiting for it."""
        self._is_closed = True
        if self._ready.done() and self._ready.exception() is None:
            loop, _ = self._ready.result()
            over = self._over
            if over is not None and not loop.is_closed():
                loop.call_soon_threadsafe(over.set)

    def _ask(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        with self._begins:
            if not self._thread.is_alive() and not self._ready.done() and not self._is_closed:
                self._thread.start()
        try:
            if self._is_closed:
                raise ConnectionLost(f"{self._url}: closed")
            loop, _ = self._ready.result(timeout=_OPENING_S)
            if loop.is_closed():
                raise ConnectionLost(f"{self._url}: closed")
            return asyncio.run_coroutine_threadsafe(work(), loop).result(timeout=_ANSWER_S)
        except TimeoutError as error:
            raise ConnectionLost(f"{self._url}: no answer in time") from error
        except CancelledError as error:
            raise ConnectionLost(f"{self._url}: closed") from error

    def _run(self) -> None:
        try:
            run_drivers(self._serve())
        except DriverError as error:
            if not self._ready.done():
                self._ready.set_exception(error)

    async def _serve(self) -> None:
        self._over = asyncio.Event()
        async with connected(self._definition) as driver:
            self._ready.set_result((asyncio.get_running_loop(), driver))
            if not self._is_closed:
                await self._over.wait()

    async def _read(self, addresses: Sequence[str]) -> list[Reading]:
        _, driver = self._ready.result()
        block = await driver.read(specs_of(addresses))
        exact = [None] * len(block) if block.exact is None else block.exact.tolist()
        values = [near if whole is None else whole for near, whole in zip(block.value.tolist(), exact, strict=True)]
        return [
            Reading(value, int(code), value.name if isinstance(value, State) else "")
            for value, code in zip(values, block.status.tolist(), strict=True)
        ]

    async def _decodings(self, address: str, count: int) -> list[Decoding]:
        _, driver = self._ready.result()
        if not isinstance(driver, Decoded):
            return []
        return await driver.decodings(address, count, reads=2, pause_s=0.2)
