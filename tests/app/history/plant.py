"""Tags and blocks of a small plant for the tests of its history."""

from __future__ import annotations

from app.model.tag import TagDefinition
from app.model.text import LocalText


def tag(handle: int, name: str = "", unit: str = "Cel") -> TagDefinition:
    """Return a tag with little more than a name."""
    return TagDefinition(handle, name or f"T{handle}", "E", LocalText("tag"), "c", "a", unit=unit)
