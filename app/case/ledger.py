"""The changes that verdicts have made, and what follows from those that stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.case.pattern import likeness, pattern_of
from app.case.refusal import CaseRefused, already
from app.case.rules import CaseRules
from app.case.signature import Signature
from app.model.case import CaseEffect, CaseRecord, CaseRefusalCode, EffectKind, Indication, Verdict
from app.model.text import LocalText


class EffectLedger:
    """All changes of a plant in the order in which they were made; what is in force depends on those that stand alone.

    So taking one back restores exactly what would be without it, in whatever order they are taken back.
    """

    def __init__(self, rules: CaseRules, effects: Iterable[CaseEffect], *, kinds: Mapping[str, str]) -> None:
        """Begin with stored changes; `kinds`: the class of each equipment."""
        self._rules = rules
        self._effects = {effect.number: effect for effect in effects}
        self._kinds = kinds

    @property
    def effects(self) -> list[CaseEffect]:
        """Return all, oldest first."""
        return [self._effects[number] for number in sorted(self._effects)]

    def factor(self, equipment: str, indicator: str) -> float:
        """Return by how much the limit of an indicator is raised; 1 where no verdict has done so."""
        raised = [each.new for each in self._standing(EffectKind.THRESHOLD, equipment) if each.indicator == indicator]
        return max(raised, default=1.0)

    def is_allowed(self, indication: Indication) -> bool:
        """Return whether a person said of such a pattern, that strong, that it is expected."""
        pattern = pattern_of(indication.contributions, indication.equipment)
        relative = indication.score / indication.limit
        return any(
            effect.indicator == indication.indicator
            and relative <= effect.new
            and likeness(pattern, pattern_of(effect.contributions, effect.equipment)) >= self._rules.allowed_likeness
            for effect in self._standing(EffectKind.ALLOWED, indication.equipment)
        )

    def signatures(self, kind: str, equipment: str) -> list[Signature]:
        """Return what confirmed cases taught of an equipment class; of the equipment alone where it has none."""
        return [
            Signature(
                f"case {effect.case}",
                kind,
                effect.cause,
                effect.action,
                pattern_of(effect.contributions, effect.equipment),
                source=f"case {effect.case}",
            )
            for effect in self.effects
            if effect.stands
            and effect.kind is EffectKind.SIGNATURE
            and self._is_alike(effect.equipment, kind, equipment)
        ]

    def judge(
        self, case: CaseRecord, peaks: Mapping[str, Indication], *, cause: LocalText, action: LocalText
    ) -> list[CaseEffect]:
        """Return what the verdict of a closed case changes, and put it in force.

        `peaks`: the strongest indication of each of its indicators.
        """
        made: list[CaseEffect] = []
        match case.verdict:
            case Verdict.FALSE:
                made = [raised for each in peaks.values() if (raised := self._raised(case, each)) is not None]
            case Verdict.EXPECTED:
                made = [self._allowed(case, each) for each in peaks.values() if each.contributions]
            case Verdict.CONFIRMED if case.contributions and cause.en:
                blank = self._effect(EffectKind.SIGNATURE, case)
                made = [replace(blank, contributions=case.contributions, cause=cause, action=action)]
            case _:
                pass
        numbered = [replace(each, number=number) for number, each in enumerate(made, self._next)]
        self._effects.update((each.number, each) for each in numbered)
        return numbered

    def undo(self, number: int, *, by: str, reason: str, now: int) -> CaseEffect:
        """Take a change back and return it; raise CaseRefused where that cannot be."""
        effect = self._effects.get(number)
        if effect is None:
            raise CaseRefused(CaseRefusalCode.NO_CHANGE, f"there is no change {number}: look at the list again")
        if not effect.stands:
            raise already(
                CaseRefusalCode.ALREADY_UNDONE, f"change {number} was undone", effect.undone_by, effect.undone
            )
        undone = replace(effect, undone=now, undone_by=by, undone_reason=reason)
        self._effects[number] = undone
        return undone

    @property
    def _next(self) -> int:
        return max(self._effects, default=0) + 1

    def _raised(self, case: CaseRecord, peak: Indication) -> CaseEffect | None:
        old = self.factor(case.equipment, peak.indicator)
        wanted = self._rules.grown * peak.score / peak.limit
        new = min(wanted, self._rules.most_step * old, self._rules.most_raise)
        if new <= old:
            return None
        return replace(self._effect(EffectKind.THRESHOLD, case), indicator=peak.indicator, old=old, new=new)

    def _allowed(self, case: CaseRecord, peak: Indication) -> CaseEffect:
        return replace(
            self._effect(EffectKind.ALLOWED, case),
            indicator=peak.indicator,
            new=self._rules.allowance * peak.score / peak.limit,
            start=case.opened,
            end=case.closed,
            contributions=peak.contributions,
        )

    def _effect(self, kind: EffectKind, case: CaseRecord) -> CaseEffect:
        return CaseEffect(0, kind, case.number, case.equipment, case.closed, case.by, case.reason)

    def _standing(self, kind: EffectKind, equipment: str) -> list[CaseEffect]:
        return [
            each for each in self._effects.values() if each.stands and each.kind is kind and each.equipment == equipment
        ]

    def _is_alike(self, taught_by: str, kind: str, equipment: str) -> bool:
        return taught_by == equipment or (bool(kind) and self._kinds.get(taught_by, "") == kind)
