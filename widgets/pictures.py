"""Pictures of every page of a window, in both looks and both languages, for a run without a display."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QThread, QThreadPool
from PySide6.QtWidgets import QApplication

from widgets import theme
from widgets.alarm.wording import order_of_urgency
from widgets.feed import Feed
from widgets.main_window import MainWindow
from widgets.theme import Theme, ThemeName
from widgets.translation import Language, language, set_language

LOOKS: Sequence[tuple[ThemeName, Language]] = (("dark", "en"), ("light", "zh"))
SETTLE_MS = 400
LONGEST_MS = 10_000
TURN_MS = 5
QUIET_ROUNDS = 4
"""So often nothing was at work before and after the events were handled: what was read is shown, and asks no more."""


def take_pictures(
    window: MainWindow, folder: Path, *, moment: str, tag: str, is_ending: Callable[[], bool] = lambda: False
) -> list[Path]:
    """Write one PNG for each page and look into `folder`, named MOMENT-PAGE-LOOK-LANGUAGE.png; return them.

    `tag`: the one to be seen, "" for whatever is in view. Once `is_ending()` no further picture is taken.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = (theme.theme(), language(), window.navigation.page)
    if tag:
        window.navigation.open_tag(tag)
    paths = []
    for (name, words), page in product(LOOKS, window.pages):
        if is_ending():
            break
        dress(theme.load(name, scale=before[0].scale), words)
        window.navigation.open_page(page.key)
        settle()
        paths.append(folder / f"{moment}-{page.key}-{name}-{words}.png")
        window.grab().save(str(paths[-1]))
    dress(before[0], before[1])
    window.navigation.open_page(before[2])
    return paths


def dress(look: Theme, words: Language) -> None:
    """Give every window this look and this language."""
    app = QApplication.instance()
    if isinstance(app, QApplication) and look != theme.theme():
        theme.apply(app, look)
    if words != language():
        set_language(words)


def most_telling_tag(feed: Feed) -> str:
    """Return the tag that a picture shows: of the most urgent alarm, else of the nearest forecast, else ""."""
    waiting = [record for record in feed.alarms.values() if record.state.needs_acknowledge]
    urgent = order_of_urgency(waiting or feed.alarms.values())
    if urgent:
        return urgent[0].tag
    ahead = [forecast for forecast in feed.forecasts.values() if forecast.p50]
    return min(ahead, key=lambda forecast: forecast.p50).tag if ahead else ""


def settle(*, shortest_ms: int = SETTLE_MS) -> None:
    """Let the window finish what it has begun: its background work, and what follows from it, work again at times."""
    longest = QDeadlineTimer(LONGEST_MS)
    shortest = QDeadlineTimer(shortest_ms)
    pool, quiet = QThreadPool.globalInstance(), 0
    while not longest.hasExpired() and (quiet < QUIET_ROUNDS or not shortest.hasExpired()):
        is_idle = pool.activeThreadCount() == 0
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        quiet = quiet + 1 if is_idle and pool.activeThreadCount() == 0 else 0
        if quiet:
            QThread.msleep(TURN_MS)  # the pool, which has nothing to do, would not let us wait
        else:
            pool.waitForDone(20)
    QApplication.processEvents()
