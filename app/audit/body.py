"""The canonical text of an audit record, and the chain that an older version kept.

The text is JSON after RFC 8785: keys sorted, no blanks, shortest escapes, UTF-8. No number is written as a JSON number,
since two programs may read one differently: each is text. What does not apply is left out.
"""

from __future__ import annotations

from dataclasses import fields
from hashlib import sha256
from operator import attrgetter
from typing import Any

import msgspec

from app.model.audit import AuditAction, AuditRecord

NO_LINK = bytes(32)
"""What stood before the first link of the chain."""

_CONTENTS = ("old", "new", "read")
"""Values of a tag: a float with its point or power, an int in digits alone, a text under a key of its own."""
_TEXT = "_text"
_INTEGERS = {"time", "line"}
_NAMES = tuple(field.name for field in fields(AuditRecord))
_TEXTS = tuple(name for name in _NAMES if name not in _INTEGERS and name not in _CONTENTS)
_texts = attrgetter(*_TEXTS)
_encoder = msgspec.json.Encoder(order="sorted")


class Essence(msgspec.Struct, frozen=True):
    """What a reading of the whole log needs of a text; `logged`: when it went into the log, "" in older ones."""

    action: str = ""
    number: str = ""
    time: str = ""
    logged: str = ""
    user: str = ""
    line: str = ""
    digest: str = ""


essence_of = msgspec.json.Decoder(Essence).decode


def body_of(record: AuditRecord, number: int, logged: int = 0) -> bytes:
    """Return the text of record `number`, which goes into the log at `logged` (int64 ns UTC, 0: not known)."""
    content = {name: text for name, text in zip(_TEXTS, _texts(record), strict=True) if text}
    content["number"] = str(number)
    content["time"] = str(record.time)
    if logged:
        content["logged"] = str(logged)
    if record.line:
        content["line"] = str(record.line)
    for name, value in zip(_CONTENTS, (record.old, record.new, record.read), strict=True):
        if isinstance(value, str):
            content[name + _TEXT] = value
        elif not isinstance(value, float):
            content[name] = str(value)
        elif value == value:  # noqa: PLR0124 - not NaN, and no call
            content[name] = repr(value)
    try:
        return _encoder.encode(content)
    except UnicodeEncodeError:  # half a character, as a name on a command line may have
        return _encoder.encode({key: _whole(value) for key, value in content.items()})


def record_of(body: bytes | str) -> AuditRecord:
    """Return the record of a text; raise ValueError where it is none."""
    try:
        content = msgspec.json.decode(body, type=dict[str, str])
        known: dict[str, Any] = {name: content[name] for name in _NAMES if name in content}
        known |= {name: _number(content[name]) for name in _CONTENTS if name in content}
        known |= {name: content[name + _TEXT] for name in _CONTENTS if name + _TEXT in content}
        known |= {name: int(content[name]) for name in _INTEGERS if name in content}
        known["action"] = AuditAction(content["action"])
        return AuditRecord(**known)
    except (KeyError, TypeError, ValueError, msgspec.MsgspecError) as error:
        raise ValueError(f"no audit record: {error}") from error


def link_of(before: bytes, leaf: bytes) -> bytes:
    """Return the hash that bound a leaf to the link before it, as an older version noted the end of the trail."""
    return sha256(b"\x02" + before + leaf).digest()


def _number(text: str) -> float:
    return int(text) if text.lstrip("-").isdecimal() else float(text)


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
