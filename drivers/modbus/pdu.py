"""Requests and answers without what carries them: functions 1 to 4, and what any answer must fulfil."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from drivers.modbus.address import Table
from drivers.modbus.link import BadAnswer, ExceptionAnswer

WordArray = NDArray[np.uint16]

_READ_FUNCTION = {
    Table.COILS: 1,
    Table.DISCRETE_INPUTS: 2,
    Table.HOLDING_REGISTERS: 3,
    Table.INPUT_REGISTERS: 4,
}


def read_request(table: Table, start: int, count: int) -> bytes:
    """Return the PDU that reads `count` registers or bits from `start` on."""
    return struct.pack(">BHH", _READ_FUNCTION[table], start, count)


def check_answer(request: bytes, answer: bytes) -> None:
    """Raise ExceptionAnswer for an exception, BadAnswer for an answer to another function."""
    if len(answer) < 2 or answer[0] & 0x7F != request[0]:
        raise BadAnswer(f"function {answer[0] if answer else 'none'} came, {request[0]} was asked for")
    if answer[0] & 0x80:
        raise ExceptionAnswer(answer[1])


def words_of(answer: bytes, table: Table, start: int, count: int) -> WordArray:
    """Return registers, or bits as 0 and 1: uint16, shape (count,); raise BadAnswer for another length."""
    size = (count + 7) // 8 if table.is_bits else count * 2
    if len(answer) != size + 2 or answer[1] != size:
        raise BadAnswer(f"{table}{start}: {len(answer) - 2} bytes came, {size} were asked for")
    if table.is_bits:
        packed = np.frombuffer(answer, np.uint8, offset=2)
        return np.unpackbits(packed, count=count, bitorder="little").astype(np.uint16)
    return np.frombuffer(answer, ">u2", offset=2).astype(np.uint16)
