"""Pictures of every screen of a window, with its panels and dialogs: both looks, both languages, every size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QDialog

from widgets import theme
from widgets.main_window import MainWindow
from widgets.pictures import SETTLE_MS, dress, most_telling_tag, settle
from widgets.screens import Screen, open_dialogs, screens_of
from widgets.theme import ThemeName
from widgets.translation import Language, language

EVERY_LOOK: Sequence[tuple[ThemeName, Language]] = (("dark", "en"), ("light", "zh"), ("dark", "zh"), ("light", "en"))
SIZES = ((1280, 720), (1920, 1080), (3840, 2160))
SHADE = QColor(0, 0, 0, 110)


def take_every_screen(
    window: MainWindow,
    folder: Path,
    *,
    sizes: Sequence[tuple[int, int]] = SIZES,
    settle_ms: int = SETTLE_MS,
    is_ending: Callable[[], bool] = lambda: False,
) -> Iterator[Path]:
    """Write one PNG for each screen, look and size into `folder`, named SCREEN-LOOK-LANGUAGE-WIDTHxHEIGHT.png.

    Yields each as it is written; before each the window has `settle_ms` to finish what it has begun. Once `is_ending()`
    no further picture is taken.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = (theme.theme(), language(), window.size())
    tag = most_telling_tag(window.feed)
    if tag:
        window.navigation.open_tag(tag)
    for (width, height), (name, words) in product(sizes, EVERY_LOOK):
        window.resize(width, height)
        dress(theme.load(name, scale=before[0].scale), words)
        for screen in screens_of(window):
            if is_ending():
                break
            path = folder / f"{screen.name}-{name}-{words}-{width}x{height}.png"
            picture_of(window, screen, settle_ms=settle_ms).save(str(path))
            yield path
    dress(before[0], before[1])
    window.resize(before[2])


def picture_of(window: MainWindow, screen: Screen, *, settle_ms: int = SETTLE_MS) -> QPixmap:
    """Bring a screen into view and return what is seen: the window, and before it, in its middle, its dialog."""
    window.navigation.open_page(screen.page)
    settle(shortest_ms=settle_ms)
    for step in screen.steps:
        step()
        settle(shortest_ms=settle_ms)
    picture = window.grab()
    for dialog in open_dialogs(window):
        _paint_dialog(picture, dialog)
        dialog.close()
    window.docks.clear()
    return picture


def _paint_dialog(picture: QPixmap, dialog: QDialog) -> None:
    shown = dialog.grab()
    with QPainter(picture) as painter:
        painter.fillRect(picture.rect(), SHADE)
        left, top = (picture.width() - shown.width()) // 2, (picture.height() - shown.height()) // 2
        painter.drawPixmap(QPoint(left, top), shown)
        painter.setPen(theme.theme().color("line"))
        painter.drawRect(left - 1, top - 1, shown.width() + 1, shown.height() + 1)
