"""Attacks on the log of a plant: each changes a copy of one log in one way, and the verifier has to name it.

Three attackers: one changes rows by hand; one makes every hash anew and takes away what contradicts him; one also has
the key, and signs every checkpoint anew. The verifier has what an auditor has: an older checkpoint that was
kept elsewhere, and that speaks of the place of the attack.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.alarm.journal import AlarmJournal
from app.alarm.line_digest import line_digests
from app.audit.anchor import AnchorFile
from app.audit.checkpoints import CheckpointKeeper
from app.audit.journal import AuditJournal
from app.audit.key import KeyFolder
from app.audit.merkle import Edge, leaf_hash
from app.audit.signed_note import Checkpoint, SignerKey
from app.audit.verdict import FaultKind, Known, Verification
from app.audit.verification import verify
from app.audit.zone import ZONE, noted
from app.collector.alarm_log import log_lines
from app.database import open_reader, open_writer, transaction
from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from tests.chaos.truth import Truth

RECORDS = 700
ATTACKERS = ("by hand", "with hashes", "with the key")
KINDS = (
    "edit",
    "delete",
    "insert",
    "swap",
    "truncate",
    "fork",
    "clock back",
    "key swap",
    "edit line",
    "delete line",
    "zone",
)
NAMED = {
    "edit": {FaultKind.EDITED},
    "delete": {FaultKind.DELETED},
    "swap": {FaultKind.SWAPPED},
    "truncate": {FaultKind.TRUNCATED},
    "key swap": {FaultKind.KEY},
    "edit line": {FaultKind.LINE},
    "delete line": {FaultKind.LINE},
    "zone": {FaultKind.EDITED},
}
"""What a change by hand has to be called."""
_SHOWN = 10


@dataclass(slots=True)
class AttackReport:
    """How many attacks there were and by whom, and those that were not found or were called something else."""

    attacks: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether every attack was found and named, and an untouched log never."""
        return not self.missed and not self.misnamed and not self.false_alarms

    def as_text(self) -> str:
        """Return the report for people."""
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.attacks.items()))
        bad = [*self.missed, *self.misnamed, *self.false_alarms]
        return "\n".join(
            [
                f"{sum(self.attacks.values()):,} attacks on the log ({kinds})",
                f"  not found {len(self.missed)}, called something else {len(self.misnamed)}",
                f"  untouched logs that were suspected: {len(self.false_alarms)}",
                *(f"    {line}" for line in bad[:_SHOWN]),
            ]
        )


class Attacks:
    """A campaign of one seed in an empty folder."""

    def __init__(self, folder: Path, seed: int, *, records: int = RECORDS) -> None:
        """Write the log that is attacked."""
        self._folder, self._seed = folder, seed
        whole = folder / "whole" / "history.sqlite"
        whole.parent.mkdir()
        self._keys = _written(whole, random.Random(seed), records)
        self._content = whole.read_bytes()
        self._anchors = AnchorFile(whole).read()
        self._key = KeyFolder.of(whole).held()

    def run(self, trials: Iterable[int]) -> AttackReport:
        """Try the attacks of these numbers, each on a fresh copy."""
        report = AttackReport()
        path = self._folder / "attacked.sqlite"
        for trial in trials:
            chance = random.Random(f"{self._seed}/{trial}")
            kind, attacker = chance.choice(KINDS), chance.choice(ATTACKERS)
            given = chance.choice(self._anchors)
            path.write_bytes(self._content)
            name = f"{kind} {attacker} (python -m tests.chaos attacks --seed {self._seed} --only {trial})"
            if trial % 50 == 0 and (found := self._verified(path, self._anchors, given)).faults:
                report.false_alarms.append(f"{name}: {found.faults[0]}")
            attack = _Attack(path, chance, given, self._anchors, self._keys)
            attack.run(kind, attacker)
            found = self._verified(path, attack.anchors, given)
            report.attacks[kind] += 1
            named = {fault.kind for fault in found.faults}
            if not found.faults:
                report.missed.append(name)
            elif attacker == "by hand" and not NAMED.get(kind, named) & named:
                report.misnamed.append(f"{name}: {found.faults[0]}")
            for left in self._folder.glob(f"{path.name}*"):
                left.unlink()
        return report

    @staticmethod
    def _verified(path: Path, anchors: list[Checkpoint], given: Checkpoint) -> Verification:
        with closing(open_reader(path)) as connection:
            return verify(connection, Known(anchors, given, lines=line_digests(connection)))


class _Attack:
    """One attack on one copy; `anchors`: what stands beside the file after it."""

    def __init__(
        self,
        path: Path,
        chance: random.Random,
        given: Checkpoint,
        anchors: list[Checkpoint],
        keys: list[tuple[int, SignerKey]],
    ) -> None:
        self.anchors = list(anchors)
        self._path, self._chance, self._given, self._keys = path, chance, given, keys
        self._place = chance.randrange(given.size)

    def run(self, kind: str, attacker: str) -> None:
        with closing(sqlite3.connect(self._path)) as connection, connection:
            triggers = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
            for (name,) in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            if kind.endswith("line"):
                self._change_line(connection, kind)
            elif kind == "key swap":
                self._swap_key(connection, attacker)
            elif kind == "zone":
                pass  # its records stay as they are, whoever it is
            elif attacker == "by hand":
                self._by_hand(connection, kind)
            else:
                bodies = [body for (body,) in connection.execute("SELECT body FROM audit ORDER BY seq")]
                self._rewrite(connection, self._changed(bodies, kind), has_key=attacker == "with the key")
            _note_zones_anew(connection)  # nobody is found by what he need not have forgotten
            if kind == "zone":
                self._change_zone(connection)

    def _change_zone(self, connection: sqlite3.Connection) -> None:
        """Hide a record from searches, or let them look for one that is not there."""
        (count,) = connection.execute("SELECT count(*) FROM audit_zone").fetchone()
        zone, place = self._chance.randrange(count), self._chance.randrange(ZONE)
        match self._chance.choice(["gone", "more", "actions", "users", "action_of", "user_of", "first", "last"]):
            case "gone":
                connection.execute("DELETE FROM audit_zone WHERE zone = ?", (zone,))
            case "more":
                connection.execute(
                    "INSERT INTO audit_zone SELECT ?, first, last, actions, action_of, users, user_of "
                    "FROM audit_zone WHERE zone = ?",
                    (count + zone, zone),
                )
            case "first" | "last" as column:
                connection.execute(f"UPDATE audit_zone SET {column} = {column} + 1 WHERE zone = ?", (zone,))  # noqa: S608
            case "actions" | "users" as column:
                connection.execute(f"UPDATE audit_zone SET {column} = '[\"x\"]' WHERE zone = ?", (zone,))  # noqa: S608
            case column:
                (kept,) = connection.execute(f"SELECT {column} FROM audit_zone WHERE zone = ?", (zone,)).fetchone()  # noqa: S608
                changed = bytes([*kept[:place], kept[place] ^ 1, *kept[place + 1 :]])
                connection.execute(f"UPDATE audit_zone SET {column} = ? WHERE zone = ?", (changed, zone))  # noqa: S608

    def _change_line(self, connection: sqlite3.Connection, kind: str) -> None:
        (count,) = connection.execute("SELECT count(*) FROM alarm_change").fetchone()
        number = self._chance.randint(1, count)
        if kind == "edit line":
            column = self._chance.choice(["value", "time", "raised", "priority", "occurrences"])
            connection.execute(f"UPDATE alarm_change SET {column} = {column} + 1 WHERE number = ?", (number,))  # noqa: S608
        else:
            connection.execute("DELETE FROM alarm_change WHERE number = ?", (number,))

    def _by_hand(self, connection: sqlite3.Connection, kind: str) -> None:
        seq = self._place + 1
        match kind:
            case "edit":
                column = self._chance.choice(["body", "leaf", "user"])
                (kept,) = connection.execute(f"SELECT {column} FROM audit WHERE seq = ?", (seq,)).fetchone()  # noqa: S608
                changed = _flipped(kept, self._chance) if column == "leaf" else _other(kept, self._chance)
                connection.execute(f"UPDATE audit SET {column} = ? WHERE seq = ?", (changed, seq))  # noqa: S608
            case "delete":
                connection.execute("DELETE FROM audit WHERE seq = ?", (seq,))
            case "insert":
                connection.execute("UPDATE audit SET seq = -seq - 1 WHERE seq >= ?", (seq,))
                connection.execute("UPDATE audit SET seq = -seq WHERE seq < 0")
                body = _body(self._chance, seq, 10**18)
                connection.execute(
                    "INSERT INTO audit VALUES (?, 5, 'sign_in', 'x', ?, ?)", (seq, body, leaf_hash(body.encode()))
                )
            case "swap":
                other = self._chance.choice([n for n in range(1, self._given.size + 1) if n != seq] or [seq + 1])
                for old, new in ((seq, -1), (other, seq), (-1, other)):
                    connection.execute("UPDATE audit SET seq = ? WHERE seq = ?", (new, old))
            case "truncate":
                self._cut(connection, self._place)
            case "clock back":
                connection.execute("UPDATE audit SET time = time - 3600000000000 WHERE seq = ?", (seq,))
            case _:  # fork: other records from there on
                for (number,) in connection.execute("SELECT seq FROM audit WHERE seq >= ?", (seq,)).fetchall():
                    body = _body(self._chance, number, 10**18 + number)
                    connection.execute(
                        "UPDATE audit SET time = 5, action = 'sign_in', user = 'x', body = ?, leaf = ? WHERE seq = ?",
                        (body, leaf_hash(body.encode()), number),
                    )

    def _cut(self, connection: sqlite3.Connection, size: int) -> None:
        """Take the end away with all that would tell of it in the file and beside it."""
        connection.execute("DELETE FROM audit WHERE seq > ?", (size,))
        connection.execute("DELETE FROM checkpoint WHERE size > ?", (size,))
        connection.execute("DELETE FROM node WHERE (idx + 1) << level > ?", (size,))
        self.anchors = [anchor for anchor in self.anchors if anchor.size <= size]

    def _changed(self, bodies: list[str], kind: str) -> list[str]:
        """Return the bodies after a change, numbered as they should be."""
        place, chance = self._place, self._chance
        match kind:
            case "edit":
                bodies[place] = _other(bodies[place], chance)
            case "delete":
                del bodies[place]
            case "insert":
                bodies.insert(place, _body(chance, place + 1, int(json.loads(bodies[place])["logged"])))
            case "swap":
                other = chance.choice([n for n in range(self._given.size) if n != place] or [place + 1])
                bodies[place], bodies[other] = bodies[other], bodies[place]
            case "truncate":
                del bodies[place:]
            case "clock back":
                content = json.loads(bodies[place])
                shift = chance.randint(1, 10**12)
                content |= {"time": str(int(content["time"]) - shift), "logged": str(int(content["logged"]) - shift)}
                bodies[place] = _text(content)
            case _:
                bodies[place:] = [_body(chance, n + 1, 10**18 + n) for n in range(place, len(bodies))]
        return [_text(json.loads(body) | {"number": str(number)}) for number, body in enumerate(bodies, 1)]

    def _rewrite(self, connection: sqlite3.Connection, bodies: list[str], *, has_key: bool) -> None:
        """Put a log of these texts in place, right in itself; without the key, without what contradicts it."""
        roots = _written_anew(connection, bodies)
        if has_key:
            self.anchors = self._signed_anew(roots, self._keys)
        else:
            self.anchors = [anchor for anchor in self.anchors if roots.get(anchor.size) == anchor.root]
        _store(connection, self.anchors)

    def _signed_anew(self, roots: dict[int, bytes], keys: list[tuple[int, SignerKey]]) -> list[Checkpoint]:
        sizes = [anchor.size for anchor in self.anchors if anchor.size in roots] or [max(roots, default=0)]
        return [Checkpoint.sign(_key_at(keys, size), size, roots[size]) for size in sizes if size]

    def _swap_key(self, connection: sqlite3.Connection, attacker: str) -> None:
        """Sign with a key of one's own: only the newest, all of them, or in the name of the log from its start."""
        other = SignerKey(self._given.origin, Ed25519PrivateKey.from_private_bytes(self._chance.randbytes(32)))
        if attacker == "by hand":
            last = self.anchors[-1]
            self.anchors[-1] = Checkpoint.sign(other, last.size, last.root)
            _store(connection, self.anchors)
            return
        bodies = [body for (body,) in connection.execute("SELECT body FROM audit ORDER BY seq")]
        for number, body in enumerate(bodies):
            content = json.loads(body)
            if content["action"] == AuditAction.KEY_MADE:
                bodies[number] = _text(content | {"subject": str(other.verifier)})
            elif content["action"] == AuditAction.KEY_ROTATED:
                bodies[number] = _body(self._chance, number + 1, int(content["logged"]))
        roots = _written_anew(connection, bodies)
        self.anchors = self._signed_anew(roots, [(0, other)])
        _store(connection, self.anchors)


def _written(path: Path, chance: random.Random, records: int) -> list[tuple[int, SignerKey]]:
    """Write a log as a collector does, with alarm lines, a key that is rotated, and a clock that goes back once."""
    truth, held = Truth(chance.randrange(1 << 30)), {}
    with closing(open_writer(path)) as connection, clock.frozen(1_700_000_000 * clock.NS_PER_S) as advance:
        journal, alarms = AuditJournal(connection), AlarmJournal(connection)
        keeper, folder = CheckpointKeeper(journal), KeyFolder.of(path)
        number, is_rotated = 0, False
        while number < records:
            batch = chance.randint(1, 9)
            with transaction(connection):
                if chance.random() < 0.4:
                    log_lines(journal, alarms.record([truth.alarm(number + n) for n in range(batch)]))
                else:
                    journal.append([_record(chance) for _ in range(batch)])
            number += batch
            advance(chance.randint(1, 10**10))
            if number > records // 2 and not is_rotated:
                advance(-(10**11))
                keeper.rotate("yearly", user="Li Na")
                is_rotated = True
            if chance.random() < 0.2 or number >= records:
                keeper.make()
            key = folder.held()
            if key is not None:
                held[str(key.verifier)] = key
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        rows = connection.execute("SELECT seq, body FROM audit WHERE action LIKE 'log.key%' ORDER BY seq").fetchall()
    return [(seq, held[json.loads(body)["subject"]]) for seq, body in rows]


def _record(chance: random.Random) -> AuditRecord:
    record = AuditRecord(
        clock.now_ns(),
        chance.choice([AuditAction.SIGN_IN, AuditAction.WRITE_INTENT, AuditAction.USER_ADDED]),
        user=chance.choice(["Li Na 李娜", "otto", ""]),
    )
    return replace(record, tag="AC01.P_SP", old=6.8, new=chance.random()) if chance.random() < 0.5 else record


def _body(chance: random.Random, number: int, logged: int) -> str:
    content = {"action": "sign_in", "time": "5", "user": "x", "number": str(number), "logged": str(logged)}
    return _text(content | {"reason": str(chance.random())})


def _text(content: dict[str, str]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _other(text: str, chance: random.Random) -> str:
    """Return a text with one character more, less, or another: in a body, within a value so that it stays a record."""
    if not text.startswith("{"):
        return text + "x"
    content = json.loads(text)
    name = chance.choice(sorted(content.keys() - {"action", "number", "logged", "time"}) or ["reason"])
    return _text(content | {name: content.get(name, "") + chance.choice("x7娜 ")})


def _flipped(leaf: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(leaf))
    return bytes([*leaf[:place], leaf[place] ^ 1 << chance.randrange(8), *leaf[place + 1 :]])


def _key_at(keys: list[tuple[int, SignerKey]], size: int) -> SignerKey:
    return next((key for number, key in reversed(keys) if number <= size), keys[0][1])


def _written_anew(connection: sqlite3.Connection, bodies: list[str]) -> dict[int, bytes]:
    connection.execute("DELETE FROM audit")
    connection.execute("DELETE FROM node")
    edge, roots = Edge(), {}
    for number, body in enumerate(bodies, 1):
        content, leaf = json.loads(body), leaf_hash(body.encode())
        connection.execute(
            "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)",
            (number, int(content["time"]), content["action"], content.get("user", ""), body, leaf),
        )
        connection.executemany("INSERT INTO node VALUES (?, ?, ?)", edge.add(leaf))
        roots[number] = edge.root()
    return roots


def _note_zones_anew(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM audit_zone")
    rows = connection.execute(
        "SELECT time, CAST(action AS BLOB), CAST(user AS BLOB) FROM audit ORDER BY seq"
    ).fetchall()
    connection.executemany(
        "INSERT INTO audit_zone VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(zone, *noted(rows[zone * ZONE : (zone + 1) * ZONE])) for zone in range(len(rows) // ZONE)],
    )


def _store(connection: sqlite3.Connection, checkpoints: list[Checkpoint]) -> None:
    connection.execute("DELETE FROM checkpoint")
    connection.executemany(
        "INSERT OR REPLACE INTO checkpoint VALUES (?, 0, ?)", [(made.size, made.note) for made in checkpoints]
    )
