"""Requests and answers without what carries them: functions 1 to 4, and what any answer must fulfil."""

from __future__ import annotations

import struct
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from drivers.modbus.address import Table
from drivers.modbus.link import BadAnswer, ExceptionAnswer

WordArray = NDArray[np.uint16]
_REGISTER = np.dtype(">u2")

_READ_FUNCTION = {
    Table.COILS: 1,
    Table.DISCRETE_INPUTS: 2,
    Table.HOLDING_REGISTERS: 3,
    Table.INPUT_REGISTERS: 4,
}
_OF_BITS = {1, 2}
_OF_REGISTERS = {3, 4}


def read_request(table: Table, start: int, count: int) -> bytes:
    """Return the PDU that reads `count` registers or bits from `start` on."""
    return struct.pack(">BHH", _READ_FUNCTION[table], start, count)


@lru_cache(maxsize=16_384)
def expected(request: bytes) -> tuple[bytes, int]:
    """Return how the answer to a request begins, and its length, 0 where the request does not tell."""
    function = request[0]
    if function not in _OF_BITS | _OF_REGISTERS or len(request) != 5:
        return request[:1], 0
    count = int.from_bytes(request[3:5], "big")
    size = count * 2 if function in _OF_REGISTERS else (count + 7) // 8
    return bytes([function, size & 0xFF]), size + 2


def misfit_of(request: bytes, answer: bytes) -> BadAnswer | ExceptionAnswer:
    """Return what is wrong with an answer that is not as expected."""
    if len(answer) < 2 or answer[0] & 0x7F != request[0]:
        return BadAnswer(f"function {answer[0] if answer else 'none'} came, {request[0]} was asked for")
    if answer[0] & 0x80:
        if len(answer) != 2:
            return BadAnswer(f"an exception of {len(answer)} bytes came")
        return ExceptionAnswer(answer[1])
    start, count = struct.unpack_from(">HH", request, 1)
    size = expected(request)[1] - 2
    return BadAnswer(f"{len(answer) - 2} bytes came for {count} from {start} on, {size} were asked for")


def words_of(answer: bytes, count: int) -> WordArray:
    """Return the registers, or bits as 0 and 1, of an answer as long as expected: uint16, shape (count,).

    Registers stay in the byte order in which they were sent, so that nothing is turned round twice.
    """
    if answer[0] in _OF_BITS:
        packed = np.frombuffer(answer, np.uint8, offset=2)
        return np.unpackbits(packed, count=count, bitorder="little").astype(np.uint16)
    return np.frombuffer(answer, _REGISTER, -1, 2)
