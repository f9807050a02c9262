"""SunSpec: a device of a solar plant describes its registers as a chain of models, out of which tags are proposed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from drivers.modbus.address import Address, Table
from drivers.modbus.bus import Bus
from drivers.modbus.data_type import Order
from drivers.modbus.decode import DecodePlan, Field
from drivers.modbus.link import BadAnswer, ExceptionAnswer, NoAnswer
from drivers.modbus.pdu import WordArray
from drivers.modbus.sunspec_model import COMMON, MODELS, Point
from drivers.probe import Fact, ProposedTag

_STARTS = (40_000, 50_000, 0)
_MARK = (0x5375, 0x6E53)  # "SunS"
_END = 0xFFFF
_COMMON = 1
_MOST_MODELS = 100
_LARGEST_SCALE = 10


@dataclass(frozen=True, slots=True)
class Model:
    """One model of a device: its number, the offset of its id, and how many registers follow its length."""

    number: int
    start: int
    length: int

    @property
    def title(self) -> str:
        """Return what it is, in words where it is known here."""
        return f"{self.number} ({MODELS[self.number][0]})" if self.number in MODELS else str(self.number)


@dataclass(frozen=True, slots=True)
class SunSpec:
    """What a device says of itself: where its chain begins, its models, and the tags that they propose."""

    start: int
    models: tuple[Model, ...]
    facts: tuple[Fact, ...]
    proposals: tuple[ProposedTag, ...]
    notes: tuple[str, ...] = ()


async def discover(bus: Bus, unit: int) -> SunSpec | None:
    """Return what a unit says by SunSpec, None where it does not speak it; raise NoAnswer, ConnectionLost."""
    for start in _STARTS:
        mark = await _read(bus, unit, start, 2)
        if mark is not None and tuple(mark.tolist()) == _MARK:
            return await _walk(bus, unit, start)
    return None


async def _walk(bus: Bus, unit: int, start: int) -> SunSpec:
    models: list[Model] = []
    facts: list[Fact] = []
    proposals: list[ProposedTag] = []
    notes: list[str] = []
    at = start + 2
    while len(models) < _MOST_MODELS and at < 65_535:
        head = await _read(bus, unit, at, 2)
        if head is None:
            notes.append(f"the chain of models breaks off at HR{at}: the device does not answer there")
            break
        number, length = head.tolist()
        if number == _END:
            break
        if at + 2 + length > 65_536:
            notes.append(f"model {number} at HR{at} would end behind the table: what follows was left out")
            break
        model = Model(number, at, length)
        models.append(model)
        if number == _COMMON:
            facts += await _common(bus, unit, model)
        elif number in MODELS:
            count = sum(each.number == number for each in models)
            found = await _proposals(bus, unit, model, _prefix(model, count))
            proposals += found[0]
            notes += found[1]
        at += 2 + length
    listed = ", ".join(model.title for model in models)
    return SunSpec(start, tuple(models), (*facts, Fact("SunSpec models", listed)), tuple(proposals), tuple(notes))


def _prefix(model: Model, count: int) -> str:
    kind = "METER" if model.number > 200 else "INV"
    return kind if count == 1 else f"{kind}{count}"


async def _common(bus: Bus, unit: int, model: Model) -> list[Fact]:
    found = []
    words = await _read_all(bus, unit, model)
    for point in COMMON:
        if words is None or point.place + point.words > len(words):
            continue
        text = _value(words, point)
        if isinstance(text, str) and text.strip():
            found.append(Fact(point.title, text.strip()))
    return found


async def _proposals(bus: Bus, unit: int, model: Model, prefix: str) -> tuple[list[ProposedTag], list[str]]:
    words = await _read_all(bus, unit, model)
    if words is None:
        return [], [f"model {model.title} at HR{model.start} cannot be read, and proposes nothing"]
    points = [point for point in MODELS[model.number][1] if point.place + point.words <= len(words)]
    values = {point.name: _value(words, point) for point in points}
    tags: list[ProposedTag] = []
    absent: list[str] = []
    for point in points:
        if point.is_scale:
            continue
        scale = values.get(point.scale, 0) if point.scale else 0
        is_scaled = isinstance(scale, int) and abs(scale) <= _LARGEST_SCALE
        if values[point.name] is None or not is_scaled:
            absent.append(point.name)
            continue
        power = scale if isinstance(scale, int) else 0
        address = Address(Table.HOLDING_REGISTERS, model.start + point.place, point.data_type, Order.ABCD, unit=unit)
        tags.append(
            ProposedTag(
                f"{prefix}.{point.name}",
                str(address),
                point.title,
                point.unit,
                gain=10.0**power,
                decimals=0 if point.is_discrete else max(0, min(9, -power)) if point.scale else 2,
                is_counter=point.is_counter,
                is_discrete=point.is_discrete,
            )
        )
    notes = [f"model {model.title}: the device does not implement {', '.join(absent)}"] if absent else []
    return tags, notes


def _value(words: WordArray, point: Point) -> object:
    """Return a value as it is, None where the device marks it as not implemented."""
    address = Address(Table.HOLDING_REGISTERS, point.place, point.data_type, length=point.length)
    (value,) = DecodePlan([Field(address, Order.ABCD, point.place)]).raw(words)
    return None if isinstance(value, float) and math.isnan(value) else value


async def _read_all(bus: Bus, unit: int, model: Model) -> WordArray | None:
    """Return the registers of a model from its id on; None where one of them cannot be read."""
    parts: list[WordArray] = []
    size = bus.settings.max_block
    for begin in range(0, 2 + model.length, size):
        part = await _read(bus, unit, model.start + begin, min(size, 2 + model.length - begin))
        if part is None:
            return None
        parts.append(part)
    return np.concatenate(parts)


async def _read(bus: Bus, unit: int, start: int, count: int) -> WordArray | None:
    """Return registers, None where the unit refuses them; raise NoAnswer where it is silent the second time too."""
    try:
        return await bus.read(unit, Table.HOLDING_REGISTERS, start, count)
    except (ExceptionAnswer, BadAnswer):
        return None
    except NoAnswer:
        pass
    try:
        return await bus.read(unit, Table.HOLDING_REGISTERS, start, count)
    except (ExceptionAnswer, BadAnswer):
        return None
