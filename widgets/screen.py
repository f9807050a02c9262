"""A screen to be shown: its page, what brings it into view, and the windows that stand before the page then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QWidget

from widgets.dock.window import PanelWindow


@dataclass(frozen=True, slots=True)
class Screen:
    """How to bring one screen into view: the `page` it is on, the panel of it, and what opens its dialog, if any.

    Between the steps the window needs time to read from files; a step that finds nothing to show does nothing. `leave`
    takes back what was done for it, if anything.
    """

    name: str
    page: str
    steps: Sequence[Callable[[], object]] = ()
    leave: Callable[[], object] | None = None


def open_dialogs(window: QWidget) -> list[QWidget]:
    """Return the dialogs, and the panels in windows of their own, that stand before a window."""
    found = [*window.findChildren(QDialog), *window.findChildren(PanelWindow)]
    return [each for each in found if each.isVisible() and each.isWindow()]
