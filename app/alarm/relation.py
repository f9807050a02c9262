"""What alarms are to one another: cause and consequence, the first of a group, and what suppresses them by design."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from app.alarm import life
from app.alarm.suppression import CauseSuppression, StateSuppression
from app.alarm.timers import Timers
from app.alarm.watch import Watch
from app.alarm.watch_list import expression_measure
from app.model.alarm import AlarmEvent, AlarmRecord, AlarmState
from app.model.tag import TagDefinition


class Relations:
    """Follows each alarm that comes or goes, and tells what that changes at others."""

    def __init__(self, watches: Mapping[str, Watch], tags: Mapping[str, TagDefinition], timers: Timers) -> None:
        """Relate the alarms of a plant, by their ids; raise AlarmError where an expression cannot be watched.

        `timers`: hears when the suppression by a cause ends.
        """
        self._watches = watches
        self._timers = timers
        self._consequences: dict[str, list[Watch]] = defaultdict(list)
        self._groups: dict[str, list[Watch]] = defaultdict(list)
        self._first: dict[str, Watch] = {}
        self._states: dict[str, list[StateSuppression]] = defaultdict(list)
        self._causes: dict[str, CauseSuppression] = {}
        self._is_begun = False
        expressions: dict[tuple[str, float], StateSuppression] = {}
        for alarm, watch in watches.items():
            self._relate(watch)
            definition = watch.definition
            if definition.suppress_when:
                key = (definition.suppress_when, definition.suppress_after_s)
                if key not in expressions:
                    expressions[key] = _state_suppression(watch, tags)
                expressions[key].alarms.append(alarm)
                self._states[alarm].append(expressions[key])
        self.suppressions = tuple(expressions.values())
        timed: list[StateSuppression | CauseSuppression] = [*self.suppressions, *self._causes.values()]
        self.timed = {each.name: each for each in timed}

    def before_raise(self, watch: Watch, time: int) -> tuple[tuple[str, ...], bool]:
        """Return which alarms that stand explain this one, raised at `time` (ns UTC), and whether it is the first."""
        group = watch.definition.group
        is_first = False
        if group:
            first = self._first.get(group)
            is_first = first is None or not self._stands(group, besides=watch) or time < first.record.raised
        return self._standing_causes(watch), is_first

    def follow(self, change: AlarmRecord, received: int) -> Iterator[AlarmRecord]:
        """Yield the changes at other alarms that follow from one; `received`: our clock, ns UTC."""
        if change.event not in {AlarmEvent.RAISE, AlarmEvent.CLEAR}:
            return
        watch = self._watches[change.alarm]
        if change.event is AlarmEvent.RAISE and change.is_first_out:
            yield from self._take_first(watch, change.changed)
        for consequence in self._consequences.get(change.alarm, ()):
            yield from self._explain(consequence, change.changed, received)

    def turned(self, suppression: StateSuppression | CauseSuppression, time: int) -> Iterator[AlarmRecord]:
        """Yield the changes of the alarms whose suppression began or ended at `time`."""
        alarms = suppression.alarms if isinstance(suppression, StateSuppression) else [suppression.alarm]
        for alarm in alarms:
            yield from self._suppress(self._watches[alarm], time)

    def begin(self, now: int) -> Iterator[AlarmRecord]:
        """Yield, once, what differs from what the last collector left: the plant file may be another since."""
        if self._is_begun:
            return
        self._is_begun = True
        for consequences in list(self._consequences.values()):
            for consequence in consequences:
                yield from self._explain(consequence, now, now)
        for watch in self._watches.values():
            yield from self._suppress(watch, now)

    def _relate(self, watch: Watch) -> None:
        definition, record = watch.definition, watch.record
        watch.relate = self.before_raise
        for cause in definition.causes:
            self._consequences[cause].append(watch)
        if definition.causes and definition.suppress_by_cause:
            standing = [cause for cause in record.suppressed_by if cause in definition.causes]
            suppression = CauseSuppression(record.alarm, after_s=definition.suppress_after_s, causes=standing)
            self._causes[record.alarm] = suppression
        if definition.group:
            self._groups[definition.group].append(watch)
            if record.is_first_out and record.course is not AlarmState.NORMAL:
                self._first[definition.group] = watch

    def _standing_causes(self, watch: Watch) -> tuple[str, ...]:
        return tuple(
            cause for cause in watch.definition.causes if cause in self._watches and self._watches[cause].is_active
        )

    def _stands(self, group: str, *, besides: Watch) -> bool:
        return any(member.is_active and member is not besides for member in self._groups[group])

    def _take_first(self, watch: Watch, time: int) -> Iterator[AlarmRecord]:
        """Take the mark of the first from the one that had it."""
        group = watch.definition.group
        self._first[group] = watch
        for member in self._groups[group]:
            if member is not watch and member.record.is_first_out:
                member.record = life.related(member.record, time, causes=member.record.causes, is_first_out=False)
                yield member.record

    def _explain(self, consequence: Watch, time: int, received: int) -> Iterator[AlarmRecord]:
        """Note which causes of an alarm stand."""
        causes = self._standing_causes(consequence)
        record = consequence.record
        if record.course.is_active and causes != record.causes:
            consequence.record = life.related(record, time, causes=causes, is_first_out=record.is_first_out)
            yield consequence.record
        suppression = self._causes.get(record.alarm)
        if suppression is not None:
            for instant in suppression.see(causes, time=time, received=received):
                yield from self._suppress(consequence, instant)
            self._timers.note(suppression.name, suppression.due)

    def _suppress(self, watch: Watch, time: int) -> Iterator[AlarmRecord]:
        """Bring what suppresses an alarm by design up to date."""
        record = watch.record
        by = [each.text for each in self._states.get(record.alarm, ()) if each.is_active]
        cause = self._causes.get(record.alarm)
        if cause is not None and cause.is_active:
            by += cause.causes
        if tuple(by) != record.suppressed_by:
            watch.record = life.suppressed(record, time, tuple(by))
            yield watch.record


def _state_suppression(watch: Watch, tags: Mapping[str, TagDefinition]) -> StateSuppression:
    definition = watch.definition
    text = definition.suppress_when
    return StateSuppression(
        text,
        expression_measure(definition, text, tags),
        after_s=definition.suppress_after_s,
        is_active=text in watch.record.suppressed_by,
    )
