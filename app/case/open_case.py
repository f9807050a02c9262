"""A case that is open, while evidence is gathered: its record, and the strongest of what each indicator said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.case.learned_cause import named_as_known, with_learned
from app.case.pattern import merged, pattern_of
from app.case.signature import Signature, ranked
from app.case.similar import similar_to
from app.model.case import ACCOMPANYING, CaseEvidence, CaseRecord, Indication, RankedCause

MOST_CONTRIBUTIONS = 12
_FIRST_WEIGHT = 2.0
"""What was bad first is nearer to the cause; what followed may be its consequence."""


@dataclass(slots=True)
class OpenCase:
    """`firsts`, `newest`, `peaks`: by indicator, the first noted one, the last and the strongest.

    `learned`: causes that a model tells.
    """

    record: CaseRecord
    firsts: dict[str, Indication] = field(default_factory=dict)
    newest: dict[str, Indication] = field(default_factory=dict)
    peaks: dict[str, Indication] = field(default_factory=dict)
    learned: tuple[RankedCause, ...] = ()

    @classmethod
    def restored(cls, record: CaseRecord, lines: Iterable[CaseEvidence]) -> OpenCase:
        """Return a case with its lines of evidence."""
        case = cls(record)
        for line in sorted(lines, key=lambda line: line.number):
            case.keep(
                Indication(
                    record.equipment,
                    line.indicator,
                    line.time,
                    line.score,
                    line.limit,
                    line.contributions,
                    line.version,
                )
            )
        return case

    def keep(self, indication: Indication) -> None:
        """Remember what an indicator said."""
        self.firsts.setdefault(indication.indicator, indication)
        self.newest[indication.indicator] = indication
        peak = self.peaks.get(indication.indicator)
        if peak is None or indication.score / indication.limit >= peak.score / peak.limit:
            self.peaks[indication.indicator] = indication

    def note(self, indication: Indication, *, limit: float) -> CaseEvidence:
        """Take a line of evidence into the case; `limit`: the one that counts."""
        self.keep(indication)
        record, name = self.record, indication.indicator
        number = record.evidence + 1
        self.record = replace(
            record,
            changed=max(record.changed, indication.time),
            peak=record.peak if name in ACCOMPANYING else max(record.peak, indication.score / indication.limit),
            indicators=record.indicators if name in record.indicators else (*record.indicators, name),
            evidence=number,
            is_present=record.is_present or name not in ACCOMPANYING,
        )
        return CaseEvidence(
            record.number,
            number,
            indication.time,
            name,
            indication.score,
            limit,
            indication.contributions,
            indication.version,
        )

    def explain(
        self,
        signatures: Sequence[Signature],
        roles: Collection[str],
        past: Iterable[CaseRecord],
        *,
        kind_of: Sequence[str],
    ) -> None:
        """Rank the causes and find similar cases anew; `kind_of`: the equipment of the same class.

        A cause counts by how well it fits what is there now, or what was bad at first: where a machine has tripped
        since, what is there now tells of the standstill.
        """
        first = self.record.indicators[:1]
        told = [
            (_FIRST_WEIGHT if (name,) == tuple(first) else 1.0, each.contributions)
            for name, each in self.newest.items()
            if name not in ACCOMPANYING
        ]
        contributions = merged(told)[:MOST_CONTRIBUTIONS]
        pattern = pattern_of(contributions, self.record.equipment)
        began = [pattern_of(self.firsts[name].contributions, self.record.equipment) for name in first]
        self.record = replace(
            self.record,
            contributions=contributions,
            causes=with_learned(ranked(signatures, [pattern, *began], roles), named_as_known(self.learned, signatures)),
            similar=similar_to(pattern, past, kind_of),
        )
