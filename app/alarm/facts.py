"""What a line of the alarm journal says beside its columns, as one JSON text with only what is not at its default."""

from __future__ import annotations

from typing import Any

import msgspec

from app.model.alarm import AlarmEvent, AlarmRecord, AlarmState, Hold


class _Facts(msgspec.Struct, omit_defaults=True):
    """The fields of AlarmRecord of the same names."""

    event: AlarmEvent | None = None
    by: str = ""
    reason: str = ""
    beneath: AlarmState = AlarmState.NORMAL
    shelf: Hold | None = None
    suppression: Hold | None = None
    out_of_service: Hold | None = None
    suppressed_by: tuple[str, ...] = ()
    hidden_raises: int = 0
    is_unseen: bool = False
    is_latching: bool = False
    causes: tuple[str, ...] = ()
    group: str = ""
    is_first_out: bool = False
    source: str = ""


_NAMES = _Facts.__struct_fields__
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Facts)


def facts_text(record: AlarmRecord) -> str:
    """Return the facts of a record as text, "" where there are none."""
    text = _encoder.encode(_Facts(*[getattr(record, name) for name in _NAMES])).decode()
    return "" if text == "{}" else text


def facts_of(text: str) -> dict[str, Any]:
    """Return the facts of a text as fields of AlarmRecord; raise ValueError where it is none."""
    if not text:
        return {}
    facts = _decoder.decode(text)
    return {name: getattr(facts, name) for name in _NAMES}
