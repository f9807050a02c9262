"""A suppression or shelving of one alarm that is tried on the past before anybody switches it on."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.alarm.evaluation import AlarmEvaluation
from app.alarm.refusal import AlarmError
from app.alarm.simulation import AlarmTally, Simulation, SuppressedOccurrence, simulate
from app.model.alarm import AlarmDefinition, AlarmEvent, ConditionKind, Priority
from app.model.alarm_sheet import AlarmSheet, Severity
from app.model.block import Block
from app.model.clock import NS_PER_S
from app.model.tag import TagDefinition

SHELVING = "shelving"
"""What a shelved occurrence is hidden by."""
_MINUTE_NS = 60 * NS_PER_S
_UNTRIED = {ConditionKind.HEALTH, ConditionKind.TIME_TO_LIMIT, ConditionKind.FAULT}


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried of one alarm (by its id), and nothing else of the plant is suppressed meanwhile.

    `when`: an expression; `causes`: ids of alarms that explain it; `after_s`: seconds for which these count longer.
    `shelve_min`: minutes for which it is shelved each time it is shown, 0 for not at all.
    """

    alarm: str
    when: str = ""
    causes: tuple[str, ...] = ()
    after_s: float = 0.0
    shelve_min: float = 0.0

    def keys(self) -> dict[str, object]:
        """Return the keys of the alarm in the plant file by which it would be so; shelving is nobody's rule."""
        return {
            "suppress_when": self.when or None,
            **({"causes": list(self.causes)} if self.causes else {}),
            "suppress_by_cause": True if self.causes else None,
            "suppress_after_s": self.after_s or None,
        }


class Danger(StrEnum):
    """Why it would have been dangerous to hide an occurrence.

    CRITICAL, SEVERE: of such a priority or consequence. OUTLASTED: hidden for longer than there was time to respond.
    FOLLOWED: a critical alarm of the same equipment came meanwhile.
    """

    CRITICAL = "critical"
    SEVERE = "severe"
    OUTLASTED = "outlasted"
    FOLLOWED = "followed"


def tried(definitions: Sequence[AlarmDefinition], trial: Trial) -> list[AlarmDefinition]:
    """Return the alarms with that suppression in place of all others; raise AlarmError where one is not known."""
    known = {entry.id for entry in definitions}
    for name in (trial.alarm, *trial.causes):
        if name not in known:
            alike = difflib.get_close_matches(name, known, n=1)
            remedy = f": write {alike[0]}" if alike else "; plant.toml names it under [[alarm]]"
            raise AlarmError(f"{name}: no alarm of the plant{remedy}")
    if trial.alarm in trial.causes:
        raise AlarmError(f"{trial.alarm}: cannot be explained by itself: name another alarm")
    bare = [replace(entry, suppress_when="", suppress_by_cause=False) for entry in definitions]
    return [
        replace(
            entry,
            suppress_when=trial.when,
            causes=trial.causes or entry.causes,
            suppress_by_cause=bool(trial.causes),
            suppress_after_s=trial.after_s,
        )
        if entry.id == trial.alarm
        else entry
        for entry in bare
    ]


def run_trial(
    tags: Sequence[TagDefinition], definitions: Sequence[AlarmDefinition], trial: Trial, blocks: Iterable[Block]
) -> Simulation:
    """Return what the trial does to the samples of `blocks`, which are in the order of time.

    `definitions`: as `tried` gives them. Raise AlarmError where the alarm cannot be watched, or samples say nothing
    about it.
    """
    definition = next(entry for entry in definitions if entry.id == trial.alarm)
    if definition.condition in _UNTRIED:
        raise AlarmError(f"{definition.id}: is told by what is foreseen or by the station, not by samples of tags")
    if trial.shelve_min:
        return _shelved(definition, _occurrences(tags, definition, blocks), round(trial.shelve_min * _MINUTE_NS))
    return simulate(tags, definitions, blocks)


def dangers_of(
    occurrence: SuppressedOccurrence, sheet: AlarmSheet, end: int, critical: Sequence[int]
) -> tuple[Danger, ...]:
    """Return why hiding an occurrence would have been dangerous, nothing where it would not.

    `end`: of the stretch, ns UTC; `critical`: when other critical alarms of the same equipment came, ns UTC.
    """
    until = occurrence.shown or occurrence.cleared or end
    respond = sheet.respond_within_min
    found: Mapping[Danger, bool] = {
        Danger.CRITICAL: occurrence.priority is Priority.CRITICAL,
        Danger.SEVERE: sheet.severity is Severity.SEVERE,
        Danger.OUTLASTED: respond is not None and until - occurrence.raised > round(respond * _MINUTE_NS),
        Danger.FOLLOWED: any(occurrence.raised <= time <= until for time in critical),
    }
    return tuple(danger for danger, is_so in found.items() if is_so)


def _occurrences(
    tags: Sequence[TagDefinition], definition: AlarmDefinition, blocks: Iterable[Block]
) -> list[tuple[int, int]]:
    """Return when the alarm came and its condition went (0: not yet), ns UTC, with nothing that hides it."""
    alarms = AlarmEvaluation(tags, [replace(definition, suppress_when="", suppress_by_cause=False)], lateness_s=0.0)
    found: list[tuple[int, int]] = []
    for block in blocks:
        if not len(block):
            continue
        for change in (*alarms.evaluate(block), *alarms.tick(int(block.time[-1]))):
            if change.alarm == definition.id and change.event is AlarmEvent.RAISE:
                found.append((change.changed, 0))
            elif change.alarm == definition.id and change.event is AlarmEvent.CLEAR and found:
                found[-1] = found[-1][0], change.changed
    return found


def _shelved(definition: AlarmDefinition, occurrences: Sequence[tuple[int, int]], length: int) -> Simulation:
    """Return what becomes of occurrences where each one that is shown is shelved for `length` ns."""
    hidden: list[SuppressedOccurrence] = []
    tally = AlarmTally(definition.id, definition.priority, raised=len(occurrences))
    until = 0
    for raised, cleared in occurrences:
        if raised >= until:
            until = raised + length
            continue
        is_shown = not cleared or cleared > until
        hidden.append(
            SuppressedOccurrence(
                definition.id, definition.priority, (SHELVING,), raised, 0 if is_shown else cleared, until * is_shown
            )
        )
        if is_shown:
            until += length  # it is shown when the time is up, and shelved again
    late = sum(bool(each.shown) for each in hidden)
    return Simulation((replace(tally, never_shown=len(hidden) - late, shown_late=late),), tuple(hidden))
