"""The alarms of a plant: every block of samples goes in, every change of an alarm's state comes out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from app.alarm import desk
from app.alarm.compared import ComparedTags
from app.alarm.finding import hours_to_limit, watches_of_findings
from app.alarm.measure import ANY_VALUE, RateMeasure
from app.alarm.refusal import AlarmError, AlarmRefused, refusal
from app.alarm.relation import Relations
from app.alarm.suppression import StateSuppression
from app.alarm.timers import Timers
from app.alarm.watch import Watch
from app.alarm.watch_list import fault_watch, orphan, watch_of
from app.model import status as status_code
from app.model.alarm import AlarmDefinition, AlarmRecord, AlarmState, ConditionKind, StationFault
from app.model.alarm_command import AlarmAction, AlarmCommand, AlarmRefusal, AlarmRules, RefusalCode
from app.model.block import Block
from app.model.clock import NS_PER_S
from app.model.forecast import Forecast, Health
from app.model.tag import TagDefinition

__all__ = ["AlarmError", "AlarmEvaluation"]

LATENESS_S = 0.5

_DOUBT_MASK = np.uint32(0xFFFF_0000 | status_code.LIMIT_MASK)


class AlarmEvaluation:
    """Watches all alarm definitions of a plant.

    Delays run in source time, samples are taken in the order in which they became known. A bad sample, or one without a
    finite value, neither raises nor clears. An uncertain one counts (a value beyond its range is a reason to alarm),
    except a single sample that the cleaning doubts as a spike (UncertainSensorNotAccurate): the second one in a row
    counts again.
    """

    def __init__(
        self,
        plant_tags: Sequence[TagDefinition],
        definitions: Sequence[AlarmDefinition],
        restored: Sequence[AlarmRecord] = (),
        *,
        faults: Sequence[StationFault] = (),
        rules: AlarmRules | None = None,
        time_scale: float = 1.0,
        lateness_s: float = LATENESS_S,
    ) -> None:
        """Take up the alarms that stood (`restored`); raise AlarmError where a definition cannot be watched.

        `faults`: of the station itself, which `observe` tells. `rules`: for how long alarms may be hidden.
        `time_scale`: of the plant, for what a forecast says in its own hours.
        `lateness_s`: how long `tick` waits for samples that are still on their way.
        """
        self._rules = rules or AlarmRules()
        tags = {tag.name: tag for tag in plant_tags}
        records = {record.alarm: record for record in restored}
        self._watches = {entry.id: watch_of(entry, tags, record=records.pop(entry.id, None)) for entry in definitions}
        self._watches |= {
            fault.definition.id: fault_watch(fault, record=records.pop(fault.definition.id, None)) for fault in faults
        }
        if len(self._watches) < len(definitions) + len(faults):
            raise AlarmError("two alarms have the same id: give each its own")
        self._of_tag: list[list[Watch]] = [[] for _ in plant_tags]
        for watch in self._watches.values():
            for handle in watch.measure.tags:
                self._of_tag[handle].append(watch)
        self._compared = ComparedTags(self._watches.values(), len(plant_tags))
        self._withdrawn = [orphan(record) for record in records.values()]
        self._watches.update((watch.name, watch) for watch in self._withdrawn)
        self._timers = Timers()
        self._relations = Relations(self._watches, tags, self._timers)
        self._suppressions: list[list[StateSuppression]] = [[] for _ in plant_tags]
        for suppression in self._relations.suppressions:
            for handle in suppression.measure.tags:
                self._suppressions[handle].append(suppression)
        self._restless: dict[str, tuple[Watch, int]] = {}
        self._time_scale = time_scale
        self._of_finding = watches_of_findings(self._watches.values())
        self._held = {name: watch for name, watch in self._watches.items() if watch.record.state.is_hidden}
        self._lateness = round(lateness_s * NS_PER_S)
        self._low = np.full(len(plant_tags), -math.inf)
        self._high = np.full(len(plant_tags), math.inf)
        self._is_bad_calm = np.ones(len(plant_tags), np.bool_)
        self._was_doubtful = np.zeros(len(plant_tags), np.bool_)
        for handle in range(len(plant_tags)):
            self._settle(handle)

    def evaluate(self, block: Block) -> list[AlarmRecord]:
        """Return the changes of state that the samples of `block` make, in order."""
        doubtful = (block.status & _DOUBT_MASK) == status_code.UNCERTAIN_SENSOR_NOT_ACCURATE
        rows = self._rows_of_interest(block, doubtful)
        touched = self._compared.begin(block, rows)
        changes = self._look_at(block.select(rows), doubtful[rows]) if rows.size else []
        for handle in self._compared.end(block, touched):
            self._settle(handle)
        self._was_doubtful[block.handle] = doubtful
        return changes

    def observe(self, present: Mapping[str, bool], now: int) -> list[AlarmRecord]:
        """Return the changes that come of which faults of the station are `present` at `now` (ns UTC), by their ids."""
        return [
            change
            for fault, is_present in present.items()
            for change in self._follow(
                self._watches[fault].see(float(is_present), math.nan, time=now, received=now), now
            )
        ]

    def foresee(self, findings: Sequence[Forecast | Health], now: int) -> list[AlarmRecord]:
        """Return the changes that predictions make which are new at `now` (ns UTC)."""
        changes: list[AlarmRecord] = []
        for finding in findings:
            if isinstance(finding, Health):
                number, source = finding.health, (ConditionKind.HEALTH, finding.equipment)
            else:
                number = hours_to_limit(finding, self._time_scale)
                source = (ConditionKind.TIME_TO_LIMIT, finding.forecast)
            for watch in self._of_finding.get(source, ()):
                changes += self._follow(watch.take(0, number, time=now, received=now), now)
                self._note_waiting(watch)
        return changes

    def tick(self, now: int) -> list[AlarmRecord]:
        """Return the changes that time alone makes up to `now` (ns UTC).

        Delays run out, rates come to rest, and what was hidden for a time is hidden no more.
        """
        changes = [change for watch in self._withdrawn for change in watch.withdraw(now)]
        self._withdrawn = []
        changes += self._relations.begin(now)
        due = now - self._lateness
        for watch, window in list(self._restless.values()):
            changes += self._follow(watch.come_to_rest(due, window), now)
            self._settle(watch.measure.tags[0])
        changes += self._pass_time(due)
        return changes + self._expire(now)

    def obey(self, command: AlarmCommand, by: str, now: int) -> tuple[list[AlarmRecord], list[AlarmRefusal]]:
        """Do something to alarms in the name of `by` at `now` (ns UTC); return the changes, and what was refused."""
        whole = desk.command_refusal(command, by)
        if whole is not None:
            return [], [whole]
        changes: list[AlarmRecord] = []
        refusals: list[AlarmRefusal] = []
        shown = dict(zip(command.alarms, command.raised, strict=False))
        for alarm in dict.fromkeys(command.alarms):
            done = self._obey_one(command, alarm, by=by, shown=shown.get(alarm, 0), now=now)
            if isinstance(done, AlarmRefusal):
                refusals.append(done)
            else:
                changes.append(done)
        return changes, refusals

    def acknowledge(self, alarm: str, raised: int, operator: str, comment: str, now: int) -> AlarmRecord:
        """Return the record of an alarm that `operator` has seen at `now` (ns UTC).

        `raised`: the instant of the occurrence that was shown. Raise AlarmRefused where there is nothing to
        acknowledge, where a newer occurrence came meanwhile, without a name, or with an endless comment.
        """
        command = AlarmCommand(AlarmAction.ACKNOWLEDGE, (alarm,), (raised,), comment)
        changes, refusals = self.obey(command, operator, now)
        if refusals:
            raise AlarmRefused(refusals[0])
        return changes[0]

    def revise(self, definition: AlarmDefinition) -> None:
        """Watch an alarm by another dead band and other delays from now on; one that is not watched is left out.

        What stands stays, and a delay that runs begins anew, as after a new start.
        """
        watch = self._watches.get(definition.id)
        if watch is None:
            return
        self._compared.renew(watch.measure)
        watch.revise(definition)
        self._note_waiting(watch)
        for handle in watch.measure.tags:
            self._settle(handle)

    def standing(self) -> list[AlarmRecord]:
        """Return the alarms that are not normal, the most urgent and of these the newest first."""
        records = [watch.record for watch in self._watches.values() if watch.record.state is not AlarmState.NORMAL]
        return sorted(records, key=lambda record: (record.priority, -record.raised, record.alarm))

    def _obey_one(
        self, command: AlarmCommand, alarm: str, *, by: str, shown: int, now: int
    ) -> AlarmRecord | AlarmRefusal:
        watch = self._watches.get(alarm)
        if watch is None:
            return refusal(alarm, RefusalCode.NO_ALARM, "no such alarm in this plant: check its id")
        record, definition, rules = watch.record, watch.definition, self._rules
        refused = desk.state_refusal(record, definition, command, shown=shown, rules=rules, now=now)
        if refused is not None:
            return refused
        watch.record = desk.applied(record, definition, command, by=by, rules=rules, now=now)
        if watch.record.state.is_hidden:
            self._held[alarm] = watch
        return watch.record

    def _expire(self, now: int) -> list[AlarmRecord]:
        changes: list[AlarmRecord] = []
        for alarm, watch in list(self._held.items()):
            while (after := desk.expired(watch.record, now)) is not None:
                watch.record = after
                changes.append(after)
            if not watch.record.state.is_hidden:
                del self._held[alarm]
        return changes

    def _pass_time(self, due: int) -> list[AlarmRecord]:
        """Return the changes where delays have run out before `due`, by our clock, ns UTC."""
        changes: list[AlarmRecord] = []
        for noted, name in self._timers.passed(due):
            suppression = self._relations.timed.get(name)
            ends = self._watches[name].due if suppression is None else suppression.due
            if ends is not None and ends > noted:  # it began anew since: it runs out after those that end before it
                self._timers.note(name, ends)
            else:
                changes += self._run_out(name, due)
        return changes

    def _run_out(self, name: str, due: int) -> list[AlarmRecord]:
        """Return the changes where the delay of an alarm, or of a suppression, has run out."""
        suppression = self._relations.timed.get(name)
        if suppression is not None:
            turns = suppression.pass_time(due)
            self._timers.note(name, suppression.due)
            return [change for time in turns for change in self._relations.turned(suppression, time)]
        watch = self._watches[name]
        changes = self._follow(watch.pass_time(due), due)
        self._note_waiting(watch)
        for handle in watch.measure.tags:
            self._settle(handle)
        return changes

    def _follow(self, changes: list[AlarmRecord], received: int) -> list[AlarmRecord]:
        """Return the changes with those at other alarms that follow from them."""
        if not changes:
            return changes
        return [each for change in changes for each in (change, *self._relations.follow(change, received))]

    def _rows_of_interest(self, block: Block, doubtful: NDArray[np.bool_]) -> NDArray[np.intp]:
        # Almost every sample changes nothing, so those are told apart in one stroke. Of a tag with one that might, all
        # are taken, and of all that are compared with it.
        handle, value = block.handle, block.value
        is_within = (value >= self._low[handle]) & (value <= self._high[handle])
        is_calm = np.where(_usable(block), is_within, self._is_bad_calm[handle])
        rows = np.flatnonzero(~is_calm | (doubtful & self._compared.is_in[handle]))
        if not rows.size:
            return rows
        is_of_interest = np.zeros(len(self._low), np.bool_)
        is_of_interest[self._compared.groups_of(handle[rows])] = True
        return np.flatnonzero(is_of_interest[self._compared.group[handle]])

    def _look_at(self, block: Block, doubtful: NDArray[np.bool_]) -> list[AlarmRecord]:
        changes: list[AlarmRecord] = []
        columns = (block.handle, block.time, block.value, block.received, _usable(block), doubtful)
        for handle, time, value, received, is_usable, doubt in zip(
            *(column.tolist() for column in columns), strict=True
        ):
            changes += self._pass_time(received - self._lateness)
            is_lone_doubt = doubt and not self._was_doubtful[handle]
            self._was_doubtful[handle] = doubt
            if is_lone_doubt:
                continue
            for suppression in self._suppressions[handle]:
                if is_usable:
                    turns = suppression.take(handle, value, time=time, received=received)
                else:
                    turns = suppression.lose(handle, time=time, received=received)
                changes += [change for turn in turns for change in self._relations.turned(suppression, turn)]
            for watch in self._of_tag[handle]:
                if is_usable:
                    found = watch.take(handle, value, time=time, received=received)
                else:
                    found = watch.lose(handle, time=time, received=received)
                changes += self._follow(found, received)
            if self._compared.is_in[handle]:
                self._note_timers(handle)  # what is calm is found out once for all of its group, after the block
            else:
                self._settle(handle)
        return changes

    def _note_timers(self, handle: int) -> None:
        for watch in self._of_tag[handle]:
            self._note_waiting(watch)
        for suppression in self._suppressions[handle]:
            self._timers.note(suppression.name, suppression.due)

    def _settle(self, handle: int) -> None:
        (low, high), is_bad_calm = ANY_VALUE, True
        for watch in self._of_tag[handle]:
            calm = watch.calm(handle)
            low, high = max(low, calm[0]), min(high, calm[1])
            is_bad_calm = is_bad_calm and watch.is_bad_calm
        for suppression in self._suppressions[handle]:
            calm = suppression.calm(handle)
            low, high = max(low, calm[0]), min(high, calm[1])
            is_bad_calm = False
        self._note_timers(handle)
        self._low[handle], self._high[handle] = low, high
        self._is_bad_calm[handle] = is_bad_calm

    def _note_waiting(self, watch: Watch) -> None:
        self._timers.note(watch.name, watch.due)
        if isinstance(watch.measure, RateMeasure):
            if watch.is_active or watch.is_waiting:
                self._restless[watch.name] = (watch, watch.measure.window)
            else:
                self._restless.pop(watch.name, None)


def _usable(block: Block) -> NDArray[np.bool_]:
    return status_code.usable_mask(block.status) & np.isfinite(block.value)
