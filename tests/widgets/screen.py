"""A whole window on the test plant, with alarms, health and connections as on a bad day."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel, QWidget

from app.alarm.journal import JournalEntry
from app.alarm.journal_search import JournalPage
from app.model import clock
from app.model.alarm import AlarmState, Priority
from app.model.connection import LinkState
from app.model.forecast import HealthState
from app.pubsub.frame import AlarmsChanged, CollectorChanged, HealthChanged
from tests.widgets import plant
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.alarm.page import AlarmPage
from widgets.feed import Feed
from widgets.main_window import MainWindow
from widgets.navigation import Navigation, PageFactory
from widgets.preference import Preferences

PAGES = (
    "overview",
    "equipment",
    "alarms",
    "cases",
    "maintenance",
    "handover",
    "vibration",
    "alarm-performance",
    "audit",
    "trends",
    "models",
    "engineering",
)
"""The pages of the program by their keys."""


def pages(acknowledgement: Acknowledgement) -> tuple[PageFactory, ...]:
    """Return an empty equipment page and the alarms page."""

    def equipment(feed: Feed, navigation: Navigation) -> QWidget:
        del feed, navigation
        return QLabel()

    def alarms(feed: Feed, navigation: Navigation) -> QWidget:
        entries = (JournalEntry(1, plant.NOW, plant.alarm("AC01.T_D", state=AlarmState.ACKNOWLEDGED)),)
        return AlarmPage(feed, navigation, acknowledgement=acknowledgement, read_journal=lambda _: JournalPage(entries))

    return (
        PageFactory("equipment", lambda: "Equipment", equipment),
        PageFactory("alarms", lambda: "Alarms", alarms, has_tree=False),
    )


def window(folder: Path) -> MainWindow:
    """Return a window that is not shown yet."""
    preferences = Preferences(folder / "window.ini")
    preferences.language = "en"
    return MainWindow(plant.feed(folder), preferences=preferences, pages=pages)


def bad_day(feed: Feed) -> None:
    """Tell the feed alarms of every priority and state, poor health, and a connection in trouble."""
    now = clock.now_ns()
    feed.is_linked = True
    feed.receive(
        [
            AlarmsChanged(
                (
                    plant.alarm("P01.VIB", priority=Priority.CRITICAL, now=now, value=7.4, limit=7.1),
                    plant.alarm("AC01.T_D", priority=Priority.HIGH, now=now, limit=103.0),
                    plant.alarm("AC01.P_D", priority=Priority.HIGH, state=AlarmState.ACKNOWLEDGED, now=now),
                    plant.alarm("P01.DP", priority=Priority.DIAGNOSTIC, state=AlarmState.RETURNED, now=now),
                    plant.alarm("T01.T", priority=Priority.MEDIUM, state=AlarmState.ACKNOWLEDGED, age_s=9e4, now=now),
                )
            ),
            HealthChanged(
                (
                    plant.health("AC01", 41.0, state=HealthState.ABNORMAL),
                    plant.health("AC02", 92.0),
                    plant.health("P01", 77.0, state=HealthState.DEGRADED),
                    plant.health("T01", 88.0),
                )
            ),
            CollectorChanged(plant.report(now=now, state=LinkState.BACKOFF, reason="no answer: check the cable")),
        ]
    )
    plant.fill(feed, [104.8, 7.7, 7.43, 38.2, 851.3, 81.4, 1.0], time=now)
