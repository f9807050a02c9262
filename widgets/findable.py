"""Everything that the search of a window can find: pages, actions, alarms, equipment, tags, saved views."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from app.plant.trend_views import TrendViewError, read_views
from widgets.target import Target
from widgets.translation import language, local, tr

if TYPE_CHECKING:
    from widgets.main_window import MainWindow

log = logging.getLogger(__name__)


class Findable:
    """What can be found in one window; what the plant file says is gathered once for each language."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._language = ""
        self._lasting: list[Target] = []
        self._alarms: dict[str, Target] = {}

    def targets(self) -> list[Target]:
        """Return everything; what stands in alarm comes before other alarms."""
        window = self._window
        if self._language != language():
            self._language = language()
            self._lasting = [*_equipment(window), *_tags(window)]
            self._alarms = {target.keys[0]: target for target in _silent_alarms(window)}
        standing = list(_standing_alarms(window))
        found = {target.keys[0] for target in standing}
        silent = [target for alarm, target in self._alarms.items() if alarm not in found]
        return [*_pages(window), *self.actions(), *_views(window), *self._lasting, *standing, *silent]

    def actions(self) -> list[Target]:
        """Return what can be done in the window."""
        return actions_of(self._window)


def actions_of(window: MainWindow) -> list[Target]:
    """Return what can be done in a window: its own actions, writes and methods of the plant."""
    kind, writing, ask = tr("Action"), window.writing, window.navigation
    actions: list[tuple[str, Callable[[], object]]] = [
        (tr("Acknowledge all in view"), window.banner.acknowledge),
        (tr("Silence the alarms"), window.annunciator.silence),
        (tr("Switch between dark and light"), window.switch_theme),
        (tr("Switch to Chinese") if language() == "en" else tr("Switch to English"), window.switch_language),
        (tr("Say who operates"), window.ask_operator),
        (tr("Full screen"), window.toggle_full_screen),
        (tr("This page in a window of its own"), partial(ask.window_asked.emit, ask.page)),
        *window.docks.actions(),
        (tr("Replay the past"), partial(ask.replay_asked.emit, 0)),
        (tr("Larger"), partial(window.size_asked.emit, 1)),
        (tr("Smaller"), partial(window.size_asked.emit, -1)),
        (tr("Usual size"), partial(window.size_asked.emit, 0)),
        (tr("Add a device"), window.engineering.add_device),
        (tr("Take tags over from a list"), window.engineering.import_tags),
        (tr("Draw process pictures"), window.engineering.draw_pictures),
        (tr("Versions of process pictures"), window.engineering.show_picture_versions),
        (tr("Take the changed plant file"), window.engineering.take_plant_file),
        (tr("Open another plant"), window.plants_asked.emit),
    ]
    writes = [
        Target(kind, title, tag.name, (title, tag.name, tag.title.en, tag.title.zh), call)
        for tag in writing.tags
        for title, call in [(tr("Write: {tag}", tag=local(tag.title)), partial(ask.write_asked.emit, tag.name))]
    ]
    calls = [
        Target(kind, title, method.name, (title, method.name, method.title.en, method.title.zh), call)
        for method in writing.methods
        for title, call in [
            (tr("Carry out: {method}", method=local(method.title)), partial(ask.call_asked.emit, method.name))
        ]
    ]
    return [Target(kind, title, "", (title,), call) for title, call in actions] + writes + calls


def _pages(window: MainWindow) -> Iterator[Target]:
    for page in window.pages:
        call = partial(window.navigation.open_page, page.key)
        yield Target(tr("Page"), page.title(), "", (page.key, page.title()), call)


def _views(window: MainWindow) -> list[Target]:
    """Return the saved views of trends; a file that is not in order says so on the page itself."""
    if all(page.key != "trends" for page in window.pages):
        return []
    try:
        views = read_views(window.feed.folder.trend_views)
    except (OSError, TrendViewError) as error:
        log.warning("trend_views.unreadable reason=%s", error)
        return []
    call = window.navigation.open_view
    return [Target(tr("View"), view.name, "", (view.name,), partial(call, view.name)) for view in views]


def _equipment(window: MainWindow) -> Iterator[Target]:
    kind, call = tr("Equipment"), window.navigation.open_equipment
    for item in window.feed.plant.equipment:
        keys = (item.id, item.name.en, item.name.zh)
        yield Target(kind, local(item.name), item.id, keys, partial(call, item.id))


def _tags(window: MainWindow) -> Iterator[Target]:
    kind, ask = tr("Tag"), window.navigation
    for tag in window.feed.plant.tags:
        keys = (tag.name, tag.title.en, tag.title.zh)
        trend = partial(ask.open_trend, (tag.name,))
        yield Target(kind, local(tag.title), tag.name, keys, partial(ask.open_tag, tag.name), trend)


def _silent_alarms(window: MainWindow) -> Iterator[Target]:
    """Return all alarms as they are found while they do not stand: each opens its tag, or its equipment."""
    kind, ask = tr("Alarm"), window.navigation
    for alarm in window.feed.plant.alarms:
        keys = (alarm.id, alarm.message.en, alarm.message.zh)
        call = partial(ask.open_tag, alarm.tag) if alarm.tag else partial(ask.open_equipment, alarm.equipment)
        yield Target(kind, local(alarm.message), alarm.id, keys, call)


def _standing_alarms(window: MainWindow) -> Iterator[Target]:
    """Return the alarms that stand: each opens in the list, with Ctrl+Enter on the trend at its instant."""
    kind, ask = tr("Active alarm"), window.navigation
    for record in window.feed.alarms.values():
        keys = (record.alarm, record.message.en, record.message.zh)
        trend = partial(ask.open_tag, record.tag, instant=record.raised)
        yield Target(kind, local(record.message), record.alarm, keys, partial(ask.open_alarm, record.alarm), trend)
