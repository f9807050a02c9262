"""What the collector says of itself in the window's status bar."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.model.connection import ConnectionReport


class ProblemKind(StrEnum):
    """What a problem of the collector is about, by which the window leads to what can be done."""

    DISK = "disk"
    HISTORY = "history"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class CollectorReport:
    """The collector's present state; times int64 ns UTC.

    `samples`: since its start; `samples_per_s`: over the last seconds; `stored`: samples committed to the history
    since its start; `commit_ms`: the last commit's duration; `history_bytes`: the file's size; `problem`: what is
    wrong, with the remedy, or ""; `problem_kind`: what that is about, None where nothing is wrong.
    """

    pid: int
    started: int
    made: int
    samples: int
    samples_per_s: float
    stored: int
    commit_ms: float
    history_bytes: int
    connections: tuple[ConnectionReport, ...] = ()
    problem: str = ""
    problem_kind: ProblemKind | None = None
