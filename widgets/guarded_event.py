"""Keeps a fault within a handler from leaving it through Qt's own code, which is not written for exceptions."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

W = TypeVar("W", bound=QWidget)


def guarded_event(handle: Callable[[W, QEvent], bool]) -> Callable[[W, QEvent], bool]:
    """Wrap a widget's `event`: what a handler below it raises is logged as any fault, and the event counts as served.

    A widget that overrides `event` has Python code on both sides of Qt's dispatcher: an exception of mousePressEvent
    would travel through it, come out of `super().event` and travel through Qt once more.
    """

    @wraps(handle)
    def event(self: W, event: QEvent) -> bool:
        try:
            return handle(self, event)
        except Exception as fault:  # noqa: BLE001 - the outermost place of a handler, as the event loop is for others
            sys.excepthook(type(fault), fault, fault.__traceback__)
            return True

    return event
