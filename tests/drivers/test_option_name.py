"""An option that is not known: what was probably meant is named, then all that there are."""

from __future__ import annotations

from drivers.option_name import unknown_option

KNOWN = ("unit", "timeout_ms", "connect_timeout_ms")


def test_that_the_option_that_was_probably_meant_is_named_first() -> None:
    error = unknown_option("modbus://press", "timeot_ms", KNOWN)
    assert error.name == "timeot_ms"
    told = '"modbus://press": unknown option "timeot_ms" (did you mean timeout_ms?); there are unit, '
    assert str(error).startswith(told)


def test_that_nothing_is_guessed_for_what_resembles_nothing() -> None:
    assert str(unknown_option("x", "colour", KNOWN)) == (
        '"x": unknown option "colour"; there are unit, timeout_ms, connect_timeout_ms'
    )
