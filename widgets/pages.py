"""Which pages the window on a plant has, from left to right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.alarm.journal import JournalEntry, page
from app.database import DatabaseMissing, open_reader
from app.plant.folder import PlantFolder
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.alarm.page import AlarmPage
from widgets.feed import Feed
from widgets.model.journal_table import JournalQuery, ReadPage
from widgets.navigation import Navigation, PageFactory
from widgets.translation import tr


def pages_of(folder: PlantFolder, acknowledgement: Acknowledgement) -> Sequence[PageFactory]:
    """Return the pages of the plant in `folder`."""

    def alarms(feed: Feed, navigation: Navigation) -> QWidget:
        return AlarmPage(feed, navigation, acknowledgement=acknowledgement, read_journal=journal_of(folder))

    return (PageFactory("alarms", lambda: tr("Alarms"), alarms, has_tree=False),)


def journal_of(folder: PlantFolder) -> ReadPage:
    """Return what reads a page of the plant's alarm journal, in any thread; a plant without a history has no lines."""

    def read(query: JournalQuery) -> Sequence[JournalEntry]:
        try:
            connection = open_reader(folder.history)
        except DatabaseMissing:
            return ()
        try:
            return page(connection, query.before, limit=query.limit, alarms=query.alarms, priority=query.priority)
        finally:
            connection.close()

    return read
