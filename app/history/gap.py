"""Gaps: stretches of the history in which samples are missing, and why, so that nothing is missing without a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.database import PlantConnection, transaction


class GapReason(StrEnum):
    """Why samples are missing."""

    NOT_COLLECTING = "not collecting"
    OVERLOAD = "overload"
    CLOCK_STEP = "clock step"
    DAMAGED_COMMIT = "damaged commit"
    DAMAGED_CHUNK = "damaged chunk"


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch start <= time < end (int64 ns UTC) and how many samples are known to be missing in it (0: not known).

    `reason` is a GapReason or, of a repair, the name of what was damaged. `tag` is the tag's number in the file, None
    where all tags are meant.
    """

    start: int
    end: int
    reason: str
    lost: int = 0
    tag: int | None = None


def record_gaps(connection: PlantConnection, gaps: Sequence[Gap]) -> None:
    """Write gaps, in the transaction that is open or in one of their own."""
    with transaction(connection):
        connection.executemany(
            "INSERT INTO gap (tag, start, end, reason, lost) VALUES (?, ?, ?, ?, ?)",
            [(gap.tag, gap.start, gap.end, str(gap.reason), gap.lost) for gap in gaps],
        )


def remove_gaps(connection: PlantConnection, gaps: Sequence[Gap]) -> None:
    """Take back one record of each of these gaps, in the transaction that is open or in one of their own."""
    with transaction(connection):
        connection.executemany(
            "DELETE FROM gap WHERE id = (SELECT id FROM gap WHERE start = ? AND end = ? AND reason = ? AND lost = ? "
            "AND tag IS ? LIMIT 1)",
            [(gap.start, gap.end, str(gap.reason), gap.lost, gap.tag) for gap in gaps],
        )


def read_gaps(connection: PlantConnection, start: int, end: int) -> list[Gap]:
    """Return the gaps that lie at least partly in start <= time < end (ns UTC), in the order of their starts."""
    rows = connection.execute(
        "SELECT start, end, reason, lost, tag FROM gap WHERE start < ? AND end > ? ORDER BY start", (end, start)
    ).fetchall()
    return [Gap(*row) for row in rows]
