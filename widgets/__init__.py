"""The operator's window: everything of the program that knows Qt."""

from __future__ import annotations

import importlib
import sys


def _import_without_reading_sources() -> None:
    """Keep Qt's binding from reading the source of each module that is imported after it.

    It looks there for the name of the binding, since such modules may ask for other names of its methods by
    `from __feature__ import`. Here none does, and 900 files took a tenth of a start and 20 MB for as long as the window
    lives. A binding that no longer does it so is left alone.
    """
    importlib.import_module("shiboken6")
    feature = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        setattr(feature, "_mod_uses_pyside", lambda _: False)  # noqa: B010 - the name is not ours


_import_without_reading_sources()
