"""A month of alarms by chance: calm days, floods, alarms that chatter, that stand for days, and an unwatched night."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

from app.alarm.journal import AlarmJournal
from app.database import open_writer
from app.model.clock import NS_PER_S
from tests.app.alarm.statistics.plain_figures import MINUTE, Plain

START = 1_767_225_600 * NS_PER_S + 123_456_789
DAY = 1440 * MINUTE


def random_month(seed: int, *, days: int = 30, alarms: int = 40) -> list[Plain]:
    """Return occurrences of the days from START on, and of some days before; those of one alarm never overlap."""
    chance = random.Random(seed)
    floods = [START + chance.randrange(days * DAY) for _ in range(6)]
    found: list[Plain] = []
    for number in range(alarms):
        priority = chance.choices((1, 2, 3, 4), (5, 15, 70, 10))[0]
        found += _life(chance, f"A{number % 3}-{number:02d}", priority, floods, days)
    return found


def _life(chance: random.Random, alarm: str, priority: int, floods: list[int], days: int) -> list[Plain]:
    pace = chance.choice((1, 4, 16)) * DAY / 4
    wanted = [START - 3 * DAY + round(chance.expovariate(1 / pace))]
    while wanted[-1] < START + days * DAY:
        wanted.append(wanted[-1] + 1 + round(chance.expovariate(1 / pace)))
    wanted += [flood + chance.randrange(4 * MINUTE) for flood in floods if chance.random() < 0.6]
    if chance.random() < 0.3:
        wanted += [wanted[0] + 4 * DAY + place * chance.randrange(4, 40) * NS_PER_S for place in range(9)]
    wanted = sorted(set(wanted))
    found: list[Plain] = []
    for raised, next_raised in zip(wanted, [*wanted[1:], START + 99 * DAY], strict=True):
        active = chance.choice((3 * NS_PER_S, 30 * NS_PER_S, 20 * MINUTE, 20 * MINUTE, 2 * DAY))
        returned = min(raised + 1 + round(chance.expovariate(1 / active)), next_raised - 1)
        answer = raised + round(chance.expovariate(1 / (4 * MINUTE)))
        is_answered = answer < next_raised and chance.random() < 0.9
        found.append(Plain(alarm, priority, raised, returned, answer if is_answered else None))
    return found


def write_journal(path: Path, occurrences: Iterable[Plain], until: int, *, disorder: int = 0) -> None:
    """Write what the collector would have written up to `until`.

    Lines of different alarms stand up to `disorder` places out of their order.
    """
    chance = random.Random(5)
    lines = sorted(
        (line for each in occurrences for line in each.changes() if line[0] < until), key=lambda line: line[0]
    )
    delay: dict[str, float] = {}
    keys = []
    for place, (_, record) in enumerate(lines):
        # the lines of one alarm never change places
        delay[record.alarm] = max(delay.get(record.alarm, 0.0), place + chance.random() * disorder)
        keys.append(delay[record.alarm])
    order = sorted(range(len(lines)), key=lambda place: (keys[place], place))
    connection = open_writer(path)
    try:
        AlarmJournal(connection).record([lines[place][1] for place in order])
    finally:
        connection.close()
