"""What a page leaves behind that was closed."""

from __future__ import annotations

import gc
from collections import Counter

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from widgets.navigation import Navigation
from widgets.operation import wait_for_all


def close_page(page: QWidget, navigation: Navigation) -> None:
    """Close a page as its window does, and wait for what it has begun."""
    page.close()
    page.deleteLater()
    navigation.deleteLater()
    wait_for_all()
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def alive() -> Counter[str]:
    """Return how many objects of each of our classes there are, but for works that have run and refer to nothing.

    The names of a plant belong to a feed, not to a page: windows that other tests opened may gather theirs meanwhile.
    """
    gc.collect()
    found = Counter(
        type(each).__qualname__ for each in gc.get_objects() if str(type(each).__module__).startswith("widgets.")
    )
    for kept_by_others in ("_Work", "Names", "NameIndex", "_Text"):
        del found[kept_by_others]
    return found
