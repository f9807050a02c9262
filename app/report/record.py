"""A report as JSON: the figures as they are, for other programs, and for what is sealed with a handover."""

from __future__ import annotations

import msgspec

from app.report.content import ReportContent

_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(ReportContent)


def record_of(content: ReportContent) -> str:
    """Return the text of a report; times are int64 ns UTC, durations seconds."""
    return _encoder.encode(content).decode()


def report_in(record: str | bytes) -> ReportContent:
    """Return the report that a text holds; raise ValueError."""
    return _decoder.decode(record)
