"""Each finding of the linter is told on the screen too, in both languages, with the same values."""

from __future__ import annotations

import string

import pytest

from app.picture.finding import MESSAGES, Finding
from widgets.picture_editor.finding_text import finding_text
from widgets.translation import speaking

VALUES = {"level": "unit", "kind": "pump", "look": "dark", "end": "start"}


@pytest.mark.parametrize("rule", sorted(MESSAGES))
def test_that_each_finding_is_told_with_all_its_values(rule: str) -> None:
    fields = {name for _, name, _, _ in string.Formatter().parse(MESSAGES[rule]) if name}
    values = {name: VALUES.get(name, f"<{name}>") for name in fields}
    finding = Finding(rule, ("symbol", 0), "pump P1", values)
    english = finding_text(finding)
    assert english.startswith("pump P1: ")
    assert all(f"<{name}>" in english for name in fields - set(VALUES) - {"color"} if name in {"tag", "other", "name"})
    with speaking("zh"):
        chinese = finding_text(finding)
    assert chinese != english
    assert any(letter > "\u4e00" for letter in chinese)
