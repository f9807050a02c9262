"""Hostile Modbus TCP frames: answers changed, doubled, swapped, cut and invented; about two to a burst.

A request may end with an error, but never with what it did not ask for, never not at all, and nothing may grow. Every
request on its way asks for another length, because of two answers of one length whose numbers are swapped nobody could
tell which is which; what a device puts between the bytes of a value nobody can tell either, and it is not tried.
"""

from __future__ import annotations

import asyncio
import random
import struct
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from drivers.driver import DriverError
from drivers.modbus.pdu import expected
from drivers.modbus.settings import ModbusSettings
from drivers.modbus.transport import Transport

SETTINGS = ModbusSettings("a device", timeout_ms=1_000, max_bad_answers=20)
MOST_TOGETHER = 16
_HEADER = struct.Struct(">HHHB")
_HEAD_BYTES = 9
_SHOWN = 10
_ALARM_EVERY = 50_000


@dataclass(slots=True)
class FrameReport:
    """What became of requests whose answers were changed: `outcomes` counts them, `faults` says what must not be."""

    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing happened that must not, and the trial was one: some were taken, refused, lost and late."""
        return not self.faults and all(self.outcomes[kind] for kind in ("right", "BadAnswer", "NoAnswer"))

    def as_text(self) -> str:
        """Return the report for people."""
        counted = ", ".join(f"{kind} {count:,}" for kind, count in sorted(self.outcomes.items()))
        shown = "".join(f"\n  {fault}" for fault in self.faults[:_SHOWN])
        return f"{self.cases:,} bursts of changed frames: {counted}; {len(self.faults)} faults{shown}"


class _Socket(asyncio.Transport):
    """A socket that keeps what is written until it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def abort(self) -> None:
        self.written = b""

    def get_extra_info(self, name: str, default: object = None) -> object:
        return self if name == "socket" else default

    def setsockopt(self, *arguments: int) -> None:
        """Take the option that a socket would."""


class _Loop:
    """The part of an event loop that a transport uses, with a clock of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, Callable[[], None]]] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, call: Callable[[], None]) -> _Loop:
        self._due.append((when, call))
        return self

    def call_soon(self, call: Callable[[], None]) -> None:
        self._due.append((self.now, call))

    def cancel(self) -> None:
        self._due.clear()

    def run(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        while ready := [item for item in self._due if item[0] <= self.now]:
            self._due = [item for item in self._due if item[0] > self.now]
            for _, call in ready:
                call()


class Frames:
    """A campaign; the same seed makes the same frames."""

    def __init__(self, seed: int) -> None:
        """Prepare a transport on a socket that is none."""
        self._seed = seed
        self._report = FrameReport()
        self._loop = _Loop()
        self._old = b""
        self._connect()

    def run(self, numbers: Iterable[int]) -> FrameReport:
        """Try the bursts of these numbers."""
        for number in numbers:
            self._random = random.Random(f"{self._seed}/{number}")
            self._try(number)
            self._report.cases += 1
            if self._report.cases % _ALARM_EVERY == 0:
                print(f"{self._report.cases:,}: {len(self._report.faults)} faults", flush=True)
        return self._report

    def _connect(self) -> None:
        self._socket = _Socket()
        self._transport = Transport(SETTINGS, lambda reason: self._report.outcomes.update(["link lost"]))
        self._transport.connection_made(self._socket, loop=self._loop)  # type: ignore[arg-type] # the part it uses
        self._loop.run(2.0)

    def _try(self, number: int) -> None:
        outcomes: dict[bytes, list[bytes | DriverError]] = {}
        counts = self._random.sample(range(1, 60), self._random.randint(1, MOST_TOGETHER))
        for count in counts:
            pdu = struct.pack(">BHH", self._random.choice([3, 4]), self._random.randrange(60_000), count)
            outcomes[pdu] = []
            self._transport.send(1, pdu, outcomes[pdu].append)
        self._loop.run(0.0)
        answers = [_answer(asked) for asked in _frames(self._socket.written)]
        self._socket.written = b""
        try:
            self._receive(b"".join(self._changed(answers)))
            self._loop.run(SETTINGS.timeout_ms / 1000)
        except Exception as error:  # noqa: BLE001 - whatever gets out of the transport is the finding
            self._report.faults.append(f"{number}: {type(error).__name__}: {error}")
        for pdu, came in outcomes.items():
            self._judge(number, pdu, came)
        held = len(self._transport._asked), len(self._transport._given_up), self._transport._filled
        if held > (0, 256, 260):
            self._report.faults.append(f"{number}: grew to {held}")
        if not self._transport.is_open or self._transport._filled:
            self._transport.close()
            self._connect()

    def _judge(self, number: int, pdu: bytes, came: list[bytes | DriverError]) -> None:
        if len(came) != 1:
            self._report.faults.append(f"{number}: {len(came)} outcomes of {pdu.hex()}")
            return
        (outcome,) = came
        if isinstance(outcome, DriverError):
            self._report.outcomes[type(outcome).__name__] += 1
            return
        head, length = expected(pdu)
        if not outcome.startswith(head) or (length and len(outcome) != length):
            self._report.outcomes["exception" if outcome[0] & 0x80 else "BadAnswer"] += 1
        elif outcome == _right(pdu):
            self._report.outcomes["right"] += 1
        else:
            self._report.faults.append(f"{number}: {pdu.hex()} got {outcome.hex()}")

    def _receive(self, stream: bytes) -> None:
        """Give the transport a stream in pieces of any size."""
        while stream and self._transport.is_open:
            buffer = self._transport.get_buffer(-1)
            size = min(len(buffer), len(stream), self._random.choice([1, 7, 8, 100, 1_000, 70_000]))
            buffer[:size] = stream[:size]
            stream = stream[size:]
            self._transport.buffer_updated(size)

    def _changed(self, answers: list[bytes]) -> list[bytes]:
        kept = answers[self._random.randrange(len(answers))]
        # Each at most once: a frame shortened and then made longer again would be a right one with another value.
        for row in self._random.sample(range(len(answers)), min(len(answers), self._random.randint(1, 3))):
            change = self._random.choice(_CHANGES)
            answers[row] = change(answers[row], self._random)
        if self._random.random() < 0.3:
            self._random.shuffle(answers)
        if self._random.random() < 0.1:
            answers.insert(self._random.randrange(len(answers)), self._old)
        self._old = kept
        return answers


def _frames(stream: bytes) -> Iterable[bytes]:
    while stream:
        end = 6 + int.from_bytes(stream[4:6], "big")
        yield stream[:end]
        stream = stream[end:]


def _right(pdu: bytes) -> bytes:
    function, start, count = struct.unpack(">BHH", pdu)
    return struct.pack(f">BB{count}H", function, count * 2, *range(start, start + count))


def _answer(asked: bytes) -> bytes:
    transaction, _, _, unit = _HEADER.unpack_from(asked)
    return _framed(transaction, unit, _right(asked[_HEADER.size :]))


def _framed(transaction: int, unit: int, pdu: bytes) -> bytes:
    return _HEADER.pack(transaction, 0, len(pdu) + 1, unit) + pdu


def _bit(frame: bytes, chance: random.Random) -> bytes:
    """Turn over a bit of what is no value: transaction, protocol, length, unit, function, byte count."""
    changed = bytearray(frame)
    if changed:
        changed[chance.randrange(min(_HEAD_BYTES, len(changed)))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _number(frame: bytes, chance: random.Random) -> bytes:
    place = chance.choice([0, 2, 4])
    return frame[:place] + chance.randbytes(2) + frame[place + 2 :] if frame else frame


def _resized(frame: bytes, chance: random.Random) -> bytes:
    """Leave out bytes, or add some, and say so in the length; the byte count stays, or tells the truth too."""
    if len(frame) < _HEAD_BYTES:
        return frame
    transaction, _, _, unit = _HEADER.unpack_from(frame)
    pdu = frame[_HEADER.size :]
    pdu = (
        pdu[: chance.randrange(1, len(pdu))] if chance.random() < 0.5 else pdu + chance.randbytes(chance.randint(1, 9))
    )
    if chance.random() < 0.5 and len(pdu) > 2:
        pdu = bytes([pdu[0], (len(pdu) - 2) & 0xFF]) + pdu[2:]
    return _framed(transaction, unit, pdu)


def _exception(frame: bytes, chance: random.Random) -> bytes:
    if len(frame) < _HEAD_BYTES:
        return frame
    transaction, _, _, unit = _HEADER.unpack_from(frame)
    return _framed(transaction, unit, bytes([frame[7] | 0x80, chance.randrange(256)]))


def _doubled(frame: bytes, _: random.Random) -> bytes:
    return frame + frame


def _nothing(_: bytes, __: random.Random) -> bytes:
    return b""


def _noise(frame: bytes, chance: random.Random) -> bytes:
    return chance.randbytes(chance.randint(1, 300)) + frame


def _end(frame: bytes, chance: random.Random) -> bytes:
    """Put what begins like an answer where no more follows for it: an invented frame of an unknown transaction."""
    return frame + _framed(chance.randrange(65_536), chance.randrange(256), chance.randbytes(chance.randint(2, 253)))


_CHANGES: list[Callable[[bytes, random.Random], bytes]] = [
    _bit,
    _bit,
    _number,
    _resized,
    _exception,
    _doubled,
    _nothing,
    _noise,
    _end,
]
