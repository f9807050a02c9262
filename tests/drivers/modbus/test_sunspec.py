"""SunSpec: a device's own map becomes facts and proposed tags, and what it does not implement is bad."""

from __future__ import annotations

import math

import pytest

from app.model import status
from app.model.connection import ConnectionDefinition
from drivers.driver import TagSpec
from drivers.modbus.client import ModbusDriver
from drivers.probe import ProbeReport, ProbeWish, Section, unheard
from tests.drivers.modbus.sunspec_map import END, SUNS, common, float_inverter, inverter, meter, served


def definition_of(port: int) -> ConnectionDefinition:
    return ConnectionDefinition("c", "modbus", f"modbus://127.0.0.1:{port}?unit=1")


async def probed(port: int, *units: int) -> ProbeReport:
    return await ModbusDriver.probe(definition_of(port), ProbeWish(units), unheard)


async def only_section(chain: list[int], start: int = 40_000) -> Section:
    async with served({1: {start: chain}}) as port:
        report = await probed(port)
    (section,) = report.sections
    return section


@pytest.mark.parametrize("start", [0, 40_000, 50_000])
async def test_that_a_chain_is_found_at_each_of_its_three_places(start: int) -> None:
    section = await only_section([*SUNS, *common(), *END], start)
    assert section.fact("manufacturer") == "Sungold"
    assert section.fact("model") == "SG-10"
    assert section.fact("serial number") == "SN0042"
    assert section.fact("SunSpec") == f"at HR{start}"
    assert section.fact("options") == ""


async def test_that_an_inverter_proposes_tags_with_units_and_scales_and_nothing_it_does_not_implement() -> None:
    section = await only_section([*SUNS, *common(), *inverter(), *END])
    tags = {tag.name: tag for tag in section.proposals}
    assert (tags["INV.W"].address, tags["INV.W"].unit, tags["INV.W"].gain) == ("1/HR40084:I16N:ABCD", "W", 1.0)
    assert (tags["INV.A"].unit, tags["INV.A"].gain, tags["INV.A"].decimals) == ("A", 0.1, 1)
    assert (tags["INV.WH"].unit, tags["INV.WH"].gain, tags["INV.WH"].is_counter) == ("W.h", 100.0, True)
    assert tags["INV.St"].is_discrete
    assert not {"INV.PPVphAB", "INV.TmpTrns", "INV.DCA", "INV.StVnd", "INV.A_SF"} & set(tags)


async def test_that_proposed_tags_read_what_the_device_means() -> None:
    async with served({1: {40_000: [*SUNS, *common(), *inverter(), *meter(), *END]}}) as port:
        (section,) = (await probed(port)).sections
        wanted = {"INV.W": 4321.0, "INV.A": 18.7, "INV.Hz": 49.98, "INV.WH": 1e7, "INV.TmpCab": 41.2, "INV.PF": 99.8,
                  "METER.A": 12.34, "METER.W": -1500.0, "METER.TotWhImpPhC": 777.0, "METER.PPVphCA": 399.0}  # fmt: skip
        tags = [tag for tag in section.proposals if tag.name in wanted]
        driver = ModbusDriver.from_definition(definition_of(port))
        await driver.open()
        block = await driver.read([TagSpec(row, tag.address, gain=tag.gain) for row, tag in enumerate(tags)])
        await driver.close()
    assert block.value.tolist() == pytest.approx([wanted[tag.name] for tag in tags])
    assert len(tags) == len(wanted)


async def test_that_floats_need_no_scale_and_nan_proposes_nothing() -> None:
    section = await only_section([*SUNS, *common(), *float_inverter(), *END])
    assert [(tag.name, tag.gain) for tag in section.proposals] == [("INV.W", 1.0), ("INV.Hz", 1.0), ("INV.St", 1.0)]


async def test_that_a_value_that_becomes_not_implemented_is_bad_and_never_a_number() -> None:
    words = [0x8000, 0xFFFF, 0x8000, 0, 0xFFFF, 0xFFFF, 0x7FC0, 0, 7]
    addresses = ["HR0:I16N", "HR1:U16N", "HR2:I32N", "HR4:U32N", "HR6:F32N", "HR8:I16N", "HR8:I16"]
    async with served({1: {0: words}}) as port:
        driver = ModbusDriver.from_definition(definition_of(port))
        await driver.open()
        block = await driver.read([TagSpec(row, address) for row, address in enumerate(addresses)])
        exact = await driver.read([TagSpec(0, "HR0:I16N", data_type=None), TagSpec(1, "HR8:U16N", data_type=None)])
        await driver.close()
    assert block.status.tolist() == [status.BAD_NO_DATA] * 5 + [status.GOOD] * 2
    assert all(math.isnan(value) for value in block.value[:5].tolist())
    assert block.value[5:].tolist() == [7.0, 7.0]
    assert exact.status.tolist() == [status.BAD_NO_DATA, status.GOOD]


async def test_that_a_chain_that_breaks_off_gives_what_came_before_and_says_where() -> None:
    async with served({1: {40_000: [*SUNS, *common(), *inverter()]}}) as port:
        report = await probed(port)
    assert len(report.sections[0].proposals) > 10
    assert any("breaks off at HR40122" in note for note in report.notes)


async def test_that_a_length_beyond_the_table_ends_the_chain_with_a_note() -> None:
    async with served({1: {40_000: [*SUNS, *common(), 103, 0xFFF0, 1, 2]}}) as port:
        report = await probed(port)
    assert any("behind the table" in note for note in report.notes)
    assert report.sections[0].fact("serial number") == "SN0042"


async def test_that_a_chain_without_end_is_left_after_a_hundred_models() -> None:
    async with served({1: {40_000: [*SUNS, *[7, 0] * 2_000]}}) as port:
        report = await probed(port)
    assert report.sections[0].fact("SunSpec models").count("7") == 100


async def test_that_two_inverters_behind_one_device_have_names_of_their_own() -> None:
    section = await only_section([*SUNS, *common(), *inverter(), *inverter(power=99), *END])
    assert {"INV.W", "INV2.W"} <= {tag.name for tag in section.proposals}
