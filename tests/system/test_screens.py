"""Every page, panel and dialog of the window on the running demo plant: its texts have room in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from app.plant.folder import PlantFolder
from tests.system.window import live_window, running_plant, wait_until
from tests.widgets.reach import nameless, too_small, unreached
from tests.widgets.shown_numbers import shown_numbers, unexplained
from tests.widgets.text_room import faults, painted_texts
from widgets import theme
from widgets.main_window import MainWindow
from widgets.pictures import most_telling_tag, settle
from widgets.screen import open_dialogs
from widgets.screens import screens_of
from widgets.theme import GLOVE, TOUCH_SCALE
from widgets.translation import Language, set_language

SMALLEST = (1280, 720)
ENOUGH_S = 60.0
SETTLE_MS = 60


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlantFolder]:
    """The demo plant, in which faults develop."""
    with running_plant(tmp_path_factory.mktemp("home")) as folder:
        yield folder


@contextmanager
def bad_day(folder: PlantFolder, settings: Path) -> Iterator[MainWindow]:
    """Show the window once alarms stand, work is asked for, and cases are open."""
    with live_window(folder, settings) as window:
        feed = window.feed
        is_bad = wait_until(lambda: bool(feed.alarms and feed.cases and feed.work_orders), timeout_s=ENOUGH_S)
        assert is_bad, "the demo plant was to fail within a minute"
        window.acknowledgement.set_operator("Operator Name 1")
        window.navigation.open_tag(most_telling_tag(feed))
        yield window


@pytest.fixture(scope="module")
def window(qapp: QApplication, plant: PlantFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """The window on a bad day."""
    theme.apply(qapp, theme.load("dark"))
    with bad_day(plant, tmp_path_factory.mktemp("window") / "window.ini") as window:
        window.resize(*SMALLEST)
        yield window


def shown_screens(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    """Show each screen in turn; yield its name, and the window or dialog that is in front."""
    for screen in screens_of(window):
        window.navigation.open_page(screen.page)
        settle(shortest_ms=SETTLE_MS)
        for step in screen.steps:
            step()
            settle(shortest_ms=SETTLE_MS)
        yield screen.name, [window, *open_dialogs(window)][-1]
        for dialog in open_dialogs(window):
            dialog.close()
        if screen.leave is not None:
            screen.leave()
        window.docks.clear()


def lasting_faults(shown: QWidget) -> list[str]:
    """Return what is wrong with a window; a value that has just grown has its room a moment later."""
    for _ in range(3):
        settle(shortest_ms=SETTLE_MS)
        with painted_texts() as texts:
            assert not shown.grab().isNull()
        found = faults(shown, texts)
        if not found:
            break
    return found


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.qt_log_ignore("does not support")
def test_that_every_screen_is_worked_by_keys_alone_and_by_gloves(
    plant: PlantFolder, qapp: QApplication, tmp_path: Path
) -> None:
    set_language("en")
    theme.apply(qapp, theme.load("dark", scale=TOUCH_SCALE))  # a window is made anew for another size
    try:
        with bad_day(plant, tmp_path / "window.ini") as window:
            window.resize(1920, 1080)
            assert not (found := handling_faults(window)), "\n".join(found)
    finally:
        theme.apply(qapp, theme.load("dark"))


def handling_faults(window: MainWindow) -> list[str]:
    """Return what of all screens a glove or the keyboard does not reach, or a screen reader cannot name."""
    found = []
    for name, shown in shown_screens(window):
        faulty = [*unreached(shown), *too_small(shown, GLOVE), *nameless(shown)]
        found += [f"{name}: {fault}" for fault in faulty]
    return found


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.qt_log_ignore("does not support")
def test_that_every_number_of_every_screen_is_explained_by_pointer_and_keyboard(window: MainWindow) -> None:
    set_language("en")
    found, numbers = [], 0
    window.resize(1920, 1080)
    for name, shown in shown_screens(window):
        with painted_texts() as texts:
            shown.grab()
        numbers += len(list(shown_numbers(shown, texts)))
        found += [f"{name}: {fault}" for fault in unexplained(shown, texts, window.explaining)]
    window.resize(*SMALLEST)
    assert not found, "\n".join(found)
    assert numbers > 1_000


@pytest.mark.slow  # it waits for the plant to fail, and walks some forty screens
@pytest.mark.timeout(240)
@pytest.mark.qt_log_ignore("does not support")  # raising, grabbing: what a window without a display cannot do
@pytest.mark.parametrize("words", ["en", "zh"])
def test_that_every_text_of_every_screen_has_room(window: MainWindow, words: Language) -> None:
    set_language(words)
    found = []
    for name, shown in shown_screens(window):
        found += [f"{name}: {fault}" for fault in lasting_faults(shown)]
    assert (window.width(), window.height()) == SMALLEST, "no text may make the window larger"
    assert not found, "\n".join(found)
