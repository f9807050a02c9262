"""The growing end of the log in the plant's file: records go in here, and their hashes with them.

What is stored of the tree is each leaf, and the hash of every complete subtree of 256, 65,536, ... leaves: one row for
256 records instead of one for each; a proof makes the hashes between anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.audit.body import body_of, essence_of
from app.audit.merkle import TILE_LEVELS, Edge, ProofError, edge_at, folded, leaf_hash
from app.audit.zone import note_zones
from app.database import PlantConnection
from app.model import clock
from app.model.audit import AuditAction, AuditRecord

INSERT = "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)"
LAST = "SELECT seq, leaf FROM audit ORDER BY seq DESC LIMIT 1"


class StoredTree:
    """The hashes of a stored log, over any connection that can read it."""

    def __init__(self, connection: PlantConnection) -> None:
        """Read over `connection`, which stays the caller's."""
        self._connection = connection

    def subtree(self, level: int, index: int) -> bytes:
        """Return the root of the complete subtree `index` of 2**`level` leaves; raise ProofError where rows miss."""
        kept = level // TILE_LEVELS * TILE_LEVELS
        first, count = index << level - kept, 1 << level - kept
        if kept:
            rows = self._connection.execute(
                "SELECT h FROM node WHERE level = ? AND idx >= ? AND idx < ? ORDER BY idx", (kept, first, first + count)
            ).fetchall()
        else:
            rows = self._connection.execute(
                "SELECT leaf FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq", (first, first + count)
            ).fetchall()
        if len(rows) != count:
            raise ProofError(f"{count - len(rows)} hashes of {count} miss at level {kept} from {first}")
        return folded([hashed for (hashed,) in rows])

    def edge(self, size: int) -> Edge:
        """Return the edge behind the first `size` records; raise ProofError."""
        return edge_at(size, self.subtree)

    def root(self, size: int) -> bytes:
        """Return the root of the first `size` records; raise ProofError."""
        return self.edge(size).root()


class Tail:
    """Appends records; knows the right edge of the tree as long as nobody else has appended."""

    def __init__(self, connection: PlantConnection) -> None:
        """Write over `connection`, which stays the caller's."""
        self._connection = connection
        self._edge = Edge()
        self._last = b""
        self._logged = 0

    @property
    def size(self) -> int:
        """How many records there were after the last append here; others may have appended since."""
        return self._edge.size

    @property
    def edge(self) -> Edge:
        """The edge of the tree as it is in the file now; only for use within a transaction."""
        self._catch_up()
        return self._edge

    def append(self, records: Sequence[AuditRecord]) -> None:
        """Append records in the caller's transaction; a clock that was set back gets a record before them."""
        self._catch_up()
        now = clock.now_ns()
        if now < self._logged:
            records = [self._set_back(now), *records]
        rows, nodes = [], []
        for record in records:
            number = self._edge.size + 1
            body = body_of(record, number, now)
            leaf = leaf_hash(body)
            nodes += self._edge.add(leaf)
            rows.append((number, record.time, record.action.value, record.user, body.decode(), leaf))
        if len(rows) == 1:
            self._connection.fetch(INSERT, rows[0])
        else:
            self._connection.executemany(INSERT, rows)
        if nodes:
            self._connection.executemany("INSERT INTO node VALUES (?, ?, ?)", nodes)
            note_zones(self._connection, [index for level, index, _ in nodes if level == TILE_LEVELS])
        self._last, self._logged = rows[-1][-1], now

    def _set_back(self, now: int) -> AuditRecord:
        return AuditRecord(now, AuditAction.CLOCK_SET_BACK, reason=f"from {self._logged} to {now} ns UTC")

    def _catch_up(self) -> None:
        """Read the edge anew where the file ends otherwise: another process has appended, or a transaction ended."""
        ((size, last),) = self._connection.fetch(LAST) or ((0, b""),)
        if size == self._edge.size and last == self._last:
            return
        self._edge, self._last = StoredTree(self._connection).edge(size), last
        (body,) = self._connection.execute(
            "SELECT body FROM audit WHERE body IS NOT NULL ORDER BY seq DESC LIMIT 1"
        ).fetchone() or ("{}",)
        self._logged = int(essence_of(body).logged or 0)
