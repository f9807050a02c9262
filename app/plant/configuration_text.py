"""Differences of plant files as people read them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from app.plant.configuration_difference import ConfigurationChange, Difference, Effect

_INTERVALS = ("range", "normal", "raw", "scaled")


def value_text(value: object, key: str = "") -> str:
    """Return a value of a plant file as people write it: an interval as "0..16"."""
    if key.rpartition(".")[2] in _INTERVALS and isinstance(value, list) and len(value) == 2:
        return f"{value[0]}..{value[1]}"
    if isinstance(value, str):
        return value or '""'
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return str(value)


def changes_text(changes: Sequence[ConfigurationChange]) -> Iterator[str]:
    """Yield a line in English for each change, as the command line tells it."""
    marks = {Difference.ADDED: "+", Difference.REMOVED: "-"}
    for change in changes:
        subject = change.subject
        what = " ".join(
            part
            for part in (
                f"class {subject.owner}:" if subject.owner else "",
                subject.kind.replace("_", " "),
                subject.name,
            )
            if part
        )
        yield f"{marks.get(change.what, '~')} {what}{_told(change)}"


def _told(change: ConfigurationChange) -> str:
    match change.what:
        case Difference.CHANGED:
            before, after = (side_text(change, value) for value in (change.before, change.after))
            return f"  {change.key}: {before} -> {after}"
        case Difference.RENAMED:
            return f"  was {change.before}"
        case Difference.MOVED:
            return "  stand in another order"
    return ""


def side_text(change: ConfigurationChange, value: object) -> str:
    """Return what a changed key is on one side: its value, else in parentheses what is meant without it."""
    if value is not None:
        return value_text(value, change.key)
    return "(nothing)" if change.usual is None else f"({value_text(change.usual, change.key)})"


def effects_text(effects: Sequence[Effect]) -> str:
    """Return how many tags, alarms and so on are otherwise, in English."""
    parts = []
    for effect in effects:
        told = [
            f"{count:,} {word}"
            for count, word in ((effect.added, "more"), (effect.removed, "gone"), (effect.changed, "changed"))
            if count
        ]
        parts.append(f"{effect.kind.replace('_', ' ')}s {', '.join(told)}")
    return "; ".join(parts)
