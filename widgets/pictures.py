"""Pictures of every page of a window, in both looks and both languages, for a run without a display."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QThreadPool
from PySide6.QtWidgets import QApplication

from widgets import theme
from widgets.alarm.wording import order_of_urgency
from widgets.feed import Feed
from widgets.main_window import MainWindow
from widgets.theme import ThemeName
from widgets.translation import Language, language, set_language

LOOKS: Sequence[tuple[ThemeName, Language]] = (("dark", "en"), ("light", "zh"))
SETTLE_MS = 400
LONGEST_MS = 5_000


def take_pictures(window: MainWindow, folder: Path) -> list[Path]:
    """Write one PNG for each page and look into `folder`, of the equipment that has most to tell; return them."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance()
    before = (theme.theme(), language(), window.navigation.page)
    tag = most_telling_tag(window.feed)
    if tag:
        window.navigation.open_tag(tag)
    paths = []
    for name, words in LOOKS:
        if isinstance(app, QApplication):
            theme.apply(app, theme.load(name, scale=before[0].scale))
        set_language(words)
        for page in window.pages:
            window.navigation.open_page(page.key)
            settle()
            paths.append(folder / f"{page.key}-{name}-{words}.png")
            window.grab().save(str(paths[-1]))
    if isinstance(app, QApplication):
        theme.apply(app, before[0])
    set_language(before[1])
    window.navigation.open_page(before[2])
    return paths


def most_telling_tag(feed: Feed) -> str:
    """Return the tag that a picture shows: of the most urgent alarm, else of the nearest forecast, else ""."""
    waiting = [record for record in feed.alarms.values() if record.state.needs_acknowledge]
    urgent = order_of_urgency(waiting or feed.alarms.values())
    if urgent:
        return urgent[0].tag
    ahead = [forecast for forecast in feed.forecasts.values() if forecast.p50]
    return min(ahead, key=lambda forecast: forecast.p50).tag if ahead else ""


def settle() -> None:
    """Let the window finish what it has begun: its background work, and the events that follow from it."""
    longest = QDeadlineTimer(LONGEST_MS)
    shortest = QDeadlineTimer(SETTLE_MS)
    while not longest.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        if QThreadPool.globalInstance().waitForDone(20) and shortest.hasExpired():
            break
    QApplication.processEvents()
