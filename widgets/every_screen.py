"""Pictures of every screen of a window, with its panels and dialogs: both looks, both languages, every size."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from widgets import theme
from widgets.display import Display
from widgets.main_window import MainWindow
from widgets.pictures import dress, most_telling_tag, settle
from widgets.replay_screens import replay_window
from widgets.screen import Screen, open_dialogs
from widgets.screens import screens_of
from widgets.start_screens import start_window
from widgets.theme import ThemeName
from widgets.translation import Language, language

Size = tuple[int, int]
Look = tuple[ThemeName, Language]
Hold = Callable[[MainWindow], AbstractContextManager[tuple[QWidget, Sequence[Screen]]]]
"""Gives another window, and its screens, to whoever has that on a plant."""

EVERY_LOOK: Sequence[Look] = (("dark", "en"), ("light", "zh"), ("dark", "zh"), ("light", "en"))
SMALL: Size = (1280, 720)
ULTRA_HD: Size = (3840, 2160)
SIZES: Sequence[Size] = (SMALL, (1920, 1080), ULTRA_HD)
RATIOS = {ULTRA_HD: 2.0}
"""Where it is not 1: device pixels per px. Who sits before a monitor of this size has it set to 200 %."""
DISPLAYS = (Display(*ULTRA_HD), Display(*ULTRA_HD, ratio=RATIOS[ULTRA_HD]))
"""What a process needs that takes pictures at all sizes."""
CAPTION = 30
SETTLE_MS = 200


def looks_of(screen: str, size: Size, *, is_whole: bool) -> Sequence[Look]:
    """Return in which looks a screen is shown at a size: in all in the smallest, else in one, by its name.

    `is_whole`: in all at every size.
    """
    if is_whole or size == SMALL:
        return EVERY_LOOK
    turn = zlib.crc32(screen.encode()) + SIZES.index(size)
    return (EVERY_LOOK[turn % len(EVERY_LOOK)],)


def take_every_screen(
    window: MainWindow,
    folder: Path,
    *,
    sizes: Sequence[Size] = SIZES,
    is_whole: bool = False,
    others: Sequence[Hold] = (start_window, replay_window),
    settle_ms: int = SETTLE_MS,
    is_ending: Callable[[], bool] = lambda: False,
) -> Iterator[Path]:
    """Write one PNG for each screen, look and size into `folder`, named SCREEN-LOOK-LANGUAGE-WIDTHxHEIGHT.png.

    A size is that of the picture; the window is shown on a display of the ratio that goes with it (`RATIOS`), or as
    large in px where the process has no such display. `is_whole`: every look at every size. `others`: the other
    windows of the program, taken after this one.
    Yields each picture as it is written; before it the window has `settle_ms` to finish what it has begun. Once
    `is_ending()` no further one is taken.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = (theme.theme(), language(), window.geometry())
    tag = most_telling_tag(window.feed)
    if tag:
        window.navigation.open_tag(tag)
    for hold in (_plant_window, *others):
        if is_ending():
            break
        with hold(window) as (shown, screens):
            for size, look, screen in _in_order(screens, sizes, is_whole=is_whole):
                if is_ending():
                    break
                _show_at(shown, size)
                name, words = look
                dress(theme.load(name, scale=before[0].scale), words)
                path = folder / f"{screen.name}-{name}-{words}-{size[0]}x{size[1]}.png"
                picture_of(shown, screen, settle_ms=settle_ms).save(str(path))
                yield path
    dress(before[0], before[1])
    window.setGeometry(before[2])


def _show_at(shown: QWidget, size: Size) -> None:
    """Bring a window to where it is as many device pixels large."""
    wanted = RATIOS.get(size, 1.0)
    display = next((each for each in QGuiApplication.screens() if each.devicePixelRatio() == wanted), None)
    if display is None:
        shown.resize(*size)
        return
    room = QSize(*size) / display.devicePixelRatio()
    if shown.screen() is display:
        shown.resize(room)
    else:  # both at once: a size is taken in the pixels of the display that the window is on by then
        shown.setGeometry(QRect(display.geometry().topLeft(), room))


def picture_of(window: QWidget, screen: Screen, *, settle_ms: int = SETTLE_MS) -> QPixmap:
    """Bring a screen into view and return what is seen: the window, or in its place the dialog that is open."""
    if isinstance(window, MainWindow) and screen.page:
        window.navigation.open_page(screen.page)
    for step in screen.steps:
        settle(shortest_ms=settle_ms // 2)
        step()
    settle(shortest_ms=settle_ms)
    picture = window.grab()
    for dialog in open_dialogs(window):
        _paint_dialog(picture, dialog)
        dialog.close()
    if screen.leave is not None:
        screen.leave()
    if isinstance(window, MainWindow):
        window.docks.clear()
    return picture


@contextmanager
def _plant_window(window: MainWindow) -> Iterator[tuple[QWidget, Sequence[Screen]]]:
    yield window, screens_of(window)


def _in_order(
    screens: Sequence[Screen], sizes: Sequence[Size], *, is_whole: bool
) -> Iterator[tuple[Size, Look, Screen]]:
    """Yield what is to be taken so that the look changes seldom: that takes longest of all."""
    looks = list(EVERY_LOOK)
    for size in sizes:
        for look in looks:
            chosen = [each for each in screens if look in looks_of(each.name, size, is_whole=is_whole)]
            yield from ((size, look, screen) for screen in chosen)
        looks.reverse()


def _paint_dialog(picture: QPixmap, dialog: QWidget) -> None:
    """Put a dialog in the middle, under its title, on a plain ground: what is behind it has a picture of its own."""
    shown, look, title = dialog.grab(), theme.theme(), dialog.windowTitle()
    size, whole = dialog.size(), QRect(QPoint(), picture.deviceIndependentSize().toSize())
    bar = look.px(CAPTION) if title and size.height() + look.px(CAPTION) <= whole.height() else 0
    place = QRect(0, 0, size.width(), size.height() + bar)
    place.moveCenter(whole.center())
    with QPainter(picture) as painter:
        painter.fillRect(whole, look.color("background"))
        painter.fillRect(place, look.color("raised"))
        painter.setFont(look.font("small", weight=theme.SEMIBOLD))
        painter.setPen(look.color("text"))
        head = QRect(place.left() + look.px(12), place.top(), place.width(), bar)
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        painter.drawPixmap(place.left(), place.top() + bar, shown)
        painter.setPen(look.color("line"))
        painter.drawRect(place.adjusted(-1, -1, 0, 0))
