"""The canonical text of an audit record, and the hashes that bind it to all before it.

`leaf` is that of RFC 6962 (2.1): SHA-256 of a zero byte and the text, so that a Merkle tree can be built over the same
rows. `link` is SHA-256 of a byte 2, the link before and the leaf: whoever alters, takes out, adds or moves a row has to
make every later link anew.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import fields

from app.model.audit import AuditAction, AuditRecord

NO_LINK = bytes(32)
"""What stands before the first link."""

_NUMBERS = ("old", "new", "read")
_NAMES = tuple(field.name for field in fields(AuditRecord))


def body_of(record: AuditRecord, number: int) -> str:
    """Return the text of record `number`: JSON, keys sorted, numbers as text, what does not apply left out."""
    content = {"number": str(number)}
    for name in _NAMES:
        value = getattr(record, name)
        if isinstance(value, float):
            value = "" if math.isnan(value) else repr(value)
        if value != "":
            content[name] = str(value)
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def record_of(body: str) -> AuditRecord:
    """Return the record of a text; raise ValueError where it is none."""
    try:
        content = json.loads(body)
        known = {name: content[name] for name in _NAMES if name in content}
        known |= {name: float(known[name]) for name in _NUMBERS if name in known}
        return AuditRecord(**known | {"time": int(known["time"]), "action": AuditAction(known["action"])})
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"no audit record: {error}") from error


def number_of(body: str) -> int:
    """Return the number that a text gives its record; raise ValueError where it gives none."""
    try:
        return int(json.loads(body)["number"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"no audit record: {error}") from error


def leaf_of(body: str) -> bytes:
    """Return the hash of a text."""
    return hashlib.sha256(b"\x00" + body.encode()).digest()


def link_of(before: bytes, leaf: bytes) -> bytes:
    """Return the hash that binds a leaf to the link before it."""
    return hashlib.sha256(b"\x02" + before + leaf).digest()
