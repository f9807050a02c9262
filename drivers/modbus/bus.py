"""A bus: the units behind one link, and who asks them when."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from app.model import clock
from drivers.driver import ConnectionLost, DriverError
from drivers.modbus.address import Table
from drivers.modbus.half_duplex import send_one_at_a_time
from drivers.modbus.link import ExceptionAnswer, NoAnswer, PipelinedLink
from drivers.modbus.links import link_to
from drivers.modbus.pdu import WordArray, expected, misfit_of, read_request, words_of
from drivers.modbus.settings import AUTO, ModbusSettings
from drivers.modbus.traits import NEVER, Traits, traits_of
from drivers.modbus.trial import Trial, bearable
from drivers.modbus.turns import OPERATOR, Ask, Turns
from drivers.modbus.units import UNREACHABLE, Units
from drivers.modbus.window import Window

log = logging.getLogger(__name__)


class Bus:
    """The units behind one link; several connections, the `members`, may share it, and each is told when it is lost."""

    def __init__(self, settings: ModbusSettings) -> None:
        """Prepare a bus; of those that share it, the settings of the first hold."""
        self.settings = settings
        self.traits: Traits = traits_of(settings.url)
        self.members = 0
        self.units = Units(settings)
        self._told: list[Callable[[str], None]] = []
        self._opening = asyncio.Lock()
        self._is_open = False
        self._turns = Turns()
        self._on_way = 0
        self._is_paused = False
        self._drained = asyncio.Event()
        self._rests = False
        self._misfits = 0
        self._trial: asyncio.Task[None] | None = None
        self._window = self._first_window()
        self._take_link()

    async def open(self, on_lost: Callable[[str], None]) -> None:
        """Connect, or join those that are; raise ConnectionLost with a reason and a remedy.

        `on_lost(reason)` is called once when the link is lost, unless `close` is called before.
        """
        self.members += 1
        try:
            async with self._opening:
                if not self._is_open:
                    await self._begin()
        except BaseException:
            self.members -= 1
            raise
        self._told.append(on_lost)

    def close(self, on_lost: Callable[[str], None]) -> bool:
        """Leave; with the last that leaves the link is closed. Return whether nobody is left."""
        if on_lost in self._told:
            self._told.remove(on_lost)
            self.members -= 1
        if not self.members:
            if self._is_open and self._trial is not None and not self._trial.done():
                self.traits.window = None
            self._end("closed")
        return not self.members

    @property
    def is_open(self) -> bool:
        """Return whether requests can be sent, or wait for it."""
        return self._is_open

    @property
    def late(self) -> int:
        """Return how many answers came after their time."""
        return self._link.late

    @property
    def window(self) -> int:
        """Return how many requests may be on their way at once."""
        return self._window.size

    async def read(self, unit: int, table: Table, start: int, count: int, *, priority: int = OPERATOR) -> WordArray:
        """Return registers, or bits as 0 and 1: uint16, shape (count,); raise NoAnswer, BadAnswer, ExceptionAnswer."""
        return words_of(await self.ask(unit, read_request(table, start, count), priority).answer, count)

    def ask(self, unit: int, pdu: bytes, priority: int, *, expires: int = NEVER) -> Ask:
        """Let a request wait for its turn.

        Its `answer` gives the answer's PDU, its length checked where it is known, or raises NoAnswer, ExceptionAnswer,
        BadAnswer, ConnectionLost; TimeoutError where it was not sent before `expires` (monotonic ns).
        """
        ask = Ask(unit, pdu, priority, asyncio.get_running_loop().create_future(), expires)
        if not self._is_open:
            ask.answer.set_exception(ConnectionLost(f"{self.settings.url}: not connected"))
            return ask
        self._turns.add(ask)
        if self._on_way < self._window.size:
            self._send_next()
        return ask

    def try_window(self, read: Trial) -> None:
        """Find out, once in the life of the process, how many requests at once the device bears.

        Where no second connection could be had for it, for example because the network failed, it is tried again.
        """
        settings, traits = self.settings, self.traits
        if settings.window != AUTO or settings.min_gap_ms:
            return
        if traits.window is not None and clock.monotonic_ns() < traits.tried_again:
            return
        traits.window = 1
        traits.tried_again = clock.monotonic_ns() + settings.hole_s * clock.NS_PER_S
        self._trial = asyncio.get_running_loop().create_task(self._try_window(read), name="modbus-trial")

    async def _try_window(self, read: Trial) -> None:
        try:
            size = await (self._alone(read) if self.settings.max_connections else self._beside(read))
        except ConnectionLost as error:
            self._lost(str(error))
            return
        if size is not None:
            self.traits.window = self._window.limit = size
            log.info("modbus.window.found", extra={"url": self.settings.url, "size": size})

    async def _beside(self, read: Trial) -> int | None:
        def opened() -> None:
            # Should the trial now cost this connection, it is not made again when the next one is there.
            self.traits.tried_again = NEVER

        return await bearable(self.settings, read, opened=opened)

    async def _alone(self, read: Trial) -> int | None:
        """Make the trial on a device that bears no other connection: this one is closed for it, and opened again."""
        self._is_paused = True
        while self._on_way:
            self._drained.clear()
            await self._drained.wait()
        self._link.close()
        size = await self._beside(read)
        self._take_link()
        await self._connect()
        self._is_paused = False
        self._send_next()
        return size

    def _first_window(self) -> Window:
        patience = self.settings.timeout_ms * clock.NS_PER_MS
        if self.settings.min_gap_ms:
            return Window(1, limit=1, patience=patience)
        if self.settings.window == AUTO:
            return Window(1, limit=self.traits.window or 1, patience=patience)
        return Window(self.settings.window, limit=self.settings.window, patience=patience)

    def _take_link(self) -> None:
        self._link = link = link_to(self.settings, self._lost)
        if isinstance(link, PipelinedLink):
            self._send = link.send
        else:
            self._window.fix(1)
            self._send = partial(send_one_at_a_time, link)

    async def _begin(self) -> None:
        """Open a link of its own for each attempt, so that nothing is left of one that failed or was lost."""
        self._take_link()
        try:
            await self._connect()
        except BaseException:
            self._link.close()
            raise
        self._is_open = True

    async def _connect(self) -> None:
        await self._link.open()
        await asyncio.sleep(self.settings.settle_ms / 1000)

    def _send_next(self) -> None:
        """Send what may be sent now."""
        turns = self._turns
        while turns and self._on_way < self._window.size and not self._is_paused and not self._rests:
            ask = turns.take()
            if ask.answer.done():
                continue
            now = clock.monotonic_ns()
            if now > ask.expires:
                ask.answer.set_exception(TimeoutError())
                continue
            ask.sent = now
            self._on_way += 1
            try:
                self._send(ask.unit, ask.pdu, partial(self._answered, ask))
            except ConnectionLost as error:
                self._on_way -= 1
                _fail(ask, error)

    def _answered(self, ask: Ask, outcome: bytes | DriverError) -> None:
        now = ask.received = clock.monotonic_ns()
        took = now - ask.sent
        self._on_way -= 1
        self._turns.charge(ask.unit, took)
        if self._is_paused and not self._on_way:
            self._drained.set()
        if isinstance(outcome, bytes):
            self._judge(ask, outcome, took)
        else:
            _fail(ask, outcome)
            if isinstance(outcome, NoAnswer):
                self._missed(ask.unit, outcome, took)
        if self.settings.min_gap_ms:
            self._rest()
        elif self._turns:
            self._send_next()

    def _judge(self, ask: Ask, answer: bytes, took: int) -> None:
        head, length = expected(ask.pdu)
        if answer.startswith(head) and (len(answer) == length or not length):
            self._misfits = 0
            self.units.answered(ask.unit)
            self._window.answered(took, more_wait=bool(self._turns))
            if not ask.answer.done():
                ask.answer.set_result(answer)
            return
        misfit = misfit_of(ask.pdu, answer)
        _fail(ask, misfit)
        if isinstance(misfit, ExceptionAnswer):
            self._misfits = 0
            if misfit.code in UNREACHABLE:
                self.units.unreachable(ask.unit, took)
            else:
                self.units.answered(ask.unit)
            return
        self._misfits += 1
        if self._misfits >= self.settings.max_bad_answers:
            self._lost(f"{self.settings.url}: {self._misfits} answers in a row do not fit what was asked: {misfit}")

    def _missed(self, unit: int, error: NoAnswer, took: int) -> None:
        if not self.units.status_of(unit):
            # That a unit is away says nothing about how much the link bears.
            self._window.missed()
        self.units.missed(unit, took)
        if self.units.are_silent:
            remedy = "is the unit id right, and the device still running? (timeout_ms)"
            self._lost(f"{self.settings.url}: {error}: {remedy}")

    def _rest(self) -> None:
        self._rests = True
        asyncio.get_running_loop().call_later(self.settings.min_gap_ms / 1000, self._rested)

    def _rested(self) -> None:
        self._rests = False
        self._send_next()

    def _lost(self, reason: str) -> None:
        if self._is_open:
            told, self._told, self.members = self._told, [], 0
            self._end(reason)
            for on_lost in told:
                on_lost(reason)

    def _end(self, reason: str) -> None:
        self._is_open = False
        if self._trial is not None and not self._trial.done() and self._trial is not asyncio.current_task():
            self._trial.cancel()
        lost = ConnectionLost(reason if reason.startswith(self.settings.url) else f"{self.settings.url}: {reason}")
        for ask in self._turns.clear():
            _fail(ask, lost)
        self._link.close()


def _fail(ask: Ask, error: DriverError) -> None:
    if not ask.answer.done():
        ask.answer.set_exception(error)
        # Who asked may be gone, and then nobody takes the exception.
        ask.answer.exception()
