"""Contents: what is typed becomes what is meant, and nothing is rounded on the way."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.body import body_of, record_of
from app.model import status
from app.model.audit import AuditAction, AuditRecord
from app.model.content import Content, content_from, content_of, is_nothing, typed_content
from app.model.datavalue import DataValue
from app.model.exact import DataType
from app.model.text import LocalText
from drivers.driver import WriteItem
from drivers.typed_value import raw_value

INT64 = st.integers(-(2**63), 2**63 - 1)
STATES = ((1, LocalText("Heating", "加热")), (2, LocalText("Off")))


@given(INT64)
def test_that_a_whole_number_of_64_bits_keeps_its_last_digit_from_the_keyboard_to_the_device(number: int) -> None:
    content = content_from(str(number), DataType.INT64)
    assert (content, type(content)) == (number, int)
    assert raw_value(WriteItem("HR0:I64", content, 0)) == number
    sample = DataValue(float(number), status.GOOD, 1, text=str(number))
    assert content_of(sample, DataType.INT64) == number


@given(INT64, st.integers(1, 1000), st.integers(-1000, 1000))
def test_that_whole_gains_and_offsets_do_not_round(raw: int, gain: int, offset: int) -> None:
    assert raw_value(WriteItem("HR0:I64", raw * gain + offset, 0, float(gain), float(offset))) == raw


@given(st.one_of(st.floats(allow_nan=False), INT64, st.text(max_size=20)))
def test_that_any_content_reads_back_from_the_audit_trail_in_its_type(content: Content) -> None:
    if isinstance(content, str):
        content = content.encode("utf-8", "replace").decode()
    record = AuditRecord(1, AuditAction.WRITE_INTENT, old=content, new=content)
    read = record_of(body_of(record, 1))
    assert (repr(read.old), repr(read.new), type(read.new)) == (repr(content), repr(content), type(content))
    assert is_nothing(read.read)


@pytest.mark.parametrize(
    ("text", "data_type", "content"),
    [
        ("Heating", DataType.INT64, 1),
        ("加热", DataType.FLOAT64, 1.0),
        ("Off", DataType.FLOAT64, 2.0),
        ("off", DataType.BOOLEAN, 0.0),
        ("True", DataType.BOOLEAN, 1.0),
        ("7", DataType.STRING, "7"),
        (" 7 ", DataType.STRING, " 7 "),
        ("6.0", DataType.INT64, 6),
        ("1e3", DataType.FLOAT64, 1000.0),
    ],
)
def test_that_what_is_typed_is_taken_in_the_type_of_the_tag(text: str, data_type: DataType, content: Content) -> None:
    taken = content_from(text, data_type, STATES)
    assert (taken, type(taken)) == (content, type(content))


@pytest.mark.parametrize(
    ("text", "data_type"),
    [
        ("much", DataType.FLOAT64),
        ("nan", DataType.FLOAT64),
        ("inf", DataType.FLOAT64),
        ("0.5", DataType.INT64),
        (str(2**63), DataType.INT64),
        ("2", DataType.BOOLEAN),
        ("", DataType.INT64),
    ],
)
def test_that_what_is_of_no_use_to_the_tag_is_told(text: str, data_type: DataType) -> None:
    with pytest.raises(ValueError, match="is no"):
        content_from(text, data_type)


def test_that_a_bad_sample_has_no_content_and_an_empty_text_is_one() -> None:
    assert is_nothing(content_of(DataValue(math.nan, status.BAD, 1), DataType.STRING))
    assert content_of(DataValue(math.nan, status.GOOD, 1), DataType.STRING) == ""
    with pytest.raises(ValueError, match='"7" is no number'):
        typed_content("7", DataType.FLOAT64)
