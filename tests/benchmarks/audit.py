"""Processor time of a record in the log, beside the same text in a plain table and in a chain of hashes; verification.

The peers do what ours does but for its hashes: the same canonical text, indexes for the same searches, a transaction
for as many records. A bare table without an index is what SQLite takes for a row alone. No commit waits for the disk:
that is the same for all, and a record shares it with the samples of its time.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

from app.audit.body import body_of
from app.audit.checkpoints import CheckpointKeeper
from app.audit.journal import AuditJournal
from app.audit.merkle import inclusion_ranges, range_root
from app.audit.tail import StoredTree
from app.audit.verification import verify
from app.database import PAGE_BYTES, PlantConnection, open_reader, open_writer, transaction
from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from resources.verifier.verify import root_of
from tests.benchmarks.figure import Figure

T = TypeVar("T")

GOAL = "ours <= 40"
_NAMES = ("ours", "plain table", "chain of hashes", "bare table")
_TURN = 50
_ROWS = "CREATE TABLE audit (seq INTEGER PRIMARY KEY, time INTEGER, action TEXT, user TEXT, body TEXT{}) STRICT;"
_INDEXES = """
CREATE INDEX audit_by_time ON audit (time);
CREATE INDEX audit_by_action ON audit (action, seq);
CREATE INDEX audit_by_user ON audit (user, seq) WHERE user <> '';
"""


class Options(Protocol):
    """Those of the command line."""

    quick: bool


class _Plain:
    """A plain table, with indexes for the searches or without."""

    def __init__(self, connection: PlantConnection, indexes: str = _INDEXES) -> None:
        connection.executescript(_ROWS.format("") + indexes)
        self._connection, self._number = connection, 0

    def append(self, records: list[AuditRecord]) -> None:
        now, rows = clock.now_ns(), []
        for record in records:
            self._number += 1
            body = body_of(record, self._number, now).decode()
            rows.append((self._number, record.time, record.action.value, record.user, body))
        with transaction(self._connection):
            self._connection.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?)", rows)


class _Chain:
    """A chain of hashes: the end is read in each transaction, since others may append."""

    def __init__(self, connection: PlantConnection) -> None:
        connection.executescript(_ROWS.format(", link BLOB") + _INDEXES)
        self._connection = connection

    def append(self, records: list[AuditRecord]) -> None:
        now, rows = clock.now_ns(), []
        with transaction(self._connection):
            end = self._connection.execute("SELECT seq, link FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
            number, link = end or (0, bytes(32))
            for record in records:
                number += 1
                body = body_of(record, number, now)
                link = sha256(b"\x02" + link + body).digest()
                rows.append((number, record.time, record.action.value, record.user, body.decode(), link))
            self._connection.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", rows)


class _Ours:
    """The log with its checkpoints."""

    def __init__(self, connection: PlantConnection) -> None:
        self._journal = AuditJournal(connection)
        self._keeper = CheckpointKeeper(self._journal)

    def append(self, records: list[AuditRecord]) -> None:
        self._journal.append(records)
        self._keeper.keep()


class _Appender(Protocol):
    def append(self, records: list[AuditRecord]) -> None: ...


def measure(options: Options) -> Iterator[Figure]:
    """Yield the figures of writing, and those of proofs and verification."""
    with tempfile.TemporaryDirectory(prefix="foreshift-audit-") as name:
        folder = Path(name)
        for each in (100, 1):
            total = (20_000 if options.quick else 100_000) // (1 if each > 1 else 4)
            yield from _writing(folder / str(each), each, total)
        yield from _reading(folder / "whole", 100_000 if options.quick else 1_000_000)


def _writing(folder: Path, each: int, total: int) -> Iterator[Figure]:
    """Let the four take their turns of some transactions, each in a file of its own."""
    folder.mkdir()
    with ExitStack() as stack:
        files = [stack.enter_context(closing(open_writer(_own(folder, name)))) for name in _NAMES]
        contestants: list[_Appender] = [
            _Ours(files[0]),
            _Plain(files[1]),
            _Chain(files[2]),
            _Plain(files[3], indexes=""),
        ]
        spent = [0.0] * len(files)
        for connection in files:
            connection.execute("PRAGMA synchronous = OFF")
        for contestant in contestants:  # the key of a plant is made once
            contestant.append([_record(0)])
        batches = _batches(total, each)
        for turn, few in enumerate(iter(lambda: [*islice(batches, max(1, _TURN // each))], [])):
            for place in range(len(files)) if turn % 2 else reversed(range(len(files))):
                began = time.process_time()
                for batch in few:
                    contestants[place].append(batch)
                spent[place] += time.process_time() - began
        sizes = [_bytes(connection) / total for connection in files]
    ours, *peers = [seconds / total * 1e6 for seconds in spent]
    what = f"a record, {each} in a transaction: processor time"
    for peer, name, goal in zip(peers, _NAMES[1:], (GOAL, "", ""), strict=True):
        yield Figure(what, "us", ours, peer, name, goal)
    if each > 1:
        for size, name in zip(sizes[1:], _NAMES[1:], strict=True):
            yield Figure("a record at rest", "bytes", sizes[0], size, name)


def _reading(folder: Path, records: int) -> Iterator[Figure]:
    folder.mkdir()
    path = folder / "history.sqlite"
    with closing(open_writer(path)) as connection:
        journal = AuditJournal(connection)
        for batch in _batches(records, 10_000):
            journal.append(batch)
        CheckpointKeeper(journal).make()
    with closing(open_reader(path)) as connection:
        seconds, found = _cost(lambda: verify(connection))
        plain, _ = _cost(lambda: _hash_all(connection))
        if found.faults:
            raise AssertionError(found.faults[0])
        text = f"verify {found.size:,} records: processor time"
        yield Figure(text, "s", seconds, plain, "SHA-256 of every text alone", "ours <= 5")
        tree, size = StoredTree(connection), found.size
        leaves = connection.execute("SELECT seq - 1, leaf FROM audit WHERE seq % ? = 1", (size // 200,)).fetchall()
        made, proofs = _cost(lambda: [_path(index, size, tree) for index, _ in leaves])
        checked, roots = _cost(
            lambda: {root_of(leaf, index, size, path) for (index, leaf), path in zip(leaves, proofs, strict=True)}
        )
        if roots != {found.root}:
            raise AssertionError("a proof does not prove")
        yield Figure("make an inclusion proof: processor time", "us", made / len(leaves) * 1e6)
        yield Figure("check an inclusion proof: processor time", "us", checked / len(leaves) * 1e6)


def _path(index: int, size: int, tree: StoredTree) -> list[bytes]:
    return [range_root(start, end, tree.subtree) for start, end in inclusion_ranges(index, size)]


def _hash_all(connection: PlantConnection) -> None:
    for (body,) in connection.execute("SELECT CAST(body AS BLOB) FROM audit ORDER BY seq"):
        sha256(body).digest()


def _own(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name / "history.sqlite"


def _cost(work: Callable[[], T]) -> tuple[float, T]:
    """Return the processor seconds of something, and what it returned."""
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def _bytes(connection: PlantConnection) -> float:
    return float(connection.execute("PRAGMA page_count").fetchone()[0] * PAGE_BYTES)


def _batches(total: int, each: int) -> Iterator[list[AuditRecord]]:
    """Yield deeds as a plant has them: sign-ins, writes and what became of them, lines of the alarm journal."""
    for start in range(0, total, each):
        yield [_record(number) for number in range(start, min(total, start + each))]


def _record(number: int) -> AuditRecord:
    now = 1_700_000_000_000_000_000 + number * 250_000_000
    if number % 3:
        return AuditRecord(
            now,
            AuditAction.ALARM_CHANGED,
            operation="raise",
            tag=f"AC01.T{number % 90}",
            alarm=f"AC01.T{number % 90}.high",
            outcome="unacknowledged",
            line=number,
            digest=sha256(str(number).encode()).hexdigest(),
        )
    return AuditRecord(
        now,
        AuditAction.WRITE_INTENT,
        operation=f"{number:032x}",
        user="Li Na 李娜",
        role="operator",
        window="window 4711",
        tag="AC01.P_SP",
        old=6.8,
        new=7.25,
    )
