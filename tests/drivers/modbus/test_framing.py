"""Frames of RTU and ASCII: as the specification has them, and found among whatever else comes."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.framer.ascii import FramerAscii
from pymodbus.framer.rtu import FramerRTU

from drivers.modbus.framing import Ascii, Framing, Rtu, crc, lrc
from drivers.modbus.link import BadAnswer

ANSWER = bytes([3, 4, 0x12, 0x34, 0xFF, 0x00])
BOTH = [Rtu(), Ascii()]

pdus = st.one_of(
    st.binary(min_size=0, max_size=250).map(lambda data: bytes([3, len(data)]) + data),
    st.binary(min_size=4, max_size=4).map(lambda data: bytes([6]) + data),
    st.binary(min_size=6, max_size=6).map(lambda data: bytes([22]) + data),
    st.integers(1, 11).map(lambda code: bytes([0x83, code])),
)


@given(st.binary(max_size=260))
def test_that_checksums_are_those_of_pymodbus(content: bytes) -> None:
    assert crc(content) == int.from_bytes(FramerRTU.compute_CRC(content).to_bytes(2, "big"), "little")
    assert lrc(content) == FramerAscii.compute_LRC(content)


@pytest.mark.parametrize("framing", BOTH)
@given(pdu=pdus, unit=st.integers(0, 255))
def test_that_an_answer_is_found_as_soon_as_it_is_whole_and_not_before(framing: Framing, pdu: bytes, unit: int) -> None:
    sent = framing.frame(unit, pdu)
    for size in range(len(sent)):
        assert framing.answer(sent[:size], {unit}, pdu[0] & 0x7F) is None
    assert framing.answer(sent, {unit}, pdu[0] & 0x7F) == pdu


@pytest.mark.parametrize("framing", BOTH)
@given(noise=st.binary(max_size=12).filter(lambda noise: 9 not in noise))
def test_that_noise_before_an_answer_is_passed_over(framing: Framing, noise: bytes) -> None:
    assert framing.answer(noise + framing.frame(9, ANSWER), {9}, 3) == ANSWER


@pytest.mark.parametrize("framing", BOTH)
def test_that_the_frame_of_another_unit_or_function_is_none(framing: Framing) -> None:
    for unit, pdu in ((8, ANSWER), (9, bytes([4, 2, 0, 1]))):
        other = framing.frame(unit, pdu)
        assert framing.answer(other, {9}, 3) is None
        assert framing.answer(other + framing.frame(9, ANSWER), {9}, 3) == ANSWER


@given(st.integers(0, 10), st.integers(1, 255))
def test_that_a_garbled_frame_is_never_an_answer(place: int, error: int) -> None:
    sent = bytearray(Rtu().frame(9, ANSWER))
    if place >= len(sent):
        return
    sent[place] ^= error
    found: bytes | None = None
    with suppress(BadAnswer):
        found = Rtu().answer(bytes(sent), {9}, 3)
    assert found is None


def test_that_garbled_digits_are_told() -> None:
    sent = Ascii().frame(9, ANSWER)
    with pytest.raises(BadAnswer, match="checksum"):
        Ascii().answer(sent.replace(b"12", b"13", 1), {9}, 3)
    with pytest.raises(BadAnswer, match="garbled"):
        Ascii().answer(sent.replace(b"12", b"1G", 1), {9}, 3)
