"""What a device has, as a tree for the window: its catalogue, or what a probe of its registers has found."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from app.acquisition.event_loop import run_drivers
from app.acquisition.registry import driver_class
from app.command.device import connected, with_folder
from app.command.walk import walk
from app.model.connection import ConnectionDefinition
from drivers.driver import BrowseEntry
from drivers.login import Guarded, LoginOffer
from drivers.probe import NOTHING, ProbeReport, ProbeWish, Probing, Section
from widgets.engineering.devices import Found, Offer, OnStep

MOST_ENTRIES = 5_000
DEEPEST = 8
MOST_REGISTERS = 500
"""Registers of a range that are listed one by one; further ones are reached by their addresses."""
PROBE_S = 120.0


def look(definition: ConnectionDefinition, units: Sequence[int], on_step: OnStep) -> Offer:
    """Return what a device has, at most some thousand things; raise DriverError and what `on_step` does."""
    definition = with_folder(definition)
    driver = driver_class(definition.driver)
    report = ProbeReport(definition.url)
    if isinstance(driver, Probing):
        report = run_drivers(driver.probe(definition, ProbeWish(tuple(units), PROBE_S), on_step))
    if definition.driver == "modbus":
        return Offer(tuple(_registers(report)), report.sections, report.notes, report.url)
    found, notes = run_drivers(_walk(definition, on_step))
    return Offer(tuple(found), report.sections, (*report.notes, *notes))


def login_offer(definition: ConnectionDefinition) -> LoginOffer | None:
    """Return how a device lets its users in, None where its protocol asks nobody; raise DriverError."""
    definition = with_folder(definition)
    driver = driver_class(definition.driver)
    if not isinstance(driver, Guarded):
        return None
    return run_drivers(driver.login_offer(definition))


async def _walk(definition: ConnectionDefinition, on_step: OnStep) -> tuple[list[Found], list[str]]:
    found: list[Found] = []
    readable = 0
    async with connected(definition) as driver:
        async for level, entry in walk(driver, depth=DEEPEST):
            found.append(Found(level, entry))
            readable += entry.is_readable
            on_step(math.nan, str(readable))
            if len(found) >= MOST_ENTRIES:
                return found, [f"only the first {MOST_ENTRIES:,} are shown: foreshift browse lists all"]
    return found, []


def _registers(report: ProbeReport) -> Iterator[Found]:
    for section in report.sections:
        tables = list(_tables(section))
        if not section.proposals and not tables:
            continue
        about = section.fact("model") or section.fact("product") or section.fact("vendor")
        yield Found(0, _folder(section.url, section.title, about))
        if section.proposals:
            yield Found(1, _folder(f"{section.url}#sunspec", "SunSpec", section.fact("manufacturer")))
        for tag in section.proposals:
            data_type = tag.address.partition(":")[2]
            entry = BrowseEntry(tag.address, tag.name, tag.title, data_type, tag.unit, tag.low, tag.high)
            yield Found(2, entry, tag)
        yield from tables


def _tables(section: Section) -> Iterator[Found]:
    for table in ("HR", "IR", "CO", "DI"):
        ranges = section.fact(table)
        if not ranges or ranges == NOTHING:
            continue
        yield Found(1, _folder(f"{section.url}#{table}", table, ranges))
        unit = section.title.rpartition(" ")[2]
        data_type = "U16" if table in {"HR", "IR"} else "BOOL"
        for part in ranges.split(", "):
            first, _, last = part.partition(" ")[0].removeprefix(table).partition("-")
            for offset in range(int(first), min(int(last), int(first) + MOST_REGISTERS - 1) + 1):
                yield Found(
                    2, BrowseEntry(f"{unit}/{table}{offset}:{data_type}", f"{table}{offset}", data_type=data_type)
                )


def _folder(address: str, name: str, description: str) -> BrowseEntry:
    return BrowseEntry(address, name, description, is_readable=False, has_children=True)
