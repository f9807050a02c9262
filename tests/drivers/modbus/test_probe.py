"""Probing a Modbus device: units, tables, identification, and what must not make it slow or wrong."""

from __future__ import annotations

import struct

import pytest

from app.model.connection import ConnectionDefinition
from drivers.driver import ConnectionLost
from drivers.modbus.client import ModbusDriver
from drivers.modbus.identification import objects_of
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from drivers.probe import ProbeReport, ProbeWish, Probing, unheard
from tests.drivers.modbus.scripted_device import exception, frame, registers, scripted_device
from tests.drivers.modbus.sunspec_map import served


async def probed(port: int, *units: int, seconds: float = 30.0, query: str = "unit=1") -> ProbeReport:
    definition = ConnectionDefinition("c", "modbus", f"modbus://127.0.0.1:{port}?{query}")
    return await ModbusDriver.probe(definition, ProbeWish(units, seconds), unheard)


async def test_that_only_units_that_answer_are_found_behind_a_gateway() -> None:
    server = ModbusPublisher("127.0.0.1", 0, [ModbusPoint("a", 3, "HR0:I16"), ModbusPoint("b", 7, "HR100:F32")])
    await server.start()
    try:
        report = await probed(server.port, *range(1, 11))
    finally:
        await server.stop()
    assert [section.title for section in report.sections] == ["Unit 3", "Unit 7"]
    assert report.sections[1].url == f"modbus://127.0.0.1:{server.port}?unit=7"
    assert isinstance(ModbusDriver, Probing)


async def test_that_a_silent_unit_is_browsed_no_further_while_the_others_are() -> None:
    server = ModbusPublisher("127.0.0.1", 0, [ModbusPoint("a", 3, "HR0:I16")])
    await server.start()
    driver = ModbusDriver.from_definition(
        ConnectionDefinition("c", "modbus", f"modbus://127.0.0.1:{server.port}?unit=2&timeout_ms=500")
    )
    try:
        await driver.open()
        page = await driver.browse()
        beyond = await driver.browse("", page.cursor)
    finally:
        await driver.close()
        await server.stop()
    assert [(entry.address, entry.description, entry.has_children) for entry in page.entries] == [
        ("2/", "does not answer", False),
        ("3/", "", True),
    ]
    assert page.cursor
    assert (beyond.entries, beyond.cursor) == ((), b"")


async def test_that_the_ranges_of_a_table_are_found_to_their_ends() -> None:
    async with served({1: {0: [1] * 7, 100: [2] * 300, 1_000: [3] * 3_000}}) as port:
        (section,) = (await probed(port)).sections
    assert section.fact("HR") == "HR0-6, HR100-399, HR1000-2999 and further, HR3000-3999"


async def test_that_no_unit_answering_is_told_with_what_to_try() -> None:
    server = ModbusPublisher("127.0.0.1", 0, [ModbusPoint("a", 3, "HR0:I16")])
    await server.start()
    try:
        report = await probed(server.port, 1, 2)
    finally:
        await server.stop()
    assert report.sections == ()
    assert "none of the units 1-2 answers" in report.notes[0]


async def test_that_a_device_that_answers_to_any_unit_id_is_looked_into_once() -> None:
    def answer(request: bytes) -> bytes:
        if request[7] != 3:
            return exception(request, 1)
        return registers(request, *[5] * struct.unpack_from(">H", request, 10)[0])

    async with scripted_device(answer) as port:
        report = await probed(port, *range(1, 41), seconds=5)
    assert len(report.sections) == 1
    assert "answer to any unit id" in report.notes[0]


async def test_that_silent_units_cost_no_more_than_the_time_that_was_given() -> None:
    asked: list[int] = []

    def silent(request: bytes) -> None:
        asked.append(request[6])

    async with scripted_device(silent) as port:
        report = await probed(port, *range(1, 248), seconds=0.2, query="unit=1&timeout_ms=50")
    assert 1 <= len(asked) < 40
    assert any("the time was up after unit" in note for note in report.notes)


async def test_that_a_unit_that_falls_silent_is_told_and_keeps_what_it_said() -> None:
    def once(request: bytes) -> bytes | None:
        return exception(request, 2) if request[7] == 3 and request[8:12] == b"\0\0\0\1" else None

    async with scripted_device(once) as port:
        report = await probed(port, query="unit=1&timeout_ms=50")
    assert [section.title for section in report.sections] == ["Unit 1"]
    assert any("answered, and then no more" in note for note in report.notes)


async def test_that_identification_is_read_in_parts() -> None:
    parts = {0: (b"\x00\x04Acme\x01\x05P-100", 0xFF, 2), 2: (b"\x02\x04V1.2", 0, 0)}

    def answer(request: bytes) -> bytes:
        if request[7] != 0x2B:
            return exception(request, 2)
        content, more, following = parts[request[10]]
        return frame(
            request, bytes([0x2B, 0x0E, 2, 0x82, more, following, content.count(4) + content.count(5)]) + content
        )

    async with scripted_device(answer) as port:
        (section,) = (await probed(port)).sections
    assert (section.fact("vendor"), section.fact("product code"), section.fact("revision")) == ("Acme", "P-100", "V1.2")


@pytest.mark.parametrize(
    "answer",
    [b"", b"\x2b", b"\x2b\x0e\x01\x01\xff\x05\x03", b"\x2b\x0e\x01\x01\x00\x00\x01\x00\xff" + b"a" * 3, b"\x03" * 40],
)
def test_that_a_damaged_identification_is_read_as_far_as_it_goes(answer: bytes) -> None:
    found, _ = objects_of(answer)
    assert found == {}


async def test_that_a_device_that_is_not_there_is_told() -> None:
    with pytest.raises(ConnectionLost, match="nothing listens there"):
        await probed(1)


async def test_that_a_device_that_answers_late_is_found_with_the_time_that_it_needs() -> None:
    heard: list[bytes] = []

    def late(request: bytes) -> bytes | None:
        heard.append(request)
        if request[7] != 3:
            return exception(request, 1)
        return None if len(heard) == 1 else registers(request, *[7] * int.from_bytes(request[10:12]))

    async with scripted_device(late) as port:
        report = await probed(port, 3, query="unit=1")
    assert [section.title for section in report.sections] == ["Unit 3"]
    assert "timeout_ms=" in report.url
    assert "timeout_ms=" in report.sections[0].url
    assert any("answers slowly" in note for note in report.notes)


async def test_that_who_answers_to_no_unit_is_told_with_what_to_look_at() -> None:
    async with scripted_device(lambda _: None) as port:
        report = await probed(port, 1, 2, query="unit=1&timeout_ms=50")
    assert not report.sections
    assert "none of the units 1-2 answers within 0.05 s: ask for other units" in report.notes[-1]


async def test_that_the_time_is_shared_among_the_tables_of_a_unit() -> None:
    async with served({1: {0: [1] * 7}}) as port:
        report = await probed(port, 1, seconds=0.001)
    assert any("the time was up" in note or "the time was short" in note for note in report.notes)
