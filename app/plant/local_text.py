"""Texts of a plant file in both languages."""

from __future__ import annotations

from app.model.text import LocalText
from app.plant.grammar import TextTable


def local_text(text: str | TextTable) -> LocalText:
    """Return what a text of the file says in each language."""
    return LocalText(text) if isinstance(text, str) else LocalText(text.en, text.zh)
