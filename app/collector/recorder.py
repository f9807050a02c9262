"""The thread that owns the only writing connection to the plant's SQLite file.

Samples and alarm changes wait here and are committed together every `interval_s`. When the disk is full, read-only or
locked nothing is given up: the batch stays, the file is opened anew and the same batch is written again (writing it
twice is harmless, since a sample is known by its tag and time).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from app import database, write_ahead
from app.alarm.journal import AlarmJournal
from app.audit.checkpoints import CheckpointKeeper
from app.audit.configuration import log_configuration
from app.audit.journal import AuditJournal
from app.audit.pictures import log_pictures
from app.case.store import CaseStore
from app.collector.alarm_log import log_former_lines, log_lines
from app.collector.upkeep_thread import UpkeepThread
from app.database import PlantConnection, transaction
from app.handover.store import HandoverStore
from app.history.break_store import BreakStore
from app.history.gap import Gap, GapReason, record_gaps, remove_gaps
from app.history.retention import RetentionRules
from app.history.tag_name import present_names
from app.history.unsealed import Unsealed
from app.history.writer import HistoryWriter
from app.learning.store import ModelStore
from app.maintenance.meter_name import follow_meters
from app.maintenance.store import WorkStore
from app.model import clock
from app.model.alarm import AlarmRecord
from app.model.audit import AuditRecord
from app.model.block import Block, concatenate
from app.model.missed import BreakChange
from app.model.tag import TagDefinition
from app.prediction.store import ClaimStore
from app.vibration.store import WaveformStore
from drivers.block_queue import coalesce

log = logging.getLogger(__name__)

INTERVAL_S = 0.25
RETRY_S = 1.0
MOST_WAITING = 8_000_000


Deed = Callable[[PlantConnection, AuditJournal], None]
"""What another store writes, together with its lines of the trail; done again where its batch is written again."""


@dataclass(slots=True)
class _Batch:
    """What one commit takes: samples, and alarm changes with their waiters."""

    blocks: list[Block] = field(default_factory=list)
    late: list[Block] = field(default_factory=list)
    samples: int = 0
    changes: list[AlarmRecord] = field(default_factory=list)
    audit: list[AuditRecord] = field(default_factory=list)
    waiters: list[Future[None]] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    closed: list[Gap] = field(default_factory=list)
    breaks: list[BreakChange] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to commit."""
        samples, notes = (self.blocks, self.late), (self.gaps, self.closed, self.breaks)
        return not any((*samples, self.changes, self.audit, *notes, self.waiters, self.deeds))


@dataclass(frozen=True, slots=True)
class _Stores:
    """What is written over one connection."""

    history: HistoryWriter
    alarms: AlarmJournal
    audit: AuditJournal
    checkpoints: CheckpointKeeper
    breaks: BreakStore

    @classmethod
    def over(cls, connection: PlantConnection, tags: Sequence[TagDefinition], unsealed: Unsealed) -> _Stores:
        audit = AuditJournal(connection)
        return cls(
            HistoryWriter(connection, tags, is_defining=True, unsealed=unsealed),
            AlarmJournal(connection),
            audit,
            CheckpointKeeper(audit),
            BreakStore(connection, tags),
        )


class Recorder:
    """Commits blocks and alarm changes durably; `on_stored` hears, in its thread, how many samples more are on disk."""

    def __init__(
        self,
        path: Path,
        tags: Sequence[TagDefinition],
        *,
        on_stored: Callable[[int], None],
        rules: RetentionRules | None = None,
        interval_s: float = INTERVAL_S,
    ) -> None:
        """Prepare; `start` opens the file at `path`. `rules`: for how long what is kept; None removes nothing."""
        self.stored = 0
        self.commit_ms = float("nan")
        self.problem = ""
        self._path = path
        self._tags = tags
        self._on_stored = on_stored
        self._interval_s = interval_s
        self._lock = threading.Lock()
        self._waiting = _Batch()
        self._stopping = threading.Event()
        self._urgent = threading.Event()
        self._unsealed = Unsealed()
        self._upkeep = UpkeepThread(path, rules, self._unsealed)
        self._step_s = 0.0
        self._thread = threading.Thread(target=self._run, name="recorder")

    def start(self) -> None:
        """Open the file once, so that an unusable one is told at once, then record; raise DatabaseError."""
        with closing(database.open_writer(self._path)) as connection:
            HistoryWriter(connection, self._tags, is_defining=True)
            AlarmJournal(connection)
            CaseStore(connection)
            WorkStore(connection)
            follow_meters(connection, present_names(connection, self._tags))
            HandoverStore(connection)
            ClaimStore(connection)
            ModelStore(connection)
            WaveformStore(connection)
            audit = AuditJournal(connection)
            log_former_lines(connection, audit)
            log_configuration(audit, self._path.with_name("plant.toml"), window="collector")
            log_pictures(audit, self._path.with_name("pictures"), window="collector")
        self._thread.start()
        self._upkeep.start()

    def add(self, block: Block, changes: Sequence[AlarmRecord] = ()) -> None:
        """Take samples, and the changes of alarms that they made: one commit has both."""
        with self._lock:
            self._waiting.changes.extend(changes)
            self._waiting.blocks.append(block)
            self._waiting.samples += len(block)
            if self._waiting.samples > MOST_WAITING:
                self._thin()

    def add_late(self, block: Block) -> Future[None]:
        """Take samples of the past; the future is done once they are on disk. They do not count as `stored`."""
        done: Future[None] = Future()
        with self._lock:
            self._waiting.late.append(block)
            self._waiting.waiters.append(done)
        return done

    def journal(self, changes: Sequence[AlarmRecord]) -> Future[None]:
        """Take alarm changes; the future is done once they are on disk."""
        done: Future[None] = Future()
        with self._lock:
            self._waiting.changes.extend(changes)
            self._waiting.waiters.append(done)
        return done

    def audit(self, records: Sequence[AuditRecord]) -> Future[None]:
        """Take lines of the audit trail; the future is done once they are on disk, which is not waited for long."""
        done: Future[None] = Future()
        with self._lock:
            self._waiting.audit.extend(records)
            self._waiting.waiters.append(done)
        self._urgent.set()
        return done

    def keep(self, deed: Deed) -> Future[None]:
        """Take what another store writes in one transaction with the rest; the future is done once it is on disk."""
        done: Future[None] = Future()
        with self._lock:
            self._waiting.deeds.append(deed)
            self._waiting.waiters.append(done)
        self._urgent.set()
        return done

    def note_gap(self, gap: Gap) -> None:
        """Take a stretch in which samples are missing."""
        with self._lock:
            self._waiting.gaps.append(gap)

    def close_gap(self, gap: Gap) -> None:
        """Take back a gap that was noted, since its samples are there now."""
        with self._lock:
            self._waiting.closed.append(gap)

    def note_breaks(self, changes: Sequence[BreakChange]) -> None:
        """Take what has become of breaks: it is on disk not later than samples that are given afterwards."""
        with self._lock:
            self._waiting.breaks.extend(changes)

    def stop(self) -> None:
        """Commit what waits and close the file."""
        self._stopping.set()
        self._urgent.set()
        self._upkeep.stop()
        self._upkeep.wake()
        self._thread.join()
        self._upkeep.join()

    def _thin(self) -> None:
        whole = concatenate(self._waiting.blocks)
        kept = coalesce(whole)
        lost = len(whole) - len(kept)
        log.error("history.thinned lost=%d", lost)
        self._waiting.gaps.append(Gap(int(whole.time.min()), int(whole.time.max()), GapReason.OVERLOAD, lost))
        self._waiting.blocks, self._waiting.samples = [kept], len(kept)

    def _take(self) -> _Batch:
        with self._lock:
            self._urgent.clear()
            batch, self._waiting = self._waiting, _Batch()
            return batch

    def _run(self) -> None:
        batch = _Batch()
        while True:
            try:
                with closing(database.open_writer(self._path)) as connection:
                    write_ahead.reserve_wal(connection)
                    stores = _Stores.over(connection, self._tags, self._unsealed)
                    self._commit(connection, stores, batch)
                    batch = _Batch()
                    while not self._stopping.is_set():
                        self._keep(connection)
                        batch = self._take()
                        self._commit(connection, stores, batch)
                        batch = _Batch()
                        stores.checkpoints.keep()
                    batch = self._take()
                    self._commit(connection, stores, batch)
                    batch = _Batch()
                    stores.checkpoints.keep(is_ending=True)
                    return
            except database.DatabaseError as error:
                self._complain(error)
            if self._stopping.wait(RETRY_S):
                self._give_up(batch)
                return

    def _keep(self, connection: PlantConnection) -> None:
        """Use the time until the next commit for the history's upkeep, one short step after the other.

        None is begun that would probably not end in time, unless that is so of every one.
        """
        due = clock.monotonic_ns() + int(self._interval_s * clock.NS_PER_S)
        write_ahead.checkpoint(connection)
        while not self._urgent.is_set() and (rest_s := (due - clock.monotonic_ns()) / clock.NS_PER_S) > 0.0:
            if rest_s > min(self._step_s, 0.5 * self._interval_s):
                took_s = self._upkeep.execute_one(connection, rest_s)
                self._step_s = max(took_s, 0.9 * self._step_s)
            else:
                self._urgent.wait(rest_s)

    def _commit(self, connection: PlantConnection, stores: _Stores, batch: _Batch) -> None:
        if batch.is_empty:
            return
        started = clock.monotonic_ns()
        with transaction(connection):  # one commit for all that belongs to one time
            if batch.blocks or batch.late:
                stores.history.write(concatenate([*batch.late, *batch.blocks]))  # of one time the live sample counts
            if batch.changes:
                log_lines(stores.audit, stores.alarms.record(batch.changes))
            stores.audit.append(batch.audit)
            for deed in batch.deeds:
                deed(connection, stores.audit)
            record_gaps(connection, batch.gaps)
            remove_gaps(connection, batch.closed)
            stores.breaks.record(batch.breaks)
        self.commit_ms = (clock.monotonic_ns() - started) / clock.NS_PER_MS
        self.stored += batch.samples
        self._upkeep.note(batch.samples + sum(map(len, batch.late)))
        if self.problem:
            log.info("history.recovered path=%s", self._path)
            self.problem = ""
        if batch.blocks:
            self._on_stored(batch.samples)
        for waiter in batch.waiters:
            if waiter.set_running_or_notify_cancel():  # nobody may wait for it any more
                waiter.set_result(None)

    def _complain(self, error: database.DatabaseError) -> None:
        if self.problem != str(error):
            log.error("history.failed %s", error)
            self.problem = str(error)

    def _give_up(self, batch: _Batch) -> None:
        rest = self._take()
        lost = batch.samples + rest.samples
        if lost:
            log.error("history.lost samples=%d %s", lost, self.problem)
        for waiter in batch.waiters + rest.waiters:
            if waiter.set_running_or_notify_cancel():
                waiter.set_exception(database.DatabaseError(self.problem))
