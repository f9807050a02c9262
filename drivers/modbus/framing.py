"""How a request is wrapped on lines without transaction numbers, and how its answer is found in what comes back.

RTU and ASCII as in "MODBUS over Serial Line, Specification and Implementation Guide V1.02", 2.5.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from drivers.modbus.link import BadAnswer

_OF_BYTE_COUNT = {1, 2, 3, 4, 23}
_SIZES = {5: 8, 6: 8, 15: 8, 16: 8, 22: 10}
_EXCEPTION_SIZE = 5
_START, _END = b":", b"\r\n"


class Framing(Protocol):
    """How requests and answers stand on a serial line: RTU or ASCII (Modbus over Serial Line V1.02, 2.5)."""

    def frame(self, unit: int, pdu: bytes) -> bytes:
        """Return what is sent."""
        ...

    def answer(self, received: bytes, units: Collection[int], function: int) -> bytes | None:
        """Return the PDU of the answer to `function` of one of `units`, None where more has to come.

        Whatever stands before it is passed over. Raise BadAnswer where its checksum is wrong.
        """
        ...


class Rtu:
    """Binary frames that end with a CRC; where they end follows from the function, not from silence."""

    def frame(self, unit: int, pdu: bytes) -> bytes:
        """Return unit, PDU and CRC."""
        content = bytes([unit]) + pdu
        return content + crc(content).to_bytes(2, "little")

    def answer(self, received: bytes, units: Collection[int], function: int) -> bytes | None:
        """Return the first whole frame that may be the answer; noise before it is passed over."""
        is_garbled = is_partial = False
        for start in range(len(received) - 1):
            if received[start] not in units or received[start + 1] & 0x7F != function:
                continue
            size = _size(received[start:])
            found = received[start : start + size]
            if not size or len(found) < size:
                is_partial = True
            elif crc(found[:-2]) == int.from_bytes(found[-2:], "little"):
                return found[1:-2]
            else:
                is_garbled = True
        if is_garbled and not is_partial:
            raise BadAnswer("the checksum of its answer is wrong: check wiring, speed and parity")
        return None


class Ascii:
    """Hexadecimal frames from a colon to a line end, with an LRC."""

    def frame(self, unit: int, pdu: bytes) -> bytes:
        """Return unit, PDU and LRC in digits."""
        content = bytes([unit]) + pdu
        return _START + (content + bytes([lrc(content)])).hex().upper().encode() + _END

    def answer(self, received: bytes, units: Collection[int], function: int) -> bytes | None:
        """Return the first whole frame that may be the answer; others are passed over."""
        for line in received.split(_END)[:-1]:
            _, colon, digits = line.rpartition(_START)
            if not colon:
                continue
            try:
                content = bytes.fromhex(digits.decode("ascii"))
            except ValueError as error:
                raise BadAnswer("its answer is garbled: check wiring, speed and parity") from error
            if len(content) < 4 or lrc(content[:-1]) != content[-1]:
                raise BadAnswer("the checksum of its answer is wrong: check wiring, speed and parity")
            if content[0] in units and content[1] & 0x7F == function:
                return content[1:-1]
        return None


def _size(frame: bytes) -> int:
    """Return how long a frame of RTU is, 0 where it does not tell yet."""
    function = frame[1]
    if function & 0x80:
        return _EXCEPTION_SIZE
    if function in _OF_BYTE_COUNT:
        return _EXCEPTION_SIZE + frame[2] if len(frame) > 2 else 0
    return _SIZES.get(function, 0)


def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
        table.append(value)
    return tuple(table)


_CRC = _crc_table()


def crc(content: bytes) -> int:
    """Return the CRC-16 of RTU (polynomial 0x8005 reflected, from 0xFFFF), to be sent low byte first."""
    value = 0xFFFF
    for byte in content:
        value = value >> 8 ^ _CRC[(value ^ byte) & 0xFF]
    return value


def lrc(content: bytes) -> int:
    """Return the longitudinal redundancy check of ASCII: what the bytes lack to a sum of 0, in eight bits."""
    return -sum(content) & 0xFF
