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
from drivers.modbus.patience import SLOW_MS, gives_patience, patience_for, patient_settings, patient_url
from drivers.modbus.presence import is_present
from drivers.modbus.settings import ModbusSettings, parse_settings
from drivers.modbus.sunspec import discover
from drivers.modbus.survey import Extent, extents
from drivers.probe import NOTHING, Fact, OnStep, ProbeReport, ProbeWish, ProposedTag, Section

_ALIKE = 16
_SAMPLE = 60
_READS = 2


@dataclass(slots=True)
class _Course:
    """How far the probe has come, and until when (monotonic ns)."""

    on_step: OnStep
    ends: int
    notes: list[str] = field(default_factory=list)
    share: float = 0.0

    @property
    def is_over(self) -> bool:
        return clock.monotonic_ns() >= self.ends

    def part_ends(self, number: int, of: int) -> int:
        """Return until when part `number` (from 0) of what is still to be done may take, so that each has its share."""
        now = clock.monotonic_ns()
        return now + (self.ends - now) // max(1, of - number)


async def probe_device(definition: ConnectionDefinition, wish: ProbeWish, on_step: OnStep) -> ProbeReport:
    """Return what was found in the units `wish.units`, in that of the URL where none are given; raise ConnectionLost.

    A unit is asked for one register; whatever it answers, an exception too, shows that it is there. Where nobody
    answers soon, all are asked once more with much patience: what answers then is told with the time that it needs.
    """
    units = wish.units or (parse_settings(definition).unit,)
    course = _Course(on_step, clock.monotonic_ns() + round(wish.seconds * clock.NS_PER_S))
    report = await _probed(definition, patient_settings(definition), units, course)
    if report is None and not gives_patience(definition) and not course.is_over:
        course.share = 0.25
        report = await _probed(definition, patient_settings(definition, SLOW_MS), units, course, is_slow=True)
    if report is not None:
        return report
    patience_s = (SLOW_MS if course.share else patient_settings(definition).timeout_ms) / 1000
    course.notes.append(
        f"none of the units {_ranges(units)} answers within {patience_s:g} s: ask for other units, 1-247 at the most. "
        "Is the device switched on? Behind a gateway, look at the speed and parity of its line and at the cable"
    )
    return ProbeReport(definition.url, (), tuple(course.notes))


async def _probed(
    definition: ConnectionDefinition,
    settings: ModbusSettings,
    units: tuple[int, ...],
    course: _Course,
    *,
    is_slow: bool = False,
) -> ProbeReport | None:
    """Return what is found with such patience, None where no unit answers."""
    lost: list[str] = []
    bus = Bus(settings)
    await bus.open(lost.append)  # once: some devices let nobody in anew for a while
    try:
        present = await _present(bus, units, course)
        if not present:
            return None
        if is_slow:
            took = max(present.values())
            definition = replace(definition, url=patient_url(definition.url, patience_for(took)))
            course.notes.append(
                f"it answers slowly, after {took / clock.NS_PER_S:.1f} s: each answer is given "
                f"{patience_for(took) / 1000:g} s (timeout_ms)"
            )
        sections = await _sections(bus, list(present), definition, course)
    finally:
        bus.close(lost.append)
    return ProbeReport(definition.url, tuple(sections), tuple(course.notes))


async def _present(bus: Bus, units: tuple[int, ...], course: _Course) -> dict[int, int]:
    """Return the units that answer, and how long each took (ns)."""
    found: dict[int, int] = {}
    for number, unit in enumerate(units):
        course.on_step(course.share + 0.25 * number / len(units), str(unit))
        if course.is_over:
            before = f"after unit {units[number - 1]}" if number else "before a unit was asked"
            course.notes.append(f"the time was up {before}: give more seconds, or fewer units")
            break
        asked = clock.monotonic_ns()
        if await is_present(bus, unit):
            found[unit] = clock.monotonic_ns() - asked
    return found


async def _sections(bus: Bus, present: list[int], definition: ConnectionDefinition, course: _Course) -> list[Section]:
    sections = []
    chosen = _looked_at(present, bus.settings, course)
    for number, unit in enumerate(chosen):
        course.on_step(0.5 + 0.5 * number / len(chosen), str(unit))
        if course.is_over:
            course.notes.append(f"the time was up before unit {unit}: give more seconds, or fewer units")
            break
        sections.append(await _section(bus, unit, definition, course, course.part_ends(number, len(chosen))))
    return sections


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


async def _section(bus: Bus, unit: int, definition: ConnectionDefinition, course: _Course, ends: int) -> Section:
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
        for number, table in enumerate(Table):
            now = clock.monotonic_ns()
            if now >= ends:
                course.notes.append(f"unit {unit}: the time was up before {table}: give more seconds")
                break
            part_ends = now + (ends - now) // (len(Table) - number)
            facts += await _table(bus, unit, table, part_ends)
            if clock.monotonic_ns() >= part_ends:
                course.notes.append(
                    f"unit {unit}: the time was short for {table}, which may have more: give more seconds"
                )
    except NoAnswer as silence:
        course.notes.append(f"unit {unit}: it answered, and then no more: {silence}")
    except ConnectionLost:
        raise
    except DriverError as error:
        course.notes.append(f"unit {unit}: {error}")
    return Section(f"Unit {unit}", url, tuple(facts), proposals)


async def _table(bus: Bus, unit: int, table: Table, ends: int) -> list[Fact]:
    found = await extents(bus, unit, table, lambda: clock.monotonic_ns() >= ends)
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
