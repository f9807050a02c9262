"""Cells that hold several values: texts, numbers, or states with what they mean, with commas between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from app.plant.toml.text import toml_value

_STATE = re.compile(r"(-?\d+)\s*[=:]?\s*(.+)")
_APART = re.compile(r"[,;\uff0c\uff1b\u3001\n]")
"""Also as they are written in Chinese."""


def list_text(values: Iterable[object]) -> str | None:
    """Return values with commas between, None where they would not be read as the same again."""
    texts = [value if isinstance(value, str) else toml_value(value) for value in values]
    return ", ".join(texts) if all(_is_plain(text) for text in texts) else None


def list_value(text: str) -> list[str]:
    """Return the texts between commas."""
    return [part for each in _APART.split(text) if (part := each.strip())]


def states_text(states: Iterable[object]) -> str | None:
    """Return states such as "0 Stopped / 停止, 1 Running", None where they would not be read as the same again."""
    texts = []
    for state in states:
        if not isinstance(state, Mapping):
            return None
        number, name = state.get("value"), state.get("name")
        names = [name.get("en"), name.get("zh")] if isinstance(name, Mapping) else [name]
        if not isinstance(number, int) or not all(
            isinstance(each, str) and _is_plain(each) and "/" not in each for each in names
        ):
            return None
        texts.append(f"{number} {' / '.join(map(str, names))}")
    found = ", ".join(texts)
    return found if states_value(found) == list(states) else None


def states_value(text: str) -> list[object] | None:
    """Return the states that a text tells, None where it tells none."""
    found: list[object] = []
    for each in list_value(text):
        said = _STATE.fullmatch(each)
        if said is None:
            return None
        en, _, zh = (part.strip() for part in said[2].partition("/"))
        found.append({"value": int(said[1]), "name": {"en": en, "zh": zh} if zh else en})
    return found


def _is_plain(text: str) -> bool:
    return bool(text) and text == text.strip() and not _APART.search(text) and text[0] not in "[{"
