"""The chapters of the help, in the order of its contents, and which of them a page or a panel has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from widgets.translation import tr

CONTENTS, KEYS, FIRST_HOUR, TROUBLE = "contents", "keys", "first-hour", "trouble"
"""`contents` and `keys` are made by the program, all others are files."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some chapters under one name."""

    title: Callable[[], str]
    topics: tuple[str, ...]


PARTS: tuple[Part, ...] = (
    Part(lambda: tr("To begin with"), (FIRST_HOUR, "signs", KEYS, TROUBLE)),
    Part(
        lambda: tr("The pages"),
        (
            "overview", "equipment", "alarms", "cases", "maintenance", "handover", "vibration", "alarm-performance",
            "audit", "trends", "models", "engineering",
        ),
    ),
    Part(lambda: tr("On every page"), ("pictures", "write", "panels", "replay", "connections")),
)  # fmt: skip
TOPICS: tuple[str, ...] = tuple(topic for part in PARTS for topic in part.topics)
_OF_PANELS = {"alarms": "alarms", "trend": "trends", "values": "panels", "picture": "pictures"}


def topic_of_page(page: str) -> str:
    """Return the chapter of a page by its key; the first one where a page has none."""
    return page if page in TOPICS else FIRST_HOUR


def topic_of_panel(kind: str) -> str:
    """Return the chapter of a kind of panel, "" where that is the page's."""
    return _OF_PANELS.get(kind, "")
