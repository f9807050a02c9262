"""Everything that the search of a window can find: what the plant file names, what was recorded, pages and actions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from app.model.alarm import AlarmRecord
from app.plant.trend_views import TrendViewError, read_views
from widgets.name_index import LONG_AGO
from widgets.plant_names import Names, plant_names
from widgets.record_names import record_names
from widgets.record_targets import open_records, page_of, pictures, record_target, report_named, reports
from widgets.target import END, MOST_HITS, Rank, Target, rank
from widgets.translation import language, local, tr

if TYPE_CHECKING:
    from widgets.main_window import MainWindow

log = logging.getLogger(__name__)


GATHER_MS = 2_000
"""So long after a window has been made its names are gathered, so that neither its start nor the first search waits."""
Hit = tuple[int, int, int, int, Callable[[], Target]]
"""Rank, recency, kind of target, number, and what makes the target: few of those that are found are shown."""


class Findable:
    """What can be found in one window: the plant's names in an index, everything else as it is when one looks."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._names = plant_names(window.feed)
        self._recorded = record_names(window.feed)
        self._open: list[Target] = []
        self._few: list[Target] = []
        self._help: list[Target] = []
        QTimer.singleShot(GATHER_MS, self._names, self._names.ask)

    def prepare(self, renew: Callable[[], object]) -> bool:
        """Look what there is now; return whether the names of the plant are there, and call `renew` when more is."""
        window = self._window
        self._few = [*_pages(window), *self.actions(), *_views(window), *reports(window), *pictures(window)]
        self._open = open_records(window, self._recorded)
        self._recorded.gathered.connect(renew)
        self._recorded.read()
        self._help = window.helping.targets()
        if not self.is_whole():
            self._names.gathered.connect(renew)
        return self.is_whole()

    def is_whole(self) -> bool:
        """Return whether the names of the plant are there."""
        return self._names.ask() is not None

    def search(self, text: str, *, recent: Sequence[str] = ()) -> list[Target]:
        """Return what holds every word of `text`, the best first; what stands in alarm comes before other alarms."""
        words = [word for word in text.casefold().replace(END, " ").split() if word]
        newest = {key: place for place, key in enumerate(recent)}
        hits: list[Hit] = [*_hits(self._few, words, newest, kind=0)]
        names = self._names.ask()
        if names is not None:
            hits += self._plant_hits(names, words, newest)
        hits += _hits([*report_named(self._window, text)], words, newest, kind=0)
        hits += _hits(self._open, words, newest, kind=5)
        hits += self._record_hits(words, newest)
        # what can be done comes before what the help says of it
        told = _hits(self._help, words, newest, kind=7)
        hits += [(max(fit, Rank.BEGINS_WORD), recency, kind, number, make) for fit, recency, kind, number, make in told]
        return [make() for *_, make in sorted(hits, key=itemgetter(slice(4)))[:MOST_HITS]]

    def actions(self) -> list[Target]:
        """Return what can be done in the window."""
        return actions_of(self._window)

    def _record_hits(self, words: Sequence[str], newest: Mapping[str, int]) -> Iterator[Hit]:
        """Yield what was recorded; one looks for it by a word, so that nothing of it stands in the list without one."""
        found = self._recorded.records
        if found is None or not words:
            return
        known = {found.numbers[key]: place for key, place in newest.items() if key in found.numbers}
        pages = {page.key for page in self._window.pages}
        for fit, recency, number in found.index.best(words, most=MOST_HITS, newest=known):
            record = found.records[number]
            if page_of(record) in pages:
                yield fit, recency, 6, number, partial(record_target, self._window, self._recorded, record)

    def _plant_hits(self, names: Names, words: Sequence[str], newest: Mapping[str, int]) -> Iterator[Hit]:
        window, feed = self._window, self._window.feed
        plant = feed.plant
        for kind, index, things, make in (
            (1, names.equipment, names.equipment_numbers, _equipment),
            (2, names.tags, names.tag_numbers, _tag),
        ):
            known = {things[key]: place for key, place in newest.items() if key in things}
            for fit, recency, number in index.best(words, most=MOST_HITS, newest=known):
                yield fit, recency, kind, number, partial(make, window, number)
        unknown = [_standing(window, each) for each in feed.alarms.values() if each.alarm not in names.alarm_numbers]
        yield from _hits(unknown, words, newest, kind=3)
        standing = [names.alarm_numbers[alarm] for alarm in feed.alarms if alarm in names.alarm_numbers]
        known = {names.alarm_numbers[key]: place for key, place in newest.items() if key in names.alarm_numbers}
        for fit, recency, number in names.alarms.best(words, most=MOST_HITS, newest=known, first=standing):
            record = feed.alarms.get(plant.alarms[number].id)
            if record is not None:
                yield fit, recency, 3, number, partial(_standing, window, record)
            else:
                yield fit, recency, 4, number, partial(_silent, window, number)


def _hits(targets: Sequence[Target], words: Sequence[str], newest: Mapping[str, int], *, kind: int) -> Iterator[Hit]:
    for number, target in enumerate(targets):
        place = rank(target, words)
        if place is not None:
            yield place, newest.get(target.keys[0], LONG_AGO), kind, number, partial(_itself, target)


def _itself(target: Target) -> Target:
    return target


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
        (tr("Set limits and alarms"), partial(ask.open_page, "engineering")),
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


def _equipment(window: MainWindow, number: int) -> Target:
    item = window.feed.plant.equipment[number]
    keys = (item.id, item.name.en, item.name.zh)
    call = window.navigation.open_equipment
    return Target(tr("Equipment"), local(item.name), item.id, keys, partial(call, item.id))


def _tag(window: MainWindow, number: int) -> Target:
    tag, ask = window.feed.plant.tags[number], window.navigation
    keys = (tag.name, tag.title.en, tag.title.zh)
    trend = partial(ask.open_trend, (tag.name,))
    return Target(tr("Tag"), local(tag.title), tag.name, keys, partial(ask.open_tag, tag.name), trend)


def _silent(window: MainWindow, number: int) -> Target:
    """Return an alarm as it is found while it does not stand: it opens its tag, or its equipment."""
    alarm, ask = window.feed.plant.alarms[number], window.navigation
    keys = (alarm.id, alarm.message.en, alarm.message.zh)
    call = partial(ask.open_tag, alarm.tag) if alarm.tag else partial(ask.open_equipment, alarm.equipment)
    return Target(tr("Alarm"), local(alarm.message), alarm.id, keys, call)


def _standing(window: MainWindow, record: AlarmRecord) -> Target:
    """Return an alarm that stands: it opens in the list, with Ctrl+Enter on the trend at its instant."""
    ask = window.navigation
    keys = (record.alarm, record.message.en, record.message.zh)
    trend = partial(ask.open_tag, record.tag, instant=record.raised)
    call = partial(ask.open_alarm, record.alarm)
    return Target(tr("Active alarm"), local(record.message), record.alarm, keys, call, trend)
