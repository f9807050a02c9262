"""What a suppression would have done to the alarms of a stretch of the past, before it is switched on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.alarm.evaluation import AlarmEvaluation
from app.model.alarm import AlarmDefinition, AlarmEvent, AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.block import Block
from app.model.expression import parse_expression
from app.model.tag import TagDefinition

_WITHOUT_SAMPLES = {ConditionKind.HEALTH, ConditionKind.TIME_TO_LIMIT}


@dataclass(frozen=True, slots=True)
class SuppressedOccurrence:
    """One occurrence of an alarm that came while it was suppressed `by` something. Times int64 ns UTC, 0 for none.

    `cleared`: when its condition went. `shown`: when it would have been shown after all, since it outlasted the
    suppression; never where it went before that.
    """

    alarm: str
    priority: Priority
    by: tuple[str, ...]
    raised: int
    cleared: int = 0
    shown: int = 0


@dataclass(frozen=True, slots=True)
class AlarmTally:
    """What became of one alarm: how often it came, and of these how often unseen for good, or shown late."""

    alarm: str
    priority: Priority
    raised: int = 0
    never_shown: int = 0
    shown_late: int = 0


@dataclass(frozen=True, slots=True)
class Simulation:
    """The alarms that may be suppressed, by their ids, and each occurrence that was."""

    tallies: tuple[AlarmTally, ...]
    suppressed: tuple[SuppressedOccurrence, ...]


def suppressible(definitions: Sequence[AlarmDefinition]) -> list[AlarmDefinition]:
    """Return the alarms that something suppresses by design."""
    return [entry for entry in definitions if entry.suppress_when or (entry.suppress_by_cause and entry.causes)]


def simulated(definitions: Sequence[AlarmDefinition]) -> list[AlarmDefinition]:
    """Return those alarms and the ones that explain them, as far as samples tell of them."""
    by_id = {entry.id: entry for entry in definitions}
    wanted = {entry.id: entry for entry in suppressible(definitions)}
    for entry in list(wanted.values()):
        wanted |= {cause: by_id[cause] for cause in entry.causes if cause in by_id}
    return [entry for entry in wanted.values() if entry.condition not in _WITHOUT_SAMPLES]


def tags_needed(definitions: Sequence[AlarmDefinition]) -> set[str]:
    """Return the names of the tags that alarms and what suppresses them look at."""
    names: set[str] = set()
    for entry in definitions:
        names |= {entry.tag} if entry.tag else set()
        names |= {entry.setpoint} if isinstance(entry.setpoint, str) and entry.setpoint else set()
        for text in (entry.expression, entry.suppress_when):
            names |= set(parse_expression(text).tags) if text else set()
    return names


def simulate(
    tags: Sequence[TagDefinition], definitions: Sequence[AlarmDefinition], blocks: Iterable[Block]
) -> Simulation:
    """Return what the suppressions of `definitions` do to the samples of `blocks`, which are in the order of time.

    Raise AlarmError where a definition cannot be watched.
    """
    watched = simulated(definitions)
    alarms = AlarmEvaluation(tags, watched, lateness_s=0.0)
    trial = _Trial(suppressible(watched))
    for block in blocks:
        if len(block):
            trial.take(alarms.evaluate(block))
            trial.take(alarms.tick(int(block.time[-1])))
    return trial.result()


class _Trial:
    """Counts the changes that the evaluation makes."""

    def __init__(self, definitions: Sequence[AlarmDefinition]) -> None:
        self._tallies = {entry.id: AlarmTally(entry.id, entry.priority) for entry in definitions}
        self._open: dict[str, SuppressedOccurrence] = {}
        self._closed: list[SuppressedOccurrence] = []

    def take(self, changes: Sequence[AlarmRecord]) -> None:
        for change in changes:
            if change.alarm in self._tallies:
                self._take(change)

    def result(self) -> Simulation:
        occurrences = [*self._closed, *self._open.values()]
        return Simulation(
            tuple(sorted(self._tallies.values(), key=lambda tally: (-tally.raised, tally.alarm))),
            tuple(sorted(occurrences, key=lambda each: (each.raised, each.alarm))),
        )

    def _take(self, change: AlarmRecord) -> None:
        alarm = change.alarm
        tally = self._tallies[alarm]
        if change.event is AlarmEvent.RAISE:
            self._tallies[alarm] = replace(tally, raised=tally.raised + 1)
            if change.state is AlarmState.SUPPRESSED:
                by = change.suppressed_by
                self._open[alarm] = SuppressedOccurrence(alarm, change.priority, by, change.changed)
            return
        occurrence = self._open.get(alarm)
        if occurrence is None:
            return
        if change.event is AlarmEvent.CLEAR:
            self._tallies[alarm] = replace(tally, never_shown=tally.never_shown + 1)
            self._closed.append(replace(self._open.pop(alarm), cleared=change.changed))
        elif change.state is AlarmState.UNACKNOWLEDGED:
            self._tallies[alarm] = replace(tally, shown_late=tally.shown_late + 1)
            self._closed.append(replace(self._open.pop(alarm), shown=change.changed))
