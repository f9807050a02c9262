"""Verify a proof pack of a plant's log: python verify.py pack.json [--checkpoint FILE] [--key KEY] [--show].

This file needs nothing but Python 3.9 or newer: no package, no network, none of the program that made the pack. It
shows that each record in the pack is in the log that the newer checkpoint speaks of (RFC 6962 inclusion), that this
log goes on from the older one (RFC 6962 consistency), and that both were signed with the key of the log (Ed25519, RFC
8032).
Give --checkpoint and --key what you have kept yourself: what comes with the pack proves no more than that the pack fits
together. Exit code 0: all is proven; 1: something is not, and is named; 2: the pack cannot be read.
"""

import argparse
import base64
import binascii
import json
import sys
from datetime import datetime, timezone
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any, Optional

FORMAT = "foreshift proof pack 1"
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]
Checkpoint = tuple[str, int, bytes, list[tuple[bytes, bytes]]]
"""Origin, size, root, and of each signature the key id and the signature."""


class NotProven(Exception):
    """What does not fit together."""


# --- Ed25519, RFC 8032, 5.1 --------------------------------------------------------------------


def add(one: Point, two: Point) -> Point:
    """Add two points of the curve (extended coordinates)."""
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(factor: int, point: Point) -> Point:
    """Add a point so many times."""
    total = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = add(total, point)
        point, factor = add(point, point), factor >> 1
    return total


def point_of(text: bytes) -> Optional[Point]:
    """Return the point that 32 bytes are, None where they are none."""
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key: bytes, text: bytes, signature: bytes) -> bool:
    """Return whether a key has signed a text."""
    if len(key) != 32 or len(signature) != 64 or BASE is None:
        return False
    public, commitment = point_of(key), point_of(signature[:32])
    factor = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or factor >= L:
        return False
    challenge = int.from_bytes(sha512(signature[:32] + key + text).digest(), "little") % L
    left, right = multiply(factor, BASE), add(commitment, multiply(challenge, public))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 == (left[1] * right[2] - right[1] * left[2]) % P


# --- Merkle tree, RFC 6962, checked as RFC 9162, 2.1.3.2 and 2.1.4.2 say ------------------------


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of two children."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Return the root that the path of a leaf leads to."""
    if not 0 <= index < size:
        raise NotProven(f"record {index + 1} is none of the {size} of the checkpoint")
    number, last, hashed = index, size - 1, leaf
    for sibling in path:
        if not last:
            raise NotProven(f"the path of record {index + 1} is too long")
        if number & 1 or number == last:
            hashed = node(sibling, hashed)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            hashed = node(hashed, sibling)
        number, last = number >> 1, last >> 1
    if last:
        raise NotProven(f"the path of record {index + 1} is too short")
    return hashed


def check_growth(older: Checkpoint, newer: Checkpoint, proof: list[bytes]) -> None:
    """Raise NotProven unless the newer log holds the older one unchanged."""
    old, new = older[1], newer[1]
    if old == new and older[2] == newer[2]:
        return
    failure = NotProven(f"the log of {new} records does not go on from that of {old}: it was rewritten or cut off")
    if not 0 < old < new or not proof:
        raise failure
    path = proof if old & (old - 1) else [older[2], *proof]
    number, last = old - 1, new - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if not last:
            raise failure
        if number & 1 or number == last:
            first, second = node(sibling, first), node(sibling, second)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            second = node(second, sibling)
        number, last = number >> 1, last >> 1
    if last or first != older[2] or second != newer[2]:
        raise failure


# --- checkpoints and keys, C2SP tlog-checkpoint and signed-note ---------------------------------


def checkpoint_of(note: str) -> Checkpoint:
    """Return the checkpoint that a note is; raise NotProven."""
    try:
        text, signed = note.replace("\r\n", "\n").strip("\ufeff\n").split("\n\n", 1)
        origin, size, root = text.split("\n")
        lines = [line for line in signed.split("\n") if line.startswith("— ")]
        signatures = [base64.b64decode(line.rsplit(" ", 1)[1], validate=True) for line in lines]
        found = (origin, int(size), base64.b64decode(root, validate=True), [(s[:4], s[4:]) for s in signatures])
    except (ValueError, IndexError, binascii.Error) as error:
        raise NotProven(f"no checkpoint: {error}") from error
    if len(found[2]) != 32 or str(found[1]) != size:
        raise NotProven("no checkpoint: its size or root is none")
    return found


def key_of(text: str) -> tuple[str, bytes, bytes]:
    """Return name, id and 32 bytes of a public key; raise NotProven."""
    try:
        name, number, content = text.strip().split("+", 2)
        key = base64.b64decode(content, validate=True)
    except (ValueError, binascii.Error) as error:
        raise NotProven(f"{text}: is no public key") from error
    key_id = sha256(name.encode() + b"\n" + key).digest()[:4]
    if key[:1] != b"\x01" or len(key) != 33 or key_id.hex() != number:
        raise NotProven(f"{text}: is no public key")
    return name, key_id, key[1:]


def check_signature(checkpoint: Checkpoint, keys: list[str], which: str) -> str:
    """Return the key that has signed a checkpoint; raise NotProven where none has."""
    origin, size, root, signatures = checkpoint
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()
    for key in keys:
        name, key_id, content = key_of(key)
        if name == origin and any(key_id == of and is_signed(content, text, signed) for of, signed in signatures):
            return key
    raise NotProven(f"the {which} checkpoint ({size} records) is signed by none of the keys of the log")


def check_keys(keys: list[str], records: list[dict[str, Any]]) -> None:
    """Raise NotProven unless each key but the first is vouched for by the one before, in a record of the pack."""
    deeds = [json.loads(record["body"]) for record in records if record.get("body")]
    told = {deed.get("subject"): deed for deed in deeds if deed.get("action", "").startswith("log.key_")}
    for before, key in zip(keys, keys[1:]):
        deed = told.get(key, {})
        text = f"foreshift log key\n{key}\n".encode()
        signature = bytes.fromhex(deed.get("detail", "")) if deed.get("action") == "log.key_rotated" else b""
        if not is_signed(key_of(before)[2], text, signature):
            raise NotProven(f"the key {key} is not vouched for by the one before it")


# --- the pack ----------------------------------------------------------------------------------


def check_record(record: dict[str, Any], newer: Checkpoint, hashes: list[bytes]) -> None:
    """Raise NotProven unless a record is in the log of the newer checkpoint, with the alarm line it speaks of."""
    number, body, line = record["number"], record.get("body"), record.get("line")
    leaf = bytes.fromhex(record["leaf"]) if body is None else sha256(b"\x00" + body.encode()).digest()
    if root_of(leaf, number - 1, newer[1], [hashes[place] for place in record["path"]]) != newer[2]:
        raise NotProven(f"record {number} is not the one that is in the log")
    deed = json.loads(body) if body is not None else {"number": str(number)}
    if deed.get("number") != str(number):
        raise NotProven(f"record {number} says that it is number {deed.get('number')}")
    if line is not None and sha256(line.encode()).hexdigest() != deed.get("digest"):
        raise NotProven(f"the alarm line of record {number} is not the one that was written")


def verify(pack: dict[str, Any], kept: Optional[str], key: Optional[str]) -> list[str]:
    """Return what is proven, one sentence each; raise NotProven."""
    if pack.get("format") != FORMAT:
        raise NotProven(f"this is no {FORMAT}")
    newer, older = checkpoint_of(pack["newer"]), checkpoint_of(pack["older"])
    hashes = [bytes.fromhex(text) for text in pack["hashes"]]
    proof = [bytes.fromhex(text) for text in pack["consistency"]]
    keys, records = list(pack["keys"]), sorted(pack["records"], key=lambda record: record["number"])
    check_keys(keys, records)
    said = [f"newer checkpoint: {newer[1]} records, signed by {check_signature(newer, keys, 'newer')}"]
    said.append(f"older checkpoint: {older[1]} records, signed by {check_signature(older, keys, 'older')}")
    check_growth(older, newer, proof)
    said.append(f"the log of {newer[1]} records holds that of {older[1]} unchanged")
    for record in records:
        check_record(record, newer, hashes)
    first, last = pack["first"], pack["last"]
    numbers = {record["number"] for record in records}
    missing = [number for number in range(first, last + 1) if number not in numbers]
    if missing:
        raise NotProven(f"{len(missing)} records between {first} and {last} are left out, the first is {missing[0]}")
    said.append(f"records {first} to {last} are in the log, and none between them is left out")
    if kept is None:
        said.append("NOTE: no checkpoint of your own was given (--checkpoint); the older one came with the pack")
    elif checkpoint_of(kept)[:3] != older[:3]:
        raise NotProven("your checkpoint is not the older one of the pack: ask for a pack that is made with yours")
    if key is None:
        said.append("NOTE: no key of your own was given (--key); compare the one above with what you have noted")
    elif key.strip() not in keys:
        raise NotProven("your key is none of the keys of the log")
    return said


def text_of(record: dict[str, Any]) -> str:
    """Return a record as one line."""
    if record.get("body") is None:
        return f"{record['number']}  (its text was dropped by retention)"
    deed = json.loads(record["body"])
    moment = datetime.fromtimestamp(int(deed.get("time", 0)) // 10**9, timezone.utc).isoformat()
    rest = [f"{name}={value}" for name, value in deed.items() if name not in ("number", "time", "logged", "detail")]
    rest += [f"alarm line {record['line']}"] if "line" in record else []
    return "  ".join([str(record["number"]), moment.replace("+00:00", "Z"), *rest])


def main() -> int:
    """Verify the pack that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pack", type=Path)
    parser.add_argument("--checkpoint", type=Path, help="a file with the checkpoint that you have kept")
    parser.add_argument("--key", help="the public key that you have noted, or a file with it")
    parser.add_argument("--show", action="store_true", help="print the records")
    options = parser.parse_args()
    try:
        pack = json.loads(options.pack.read_text(encoding="utf-8"))
        kept = options.checkpoint.read_text(encoding="utf-8") if options.checkpoint else None
        key = options.key
        if key and "+" not in key:
            key = Path(key).read_text(encoding="utf-8")
        said = verify(pack, kept, key)
    except NotProven as reason:
        print(f"NOT PROVEN: {reason}", file=sys.stderr)
        return 1
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        print(f"cannot be read: {options.pack}: {error!r}", file=sys.stderr)
        return 2
    for record in pack["records"] if options.show else ():
        print(text_of(record))
    print("\n".join(said))
    print(
        "PROVEN"
        if kept and key
        else "FITS TOGETHER; a proof wants the checkpoint and the key that you have kept yourself"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
