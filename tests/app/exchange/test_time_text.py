from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exchange.failure import ExchangeError
from app.exchange.time_text import LOCAL, instant, iso_text, iso_texts, to_utc
from drivers.replay.timestamp import parse_year_first

ZONES = ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"]
SINCE_1971 = st.integers(31_536_000_000_000_000, 7_000_000_000_000_000_000)


def test_that_an_instant_is_written_with_all_nine_digits() -> None:
    assert iso_text(1_773_000_000_123_456_789) == "2026-03-08T20:00:00.123456789Z"
    assert iso_text(1_773_000_000_000_000_000, ZoneInfo("Asia/Shanghai")) == "2026-03-09T04:00:00.000000000+08:00"
    assert iso_text(1_773_000_000_000_000_000, ZoneInfo("America/St_Johns")) == "2026-03-08T17:30:00.000000000-02:30"


@given(times=st.lists(SINCE_1971, min_size=1, max_size=20), zone=st.sampled_from(ZONES))
def test_that_an_instant_is_read_back_to_the_nanosecond_from_any_zone(times: list[int], zone: str) -> None:
    for text, moment in zip(iso_texts(np.array(times, np.int64), ZoneInfo(zone)), times, strict=True):
        assert instant(text) == moment
        assert parse_year_first([text, text]).tolist() == [moment, moment]


@given(moment=SINCE_1971, zone=st.sampled_from(ZONES))
def test_that_a_time_without_its_offset_is_found_but_for_the_repeated_hour(moment: int, zone: str) -> None:
    text = iso_text(moment, ZoneInfo(zone))
    wall = int(parse_year_first([text[:29]])[0])
    found = int(to_utc(np.array([wall], np.int64), ZoneInfo(zone))[0])
    repeated = moment - found
    assert repeated in {0, 1_800_000_000_000, 3_600_000_000_000}
    assert iso_text(found, ZoneInfo(zone))[:29] == text[:29]


def test_that_the_zone_of_this_pc_is_used(shanghai: None) -> None:
    assert iso_text(1_773_000_000_000_000_000, LOCAL) == "2026-03-09T04:00:00.000000000+08:00"
    assert instant("2026-03-09T04:00", LOCAL) == 1_773_000_000_000_000_000
    assert instant("2026-03-08T20:00Z", LOCAL) == 1_773_000_000_000_000_000


def test_that_a_date_is_its_first_instant_and_nonsense_is_refused() -> None:
    assert instant("2026-03-08", UTC) == 1_772_928_000_000_000_000
    for text in ("yesterday", "2026-13-01", ""):
        with pytest.raises(ExchangeError, match="is no time"):
            instant(text)
