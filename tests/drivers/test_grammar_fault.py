"""A driver of others that fails over a plant file is told by place, and stops nothing else."""

from __future__ import annotations

from typing import ClassVar, Self

import pytest

from app.model.connection import ConnectionDefinition
from drivers.driver import BadAddress, BadOption
from drivers.grammar_fault import require_address, unopened


class Hasty:
    """A grammar whose author has thought of good input alone."""

    schemes: ClassVar[tuple[str, ...]] = ("hasty",)

    @classmethod
    def from_definition(cls, definition: ConnectionDefinition) -> Self:
        if "colour" in definition.options:
            raise BadOption("colour", "unknown option")
        int(definition.url.rpartition(":")[2])
        return cls()

    @staticmethod
    def check_address(address: str) -> None:
        if not address:
            raise BadAddress("write something")
        int(address)


def test_that_a_driver_that_fails_over_a_url_is_told_with_url_driver_and_line() -> None:
    with pytest.raises(BadAddress) as caught:
        unopened(Hasty, ConnectionDefinition("press", "hasty", "hasty://host"))
    told = str(caught.value)
    assert (
        "connection press: hasty://host: the driver hasty fails over it (ValueError in test_grammar_fault.py:" in told
    )
    assert "tell whoever wrote the driver" in told


def test_that_a_driver_that_fails_over_an_address_is_told_with_it() -> None:
    with pytest.raises(BadAddress, match=r"T7: the driver Hasty fails over it \(ValueError"):
        require_address(Hasty, "T7")


def test_that_what_a_driver_says_itself_is_left_as_it_is() -> None:
    assert isinstance(unopened(Hasty, ConnectionDefinition("press", "hasty", "hasty://host:1")), Hasty)
    with pytest.raises(BadOption, match="unknown option"):
        unopened(Hasty, ConnectionDefinition("press", "hasty", "hasty://host:1", {"colour": "red"}))
    with pytest.raises(BadAddress, match="write something"):
        require_address(Hasty, "")
    require_address(Hasty, "7")
