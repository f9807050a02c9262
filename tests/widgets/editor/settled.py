"""Waits until nothing is done any more to the draft of a page of engineering."""

from __future__ import annotations

from PySide6.QtCore import QEventLoop, QTimer

from widgets.editor.page import EditorPage

LONG = 20_000


def settle(page: EditorPage) -> None:
    """Let the page do all that it was asked for."""
    loop, limit = QEventLoop(), QTimer()
    work = page.drafting.work
    limit.setSingleShot(True)
    limit.timeout.connect(loop.quit)
    work.busy_changed.connect(loop.quit)
    limit.start(LONG)
    while work.is_busy and limit.isActive():
        loop.exec()
    work.busy_changed.disconnect(loop.quit)
    assert not work.is_busy, "the page is still at work"
