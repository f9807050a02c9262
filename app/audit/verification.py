"""Reads the whole log, and names what is not as it was written, and where.

Every record is hashed anew, and the root of the tree is compared with every checkpoint that is known: those in the
file, those beside it, and an older one that was kept elsewhere. docs/explanations/audit.md says what each can show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256

import msgspec

from app.audit.body import NO_LINK, essence_of, link_of, record_of
from app.audit.journal import is_log
from app.audit.key_history import KeyHistory
from app.audit.line_match import LineMatch
from app.audit.merkle import Edge
from app.audit.signed_note import Checkpoint, NoteError
from app.audit.verdict import Fault, FaultKind, Head, Known, Verification
from app.audit.zone_check import Row, ZoneCheck
from app.database import PlantConnection, has_table
from app.model.audit import AuditAction, AuditRecord

_STEP = 4_096
_LOOKED_INTO = {
    AuditAction.HISTORY_RESTORED,
    AuditAction.KEY_MADE,
    AuditAction.KEY_REPLACED,
    AuditAction.KEY_ROTATED,
    AuditAction.LOG_ACCEPTED,
    AuditAction.LOG_BODIES_DROPPED,
}


def verify(
    connection: PlantConnection, known: Known | None = None, *, on_progress: Callable[[float], None] | None = None
) -> Verification:
    """Read the whole log within one transaction and return what is wrong with it; `on_progress` hears the share."""
    if not is_log(connection):
        return Verification()
    connection.execute("BEGIN")
    try:
        return _Reading(connection, known or Known()).run(on_progress or (lambda _share: None))
    finally:
        connection.rollback()


class _Reading:
    """One reading of the log, first to last."""

    def __init__(self, connection: PlantConnection, known: Known) -> None:
        self._connection = connection
        self._known = known
        self._found = Verification()
        self._stored = list(_stored(connection, self._found))
        anchors = [*known.anchors, *([known.given] if known.given is not None else [])]
        self._wanted = {checkpoint.size for checkpoint in (*self._stored, *anchors)}
        self._roots: dict[int, bytes] = {}
        self._edge = Edge()
        self._logged = 0
        self._misplaced: dict[int, int] = {}
        self._dropped: list[int] = []
        self._drops: list[tuple[int, int]] = []
        self._keys = KeyHistory()
        self._given_up: dict[tuple[int, bytes], str] = {}
        self._lines = LineMatch(known.lines)
        self._link = NO_LINK
        self._went_through = known.noted is None or known.noted == Head(0, NO_LINK)

    def run(self, on_progress: Callable[[float], None]) -> Verification:
        (last,) = self._connection.execute("SELECT coalesce(max(seq), 0) FROM audit").fetchone()
        nodes, zones = self._nodes(), ZoneCheck(self._connection)
        for rows in _batches(self._connection):
            for row in rows:
                self._take(row, nodes)
            self._judge_zones(zones.take(rows))
            on_progress(self._edge.size / max(last, 1))
        self._judge_zones(zones.end())
        self._found.size, self._found.root = self._edge.size, self._edge.root()
        self._judge_places()
        self._judge_drops()
        for text in self._lines.end():
            self._fault(FaultKind.LINE, 0, text)
        self._judge_checkpoints()
        self._judge_noted()
        on_progress(1.0)
        return self._found

    def _fault(self, kind: FaultKind, number: int, text: str) -> None:
        self._found.faults.append(Fault(kind, number, text))

    def _judge_zones(self, found: Iterable[tuple[int, str]]) -> None:
        for number, text in found:
            self._fault(FaultKind.EDITED, number, text)

    def _take(self, row: Row, nodes: _Nodes) -> None:
        number, (seq, _, _, _, body, leaf) = self._edge.size + 1, row
        if seq != number:
            first, last = number, seq - 1
            self._fault(FaultKind.DELETED, first, f"records {first} to {last} are missing")
            while self._edge.size < last:  # so that those behind keep their places
                self._edge.add(bytes(32))
        if body is None:
            self._dropped.append(seq)
        else:
            self._read(row, body)
        for level, index, hashed in self._edge.add(leaf):
            if nodes(level, index) != hashed:
                span = f"{(index << level) + 1} to {index + 1 << level}"
                self._fault(FaultKind.EDITED, (index << level) + 1, f"records {span} have not the hash that was kept")
        if seq in self._wanted:
            self._roots[seq] = self._edge.root()
        if not self._went_through:
            self._link = link_of(self._link, leaf)
            self._went_through = self._known.noted == Head(seq, self._link)

    def _read(self, row: Row, body: bytes) -> None:
        seq, time, action, user, _, leaf = row
        if sha256(b"\x00" + body).digest() != leaf:
            self._fault(FaultKind.EDITED, seq, f"record {seq} is not as it was written")
            return
        try:
            essence = essence_of(body)
            same = int(essence.time) == time and essence.action.encode() == action and essence.user.encode() == user
            logged, number, line = int(essence.logged or 0), int(essence.number), int(essence.line or 0)
        except (ValueError, msgspec.MsgspecError):
            self._fault(FaultKind.EDITED, seq, f"record {seq} is no record")
            return
        if not same:
            self._fault(FaultKind.EDITED, seq, f"record {seq}: its columns do not say what its text says")
        if number != seq:
            self._misplaced[seq] = number
        if logged and logged < self._logged and essence.action != AuditAction.CLOCK_SET_BACK:
            by = (self._logged - logged) / 1e9
            self._fault(FaultKind.CLOCK, seq, f"record {seq} was logged {by:.3f} s before the one before it")
        self._logged = logged or self._logged
        if line:
            for text in self._lines.take(line, essence.digest):
                self._fault(FaultKind.LINE, seq, text)
        elif essence.action in _LOOKED_INTO:
            self._look_into(seq, body)

    def _look_into(self, seq: int, body: bytes) -> None:
        try:
            record = record_of(body)
            if record.action is AuditAction.LOG_BODIES_DROPPED:
                first, last = map(int, record.subject.split("-"))
                self._drops.append((first, last))
        except ValueError as error:
            self._fault(FaultKind.EDITED, seq, f"record {seq}: {error}")
            return
        match record.action:
            case AuditAction.HISTORY_RESTORED | AuditAction.LOG_ACCEPTED:
                self._accept(seq, record)
            case AuditAction.KEY_MADE | AuditAction.KEY_ROTATED | AuditAction.KEY_REPLACED:
                self._keys.take(seq, record)
            case _:
                pass

    def _accept(self, seq: int, record: AuditRecord) -> None:
        by = f"record {seq}, by {record.user or 'nobody that signed in'}: {record.reason or record.action}"
        for line in record.detail.splitlines():
            try:
                given_up = Checkpoint.parse(line.replace("|", "\n") + "\n") if "|" in line else None
            except NoteError:
                given_up = None
            if given_up is not None:
                self._given_up[given_up.size, given_up.root] = by
            else:
                self._keys.accept(line, by)

    def _judge_places(self) -> None:
        """Say what misplaced records mean: two that changed places, or all behind one that moved by as many."""
        left = dict(self._misplaced)
        for seq, number in self._misplaced.items():
            if seq < number and self._misplaced.get(number) == seq:
                self._fault(FaultKind.SWAPPED, seq, f"records {seq} and {number} changed places")
                del left[seq], left[number]
        before = 0
        for seq, number in left.items():
            if seq - number != before:
                kind = FaultKind.INSERTED if seq > number else FaultKind.DELETED
                self._fault(kind, seq, f"where record {seq} should be is the one that was written as {number}")
            before = seq - number

    def _judge_drops(self) -> None:
        missing = [seq for seq in self._dropped if not any(first <= seq <= last for first, last in self._drops)]
        self._found.dropped = len(self._dropped) - len(missing)
        if missing:
            text = f"the texts of {len(missing)} records from {missing[0]} are gone, and no record says why"
            self._fault(FaultKind.DELETED, missing[0], text)
        if self._found.dropped:
            self._found.notices.append(f"the texts of {self._found.dropped} records were dropped by retention")

    def _judge_noted(self) -> None:
        if not self._went_through:
            text = (
                f"the log does not go through {self._known.noted}, which was noted: records were cut off or made anew"
            )
            self._fault(FaultKind.FORKED, 0, text)

    def _judge_checkpoints(self) -> None:
        """Compare the roots; the signature of each is looked at that does not hold, and of the newest of each key."""
        for fault in self._keys.faults():
            self._fault(FaultKind.KEY, *fault)
        self._found.notices += self._keys.notices
        held = [checkpoint for checkpoint in self._stored if self._holds(checkpoint)]
        if held:
            self._found.newest = held[-1]
        for number, checkpoint in enumerate(self._stored):
            if not self._holds(checkpoint):
                good = max((other.size for other in held if other.size < checkpoint.size), default=0)
                self._tell_broken(checkpoint, good, "in the file")
            elif number == len(self._stored) - 1 or checkpoint.origin != self._stored[number + 1].origin:
                self._check_signature(checkpoint, "in the file")
        self._judge_anchors()
        if self._known.given is not None:
            self._judge_given(self._known.given)

    def _holds(self, checkpoint: Checkpoint) -> bool:
        return self._roots.get(checkpoint.size) == checkpoint.root

    def _judge_anchors(self) -> None:
        anchors = self._known.anchors
        accepted = ""
        for place in range(len(anchors) - 1, -1, -1):
            anchor = anchors[place]
            accepted = self._given_up.get((anchor.size, anchor.root), accepted)
            if self._holds(anchor):
                if place == len(anchors) - 1:
                    self._check_signature(anchor, "beside the file")
                continue
            if accepted:
                text = f"a branch of {anchor.size} records was given up ({accepted})"
                if text not in self._found.notices:
                    self._found.notices.append(text)
                continue
            if not self._keys.has_signed(anchor):
                self._fault(FaultKind.CHECKPOINT, anchor.size, f"beside the file one of {anchor.size} is not signed")
                continue
            good = max((other.size for other in anchors if self._holds(other) and other.size < anchor.size), default=0)
            self._tell_broken(anchor, good, "beside the file")
            return

    def _judge_given(self, given: Checkpoint) -> None:
        if not self._keys.has_signed(given):
            text = (
                f"the checkpoint of {given.size} records was signed by a key that the log does not know: {given.origin}"
            )
            self._fault(FaultKind.KEY, given.size, text)
        if not self._holds(given):
            self._tell_broken(given, 0, "that was given")

    def _tell_broken(self, checkpoint: Checkpoint, good: int, place: str) -> None:
        if checkpoint.size > self._found.size:
            text = (
                f"the checkpoint {place} speaks of {checkpoint.size} records, and there are {self._found.size}: "
                "the last ones were cut off, or an older copy was put in place"
            )
            self._fault(FaultKind.TRUNCATED, self._found.size + 1, text)
            return
        text = (
            f"records {good + 1} to {checkpoint.size} are not those of the checkpoint {place}: "
            "they were rewritten, or another branch goes on here"
        )
        self._fault(FaultKind.FORKED, good + 1, text)

    def _check_signature(self, checkpoint: Checkpoint, place: str) -> None:
        key = self._keys.at(checkpoint.size)
        if key is None or not checkpoint.is_signed_by(key):
            text = f"the checkpoint of {checkpoint.size} records {place} is not signed by the key of the log"
            self._fault(FaultKind.KEY, checkpoint.size, text)
        if self._known.key is not None and not self._keys.knows(self._known.key):
            self._fault(FaultKind.KEY, 0, f"the log never had the key {self._known.key}")

    def _nodes(self) -> _Nodes:
        kept = {
            (level, index): hashed
            for level, index, hashed in self._connection.execute("SELECT level, idx, h FROM node")
        }
        return lambda level, index: kept.get((level, index), b"")


_Nodes = Callable[[int, int], bytes]


def _batches(connection: PlantConnection) -> Iterator[list[Row]]:
    cursor = connection.execute(
        "SELECT seq, time, CAST(action AS BLOB), CAST(user AS BLOB), CAST(body AS BLOB), leaf FROM audit ORDER BY seq"
    )
    while rows := cursor.fetchmany(_STEP):
        yield rows


def _stored(connection: PlantConnection, found: Verification) -> Iterator[Checkpoint]:
    if not has_table(connection, "checkpoint"):
        return
    for size, note in connection.execute("SELECT size, CAST(note AS BLOB) FROM checkpoint ORDER BY size").fetchall():
        try:
            checkpoint = Checkpoint.parse(note.decode("utf-8", "replace"))
        except NoteError as error:
            found.faults.append(Fault(FaultKind.CHECKPOINT, size, f"the checkpoint of {size} records: {error}"))
            continue
        if checkpoint.size != size:
            found.faults.append(Fault(FaultKind.CHECKPOINT, size, f"the checkpoint of {size} is of {checkpoint.size}"))
        yield checkpoint
