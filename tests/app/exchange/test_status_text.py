from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exchange.status_text import status_of, status_text
from app.model import status


@given(st.integers(0, 0xFFFF_FFFF) | st.sampled_from([status.BAD_NO_DATA | status.LIMIT_LOW, status.GOOD]))
def test_that_every_code_is_read_back_from_its_text_and_its_number(code: int) -> None:
    assert status_of(status_text(code)) == code
    assert status_of(str(code)) == code
    assert status_of(f"0x{code:08X}") == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("Good", 0), ("bad", status.BAD), ("BadNoCommunication", status.BAD_NO_COMMUNICATION), (" Uncertain ", 1 << 30)],
)
def test_that_a_name_alone_is_understood(text: str, code: int) -> None:
    assert status_of(text) == code


@pytest.mark.parametrize("text", ["", "fine", "4294967296", "-1", "0xZZ", "BadMood"])
def test_that_anything_else_is_no_code(text: str) -> None:
    assert status_of(text) is None


def test_that_a_text_names_code_and_number() -> None:
    assert status_text(status.GOOD) == "Good"
    assert status_text(status.BAD_NO_COMMUNICATION) == "BadNoCommunication (0x80310000)"
