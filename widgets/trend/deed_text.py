"""A deed in words, as short as a mark on a trend has room for."""

from __future__ import annotations

from collections.abc import Sequence

from widgets.audit.wording import action_text, detail_text, object_text
from widgets.feed import Feed
from widgets.number import moment
from widgets.translation import tr
from widgets.trend.deeds import Deed, DeedKind

MOST_TOLD = 3


def deed_text(deeds: Sequence[Deed], feed: Feed) -> str:
    """Return what was done, by whom and when, a line for each of the newest deeds."""
    lines = [_line(deed, feed) for deed in deeds[-MOST_TOLD:]]
    if len(deeds) > MOST_TOLD:
        lines.insert(0, tr("{n} more", n=len(deeds) - MOST_TOLD))
    return "\n".join(lines)


def _line(deed: Deed, feed: Feed) -> str:
    record = deed.record
    what = action_text(record.action)
    if deed.kind is DeedKind.COMMENT:
        what = tr("Comment")
    detail = record.reason if deed.kind is DeedKind.COMMENT else detail_text(record, feed)
    parts = (moment(deed.time, now=deed.time), record.user, what, object_text(record, feed), detail)
    return "  ".join(part for part in parts if part)
