"""What was foretold, in the plant's SQLite file: claims, to which only their score is added, findings, and states.

Findings are forecasts, health values and remaining lives as they were told, so that a replay shows them again. States
are what predictions have learned, so that they go on after a restart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import msgspec
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.database import PlantConnection, has_table, transaction
from app.migration import migrate
from app.model.forecast import Forecast, Health
from app.model.remaining_life import LifeForecast
from app.model.score import Claim, ClaimKind, Ground, Outcome
from app.past import PastTable
from app.prediction.claim_book import ScorePast
from app.prediction.state import PredictionState
from app.prediction.subject import subject_of

MOST_ROWS = 2_000

Finding: TypeAlias = Forecast | Health | LifeForecast

_MIGRATIONS = Migrations("foreshift.prediction")
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Claim)
_packer = msgspec.msgpack.Encoder()  # JSON has no NaN
_seen = msgspec.msgpack.Decoder(dict[str, int])
_FINDINGS: Mapping[str, msgspec.msgpack.Decoder[Any]] = {
    "health": msgspec.msgpack.Decoder(Health),
    "forecast": msgspec.msgpack.Decoder(Forecast),
    "life": msgspec.msgpack.Decoder(LifeForecast),
}

PAST_CLAIMS = (
    PastTable(
        "forecast_claim",
        """
        SELECT number, equipment, kind, subject, made, iif(scored > :at, 'waiting', outcome) AS outcome,
               iif(scored > :at, 0, happened) AS happened, iif(scored > :at, 0, scored) AS scored,
               iif(scored > :at, '', ground) AS ground, said
        FROM main.forecast_claim WHERE made <= :at
        """,
        times=("made", "scored"),
    ),
)


class ClaimStore:
    """Writes claims over the one writing connection to the plant's file."""

    def __init__(self, connection: PlantConnection, *, is_migrated: bool = False) -> None:
        """Bring the table up to date on `connection`, which stays the caller's, unless that has been done."""
        self._connection = connection
        if not is_migrated:
            migrate(connection, _MIGRATIONS, harmless=("keep_findings", "keep_states"))

    def write(self, claims: Sequence[Claim]) -> None:
        """Put claims on disk, in one transaction (the caller's, where one is open); writing them twice is harmless."""
        with transaction(self._connection):
            former = self._former([claim.number for claim in claims])
            self._connection.executemany(
                "INSERT INTO forecast_claim VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (number) DO UPDATE SET outcome = excluded.outcome, happened = excluded.happened, "
                "scored = excluded.scored, ground = excluded.ground, said = excluded.said",
                [_row(claim, former.get(claim.number, "")) for claim in claims],
            )

    def write_findings(self, findings: Sequence[Finding]) -> None:
        """Put findings on disk, in one transaction (the caller's, where one is open); twice is harmless."""
        with transaction(self._connection):
            self._connection.executemany(
                "INSERT INTO finding (subject, made, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [(subject_of(finding), finding.made, _packer.encode(finding)) for finding in findings],
            )

    def write_states(self, states: Sequence[PredictionState], *, now: int) -> None:
        """Put what predictions know at `now` (ns UTC) on disk in place of what they knew before."""
        with transaction(self._connection):
            self._connection.executemany(
                "INSERT INTO prediction_state VALUES (?, ?, ?, ?, ?) ON CONFLICT (subject) DO UPDATE SET "
                "basis = excluded.basis, saved = excluded.saved, seen = excluded.seen, body = excluded.body",
                [(each.subject, each.basis, now, _packer.encode(each.seen), each.body) for each in states],
            )

    def _former(self, numbers: Sequence[int]) -> dict[int, str]:
        """Return what was said with these numbers, as it was written."""
        rows = self._connection.execute(
            "SELECT number, said FROM forecast_claim WHERE number IN (SELECT value FROM json_each(?))",
            (json.dumps(list(numbers)),),
        )
        return dict(rows.fetchall())


def _row(claim: Claim, former: str) -> tuple[int | str, ...]:
    said = replace(claim, outcome=Outcome.WAITING, happened=0, scored=0, ground=Ground.NONE)
    return (
        claim.number,
        claim.equipment,
        claim.kind,
        claim.topic,
        claim.made,
        claim.outcome,
        claim.happened,
        claim.scored,
        claim.ground,
        _text(said, former),
    )


def _text(said: Claim, former: str) -> str:
    """Return a claim as text: where it says the same, as a former version of the program has written it."""
    text = _encoder.encode(said).decode()
    is_same = bool(former) and _encoder.encode(_decoder.decode(former)).decode() == text
    return former if is_same else text


def _claim(row: tuple[str, str, int, int, str]) -> Claim:
    said, outcome, happened, scored, ground = row
    claim = _decoder.decode(said)
    return replace(claim, outcome=Outcome(outcome), happened=happened, scored=scored, ground=Ground(ground))


_COLUMNS = "said, outcome, happened, scored, ground"


def past_of(connection: PlantConnection) -> ScorePast:
    """Return what a scoreboard goes on from; a file without claims has none."""
    if not has_table(connection, "forecast_claim"):
        return ScorePast()
    waiting = connection.execute(
        f"SELECT {_COLUMNS} FROM forecast_claim WHERE outcome = 'waiting' ORDER BY number"  # noqa: S608 - a constant
    ).fetchall()
    counts = connection.execute(
        "SELECT equipment, kind, subject, outcome, count(*) FROM forecast_claim GROUP BY 1, 2, 3, 4"
    ).fetchall()
    (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM forecast_claim").fetchone()
    return ScorePast(
        tuple(_claim(row) for row in waiting),
        {
            (equipment, ClaimKind(kind), subject, Outcome(outcome)): count
            for equipment, kind, subject, outcome, count in counts
        },
        last,
    )


def claims(connection: PlantConnection, *, before: int = 0, limit: int = 500) -> list[Claim]:
    """Return claims, newest first; `before`: only those numbered below it, 0 for all."""
    if not has_table(connection, "forecast_claim"):
        return []
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM forecast_claim WHERE ? = 0 OR number < ? ORDER BY number DESC LIMIT ?",  # noqa: S608
        (before, before, max(0, min(limit, MOST_ROWS))),
    )
    return [_claim(row) for row in rows.fetchall()]


@_MIGRATIONS()
def create_claims(database: Database) -> None:
    """Create the table; what was said is never altered, only what became of it is added."""
    database.executescript(
        """
        CREATE TABLE forecast_claim (
            number INTEGER PRIMARY KEY,
            equipment TEXT NOT NULL,
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            made INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            happened INTEGER NOT NULL,
            scored INTEGER NOT NULL,
            ground TEXT NOT NULL,
            said TEXT NOT NULL
        ) STRICT;
        CREATE INDEX claim_by_outcome ON forecast_claim (equipment, kind, subject, outcome);
        CREATE TRIGGER claim_is_not_deleted BEFORE DELETE ON forecast_claim
        BEGIN SELECT RAISE(ABORT, 'a claim is never deleted'); END;
        CREATE TRIGGER claim_is_not_altered BEFORE UPDATE ON forecast_claim
        WHEN OLD.said IS NOT NEW.said OR OLD.made IS NOT NEW.made OR OLD.equipment IS NOT NEW.equipment
        BEGIN SELECT RAISE(ABORT, 'what was said is never altered'); END;
        """
    )


def finding_at(connection: PlantConnection, subject: str, at: int) -> Finding | None:
    """Return the last finding of a subject up to an instant, int64 ns UTC; None where there is none."""
    row = connection.execute(
        "SELECT body FROM finding WHERE subject = ? AND made <= ? ORDER BY made DESC LIMIT 1", (subject, at)
    ).fetchone()
    if row is None:
        return None
    finding: Finding = _FINDINGS[subject.partition(" ")[0]].decode(row[0])
    return finding


@_MIGRATIONS()
def keep_findings(database: Database) -> None:
    """Create the table of what forecasts and health values told, and when; nothing in it is ever altered."""
    database.executescript(
        """
        CREATE TABLE finding (
            subject TEXT NOT NULL,
            made INTEGER NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (subject, made)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER finding_is_not_altered BEFORE UPDATE ON finding
        BEGIN SELECT RAISE(ABORT, 'what was told is never altered'); END;
        """
    )


def states_of(connection: PlantConnection) -> dict[str, PredictionState]:
    """Return what predictions knew when they were saved last, by subject; a file without any has none."""
    if not has_table(connection, "prediction_state"):
        return {}
    rows = connection.execute("SELECT subject, basis, seen, body FROM prediction_state").fetchall()
    return {subject: PredictionState(subject, basis, _seen.decode(seen), body) for subject, basis, seen, body in rows}


@_MIGRATIONS()
def keep_states(database: Database) -> None:
    """Create the table of what predictions know: worked out from the history, and written anew now and then."""
    database.executescript(
        """
        CREATE TABLE prediction_state (
            subject TEXT PRIMARY KEY,
            basis TEXT NOT NULL,
            saved INTEGER NOT NULL,
            seen BLOB NOT NULL,
            body BLOB NOT NULL
        ) STRICT;
        """
    )
