"""What a plant of many devices sends in a stretch of time: the synthetic samples on which the history is measured.

A device has 20 tags: eight transmitters (REAL), five scaled and three raw converter readings, two states, two counters.
Every fifth device is read ten times a second, the others once. Of ten devices six give all their tags the time of one
poll, two are OPC UA servers whose tags carry times of their own on a 10 ms tick, two send when they like. Sometimes a
device falls silent for some seconds: its samples then have no value and the code BadCommunicationError.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from app.model import status
from app.model.block import Block, TimeArray, ValueArray, concatenate
from app.model.clock import NS_PER_S
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText

SEED = 20_260
START = 1_767_571_200 * NS_PER_S  # 2026-01-05 00:00 UTC, a Monday; a multiple of every width up to a day
TAGS_OF_DEVICE = 20
REALS, SCALED, RAW, STATES = 8, 13, 16, 18  # the first tag of a device that is no longer of that kind; then counters
SILENCE_EVERY_S, SILENCE_LONGEST_S = 1_200.0, 30.0
TICK_NS, MICROSECOND_NS = 10_000_000, 1_000


class Timing(Enum):
    """Where the times of a device's samples come from."""

    POLLED = "one time per poll"
    TICK = "a time per tag, on a 10 ms tick"
    IRREGULAR = "a time per tag, when it likes"
    OWN = "a time per tag, once a period with jitter"


@dataclass(frozen=True, slots=True)
class RecordedPlant:
    """The samples of `devices` devices with 20 tags each over `seconds` from `start` (ns UTC), the same at every call.

    `is_noisy`: every tag is a transmitter with noise of a fortieth of a percent of its span and times of its own.
    """

    devices: int
    seconds: int
    start: int = START
    is_noisy: bool = False

    @property
    def tags(self) -> list[TagDefinition]:
        """Its tags, by handle."""
        return [
            TagDefinition(
                handle, tag_name(handle), f"D{handle // TAGS_OF_DEVICE:03}", LocalText("signal"), "c", "a", kind=kind
            )
            for handle in range(self.devices * TAGS_OF_DEVICE)
            for kind in [_kind(handle % TAGS_OF_DEVICE)]
        ]

    def samples(self) -> Block:
        """Return all samples in the order of their times."""
        return by_time(concatenate([self._device(number) for number in range(self.devices)]))

    def _device(self, number: int) -> Block:
        chance = np.random.default_rng([SEED, self.is_noisy, number])
        rate = 10 if number % 5 == 0 else 1
        timing = Timing.OWN if self.is_noisy else _timing(number)
        times = _times(chance, timing, count=self.seconds * rate, rate=rate)
        draw = _noisy if self.is_noisy else _mixed
        values = draw(chance, count=times.shape[1], rate=rate)
        silent = _silences(chance, times, self.seconds)
        values[silent] = np.nan
        codes = np.where(silent, np.uint32(status.BAD_COMMUNICATION_ERROR), np.uint32(status.GOOD))
        handles = np.arange(TAGS_OF_DEVICE, dtype=np.uint32) + np.uint32(number * TAGS_OF_DEVICE)
        time = (times + self.start).ravel()
        return Block(np.repeat(handles, times.shape[1]), time, values.ravel(), codes.ravel(), time)


def tag_name(handle: int) -> str:
    """Return the name of the tag with that handle."""
    return f"D{handle // TAGS_OF_DEVICE:03}.T{handle % TAGS_OF_DEVICE:02}"


def transmitter(handle: int, *, start: int, seconds: int) -> Block:
    """Return one tag at 1 Hz with jitter over `seconds` from `start` (ns UTC): days, months or a year of it."""
    chance = np.random.default_rng([SEED, handle, seconds])
    time = _periods(chance, (1, seconds), rate=1)[0] + start
    value = _real(chance, 1, seconds, noise=0.025, period=1_800.0)[0]
    return Block(
        np.full(seconds, handle, np.uint32), time, value, np.full(seconds, status.GOOD, np.uint32), received=time
    )


def by_time(block: Block) -> Block:
    """Return the samples in the order of their times."""
    return block.select(np.argsort(block.time, kind="stable"))


def by_tag(block: Block) -> Block:
    """Return the samples tag by tag, each in the order of its times."""
    return block.select(np.lexsort((block.time, block.handle)))


def slices(block: Block, seconds: float) -> Iterator[Block]:
    """Yield samples that are in the order of their times in stretches of so many seconds."""
    if not len(block):
        return
    first, last = int(block.time[0]), int(block.time[-1])
    width = int(seconds * NS_PER_S)
    edges = np.arange(first // width * width, last + width + 1, width, dtype=np.int64)
    bounds = np.searchsorted(block.time, edges)
    for low, high in itertools.pairwise(bounds):
        if high > low:
            yield block.select(slice(low, high))


def _kind(place: int) -> TagKind:
    if place < RAW:
        return TagKind.ANALOG
    return TagKind.DISCRETE if place < STATES else TagKind.COUNTER


def _timing(number: int) -> Timing:
    return ((Timing.POLLED,) * 6 + (Timing.TICK,) * 2 + (Timing.IRREGULAR,) * 2)[number * 7 % 10]


def _times(chance: np.random.Generator, timing: Timing, *, count: int, rate: int) -> TimeArray:
    """Return times from 0 on, ns, shape (20, count), each row strictly rising."""
    shape = (TAGS_OF_DEVICE, count)
    if timing is Timing.POLLED:
        return np.repeat(_periods(chance, (1, count), rate=rate), TAGS_OF_DEVICE, axis=0)
    if timing is Timing.IRREGULAR:
        pauses = 0.1 + chance.exponential(0.9, (TAGS_OF_DEVICE, count + 1))
        passed = np.cumsum(pauses, axis=1)
        return (passed[:, :-1] / passed[:, -1:] * (count / rate * 1e6)).astype(np.int64) * MICROSECOND_NS
    if timing is Timing.TICK:
        return _ticks(chance, shape, rate=rate)
    return _periods(chance, shape, rate=rate)


def _periods(chance: np.random.Generator, shape: tuple[int, int], *, rate: int) -> TimeArray:
    """Return times of which each comes a period and some jitter (normal, 1.5 ms) after the one before, in whole us.

    The jitter adds up as that of a free-running clock, but to nothing in the end.
    """
    period = NS_PER_S // rate
    drift = chance.standard_normal(shape, np.float32).clip(-6.0, 6.0).cumsum(axis=1, dtype=np.float64)
    drift -= drift[:, -1:] * (np.arange(1, shape[1] + 1) / shape[1])
    drift *= 0.0015 * NS_PER_S
    phase = chance.integers(period // 4, 3 * period // 4, (shape[0], 1))
    times: TimeArray = np.arange(shape[1], dtype=np.int64) * period + phase + drift.astype(np.int64)
    return times // MICROSECOND_NS * MICROSECOND_NS


def _ticks(chance: np.random.Generator, shape: tuple[int, int], *, rate: int) -> TimeArray:
    """Return times that keep to their periods within a tick or two of 10 ms."""
    period = NS_PER_S // rate
    jitter = (chance.standard_normal(shape, np.float32).clip(-5.0, 5.0) * 0.004 * NS_PER_S).astype(np.int64)
    phase = chance.integers(period // 4, 3 * period // 4, (shape[0], 1))
    return (np.arange(shape[1], dtype=np.int64) * period + phase + jitter) // TICK_NS * TICK_NS


def _mixed(chance: np.random.Generator, *, count: int, rate: int) -> ValueArray:
    """Return the values of a device's 20 tags, shape (20, count)."""
    values = np.empty((TAGS_OF_DEVICE, count))
    values[:REALS] = _real(chance, REALS, count, noise=0.012, period=240.0 * rate)
    counts = _counts(chance, RAW - REALS, count, rate=rate)
    values[REALS:SCALED] = np.round(counts[: SCALED - REALS] * (100.0 / 4_095), 2)
    values[SCALED:RAW] = counts[SCALED - REALS :]
    changes = chance.random((STATES - RAW, count), np.float32) < 1.0 / (300 * rate)
    values[RAW:STATES] = np.cumsum(changes * chance.integers(1, 4, changes.shape), axis=1) % 4
    pulses = chance.poisson(1.0, (TAGS_OF_DEVICE - STATES, count))
    values[STATES:] = np.cumsum(pulses, axis=1) + chance.integers(0, 1_000_000, (TAGS_OF_DEVICE - STATES, 1))
    return values


def _noisy(chance: np.random.Generator, *, count: int, rate: int) -> ValueArray:
    return _real(chance, TAGS_OF_DEVICE, count, noise=0.025, period=1_800.0 * rate)


def _real(chance: np.random.Generator, tags: int, count: int, *, noise: float, period: float) -> ValueArray:
    """Return REALs around 50 on a span of 100 with noise in percent of it: 32 bits of accuracy in 64 bits."""
    swing = 2 * np.pi * (np.arange(count) / period + chance.random((tags, 1)))
    values = np.sin(swing, out=swing)
    values *= 12.0
    values += chance.standard_normal((tags, count), np.float32) * np.float32(noise)
    values += 50.0
    return values.astype(np.float32).astype(np.float64)


def _counts(chance: np.random.Generator, tags: int, count: int, *, rate: int) -> ValueArray:
    """Return readings of a 12-bit converter, 0 .. 4095, with noise of about one count."""
    swing = 2 * np.pi * (np.arange(count) / (240.0 * rate) + chance.random((tags, 1)))
    noise = chance.standard_normal((tags, count), np.float32) * 0.8
    counts: ValueArray = np.clip(np.round(2_000 + 700 * np.sin(swing) + noise), 0, 4_095)
    return counts


def _silences(chance: np.random.Generator, times: TimeArray, seconds: int) -> NDArray[np.bool_]:
    """Return which samples, shape (20, n), fall into a device's silences of 5 to 30 s, about one in 20 minutes."""
    many = chance.poisson(seconds / SILENCE_EVERY_S)
    begin = np.sort(chance.random(many)) * seconds
    end = begin + chance.uniform(5.0, SILENCE_LONGEST_S, many)
    silent = np.zeros(times.shape, np.bool_)
    for first, last in zip(begin * NS_PER_S, end * NS_PER_S, strict=True):
        silent |= (times >= first) & (times < last)
    return silent
