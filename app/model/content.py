"""A value as it is, also where a float64 would not hold it: a number, a whole number beyond 2^53, or a text."""

from __future__ import annotations

import math
from typing import Final

from app.model.datavalue import DataValue
from app.model.exact import DataType
from app.model.text import LocalText

Content = float | int | str
"""A float for fractions and truth values (0, 1), an int for whole numbers of 64 bits, a str for texts."""

StateNames = tuple[tuple[int, LocalText], ...]
"""What the numbers of a tag or an argument mean: 2 is "Heating"."""

NOTHING: Final = math.nan
"""The content where there is none."""

INT64_LIMITS = (-(1 << 63), (1 << 63) - 1)
_TRUTHS = {"true": 1.0, "on": 1.0, "1": 1.0, "false": 0.0, "off": 0.0, "0": 0.0}


def is_nothing(content: Content) -> bool:
    """Return whether there is no content."""
    return isinstance(content, float) and math.isnan(content)


def content_of(sample: DataValue, data_type: DataType) -> Content:
    """Return what a sample of a tag holds, NOTHING where it is bad and the value means nothing."""
    if data_type is DataType.STRING:
        return sample.text if sample.is_usable else NOTHING
    if data_type is DataType.INT64 and sample.text:
        return int(sample.text)
    if data_type is DataType.INT64 and sample.value.is_integer():
        return int(sample.value)
    return sample.value


def typed_content(content: Content, data_type: DataType) -> Content:
    """Return a content in the type that a tag has; raise ValueError where it is of another one."""
    is_text = isinstance(content, str)
    if is_text != (data_type is DataType.STRING):
        raise ValueError(f"{content_text(content)} is no {type_word(data_type)}")
    if isinstance(content, str):
        return content
    if data_type is DataType.INT64 and (isinstance(content, int) or content.is_integer()):
        low, high = INT64_LIMITS
        if low <= content <= high:
            return int(content)
    elif data_type is not DataType.INT64:
        return float(content)
    raise ValueError(f"{content_text(content)} is no {type_word(data_type)}")


def content_from(text: str, data_type: DataType, states: StateNames = ()) -> Content:
    """Return what somebody typed, in the type that a tag has: a state may be given by its name, in either language.

    Raise ValueError. A whole number of 64 bits is taken digit by digit.
    """
    word = text.strip()
    named = next((value for value, name in states if word and word in {name.en, name.zh}), None)
    if named is not None:
        return typed_content(named, data_type)
    if data_type is DataType.STRING:
        return text
    try:
        if data_type is DataType.BOOLEAN:
            return _TRUTHS[word.lower()]
        if data_type is DataType.INT64 and word.lstrip("+-").isdecimal():
            return typed_content(int(word), data_type)
        number = float(word)
    except (KeyError, ValueError, OverflowError) as error:
        names = ", ".join(name.en for _, name in states)
        raise ValueError(f'"{text}" is no {type_word(data_type)}{f" and none of {names}" if names else ""}') from error
    if not math.isfinite(number):
        raise ValueError(f'"{text}" is no {type_word(data_type)}')
    return typed_content(number, data_type)


def content_text(content: Content) -> str:
    """Return a content as an English message shows it."""
    if isinstance(content, str):
        return f'"{content}"'
    return str(content) if isinstance(content, int) else f"{content:.10g}"


def type_word(data_type: DataType) -> str:
    """Return what a value of a type is called in an English message."""
    return {
        DataType.FLOAT64: "number",
        DataType.INT64: "whole number of 64 bits",
        DataType.BOOLEAN: "truth value (true or false)",
        DataType.STRING: "text",
    }[data_type]
