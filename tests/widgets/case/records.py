"""Cases of the small plant of widgets, on disk and as the feed is told of them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from app.case.store import CaseStore
from app.database import open_writer
from app.model import clock
from app.model.case import (
    UNKNOWN_CAUSE,
    CaseEffect,
    CaseEvidence,
    CaseRecord,
    CaseWrite,
    EffectKind,
    RankedCause,
    SimilarCase,
    Verdict,
)
from app.model.forecast import Contribution
from app.model.score import Claim, ClaimKind, Ground, Outcome, Score
from app.model.text import LocalText
from app.prediction.store import ClaimStore

SECOND = clock.NS_PER_S
BEARING = RankedCause(
    "pump.bearing", LocalText("Bearing damage", "轴承损伤"), LocalText("Replace the bearing", "更换轴承"), 0.91, "rule"
)
TAUGHT = RankedCause("case 1", LocalText("Loose belt", "皮带松弛"), LocalText(""), 0.42, "case 1")
TAGS = (Contribution("P01.VIB", 0.8, 3.2), Contribution("P01.DP", 0.2, -1.5))


def open_case(number: int = 2, equipment: str = "P01", *, now: int, age_s: int = 600) -> CaseRecord:
    return CaseRecord(
        number,
        equipment,
        now - age_s * SECOND,
        now - 10 * SECOND,
        4.2,
        ("health",),
        TAGS,
        (BEARING, TAUGHT),
        (SimilarCase(1, "P02", now - 86_400 * SECOND, 0.95, Verdict.CONFIRMED, LocalText("Loose belt", "皮带松弛")),),
        evidence=2,
    )


def closed_case(now: int) -> CaseRecord:
    return CaseRecord(
        1,
        "P02",
        now - 86_400 * SECOND,
        now - 80_000 * SECOND,
        2.0,
        ("health",),
        TAGS,
        (RankedCause(UNKNOWN_CAUSE, LocalText("Unknown"), LocalText("Inspect"), 0.0),),
        is_present=False,
        evidence=1,
        closed=now - 80_000 * SECOND,
        verdict=Verdict.CONFIRMED,
        cause=LocalText("Loose belt", "皮带松弛"),
        reason="found at inspection",
        by="Li",
    )


def effect(now: int) -> CaseEffect:
    made = now - 80_000 * SECOND
    return CaseEffect(
        1, EffectKind.THRESHOLD, 1, "P02", made, "Li", "found at inspection", indicator="health", old=1.0, new=1.5
    )


def lines(record: CaseRecord) -> tuple[CaseEvidence, ...]:
    return tuple(
        CaseEvidence(record.number, place, record.opened + place * SECOND, "health", 1.0 + place, 1.0, TAGS, "health 1")
        for place in range(1, record.evidence + 1)
    )


def claim(now: int) -> Claim:
    made = now - 900 * SECOND
    return Claim(
        1,
        ClaimKind.FORECAST,
        "P01",
        "P01.bearing",
        made,
        "trend 1",
        made + 300 * SECOND,
        made + 500 * SECOND,
        made + 600 * SECOND,
        outcome=Outcome.EARLY,
        happened=made + 200 * SECOND,
        scored=made + 200 * SECOND,
        ground=Ground.LIMIT,
    )


SCORES = (
    Score("P01", ClaimKind.FORECAST, "P01.bearing", hit=7, early=1, late=2, false=1),
    Score("P01", ClaimKind.HEALTH, hit=1, waiting=2),
)


def write_cases(folder: Path, now: int) -> None:
    """Write an open case of P01 with two lines, a closed one of P02, what its verdict changed, and a scored claim."""
    records = (closed_case(now), open_case(now=now))
    evidence = tuple(line for record in records for line in lines(record))
    with closing(open_writer(folder / "history.sqlite")) as connection:
        CaseStore(connection).write([CaseWrite(records, evidence, (effect(now),))])
        ClaimStore(connection).write([claim(now)])
