"""Probing a Modbus device: which units answer, what they are and have, and the tags that SunSpec proposes.

Only reads, one request at a time, within `wish.seconds`: a bus that a plant lives on is not held up by it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from app.model import clock
from app.model.connection import ConnectionDefinition
from drivers.driver import ConnectionLost, DriverError
from drivers.modbus.address import Table
from drivers.modbus.bus import Bus
from drivers.modbus.identification import identification
from drivers.modbus.interpretation import order_of
from drivers.modbus.link import BadAnswer, ExceptionAnswer, NoAnswer
from drivers.modbus.presence import is_present
from drivers.modbus.settings import ModbusSettings, parse_settings
from drivers.modbus.sunspec import discover
from drivers.modbus.survey import Extent, extents
from drivers.probe import NOTHING, Fact, OnStep, ProbeReport, ProbeWish, ProposedTag, Section

PATIENCE_MS = 300
"""How long a unit may take to answer, unless the connection says otherwise: 247 silent ones then take 74 s."""
_ALIKE = 16
_SAMPLE = 60
_READS = 2


@dataclass(slots=True)
class _Course:
    """How far the probe has come, and until when (monotonic ns)."""

    on_step: OnStep
    ends: int
    notes: list[str] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return clock.monotonic_ns() >= self.ends


async def probe_device(definition: ConnectionDefinition, wish: ProbeWish, on_step: OnStep) -> ProbeReport:
    """Return what was found in the units `wish.units`, in that of the URL where none are given; raise ConnectionLost.

    A unit is asked for one register; whatever it answers, an exception too, shows that it is there.
    """
    settings = _patient(definition)
    units = wish.units or (settings.unit,)
    course = _Course(on_step, clock.monotonic_ns() + round(wish.seconds * clock.NS_PER_S))
    lost: list[str] = []
    bus = Bus(settings)
    await bus.open(lost.append)
    try:
        present = await _present(bus, units, course)
        sections = []
        for number, unit in enumerate(_looked_at(present, settings, course)):
            course.on_step(0.5 + 0.5 * number / max(1, len(present)), f"unit {unit}")
            if course.is_over:
                course.notes.append(f"the time was up before unit {unit}: give more seconds, or fewer units")
                break
            sections.append(await _section(bus, unit, definition, course))
    finally:
        bus.close(lost.append)
    if not present:
        course.notes.append(
            f"none of the units {_ranges(units)} answers: try another range, and check the speed and parity of a line"
        )
    return ProbeReport(definition.url, tuple(sections), tuple(course.notes))


def _patient(definition: ConnectionDefinition) -> ModbusSettings:
    settings = parse_settings(definition)
    says = "timeout_ms" in dict(parse_qsl(urlsplit(definition.url).query)) | dict(definition.options)
    timeout = settings.timeout_ms if says else PATIENCE_MS
    return replace(settings, window=1, timeout_ms=timeout, demote_after=100)


async def _present(bus: Bus, units: tuple[int, ...], course: _Course) -> list[int]:
    found = []
    for number, unit in enumerate(units):
        course.on_step(0.5 * number / len(units), f"unit {unit}")
        if course.is_over:
            course.notes.append(f"the time was up after unit {units[number - 1]}: give more seconds, or fewer units")
            break
        if await is_present(bus, unit):
            found.append(unit)
    return found


def _looked_at(present: list[int], settings: ModbusSettings, course: _Course) -> list[int]:
    """Return which units are looked into: a device that answers to any unit id is one device."""
    if len(present) <= _ALIKE:
        return present
    first = settings.unit if settings.unit in present else present[0]
    course.notes.append(
        f"{len(present)} units answer ({_ranges(tuple(present))}): the device seems to answer to any unit id; "
        f"only unit {first} was looked into. Give --units for others"
    )
    return [first]


async def _section(bus: Bus, unit: int, definition: ConnectionDefinition, course: _Course) -> Section:
    url = url_of_unit(definition.url, unit)
    facts: list[Fact] = []
    proposals: tuple[ProposedTag, ...] = ()
    try:
        facts += await identification(bus, unit)
        spoken = await discover(bus, unit)
        if spoken is not None:
            facts += (Fact("SunSpec", f"at HR{spoken.start}"), *spoken.facts)
            proposals = spoken.proposals
            course.notes += [f"unit {unit}: {note}" for note in spoken.notes]
        for table in Table:
            if course.is_over:
                course.notes.append(f"unit {unit}: the time was up before {table}: give more seconds")
                break
            facts += await _table(bus, unit, table)
    except NoAnswer as silence:
        course.notes.append(f"unit {unit}: it answered, and then no more: {silence}")
    except ConnectionLost:
        raise
    except DriverError as error:
        course.notes.append(f"unit {unit}: {error}")
    return Section(f"Unit {unit}", url, tuple(facts), proposals)


async def _table(bus: Bus, unit: int, table: Table) -> list[Fact]:
    found = await extents(bus, unit, table)
    if not found:
        return [Fact(str(table), NOTHING)]
    facts = [Fact(str(table), ", ".join(map(str, found)))]
    if not table.is_bits and (guess := await _order(bus, unit, found)):
        facts.append(Fact(f"{table} word order", guess))
    return facts


async def _order(bus: Bus, unit: int, found: tuple[Extent, ...]) -> str:
    longest = max(found, key=lambda extent: extent.end - extent.start)
    count = min(longest.end - longest.start, _SAMPLE)
    reads = []
    try:
        for attempt in range(_READS):
            reads.append(await bus.read(unit, longest.table, longest.start, count))
            if attempt + 1 < _READS:
                await asyncio.sleep(0.1)
    except (ExceptionAnswer, BadAnswer):
        return ""
    return " or ".join(
        f"{order}, if floats begin at {longest.table}{longest.start + at}" for order, at in order_of(reads)
    )


def url_of_unit(url: str, unit: int) -> str:
    """Return a URL with its unit id replaced."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | {"unit": str(unit)}
    return parts._replace(query=urlencode(query)).geturl()


def _ranges(numbers: tuple[int, ...]) -> str:
    """Return "1-3, 7" of numbers."""
    parts: list[list[int]] = []
    for number in sorted(set(numbers)):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in parts)
