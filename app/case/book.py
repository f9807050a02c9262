"""All cases of one plant: indications and deeds of people go in, what is to be written and told comes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.case.learned_cause import is_news
from app.case.ledger import EffectLedger
from app.case.open_case import OpenCase
from app.case.pattern import pattern_of, role_of
from app.case.refusal import LONGEST_REASON, CaseRefused, already
from app.case.rules import CaseRules
from app.case.signature import Signature, resembles_fault
from app.case.watched import Watched
from app.model.case import (
    ACCOMPANYING,
    UNKNOWN_CAUSE,
    CaseAction,
    CaseCommand,
    CaseEffect,
    CaseEvidence,
    CaseRecord,
    CaseRefusalCode,
    CaseWrite,
    Indication,
    RankedCause,
    Verdict,
)
from app.model.plant import Plant
from app.model.text import LocalText

MOST_REMEMBERED = 2_000
"""Closed cases among which similar ones are looked for."""
_MUCH_WORSE = 2.0


@dataclass(frozen=True, slots=True)
class CasePast:
    """What a predecessor left: closed cases (at least the newest of each equipment), open ones with their evidence."""

    closed: tuple[CaseRecord, ...] = ()
    open: tuple[tuple[CaseRecord, tuple[CaseEvidence, ...]], ...] = ()
    effects: tuple[CaseEffect, ...] = ()


class CaseBook:
    """At most one case is open per Equipment; it opens when an indicator has been bad for long enough.

    After a verdict the same indicators open no other case until the equipment has been well, unless what they say has
    doubled. The outcome depends on what is given and on the instants given alone.
    """

    def __init__(
        self,
        plant: Plant,
        signatures: Sequence[Signature],
        past: CasePast | None = None,
        *,
        rules: CaseRules | None = None,
    ) -> None:
        """Go on from `past`; `signatures`: known causes of the classes of equipment, and of single equipment."""
        past = past or CasePast()
        self._rules = rules or CaseRules()
        self._scale = plant.time_scale
        self._kinds = {equipment.id: equipment.kind for equipment in plant.equipment}
        self._roles = {
            equipment.id: frozenset(role_of(tag.name, equipment.id) for tag in plant.tags_of(equipment.id))
            for equipment in plant.equipment
        }
        self._signatures = tuple(signatures)
        self._ledger = EffectLedger(self._rules, past.effects, kinds=self._kinds)
        self._closed: dict[int, CaseRecord] = {}
        self._last: dict[str, CaseRecord] = {}
        for record in sorted(past.closed, key=lambda record: record.number):
            self._remember(record)
        self._open = {record.equipment: OpenCase.restored(record, lines) for record, lines in past.open}
        self._watched: dict[str, dict[str, Watched]] = {}
        self._number = max([*self._closed, *(case.record.number for case in self._open.values())], default=0)

    @property
    def open_cases(self) -> list[CaseRecord]:
        """Return the open cases, oldest first."""
        return sorted((case.record for case in self._open.values()), key=lambda record: record.number)

    @property
    def effects(self) -> list[CaseEffect]:
        """Return all changes that verdicts have made, oldest first."""
        return self._ledger.effects

    def threshold(self, equipment: str, indicator: str) -> float:
        """Return by how much the limit of an indicator is raised."""
        return self._ledger.factor(equipment, indicator)

    def take(self, indications: Iterable[Indication]) -> None:
        """Take what indicators say now; what follows from it comes at the next `tick`."""
        for each in indications:
            ours = self._watched.setdefault(each.equipment, {})
            watched = ours.get(each.indicator)
            if watched is None:
                watched = ours[each.indicator] = Watched(each, each.limit)
                case = self._open.get(each.equipment)
                watched.noted = case.newest.get(each.indicator) if case else None
            self._judge(watched, each)

    def tick(self, now: int) -> CaseWrite:
        """Return what has become of the cases by `now` (ns UTC)."""
        cases: dict[int, CaseRecord] = {}
        evidence: list[CaseEvidence] = []
        for equipment, watched in self._watched.items():
            record, lines = self._follow(equipment, list(watched.values()), now)
            if record is not None:
                cases[record.number] = record
            evidence += lines
        return CaseWrite(tuple(cases.values()), tuple(evidence))

    def obey(self, command: CaseCommand, *, by: str, now: int) -> CaseWrite:
        """Do what somebody wants and return what is to be written; raise CaseRefused with the reason why not."""
        by, reason = by.strip(), command.reason.strip()
        if not by:
            raise CaseRefused(CaseRefusalCode.NO_NAME, "not done: give your name")
        if not reason:
            raise CaseRefused(CaseRefusalCode.NO_REASON, "not done: say why")
        if len(reason) > LONGEST_REASON:
            text = f"the reason has {len(reason)} characters: keep it within {LONGEST_REASON}"
            raise CaseRefused(CaseRefusalCode.LONG_REASON, text)
        if command.action is CaseAction.UNDO:
            effect = self._ledger.undo(command.number, by=by, reason=reason, now=now)
            self._judge_all(effect.equipment)
            return CaseWrite(effects=(effect,))
        return self._close(replace(command, reason=reason), by, now)

    def request_work(self, number: int, work_order: str) -> CaseWrite:
        """Note which work order was made of a case; raise CaseRefused where there is no such open case."""
        case = self._case(number)
        case.record = replace(case.record, work_order=work_order)
        return CaseWrite((case.record,))

    def diagnose(self, number: int, learned: tuple[RankedCause, ...]) -> CaseWrite:
        """Take what a learned model says of a case that is open; nothing where it is closed, or that is no news."""
        case = next((each for each in self._open.values() if each.record.number == number), None)
        if case is None or not is_news(case.learned, learned):
            return CaseWrite()
        case.learned = learned
        before = case.record
        self._explain(case)
        return CaseWrite() if case.record == before else CaseWrite((case.record,))

    def _close(self, command: CaseCommand, by: str, now: int) -> CaseWrite:
        case = self._case(command.number)
        if command.verdict is None:
            raise CaseRefused(CaseRefusalCode.NO_VERDICT, "not done: choose confirmed, false or expected")
        record_of = case.record.equipment
        cause, action = self._cause_of(case.record, command)
        is_bad = any(each.is_bad and not each.is_accompanying for each in self._watched.get(record_of, {}).values())
        record = replace(
            case.record,
            closed=now,
            changed=now,
            verdict=command.verdict,
            cause=cause,
            reason=command.reason,
            by=by,
            is_present=case.record.is_present or is_bad,
        )
        del self._open[record.equipment]
        self._remember(record)
        peaks = {name: peak for name, peak in case.peaks.items() if name not in ACCOMPANYING}
        effects = self._ledger.judge(record, peaks, cause=cause, action=action)
        for watched in self._watched.get(record.equipment, {}).values():
            watched.noted = None
        self._judge_all(record.equipment)
        return CaseWrite((record,), (), tuple(effects))

    def _cause_of(self, record: CaseRecord, command: CaseCommand) -> tuple[LocalText, LocalText]:
        """Return the cause and the action of a verdict: those of a ranked cause, or the operator's own words."""
        if command.verdict is not Verdict.CONFIRMED:
            return LocalText(""), LocalText("")
        for each in record.causes:
            if each.id == command.cause != UNKNOWN_CAUSE:
                return each.cause, each.action
        own = command.cause.strip()
        if not own or own == UNKNOWN_CAUSE:
            raise CaseRefused(CaseRefusalCode.NO_CAUSE, "not confirmed: choose the cause, or write what was found")
        return LocalText(own), LocalText("")

    def _case(self, number: int) -> OpenCase:
        for case in self._open.values():
            if case.record.number == number:
                return case
        closed = self._closed.get(number)
        if closed is not None:
            raise already(
                CaseRefusalCode.ALREADY_CLOSED,
                f"case {number} was closed as {closed.verdict}",
                closed.by,
                closed.closed,
            )
        raise CaseRefused(CaseRefusalCode.NO_CASE, f"there is no case {number}: look at the list again")

    def _judge_all(self, equipment: str) -> None:
        """Judge anew what indicators say, since limits or allowed patterns have changed."""
        for watched in self._watched.get(equipment, {}).values():
            self._judge(watched, watched.latest)

    def _judge(self, watched: Watched, latest: Indication) -> None:
        limit = latest.limit * self._ledger.factor(latest.equipment, latest.indicator)
        watched.take(latest, limit=limit, is_allowed=latest.score >= limit and self._is_allowed(latest))

    def _is_allowed(self, latest: Indication) -> bool:
        """Return whether what is said opens no case: people expect it, or it is doubtful and resembles no fault."""
        if self._ledger.is_allowed(latest):
            return True
        if not latest.is_doubtful:
            return False
        pattern = pattern_of(latest.contributions, latest.equipment)
        known = self._known_causes(latest.equipment)
        return not resembles_fault(known, pattern, self._roles.get(latest.equipment, frozenset()))

    def _follow(self, equipment: str, watched: list[Watched], now: int) -> tuple[CaseRecord | None, list[CaseEvidence]]:
        delay = self._rules.ns(self._rules.on_delay_s, self._scale)
        case = self._open.get(equipment)
        if case is None:
            well = self._well_again(equipment, watched, now)
            due = [each for each in watched if self._opens(each, now, delay)]
            if not due or well is not None:
                return well, []
            case = self._begin(equipment, min(each.bad_since for each in due))
        return self._gather(case, watched, now, delay=delay)

    def _opens(self, watched: Watched, now: int, delay: int) -> bool:
        return watched.is_due(now, delay) and not watched.is_accompanying and not self._is_judged(watched)

    def _begin(self, equipment: str, opened: int) -> OpenCase:
        self._number += 1
        case = OpenCase(CaseRecord(self._number, equipment, opened, opened, 0.0, ()))
        self._open[equipment] = case
        return case

    def _gather(
        self, case: OpenCase, watched: list[Watched], now: int, *, delay: int
    ) -> tuple[CaseRecord | None, list[CaseEvidence]]:
        before = case.record
        patience = self._rules.ns(self._rules.evidence_s, self._scale)
        lines = []
        for each in sorted(watched, key=lambda each: (each.is_accompanying, self._is_judged(each), each.bad_since)):
            is_ours = each.latest.indicator in case.record.indicators
            if (is_ours or each.is_due(now, delay)) and each.is_news(self._rules, patience):
                is_full = case.record.evidence >= self._rules.most_evidence
                if is_full and each.noted is not None and each.latest.score < self._rules.grown * each.noted.score:
                    continue
                each.noted = each.latest
                lines.append(case.note(each.latest, limit=each.limit))
        if lines:
            self._explain(case)
        elif case.record.is_present and self._is_well(watched, now):
            case.record = replace(case.record, is_present=False)
        return (case.record if case.record != before else None), lines

    def _explain(self, case: OpenCase) -> None:
        equipment = case.record.equipment
        kind = self._kinds.get(equipment, "")
        alike = [each for each, its in self._kinds.items() if each == equipment or (kind and its == kind)]
        newest = [self._closed[number] for number in sorted(self._closed)[-MOST_REMEMBERED:]]
        case.explain(
            self._known_causes(equipment),
            self._roles.get(equipment, frozenset()),
            newest,
            kind_of=alike,
        )

    def _known_causes(self, equipment: str) -> list[Signature]:
        kind = self._kinds.get(equipment, "")
        known = [each for each in self._signatures if each.kind in {kind, equipment} and each.kind]
        return [*known, *self._ledger.signatures(kind, equipment)]

    def _well_again(self, equipment: str, watched: list[Watched], now: int) -> CaseRecord | None:
        """Return the last closed case if the equipment has become well since: from then on it holds nothing back."""
        last = self._last.get(equipment)
        if last is None or not last.is_present:
            return None
        if not self._is_well([each for each in watched if each.latest.indicator in last.indicators], now):
            return None
        well = replace(last, is_present=False)
        self._remember(well)
        return well

    def _is_judged(self, watched: Watched) -> bool:
        """Return whether the last verdict was about this: the same indicator, not twice as strong, never well since."""
        last = self._last.get(watched.latest.equipment)
        if last is None or not last.is_present:
            return False
        return watched.latest.indicator in last.indicators and watched.relative < _MUCH_WORSE * last.peak

    def _remember(self, record: CaseRecord) -> None:
        self._closed[record.number] = record
        self._last[record.equipment] = record

    def _is_well(self, watched: list[Watched], now: int) -> bool:
        quiet = self._rules.ns(self._rules.off_delay_s, self._scale)
        counts = [each for each in watched if not each.is_accompanying]
        return bool(counts) and all(each.good_since > 0 and now - each.good_since >= quiet for each in counts)
