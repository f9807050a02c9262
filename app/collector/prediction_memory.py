"""What predictions have learned, kept in the plant's file so that they go on after a restart of the collector."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from app.audit.journal import AuditJournal
from app.collector.recorder import Recorder
from app.database import PlantConnection
from app.model import clock
from app.prediction.foresight import Foresight
from app.prediction.state import PredictionState
from app.prediction.store import ClaimStore

EVERY_NS = 3_600 * clock.NS_PER_S
"""After a kill the history tells what came since: an hour of a sample a second is within what is read at a start."""


class PredictionMemory:
    """Saves one subject after the other, each once an hour, and all of them at the end; from the event loop only."""

    def __init__(self, recorder: Recorder) -> None:
        """Prepare; there is nothing to be saved before `follow`."""
        self._recorder = recorder
        self._foresight: Foresight | None = None
        self._due: dict[str, int] = {}

    def follow(self, foresight: Foresight, now: int) -> None:
        """Save the states of `foresight` from now on (ns UTC), spread over the hour."""
        self._foresight = foresight
        subjects = foresight.subjects
        self._due = {subject: now + EVERY_NS * (n + 1) // len(subjects) for n, subject in enumerate(subjects)}

    def tick(self, now: int) -> None:
        """Save the next subject that is due, one at a time: no sample shall wait for all of them."""
        due = next((subject for subject, at in self._due.items() if at <= now), None)
        if due is not None:
            self._due[due] = now + EVERY_NS
            self._save([due], now)

    def save_all(self, now: int) -> None:
        """Save every subject; the recorder puts it on disk before it ends."""
        self._save(self._due, now)

    def _save(self, subjects: Iterable[str], now: int) -> None:
        if self._foresight is not None:
            states = tuple(self._foresight.state_of(subject) for subject in subjects)
            self._recorder.keep(partial(_write, states=states, now=now))


def _write(connection: PlantConnection, _: AuditJournal, states: tuple[PredictionState, ...], now: int) -> None:
    ClaimStore(connection, is_migrated=True).write_states(states, now=now)
