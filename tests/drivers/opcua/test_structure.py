"""Structures, arrays and enumerations of a server, as tags, when reading and when browsing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from asyncua import ua
from hypothesis import given
from hypothesis import strategies as st

from app.model import status
from app.model.connection import ConnectionDefinition
from app.model.exact import DataType
from drivers.conformance.device import opened, take
from drivers.driver import BadAddress, TagSpec
from drivers.opcua.client import OpcUaDriver
from drivers.opcua.part import ABSENT, split_address, value_at, with_part
from drivers.opcua.structure import TypeBook

pytestmark = pytest.mark.asyncio(loop_scope="module")
PUMP = "ns=2;s=Pump"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def port() -> AsyncIterator[int]:
    process = subprocess.Popen(  # noqa: ASYNC220 - a pipe without a task
        [sys.executable, "-m", "tests.drivers.opcua.structured_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    yield int(process.stdout.readline())
    process.kill()
    process.communicate()


def _driver(port: int) -> OpcUaDriver:
    return OpcUaDriver.from_definition(ConnectionDefinition("server", "opcua", f"opc.tcp://127.0.0.1:{port}"))


PARTS = {
    f"at=Speed/Actual;{PUMP}": 1450.5,
    f"at=Stages[2]/Actual;{PUMP}": 2.0,
    f"at=Stages[0]/Setpoint;{PUMP}": 7.5,
    f"at=Hours[1];{PUMP}": 2.5,
    "at=[2];ns=2;s=Levels": 3.5,
    f"at=Speed/Mode;{PUMP}": 1.0,
}
ABSENT_PARTS = [
    f"at=Speed/Setpoint;{PUMP}",  # an optional field that is not there
    f"at=Speed/Nothing;{PUMP}",
    f"at=Stages[3]/Actual;{PUMP}",
    "at=[9];ns=2;s=Levels",
    "at=Speed;ns=2;s=Opaque",
    f"at=Speed;{PUMP}",  # a structure is no number
]


async def test_that_fields_and_elements_are_read_and_delivered(port: int) -> None:
    tags = [TagSpec(row, address, 50) for row, address in enumerate([*PARTS, *ABSENT_PARTS])]
    async with opened(_driver(port)) as driver:
        read = await driver.read(tags)
        results = await driver.subscribe(tags)
        delivered = await take(driver, lambda block: len(set(block.handle.tolist())) == len(tags))
    assert {result.status for result in results} == {status.GOOD}
    assert read.value[: len(PARTS)].tolist() == list(PARTS.values())
    assert read.status.tolist() == [status.GOOD] * len(PARTS) + [status.BAD_TYPE_MISMATCH] * len(ABSENT_PARTS)
    for handle, value in enumerate(PARTS.values()):
        assert delivered.value[delivered.handle == handle].tolist()[-1] == value
    assert set(delivered.status[delivered.handle >= len(PARTS)].tolist()) == {status.BAD_TYPE_MISMATCH}


async def test_that_states_are_texts_and_whole_numbers_stay_whole(port: int) -> None:
    tags = [
        TagSpec(0, "ns=2;s=Mode", data_type=DataType.STRING),
        TagSpec(1, f"at=Speed/Mode;{PUMP}", data_type=DataType.STRING),
        TagSpec(2, f"at=Count;{PUMP}", data_type=DataType.INT64),
        TagSpec(3, "ns=2;s=Mode", data_type=DataType.INT64),
        TagSpec(4, f"at=Name;{PUMP}", data_type=DataType.STRING),
        TagSpec(5, "ns=2;s=Mode"),
    ]
    async with opened(_driver(port)) as driver:
        block = await driver.read(tags)
    assert block.exact is not None
    assert block.exact.tolist() == ["Fault", "On", 2**60 + 1, 2, "P1", None]
    assert block.value[5] == 2.0
    assert status.good_mask(block.status).all()


async def test_that_whole_structures_are_shown_as_text_and_unknown_ones_as_their_bytes(port: int) -> None:
    addresses = [PUMP, "ns=2;s=Opaque", "ns=2;s=Levels", "ns=2;s=Mode"]
    tags = [TagSpec(row, address, data_type=None) for row, address in enumerate(addresses)]
    async with opened(_driver(port)) as driver:
        block = await driver.read(tags)
        numbers = await driver.read([TagSpec(0, PUMP), TagSpec(1, "ns=2;s=Opaque")])
    assert block.exact is not None
    pump, opaque, levels, mode = block.exact.tolist()
    assert pump.startswith('{"Name": "P1", "Speed": {"Actual": 1450.5, "Mode": 1}, "Stages": [{"Actual": 0.0')
    assert opaque == '"0102"'
    assert levels == "[1.0, 2.0, 3.5]"
    assert (int(mode), str(mode), repr(mode)) == (2, "Fault", "2 (Fault)")
    assert numbers.status.tolist() == [status.BAD_TYPE_MISMATCH] * 2


async def test_that_browsing_lists_fields_and_states(port: int) -> None:
    async with opened(_driver(port)) as driver:
        above = {entry.name: entry for entry in (await driver.browse()).entries}
        fields = {entry.name: entry for entry in (await driver.browse(above["Pump"].address)).entries}
        inner = [entry.address for entry in (await driver.browse(fields["Speed"].address)).entries]
    assert above["Pump"].has_children
    assert above["Mode"].data_type.endswith("(0 Off, 1 On, 2 Fault)")
    assert above["Mode"].states == ((0, "Off"), (1, "On"), (2, "Fault"))
    assert above["Levels"].states == ()
    assert set(fields) == {"Name", "Speed", "Stages", "Count", "Hours"}
    assert fields["Speed"].has_children
    assert fields["Count"].data_type == "Int64"
    assert inner[0] == f"at=Speed/Actual;{above['Pump'].address}"


@pytest.mark.parametrize(
    "text",
    [
        "at=;i=1",
        "at=A",
        "at=A/;i=1",
        "at=/A;i=1",
        "at=[x];i=1",
        "at=A[1]B;i=1",
        "at=A&;i=1",
        "at=[1;i=1",
        "at=A;nonsense",
    ],
)
async def test_that_what_names_no_part_is_refused_with_the_grammar(text: str) -> None:
    with pytest.raises(BadAddress, match="write"):
        OpcUaDriver.check_address(text)


@given(st.lists(st.one_of(st.text(min_size=1, max_size=5), st.integers(0, 99)), min_size=1, max_size=5))
async def test_that_every_path_is_read_as_it_was_written(path: list[str | int]) -> None:
    assert split_address(with_part(path, "s=a;at=b")) == (tuple(path), "s=a;at=b")


async def test_that_a_part_of_nothing_is_absent() -> None:
    assert value_at({"A": None}, ["A"]) is ABSENT
    assert value_at([1], [1]) is ABSENT
    assert value_at(5, ["A"]) is ABSENT


async def test_that_bytes_that_do_not_fit_their_definition_stay_bytes() -> None:
    encoding, kind = ua.NodeId(ua.Int32(5), ua.Int16(2)), ua.NodeId(ua.Int32(6), ua.Int16(2))
    fields = [ua.StructureField(Name="Far", DataType=ua.NodeId(ua.Int32(12)), ValueRank=ua.Int32(1))]
    itself = [ua.StructureField(Name="Self", DataType=kind, ValueRank=ua.Int32(-1))]
    for wanted, body in (
        (fields, b"\xff\xff\xff\x7f"),
        (fields, b"\x02\x00\x00\x00\xff\xff\xff\x7f"),
        (itself, b""),
    ):
        definition = ua.StructureDefinition(Fields=wanted)
        book = TypeBook(structures={kind: definition}, encodings={encoding: definition})
        held = ua.ExtensionObject(TypeId=encoding, Body=ua.ByteString(body))
        assert book.plain(held) is held
