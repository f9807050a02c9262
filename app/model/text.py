"""A name or message of the plant in both languages of the screens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text in English and, where given, in Chinese."""

    en: str
    zh: str = ""

    def in_language(self, language: str) -> str:
        """Return the text for "zh" or "en"; English where there is no Chinese."""
        return self.zh if language.startswith("zh") and self.zh else self.en
