"""Evaluation of alarms: processor time per sample, ours and a plain loop over the same conditions in turn.

10,000 tags give a sample each second; the first one is not counted. What both find has to be the same.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.alarm.evaluation import AlarmEvaluation
from app.model import status
from app.model.alarm import AlarmDefinition, AlarmEvent, ConditionKind, Priority
from app.model.block import Block, block_of
from app.model.clock import NS_PER_S
from app.model.tag import TagDefinition
from app.model.text import LocalText
from tests.benchmarks.figure import Figure
from tests.benchmarks.plain_alarms import PlainAlarms
from tests.benchmarks.turns import alternate

if TYPE_CHECKING:
    from tests.benchmarks.__main__ import Options

TAGS = 10_000
START = 1_700_000_000 * NS_PER_S
DELAY_S = 2.0

Outcome = tuple[float, tuple[int, int]]
"""Processor time, s, and how often alarms came and went."""


def measure(options: Options) -> Iterator[Figure]:
    """Evaluate limits and quality, commands and states, and a flood."""
    seconds = 15 if options.quick else 60
    turns = 3 if options.quick else 7
    yield _compared(
        "limits and quality, 4 alarms per tag", _limits(), _noise(seconds), goal="ratio <= 0.2", turns=turns
    )
    yield _compared(
        "states and commands, 2 alarms per tag", _states(), _steps(seconds), goal="ratio <= 0.6", turns=turns
    )
    yield _compared("deviations from another tag", _deviations(), _noise(seconds), goal="ratio <= 0.6", turns=turns)
    # a minute: what tags move by, and so how far they may, is learned in the first seconds
    yield _compared("expressions over two tags", _expressions(), _noise(60), goal="ratio <= 0.8", turns=turns)
    yield _compared("10,000 alarms in one second", _limits(), _flood(), goal="", turns=turns)


def _compared(
    name: str, definitions: Sequence[AlarmDefinition], blocks: Sequence[Block], *, goal: str, turns: int
) -> Figure:
    tags = _tags()
    samples = sum(len(block) for block in blocks[1:])

    def ours(_: int) -> Outcome:
        alarms = AlarmEvaluation(tags, definitions)
        came = went = 0
        alarms.evaluate(blocks[0])
        alarms.tick(int(blocks[0].time[-1]))
        began = time.process_time()
        for block in blocks[1:]:
            changes = alarms.evaluate(block) + alarms.tick(int(block.time[-1]))
            came += sum(change.event is AlarmEvent.RAISE for change in changes)
            went += sum(change.event is AlarmEvent.CLEAR for change in changes)
        return time.process_time() - began, (came, went)

    def plainly(_: int) -> Outcome:
        loop = PlainAlarms(tags, definitions)
        loop.evaluate(blocks[0])
        loop.came = loop.went = 0
        began = time.process_time()
        for block in blocks[1:]:
            loop.evaluate(block)
        return time.process_time() - began, (loop.came, loop.went)

    contestants: list[Callable[[int], Outcome]] = [ours, plainly]
    courses = alternate(contestants, turns=turns, budget_s=12)
    found = {outcome[1] for course in courses for outcome in course.results}
    if len(found) != 1:
        raise AssertionError(f"{name}: the two do not find the same: {found}")
    per_sample = [1e6 * float(np.median([spent for spent, _ in course.results])) / samples for course in courses]
    return Figure(
        f"evaluation, {name}", "µs CPU per sample", per_sample[0], per_sample[1], peer_name="plain loop", goal=goal
    )


def _tags() -> list[TagDefinition]:
    return [
        TagDefinition(n, f"T{n}", f"E{n // 50}", LocalText(f"T{n}"), "line", f"HR{n}", scan_ms=1_000)
        for n in range(TAGS)
    ]


def _alarm(tag: int, condition: ConditionKind, name: str, limit: float, **keys: object) -> AlarmDefinition:
    return AlarmDefinition(
        f"T{tag}.{name}",
        f"T{tag}",
        condition,
        limit,
        Priority.MEDIUM,
        LocalText(name),
        **keys,  # type: ignore[arg-type]
    )


def _limits() -> list[AlarmDefinition]:
    delays = {"on_delay_s": DELAY_S, "off_delay_s": DELAY_S}
    return [
        alarm
        for tag in range(TAGS)
        for alarm in (
            _alarm(tag, ConditionKind.HIGH, "H", 80.0, deadband=2.0, **delays),
            _alarm(tag, ConditionKind.HIGH, "HH", 90.0, deadband=2.0),
            _alarm(tag, ConditionKind.LOW, "L", 20.0, deadband=2.0, **delays),
            _alarm(tag, ConditionKind.BAD_QUALITY, "BAD", 0.0, on_delay_s=DELAY_S),
        )
    ]


def _states() -> list[AlarmDefinition]:
    """Return alarms of pairs of tags: a command, and what follows it, which has a state of fault besides."""
    return [
        alarm
        for tag in range(0, TAGS, 2)
        for alarm in (
            _alarm(tag, ConditionKind.MISMATCH, "M", 0.5, setpoint=f"T{tag + 1}", on_delay_s=DELAY_S),
            _alarm(tag, ConditionKind.STATE, "FAULT", 7.0, states=(7.0, 9.0)),
            _alarm(tag + 1, ConditionKind.STATE, "OFF", 5.0, states=(5.0,)),
            _alarm(tag + 1, ConditionKind.BAD_QUALITY, "BAD", 0.0, on_delay_s=DELAY_S),
        )
    ]


def _deviations() -> list[AlarmDefinition]:
    """Return an alarm of each second tag, whose setpoint is the tag beside it."""
    delays = {"on_delay_s": DELAY_S, "off_delay_s": DELAY_S}
    return [
        _alarm(tag, ConditionKind.DEVIATION, "DEV", 20.0, deadband=2.0, setpoint=f"T{tag + 1}", **delays)
        for tag in range(0, TAGS, 2)
    ]


def _expressions() -> list[AlarmDefinition]:
    """Return an alarm of each second tag over it and the tag beside it."""
    return [
        _alarm(
            tag,
            ConditionKind.EXPRESSION,
            "X",
            0.5,
            expression=f"T{tag} - T{tag + 1} > 20 and T{tag + 1} < 90",
            on_delay_s=DELAY_S,
            off_delay_s=DELAY_S,
        )
        for tag in range(0, TAGS, 2)
    ]


def _noise(seconds: int) -> list[Block]:
    """Return noise far from every limit, but for a tag in a thousand, and one bad sample in two thousand."""
    chance = np.random.default_rng(1)
    blocks = []
    for second in range(seconds):
        value = 50.0 + chance.standard_normal(TAGS)
        away = chance.random(TAGS) < 0.001
        value[away] += chance.choice([-45.0, 35.0, 45.0], int(away.sum()))
        code = np.where(chance.random(TAGS) < 0.0005, status.BAD_SENSOR_FAILURE, status.GOOD)
        blocks.append(_block(second, np.where(code == status.GOOD, value, math.nan), code))
    return blocks


def _steps(seconds: int) -> list[Block]:
    """Return states that change in one sample of two hundred; what follows a command lags by a second."""
    chance = np.random.default_rng(2)
    command, follower = np.ones(TAGS // 2), np.ones(TAGS // 2)
    blocks = []
    for second in range(seconds):
        late = command.copy()
        changed = chance.random(TAGS // 2) < 0.01
        command[changed] = chance.choice([1.0, 2.0, 3.0, 5.0], int(changed.sum()))
        follower = np.where(chance.random(TAGS // 2) < 0.002, 7.0, late)
        value = np.empty(TAGS)
        value[0::2], value[1::2] = follower, command
        blocks.append(_block(second, value, np.full(TAGS, status.GOOD)))
    return blocks


def _flood() -> list[Block]:
    """Return a calm second, and one in which every tag is beyond its second limit."""
    return [
        _block(second, np.full(TAGS, value), np.full(TAGS, status.GOOD)) for second, value in ((0, 50.0), (1, 95.0))
    ]


def _block(second: int, value: NDArray[np.float64], code: NDArray[np.int64]) -> Block:
    return block_of(np.arange(TAGS), START + second * NS_PER_S, value, code)
