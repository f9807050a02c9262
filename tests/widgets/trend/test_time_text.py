"""What an operator types is understood as people mean it, and refused in their words."""

from __future__ import annotations

import pytest

from app.model import clock
from app.model.clock import NS_PER_S
from widgets.translation import set_language
from widgets.trend.time_text import instant_of, length_of

NOW = clock.instant_of("2026-11-26T10:30:00")
HOUR = 3_600 * NS_PER_S


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90 s", 90),
        ("15min", 900),
        ("1 h 30 min", 5_400),
        ("1.5 h", 5_400),
        ("0,5 d", 43_200),
        ("3 天", 259_200),
        ("2 years", 63_072_000),
    ],
)
def test_that_a_length_of_time_is_understood(text: str, seconds: int) -> None:
    assert length_of(text) == seconds * NS_PER_S


@pytest.mark.parametrize("text", ["", "8", "h", "8 parsecs", "8 h ago", "-8 h"])
def test_that_no_length_is_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="no length of time"):
        length_of(text)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("now", "2026-11-26T10:30:00"),
        ("-8 h", "2026-11-26T02:30:00"),
        ("08:00", "2026-11-26T08:00:00"),
        ("today", "2026-11-26T00:00:00"),
        ("yesterday 22:15", "2026-11-25T22:15:00"),
        ("昨天 22:15", "2026-11-25T22:15:00"),
        ("2026-11-24 08:00", "2026-11-24T08:00:00"),
        ("2026-11-24T08:00:01.250", "2026-11-24T08:00:01.250"),
        ("2024/2/29", "2024-02-29T00:00:00"),
        ("11-24 08:00", "2026-11-24T08:00:00"),
        ("12-24", "2025-12-24T00:00:00"),
        ("2026年11月24日 08:00", "2026-11-24T08:00:00"),
    ],
)
def test_that_a_time_is_understood_in_local_time(text: str, iso: str) -> None:
    assert instant_of(text, now=NOW) == clock.instant_of(iso)


@pytest.mark.parametrize("text", ["", "25:00", "2026-13-01", "2026-02-30", "last shift", "08:00 11-24 foo"])
def test_that_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="2026-11-26 10:30"):
        instant_of(text, now=NOW)


def test_that_the_refusal_is_chinese_where_the_screen_is() -> None:
    set_language("zh")
    with pytest.raises(ValueError, match="不是有效的时间"):
        instant_of("?", now=NOW)
