"""Models in the plant's SQLite file: records, trials and steps, each written once and never altered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.database import PlantConnection, has_table, transaction
from app.learning.refusal import ModelRefused
from app.migration import migrate
from app.model.learned_model import ModelKind, ModelRecord, ModelState, ModelStep, ModelTrial
from app.model.model_command import ModelRefusalCode
from app.past import PastTable, grown_by_time

_MIGRATIONS = Migrations("foreshift.learning")
_encoder = msgspec.json.Encoder()
_records = msgspec.json.Decoder(ModelRecord)
_trials = msgspec.json.Decoder(ModelTrial)

PAST = (
    grown_by_time("learned_model_step"),
    PastTable(
        "learned_model",
        """
        SELECT * FROM main.learned_model
        WHERE number IN (SELECT model FROM main.learned_model_step WHERE time <= :at)
        """,
        times=(),  # those of its steps, of which each model has one from its storing on
    ),
    grown_by_time("learned_model_trial", "made"),
)


class ModelStore:
    """Writes models over a writing connection to the plant's file, which stays the caller's."""

    def __init__(self, connection: PlantConnection, *, is_migrated: bool = False) -> None:
        """Bring the tables up to date; raise DatabaseError. `is_migrated`: it was done since the process began."""
        self.connection = connection
        if not is_migrated:
            migrate(connection, _MIGRATIONS)

    def add(self, record: ModelRecord, *, state: ModelState = ModelState.CANDIDATE, reason: str = "") -> ModelRecord:
        """Store a model with its first step (in the caller's transaction, where one is open); return it numbered."""
        bare = replace(record, number=0, parameters=b"")
        with transaction(self.connection):
            cursor = self.connection.execute(
                "INSERT INTO learned_model (kind, subject, is_class, body, digest, parameters) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (record.kind.value, record.subject, record.is_class, _text(bare), record.digest, record.parameters),
            )
            stored = replace(record, number=int(cursor.lastrowid or 0))
            self.note([ModelStep(stored.number, record.made, state, record.author, reason)])
        return stored

    def note(self, steps: Sequence[ModelStep]) -> None:
        """Store steps in their order."""
        with transaction(self.connection):
            self.connection.executemany(
                "INSERT INTO learned_model_step (model, time, state, by, reason) VALUES (?, ?, ?, ?, ?)",
                [(step.model, step.time, step.state.value, step.by, step.reason) for step in steps],
            )

    def try_out(self, trial: ModelTrial) -> None:
        """Store what a trial of a model gave."""
        with transaction(self.connection):
            self.connection.execute(
                "INSERT INTO learned_model_trial (model, made, body) VALUES (?, ?, ?)",
                (trial.model, trial.made, _text(trial)),
            )


def models(connection: PlantConnection) -> list[ModelRecord]:
    """Return every model, oldest first, without its parameters."""
    if not has_table(connection, "learned_model"):
        return []
    rows = connection.execute("SELECT number, body FROM learned_model ORDER BY number")
    return [replace(_records.decode(body), number=number) for number, body in rows.fetchall()]


def model_of(connection: PlantConnection, number: int) -> ModelRecord | None:
    """Return one model with its parameters, None where there is none of that number, or its parameters are damaged."""
    if not has_table(connection, "learned_model"):
        return None
    rows = connection.execute("SELECT body, digest, parameters FROM learned_model WHERE number = ?", (number,))
    for body, digest, parameters in rows.fetchall():
        record = replace(_records.decode(body), number=number, parameters=parameters)
        return record if record.digest == digest else None
    return None


def whole_model(connection: PlantConnection, number: int) -> ModelRecord:
    """Return one model with its parameters; raise ModelRefused where there is none of that number, or it is damaged."""
    record = model_of(connection, number)
    if record is None:
        text = f"there is no whole model {number}: foreshift model list tells which there are"
        raise ModelRefused(text, ModelRefusalCode.NO_MODEL, model=number)
    return record


def active_models(connection: PlantConnection, kind: ModelKind) -> list[ModelRecord]:
    """Return the models of a kind that count, with their parameters."""
    states = states_of(connection)
    numbers = [each.number for each in models(connection) if each.kind is kind]
    found = (model_of(connection, number) for number in numbers if states[number] is ModelState.ACTIVE)
    return [record for record in found if record is not None]


def steps_of(connection: PlantConnection) -> list[ModelStep]:
    """Return the steps of all models, oldest first."""
    if not has_table(connection, "learned_model_step"):
        return []
    rows = connection.execute("SELECT model, time, state, by, reason FROM learned_model_step ORDER BY number")
    return [ModelStep(model, time, ModelState(state), by, reason) for model, time, state, by, reason in rows.fetchall()]


def states_of(connection: PlantConnection) -> dict[int, ModelState]:
    """Return the present state of each model by its number."""
    return {step.model: step.state for step in steps_of(connection)}


def trials_of(connection: PlantConnection, number: int) -> list[ModelTrial]:
    """Return the trials of one model, oldest first."""
    if not has_table(connection, "learned_model_trial"):
        return []
    rows = connection.execute("SELECT body FROM learned_model_trial WHERE model = ? ORDER BY number", (number,))
    return [_trials.decode(body) for (body,) in rows.fetchall()]


def _text(value: ModelRecord | ModelTrial) -> str:
    return _encoder.encode(value).decode()


@_MIGRATIONS()
def create_models(database: Database) -> None:
    """Create the three tables, to which rows are only added."""
    tables = ("learned_model", "learned_model_step", "learned_model_trial")
    database.executescript(
        """
        CREATE TABLE learned_model (
            number INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            is_class INTEGER NOT NULL,
            body TEXT NOT NULL,
            digest TEXT NOT NULL,
            parameters BLOB NOT NULL
        ) STRICT;
        CREATE TABLE learned_model_step (
            number INTEGER PRIMARY KEY,
            model INTEGER NOT NULL REFERENCES learned_model (number),
            time INTEGER NOT NULL,
            state TEXT NOT NULL,
            by TEXT NOT NULL,
            reason TEXT NOT NULL
        ) STRICT;
        CREATE TABLE learned_model_trial (
            number INTEGER PRIMARY KEY,
            model INTEGER NOT NULL REFERENCES learned_model (number),
            made INTEGER NOT NULL,
            body TEXT NOT NULL
        ) STRICT;
        """
        + "".join(
            f"CREATE TRIGGER {table}_is_not_{deed.lower()}d BEFORE {deed} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'what is kept of a model is never altered'); END;\n"
            for table in tables
            for deed in ("UPDATE", "DELETE")
        )
    )
